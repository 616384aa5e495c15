"""The documents name what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.chat.commands import COMMANDS
from bot.chat.replies import HELP
from bot.cli import cli
from bot.errors import SitrepError
from bot.health import watchdog
from bot.settings import Settings
from bot.sources.folders.documents import READERS


def verbs_of_groups() -> Iterator[str]:
    groups = [group.typer_instance for group in cli.registered_groups if group.typer_instance]
    for group in groups:
        for verb in group.registered_commands:
            yield f"{group.info.name} {verb.name or getattr(verb.callback, '__name__', '')}"


README = Path("README.md").read_text(encoding="utf-8")


def slash_commands() -> list[app_commands.Command[Any, ..., Any]]:
    groups = [command.commands if isinstance(command, app_commands.Group) else [command] for command in COMMANDS]
    return [command for group in groups for command in group if isinstance(command, app_commands.Command)]


every_command = pytest.mark.parametrize("command", [pytest.param(one, id=one.qualified_name) for one in slash_commands()])


@every_command
def test_every_slash_command_is_in_the_readme_with_its_options(command: app_commands.Command[Any, ..., Any]) -> None:
    """The README names each slash command, what it takes, what may be left out, and who may use it."""
    taken = "".join(f" {one.name}" if one.required else f" [{one.name}]" for one in command.parameters)
    rows = [line.split(" | ") for line in README.splitlines() if line.startswith("| `/")]
    [who] = [row[1] for row in rows if f"`/{command.qualified_name}{taken}`" in row[0]]

    assert who == ("Manage Server" if command.checks else "everybody")


@every_command
def test_the_help_names_every_slash_command(command: app_commands.Command[Any, ..., Any]) -> None:
    """Whoever asks for help learns of each command but help itself."""
    assert f"/{command.qualified_name}" in dict(HELP) or command.qualified_name == "help"


@every_command
def test_every_option_says_what_it_is(command: app_commands.Command[Any, ..., Any]) -> None:
    """While somebody types, Discord shows a description of each option, and none is left to the library."""
    assert [one.name for one in command.parameters if len(str(one.description)) < 3] == []


@pytest.mark.parametrize("name", list(verbs_of_groups()))
def test_every_verb_of_a_group_is_in_the_readme(name: str) -> None:
    """The README names the verbs of the command line that stand below another."""
    assert f"`{name}" in README


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_of_file_is_in_the_readme_and_in_the_file(kind: str) -> None:
    """Each kind of file that folders may hold stands in the table of the README and in the shipped list of sources."""
    shipped = Path("config/sources.toml").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in README.splitlines() if line.startswith("| `.")]

    assert any(f"`{kind}`" in row for row in rows)
    assert kind in shipped


@pytest.mark.parametrize(
    "name", [command.name or command.callback.__name__ for command in cli.registered_commands if command.callback]
)
def test_every_verb_is_in_the_readme(name: str) -> None:
    """The README names each verb of the command line."""
    assert f"| `{name}" in README


@pytest.mark.parametrize("section", [one.name for one in fields(Settings)])
def test_every_setting_is_in_the_readme_and_in_the_file(section: str) -> None:
    """Each setting stands in the README and, with its default, in the shipped file."""
    shipped = Path("config/settings.toml").read_text(encoding="utf-8")
    [line] = [line for line in README.splitlines() if line.startswith(f"| `[{section}]`")]
    names = [one.name for one in fields(getattr(Settings(), section))]

    assert f"[{section}]" in shipped
    assert all(f"`{name}`" in line and f"\n# {name} = " in shipped for name in names)


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "DISCORD_CHANNEL_ID", "DATABASE_URL", "SITREP_LOG"])
def test_every_variable_of_the_environment_is_in_the_readme(name: str) -> None:
    """The README names what is read from the environment."""
    assert name in README


@pytest.mark.parametrize(
    "code", sorted({kind.exit_code for kind in SitrepError.__subclasses__()} | {SitrepError.exit_code, watchdog.EXIT_CODE})
)
def test_every_exit_code_is_in_the_readme(code: int) -> None:
    """The README says what each exit code means."""
    [said] = [part for part in README.split("\n\n") if part.startswith("It ends with 0")]

    assert re.search(rf"\b{code}\b", said)


def test_every_picture_of_the_readme_is_there() -> None:
    """No picture is missing."""
    parts = README.split("](docs/pictures/")[1:]

    assert parts
    assert all((Path("docs/pictures") / part.split(")")[0]).exists() for part in parts)


def test_every_command_file_is_in_the_table() -> None:
    """A slash command is registered in the explicit table, not found by chance."""
    files = {path.stem for path in Path("bot/chat/commands").glob("*.py")} - {"__init__", "names"}

    assert files == {command.name for command in COMMANDS}


def test_every_public_module_says_what_it_is_for() -> None:
    """Each module begins with one sentence."""
    silent = [path for path in Path("bot").rglob("*.py") if not path.read_text(encoding="utf-8").startswith('"""')]

    assert silent == []
