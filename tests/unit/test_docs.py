"""The documents name what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from discord import app_commands

from bot import watchdog
from bot.chat.commands import COMMANDS
from bot.cli import cli
from bot.errors import SitrepError
from bot.settings import Settings

README = Path("README.md").read_text(encoding="utf-8")


def slash_commands() -> list[str]:
    names = []
    for command in COMMANDS:
        group = command.commands if isinstance(command, app_commands.Group) else [command]
        names += [one.qualified_name for one in group]
    return names


@pytest.mark.parametrize("name", slash_commands())
def test_every_slash_command_is_in_the_readme(name: str) -> None:
    """The README names each slash command."""
    assert f"`/{name}" in README


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
