"""Sets the log up: readable lines on a terminal, JSON elsewhere; never a token, and never the text of an article."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

from bot.errors import ConfigError


def set_up(stream: TextIO = sys.stderr, *, level: str = "") -> None:
    """Send all log lines to a stream, those of libraries from WARNING up.

    On a terminal the cards are what is read, so only warnings are shown there unless `level` says otherwise.

    Raises:
        ConfigError: there is no such level.
    """
    terminal = stream.isatty()
    if level and level.upper() not in logging.getLevelNamesMapping():
        raise ConfigError("environment: SITREP_LOG knows debug, info, warning and error; write one of them.")
    least = logging.getLevelNamesMapping().get(level.upper(), logging.WARNING if terminal else logging.INFO)
    shared: list[structlog.typing.Processor] = [
        _visible,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: structlog.typing.Processor = (
        # Plain tracebacks: the others show local variables, and one of them may be the token.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    failures: list[structlog.typing.Processor] = [] if terminal else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*shared, *failures, render],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    own = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[own, *failures, render], foreign_pre_chain=shared))
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


def _visible(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Let no name of a file or feed steer the terminal that shows the log."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = "".join(character if character.isprintable() else " " for character in value)
    return event
