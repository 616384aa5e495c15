"""Feeds are parsed in batches, and no feed pays for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest

from bot.errors import ReadingError, SourceError
from bot.sources.feeds.parsing import SMALL, Document, Parsing
from bot.workers import Workers

_P = ParamSpec("_P")
_R = TypeVar("_R")

GOOD = b"<rss version='2.0'><channel><item><title>Envoys meet</title></item></channel></rss>"
DOCUMENT = Document(
    body=GOOD, url="https://a.example/", headers={}, known=frozenset(), zone="", now=datetime(2026, 11, 24, tzinfo=UTC)
)
HOSTILE = replace(DOCUMENT, body=b"hostile")


class Lane(Workers):
    """Workers that run in this process, remember how much each run held, and are brought down by one body."""

    def __init__(self) -> None:
        super().__init__(timeout=timedelta(seconds=1))
        self.runs: list[int] = []

    async def run(self, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        [documents] = args
        assert isinstance(documents, list)
        self.runs.append(len(documents))
        await asyncio.sleep(0)
        if any(one.body == HOSTILE.body for one in documents):
            raise ReadingError("it took longer than 1 s and was given up.")
        return function(*args, **kwargs)


async def test_what_waits_at_the_same_time_is_parsed_together() -> None:
    """Known small feeds share a run of the quick process."""
    quick, patient = Lane(), Lane()
    parsing = Parsing(quick=quick, patient=patient)

    feeds = await asyncio.gather(*(parsing.parse(DOCUMENT, trusted=True) for _ in range(40)))

    assert all(feed.drafts for feed in feeds)
    assert (quick.runs, patient.runs) == ([1, 32, 7], [])


@pytest.mark.parametrize(
    ("document", "trusted"),
    [
        pytest.param(DOCUMENT, False, id="new, or failed last time"),
        pytest.param(replace(DOCUMENT, body=GOOD + b" " * SMALL), True, id="large"),
    ],
)
async def test_what_may_take_long_is_parsed_alone(document: Document, *, trusted: bool) -> None:
    """It has a process of its own, so that the others go on meanwhile."""
    quick, patient = Lane(), Lane()

    await Parsing(quick=quick, patient=patient).parse(document, trusted=trusted)

    assert (quick.runs, patient.runs) == ([], [1])


async def test_a_feed_that_turns_hostile_fails_alone() -> None:
    """What shares a batch with it is parsed all the same."""
    quick, patient = Lane(), Lane()
    parsing = Parsing(quick=quick, patient=patient)

    ends = await asyncio.gather(
        *(parsing.parse(one, trusted=True) for one in (DOCUMENT, DOCUMENT, HOSTILE, DOCUMENT)), return_exceptions=True
    )

    assert [isinstance(end, ReadingError) for end in ends] == [False, False, True, False]


async def test_what_is_no_feed_fails_alone() -> None:
    """A document that is no feed is a failure of its own source."""
    parsing = Parsing(quick=Lane(), patient=Lane())
    page = replace(DOCUMENT, body=b"<html></html>")

    ends = await asyncio.gather(
        *(parsing.parse(one, trusted=True) for one in (DOCUMENT, page, DOCUMENT)), return_exceptions=True
    )

    assert [isinstance(end, SourceError) for end in ends] == [False, True, False]
