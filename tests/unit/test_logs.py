"""What the log shows: lines for people or JSON, and never a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import structlog

from bot import logs

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.a-token-of-nobody-that-is-long"  # the shape of one, and nobody's
PASSWORD = "correct-horse"
SECRETS = (TOKEN, PASSWORD)
URL = f"postgres://ann:{PASSWORD}@host/db"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Login:
    token: str


@pytest.fixture(autouse=True)
def _the_log_of_others() -> Iterator[None]:
    """Give the log back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(params=[Terminal, io.StringIO], ids=["terminal", "JSON"])
def stream(request: pytest.FixtureRequest) -> io.StringIO:
    """Set the log up for a terminal, and for no terminal."""
    stream: io.StringIO = request.param()
    logs.set_up(stream)
    return stream


def own(stream: io.StringIO) -> None:
    said = f"logged in with {TOKEN}"
    told = [{"token": TOKEN}, (PASSWORD, 1)]
    structlog.get_logger("bot.test").error(said, url=URL, told=told, login=Login(TOKEN), port=5432)


def own_traceback(stream: io.StringIO) -> None:
    try:
        _fail()
    except RuntimeError:
        structlog.get_logger("bot.test").exception("bug", item=PASSWORD)


def of_a_library(stream: io.StringIO) -> None:
    logging.getLogger("discord.http").warning("logged in with %s at %s, %r", TOKEN, URL, Login(PASSWORD))


def traceback_of_a_library(stream: io.StringIO) -> None:
    try:
        _fail()
    except RuntimeError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved: %s", TOKEN, stack_info=True)


def _fail() -> None:
    """Raise what holds the secrets in its chain, its notes and its group."""
    try:
        raise ExceptionGroup(f"sent {URL}", [ValueError(f"401 for Bot {TOKEN}")])
    except ExceptionGroup as group:
        error = RuntimeError(f"the login with {PASSWORD} failed")
        error.add_note(f"the token was {TOKEN}")
        raise error from group


@pytest.mark.parametrize("write", [own, own_traceback, of_a_library, traceback_of_a_library])
def test_no_secret_reaches_the_log(stream: io.StringIO, write: Callable[[io.StringIO], None]) -> None:
    """Messages, values, nested values and tracebacks, our own and those of libraries, hold neither token nor password."""
    logs.keep_out(PASSWORD)

    write(stream)

    shown = stream.getvalue()
    assert "[redacted]" in shown
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("write", [own_traceback, traceback_of_a_library])
def test_a_traceback_says_where_it_was(stream: io.StringIO, write: Callable[[io.StringIO], None]) -> None:
    """What is left of a traceback still names the places, the errors and their chain."""
    write(stream)

    assert all(words in stream.getvalue() for words in ("in _fail", "RuntimeError", "ValueError: 401 for Bot", "direct cause"))


def test_json_stays_json() -> None:
    """Each line is a record with its values in their own types, secrets or not."""
    stream = io.StringIO()
    logs.set_up(stream)
    logs.keep_out(PASSWORD)

    for write in (own, own_traceback, of_a_library, traceback_of_a_library):
        write(stream)

    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [record["level"] for record in records] == ["error", "error", "warning", "error"]
    assert records[0]["told"] == [{"token": "[redacted]"}, ["[redacted]", 1]]
    assert records[0]["port"] == 5432


def test_a_traceback_on_a_terminal_keeps_its_lines_and_steers_nothing() -> None:
    """The lines of a traceback stay lines, and control characters of a message in it do nothing."""
    stream = Terminal()
    logs.set_up(stream)

    try:
        raise RuntimeError("bad \x9b2J name")
    except RuntimeError:
        structlog.get_logger("bot.test").exception("bug")

    assert "RuntimeError: bad  2J name" in stream.getvalue().splitlines()


def test_a_line_of_a_library_that_cannot_be_written_shows_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """A library's slip is named, and what it wanted to write is nowhere."""
    stream = io.StringIO()
    logs.set_up(stream)  # here, since a fixture comes before the handlers of pytest
    logging.getLogger("discord.http").warning("took %d s", PASSWORD)

    said = "".join(capsys.readouterr()) + stream.getvalue()
    assert "could not be written" in said
    assert "discord.http" in said
    assert PASSWORD not in said


def test_a_new_log_forgets_the_secrets_of_the_old_one() -> None:
    """Setting the log up begins anew."""
    logs.set_up(io.StringIO())
    logs.keep_out(PASSWORD)
    logs.set_up(io.StringIO())

    assert logs.without_secrets(PASSWORD) == PASSWORD
