"""Sets the log up: readable lines on a terminal, JSON elsewhere; never a token, and never the text of an article."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

from bot.errors import ConfigError
from bot.redaction import Redaction

_secrets = Redaction()
"""As global as the log itself: libraries write to it too."""


def set_up(stream: TextIO = sys.stderr, *, level: str = "") -> None:
    """Send all log lines to a stream, those of libraries from WARNING up; secrets that were named before are forgotten.

    On a terminal the cards are what is read, so only warnings are shown there unless `level` says otherwise.

    Raises:
        ConfigError: there is no such level.
    """
    terminal = stream.isatty()
    if level and level.upper() not in logging.getLevelNamesMapping():
        raise ConfigError("environment: SITREP_LOG knows debug, info, warning and error; write one of them.")
    least = logging.getLevelNamesMapping().get(level.upper(), logging.WARNING if terminal else logging.INFO)
    _secrets.forget()
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: structlog.typing.Processor = (
        # Plain tracebacks: the others show local variables, and one of them may be the token.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    # Tracebacks become text first, so that what is redacted last is all that a line will show.
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _redacted,
        _visible,
        render,
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream)
    own = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[own, *last], foreign_pre_chain=shared))
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is told as a problem of the file
    logging.getLogger("discord.client").addFilter(_in_one_line)
    logging.basicConfig(handlers=[handler], level=max(least, logging.WARNING), force=True)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Let discord.py say in one line why it connects again: a network that is gone is no bug, and needs no traceback."""
    if str(record.msg).startswith("Attempting a reconnect") and record.exc_info:
        fault = record.exc_info[1]
        record.msg, record.args = f"{record.getMessage()}: {type(fault).__name__} {fault}".rstrip(), ()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = None
    return True


def keep_out(secret: str) -> None:
    """Let this text stand in no line from now on."""
    _secrets.keep_out(secret)


def without_secrets(text: str) -> str:
    """Return a text as the log would show it, for what is written beside the log."""
    return _secrets.text(text)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes the lines of libraries."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's
        """Say that a line is lost; the library's own way would print its arguments, whatever they are."""
        structlog.get_logger(__name__).error("a line of the log could not be written", logger=record.name)


def _redacted(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Let no secret reach what renders; the keys of a line are words of the program."""
    return {key: _secrets.value(value) for key, value in event.items()}


def _visible(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Let no name of a file or feed steer the terminal that shows the log."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            kept = "\n" if key == "exception" else ""
            event[key] = "".join(character if character.isprintable() or character in kept else " " for character in value)
    return event
