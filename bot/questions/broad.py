"""What a watch may not hang on alone, since it would tell of nearly every article: common words, and topics that find everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from bot.errors import ReadingError, Unanswerable
from bot.language.common import is_common
from bot.model import AllOf, AnyOf, Leaf, Phrase, Prefix, Query, Rules, Subject, Viewer, Within, is_bare
from bot.ports import ArchiveStore, Reader
from bot.questions.feeds import server_of

LOOK_AT = 1000
"""So many of the newest articles say how often a topic is found."""

READ = 200
"""So many of them are read where what they were found to hold is no longer what the topic is."""

FEWEST = 50
"""Fewer articles say nothing."""

MOST = 0.5
"""A topic that is found in a greater share of them tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadth:
    """Tells whether something is found nearly everywhere."""

    archive: ArchiveStore
    reader: Reader
    rules: Callable[[], Awaitable[Rules]]

    async def refuse(self, viewer: Viewer, query: Query) -> None:
        """Do nothing where a query asks for something in particular.

        Raises:
            Unanswerable: one of its parts would do alone, and stands in nearly every article; the sentence says which, and the mend.
        """
        if said := common_alone(query):
            raise Unanswerable(said)
        for leaf in enough_alone(query):
            if isinstance(leaf, Subject) and (said := await self.of(viewer, leaf.id)):
                raise Unanswerable(f"{said}: join it to something with AND, or make the topic narrower.")

    async def of(self, viewer: Viewer, subject: str) -> str:
        """Say of a topic how many articles it is found in, where that is so many that it tells nothing; else nothing."""
        if not subject.startswith("topic:"):
            return ""
        found, looked = await self.archive.frequency(viewer, subject, newest=LOOK_AT)
        if looked < FEWEST:
            found, looked = await self._read(viewer, subject)
        if looked < FEWEST or found <= MOST * looked:
            return ""
        return f"{subject} is found, or may be, in {found} of the newest {looked} articles, so it tells nothing by itself"

    async def _read(self, viewer: Viewer, subject: str) -> tuple[int, int]:
        newest = await self.archive.candidates(viewer, AllOf(()), since=None, limit=READ)
        if len(newest) < FEWEST:
            return 0, 0
        try:
            verdicts = await self.reader.judge(newest, await self.rules(), subject, server=server_of(viewer))
        except ReadingError:
            return 0, 0
        return sum(verdict is not None for verdict in verdicts), len(newest)


def common_alone(query: Query) -> str:
    """Say by which common words alone a query would take nearly every article, and the mend; nothing where there are none."""
    for leaf in enough_alone(query):
        words = leaf.words if isinstance(leaf, Phrase) else leaf.stem if isinstance(leaf, Prefix) else ""
        if words and is_common(words):
            return f"“{words}” stands in nearly every article: add words that tell more, with AND."
    return ""


def enough_alone(query: Query) -> Iterator[Leaf]:
    """Yield the leaves of which each could make the query hold, whatever else is in the article."""
    match query:
        case AnyOf(parts):
            for part in parts:
                yield from enough_alone(part)
        case AllOf(parts):
            asked = [part for part in parts if not is_bare(part)]
            yield from enough_alone(asked[0]) if len(asked) == 1 else ()
        case Within(_, part):
            yield from enough_alone(part)
        case Subject() | Phrase() | Prefix():
            yield query
