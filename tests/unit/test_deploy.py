"""The files that hosts read say what is true of the program."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from bot import app, config, running
from bot.cli import cli
from bot.errors import ConfigError, TokenError
from bot.settings import Storage

DOCKERFILE = Path("Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
APP = json.loads(Path("app.json").read_text(encoding="utf-8"))
PIN = Path(".python-version").read_text(encoding="utf-8").strip()
VERBS = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}


class Asked(dict[str, str]):
    """An environment without anything in it, that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.names.add(name)
        return default


def unit() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read("deploy/sitrep.service")
    return parser


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{name} ")]


def commands() -> Iterator[list[str]]:
    """Yield every command that a host is told to run, as words."""
    for line in Path("Procfile").read_text(encoding="utf-8").splitlines():
        yield line.partition(": ")[2].split()
    for line in [*instructions("CMD"), *(line.partition("CMD ")[2] for line in instructions("HEALTHCHECK"))]:
        yield json.loads(line)
    yield unit()["Service"]["ExecStart"].split()


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_is_a_verb(words: list[str]) -> None:
    """What a host is told to run is a verb of the command line, and no shell stands between."""
    match words:
        case ["python", "-m", "bot", verb, *_]:
            assert verb in VERBS
        case [script, verb, *_]:
            assert script.endswith("/.venv/bin/sitrep")
            assert verb in VERBS
        case _:
            pytest.fail(f"{words} runs something else")


def test_the_procfile_migrates_before_a_release_and_runs_one_worker() -> None:
    """A host with a Procfile brings the database up to date, then starts the bot; there is no web process."""
    assert Path("Procfile").read_text(encoding="utf-8") == "release: python -m bot migrate\nworker: python -m bot run\n"
    assert set(APP["formation"]) == {"worker"}
    assert APP["formation"]["worker"]["quantity"] == 1


def test_every_variable_of_the_app_is_known(tmp_path: Path) -> None:
    """What a host asks its user to set is read; the database's address is set by the host itself."""
    asked = Asked()
    config.load(tmp_path, asked)

    assert set(APP["env"]) <= asked.names | {"SITREP_LOG"}
    assert "DATABASE_URL" in asked.names
    assert any(addon.startswith("heroku-postgresql:") for addon in APP["addons"])
    assert APP["env"]["DISCORD_TOKEN"].get("required", True)


def test_the_python_of_hosts_and_image_is_one_and_supported() -> None:
    """The version that hosts install is the image's, and one that the package allows."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    least, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()  # type: ignore[union-attr]
    major, minor = PIN.split(".")
    images = [line.split()[0] for line in instructions("FROM")]

    assert major == "3"
    assert int(least) <= int(minor) < int(below)
    assert len(images) == 2
    assert all(image.startswith(f"python:{PIN}-") for image in images)


def test_the_image_is_that_of_a_careful_host() -> None:
    """It runs as nobody special, from the lock, keeps its archive in a volume, and says how it is."""
    assert instructions("USER")[-1].isdigit()
    assert all("--frozen" in line for line in instructions("RUN") if "uv sync" in line)
    assert instructions("VOLUME") == [f"/app/{Path(Storage().path).parent}"]
    assert len(instructions("HEALTHCHECK")) == 1


def test_what_is_copied_into_the_image_reaches_the_builder() -> None:
    """All that the Dockerfile copies is there and let through, and the environment and archive of the machine are not."""
    ignore = Path(".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]}

    assert all(Path(name).exists() for name in copied)
    assert {f"!{name}" for name in copied} <= set(ignore)
    assert "*" in ignore
    assert not {"!.venv", "!var", "!.env", "!.git"} & set(ignore)


def test_the_unit_starts_anew_what_may_mend_itself() -> None:
    """The service is started again after any end but those that a person has to mend, and has time to end in order."""
    service = unit()["Service"]

    assert service["Restart"] == "always"
    assert {int(code) for code in service["RestartPreventExitStatus"].split()} == {TokenError.exit_code, ConfigError.exit_code}
    assert float(service["TimeoutStopSec"]) > (running.DRAIN + app.LEAVE).total_seconds()
    assert {"NoNewPrivileges", "ProtectSystem", "StateDirectory", "EnvironmentFile"} <= set(service)
