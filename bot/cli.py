"""The command line: each verb reads its words, calls one thing, and renders. A fault is one sentence and an exit code."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine, Sequence
from enum import StrEnum
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer
from rich.console import Console

from bot import app, config, logs, oneshot, parsing
from bot.chat.harmless import clean
from bot.errors import SitrepError
from bot.health import sentence, troubles
from bot.model import Stuck, WayOut, now_utc

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
SMALL = 50
"""An archive of fewer articles says nothing about a watch."""


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


class Measure(StrEnum):
    """What can be measured against gold data."""

    ABOUT = "about"


@cli.command()
def run(
    folder: ConfigFolder = HERE,
    once: Annotated[bool, typer.Option("--once", help="Poll every source once, tell what follows, and end.")] = False,
) -> None:
    """Run the bot: in the terminal, or, with DISCORD_TOKEN set, in Discord."""
    try:
        raise typer.Exit(_wait(app.run(_load(folder), once=once, console=Console())))
    except KeyboardInterrupt:  # before it listens to signals itself
        raise typer.Exit(0) from None


@cli.command()
def check(folder: ConfigFolder = HERE) -> None:
    """Check the whole config, and say how many archived articles each watch matches."""
    loaded = _load(folder)
    app.check_queries(loaded)
    coverage = _wait(oneshot.coverage(loaded))
    catalogue = loaded.catalogue
    print(f"{folder} is well: {len(loaded.follows)} sources, {len(loaded.watches)} watches,")
    print(f"{len(catalogue.actors)} actors and {len(catalogue.topics)} topics that can be watched.")
    for line in app.advice(loaded):
        print(clean(line))
    if coverage.archived < SMALL:
        print(f"The archive is still small ({coverage.archived} articles): nothing can be said of the watches yet.")
        return
    for name, count in coverage.matches:
        print(f"{count:6d} of {coverage.archived} archived articles match {clean(name)}")


@cli.command()
def match(
    files: Annotated[list[Path], typer.Argument(metavar="FILES…", help="Articles, as a folder source reads them.")],
    folder: ConfigFolder = HERE,
    form: Annotated[Format, typer.Option("--format", help="text for people, jsonl for programs.")] = Format.TEXT,
    measure: Annotated[
        Measure | None,
        typer.Option("--eval", help="Print how strongly each record is about each actor, one JSON line a record."),
    ] = None,
) -> None:
    """Say which watches articles match, and why, without touching the archive."""
    loaded = _load(folder)
    app.check_queries(loaded)
    _wait(_measure(loaded, files) if measure else _match(loaded, files, form))


async def _match(loaded: config.Config, files: list[Path], form: Format) -> None:
    async for found in oneshot.match_files(loaded, files):
        print(json.dumps(_record(found)) if form is Format.JSONL else _line(found))


def _record(found: oneshot.Matched) -> dict[str, object]:
    match = found.match
    if match is None:
        return {"id": found.id, "title": found.title, "watch": None}
    shown = {"sentence": match.evidence.sentence, "spans": match.evidence.spans, "place": match.evidence.place}
    terms = [{"words": one.words, "of": one.subject, "rule": one.rule, "count": one.count} for one in match.evidence.terms]
    about = {"watch": found.watch, "score": round(match.score, 4), "level": match.level.label}
    return {"id": found.id, "title": found.title, **about, "evidence": {**shown, "terms": terms}}


def _line(found: oneshot.Matched) -> str:
    match = found.match
    head = clean(f"{found.id}: {found.title}")
    if match is None:
        return f"{head}\n  matches no watch"
    verdict = clean(f"{found.watch}: {match.level.label} {match.score:.2f}")
    return f"{head}\n  {verdict}\n  “{clean(match.evidence.sentence)}”"


async def _measure(loaded: config.Config, files: list[Path]) -> None:
    async for record_id, actors in oneshot.measure_about(loaded, files):
        print(json.dumps({"id": record_id, "actors": actors}))


@cli.command()
def search(
    query: Annotated[str, typer.Argument(help='The watch language, or plain words: "North Korea AND Russia".')],
    folder: ConfigFolder = HERE,
    since: Annotated[str | None, typer.Option(help="Not before: 3 days, 12h or 2026-11-01.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 10,
) -> None:
    """Search the archive, newest first."""
    page = _wait(oneshot.search(_load(folder), query, since=since, limit=limit))
    print(clean(page.title))
    if page.note:
        print(clean(page.note))
    for one in page.headlines:
        when = f"{one.published.at:%Y-%m-%d}" if one.published else f"{one.collected:%Y-%m-%d}"
        print(f"\n{clean(one.title)}\n  {when} · {clean(one.source)} · {clean(one.url) or 'no link'}")
        if one.evidence:
            print(f"  {clean(one.evidence.sentence)}")


@cli.command()
def deliveries(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…|all]", help="Beginnings of ids, of 6 characters or more; or all.")
    ] = None,
    folder: ConfigFolder = HERE,
    resend: Annotated[bool, typer.Option("--resend", help="Tell these again, as if for the first time.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="End these untold.")] = False,
) -> None:
    """List what could not be told, and why; tell it again, or drop it."""
    if resend and drop:
        raise typer.BadParameter("--resend and --drop exclude each other.")
    if bool(ids) != (resend or drop):
        raise typer.BadParameter("say what to do with which: --resend or --drop, and ids or all.")
    loaded = _load(folder)
    if not ids:
        _list_stuck(_wait(oneshot.stuck(loaded)))
        return
    way = WayOut.RESEND if resend else WayOut.DROP
    count = _wait(oneshot.unstick(loaded, way, named=None if ids == ["all"] else ids))
    print(f"{count} {'delivery' if count == 1 else 'deliveries'} {'will be told again' if resend else 'dropped'}.")


def _list_stuck(found: Sequence[Stuck]) -> None:
    for one in found:
        print(f"{one.id} · {one.state} · {one.destination} · since {one.since:%Y-%m-%d %H:%M} UTC")
        print(f"  {clean(one.title)}\n  {clean(one.reason)}")
    if not found:
        print("Nothing is stuck.")


@cli.command()
def migrate(folder: ConfigFolder = HERE) -> None:
    """Bring the database to the newest schema; `run` does it by itself."""
    loaded = _load(folder)
    app.open_store(loaded).close()
    print(f"The archive {app.address_of(loaded).name} is up to date.")


@cli.command()
def doctor(
    folder: ConfigFolder = HERE,
    look_only: Annotated[bool, typer.Option("--look-only", help="Change nothing.")] = False,
) -> None:
    """Check the laws of the archive, and mend what is safe to mend; ends with 1 if something is left broken."""
    findings = oneshot.examine(_load(folder), mend=not look_only)
    for one in findings:
        if not one.broken:
            print(f"well    {one.law}")
        elif one.is_well:
            print(f"mended  {one.law} Broken {one.broken} times.")
        else:
            print(f"broken  {one.law} Broken {one.broken} times, mended {one.mended}. {one.advice}".rstrip())
    raise typer.Exit(int(not all(one.is_well for one in findings)))


@cli.command(name="copy-store")
def copy_store(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A SQLite file, or the address of a database.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty one: postgresql://user:password@host/name, or a file.")],
) -> None:
    """Copy an archive into an empty database, and compare every row."""
    for table, count in _wait(oneshot.copy_store(source, target)).items():
        print(f"{count:8d}  {table}")
    print("Every row arrived as it was.")


@cli.command()
def health(folder: ConfigFolder = HERE) -> None:
    """Say in one sentence whether the bot is well, from the archive alone; end with 0 if it is, else with 1."""
    try:
        vitals = _wait(app.read_vitals(_load(folder)))
    except SitrepError as error:
        print(clean(logs.without_secrets(f"Not well: {error}")))
        raise typer.Exit(1) from error  # who asks by machine knows 0 and 1 alone
    if vitals is None:
        print("Not well: there is no archive, so nothing has run here yet.")
        raise typer.Exit(1)
    now = now_utc()
    found = troubles(vitals, now)
    print(sentence(vitals, found, now))
    raise typer.Exit(1 if found else 0)


@cli.command()
def parse(
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="Feed files or saved web pages; - is standard input.")],
    *,
    headers: Annotated[
        str, typer.Option("--headers", metavar="FILE", help="The HTTP headers they came with: JSON, or lines of Name: value.")
    ] = "",
    url: Annotated[str, typer.Option("--url", help="The address that their links are relative to.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="The zone of dates that name none, such as Asia/Seoul.")] = "",
    form: Annotated[Format, typer.Option("--format", help="text for people, jsonl for programs.")] = Format.TEXT,
    task: Annotated[
        parsing.Task | None,
        typer.Option("--eval", help="Read FILE as inputs of the evaluation kit, and print predictions, one JSON line each."),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--files", metavar="DIR", help="Where the files of --eval are.")] = None,
) -> None:
    """Say what feed files or web pages yield, without touching archive or network; ends with 1 if one cannot be read."""
    if task:
        for name in files:
            for prediction in parsing.evaluated(task, name, folder, now=now_utc()):
                print(json.dumps(prediction))
        return
    given = parsing.headers_of(headers) if headers else {}
    failed = False
    for found in parsing.yields(files, headers=given, url=url, zone=zone, now=now_utc()):
        failed = failed or bool(found.error)
        for line in map(json.dumps, parsing.records(found)) if form is Format.JSONL else parsing.told(found):
            print(line)
    raise typer.Exit(int(failed))


@cli.command()
def sync(folder: ConfigFolder = HERE) -> None:
    """Register the slash commands with Discord now; `run` does it by itself when they have changed."""
    _wait(oneshot.sync(_load(folder)))
    print("The slash commands are registered.")


@cli.command()
def invite(folder: ConfigFolder = HERE) -> None:
    """Print the address that invites the bot to a server, with the least permissions."""
    print(_wait(oneshot.invite(_load(folder))))


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
        sys.exit(error.exit_code)
    except Exception as error:
        if show := getattr(error, "show", None):  # what Typer says of words it does not know
            show()
            sys.exit(2)
        log.critical("bug", exc_info=True)  # Python's own traceback would show what no log may
        sys.exit(1)
    sys.exit(code)


def _load(folder: Path) -> config.Config:
    for secret in config.read_secrets(os.environ):
        logs.keep_out(secret.reveal())
    return config.load(folder, os.environ)


def _wait(work: Coroutine[Any, Any, _T]) -> _T:
    return asyncio.run(work)
