"""Has feeds parsed in worker processes: what is known and small in batches, all else alone, so that nobody waits for a hostile one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import ReadingError, SourceError
from bot.gathering import Gathering
from bot.sources.feeds.parse import Feed, parse
from bot.workers import Workers

BATCH = 32
SMALL = 300_000
"""Bytes of a body that may share a batch: sixteen of these are read within the time that one alone may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of a feed, and what reading them needs."""

    body: bytes
    url: str
    headers: Mapping[str, str]
    known: frozenset[str]
    zone: str
    now: datetime


class Parsing:
    """Two worker processes: one for batches of what is expected to be quick, one for whatever is large, new or has failed."""

    def __init__(self, *, quick: Workers, patient: Workers) -> None:
        self._patient = patient
        self._quick = Gathering[Document, Feed | SourceError](lambda batch: quick.run(parse_all, batch), most=BATCH)

    async def parse(self, document: Document, *, trusted: bool) -> Feed:
        """Return what is in a document; `trusted` are those of a feed whose last one was read well.

        Raises:
            SourceError: it is no feed.
            ReadingError: it took too long, or brought its process down.
        """
        if trusted and len(document.body) <= SMALL:
            try:
                return _good(await self._quick(document))
            except ReadingError:
                pass  # somebody in the batch is hostile: each is tried alone
        return _good((await self._patient.run(parse_all, [document]))[0])


def parse_all(documents: Sequence[Document]) -> list[Feed | SourceError]:
    """Parse documents one after the other; what is no feed is a fault of its own (this runs in a worker process)."""
    return [_outcome(one) for one in documents]


def _outcome(one: Document) -> Feed | SourceError:
    try:
        return parse(one.body, url=one.url, headers=one.headers, known=one.known, zone=one.zone, now=one.now)
    except SourceError as error:
        return error


def _good(outcome: Feed | SourceError) -> Feed:
    if isinstance(outcome, SourceError):
        raise outcome
    return outcome
