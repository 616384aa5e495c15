"""What a watch may not hang on alone, since it would tell of nearly every article: common words, and topics that find everything."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import Unanswerable
from bot.language.common import is_common
from bot.model import AllOf, AnyOf, Leaf, Phrase, Prefix, Query, Subject, Viewer, Within, is_bare
from bot.ports import ArchiveStore

LOOK_AT = 1000
"""So many of the newest articles say how often a topic is found."""

FEWEST = 50
"""Fewer articles say nothing."""

MOST = 0.5
"""A topic that is found in a greater share of them tells nothing."""


async def refuse_broad(archive: ArchiveStore, viewer: Viewer, query: Query) -> None:
    """Do nothing where a query asks for something in particular.

    Raises:
        Unanswerable: one of its parts would do alone, and stands in nearly every article; the sentence says which, and the mend.
    """
    for leaf in enough_alone(query):
        words = leaf.words if isinstance(leaf, Phrase) else leaf.stem if isinstance(leaf, Prefix) else ""
        if words and is_common(words):
            raise Unanswerable(f"“{words}” stands in nearly every article: add words that tell more, with AND.")
        if isinstance(leaf, Subject) and (said := await broadness(archive, viewer, leaf.id)):
            raise Unanswerable(f"{said}: join it to something with AND, or make the topic narrower.")


async def broadness(archive: ArchiveStore, viewer: Viewer, subject: str) -> str:
    """Say of a topic how many articles it is found in, where that is so many that it tells nothing; else nothing."""
    if not subject.startswith("topic:"):
        return ""
    found, looked = await archive.frequency(viewer, subject, newest=LOOK_AT)
    if looked < FEWEST or found <= MOST * looked:
        return ""
    return f"{subject} is found, or may be, in {found} of the newest {looked} articles, so it tells nothing by itself"


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
