"""What every verb stands on: the application, its options, how config is loaded, and how a fault ends the program."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from enum import StrEnum
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer

from bot import config, logs
from bot.chat.harmless import clean
from bot.errors import SitrepError

_T = TypeVar("_T")

log = structlog.get_logger(__name__)

cli = typer.Typer(
    name="sitrep",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigFolder = Annotated[Path, typer.Option("--config", metavar="DIR", help="The folder with settings, sources and watches.")]
HERE = Path("config")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"sitrep {metadata.version('sitrep')}")
        raise typer.Exit


@cli.callback()
def sitrep(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    """Watches the news for the actors and topics you name, and tells you once, briefly, with the evidence."""


class Format(StrEnum):
    """How a verb prints what it found."""

    TEXT = "text"
    JSONL = "jsonl"


def main() -> NoReturn:
    """Run the command line; end with the exit code of what went wrong, and one sentence about it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Unicode is no reason to end
    try:
        logs.set_up(level=os.environ.get("SITREP_LOG", ""))
        code = cli(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except SitrepError as error:
        print(clean(logs.without_secrets(str(error))), file=sys.stderr)
        if error.quoted:
            print(logs.without_secrets(error.quoted), file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        if show := getattr(error, "show", None):  # what Typer says of words it does not know
            show()
            sys.exit(2)
        log.critical("bug", exc_info=True)  # Python's own traceback would show what no log may
        sys.exit(1)
    sys.exit(code)


def load(folder: Path) -> config.Config:
    """Read the config folder and the environment, and keep their secrets out of the log.

    Raises:
        ConfigError: something cannot be used.
    """
    for secret in config.read_secrets(os.environ):
        logs.keep_out(secret.reveal())
    return config.load(folder, os.environ)


def wait(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what comes of the work, in a loop of its own."""
    return asyncio.run(work)
