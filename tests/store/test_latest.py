"""The law of the latest: window by window they are what one statement over the whole archive finds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import SourceKind, Viewer
from bot.store.articles.headlines import own, visible
from bot.store.articles.latest import latest
from bot.store.schema import articles, follows, matches, server_matches, sources, stories, watches
from bot.store.watches.seen_matches import matches_seen
from tests.store.conftest import NOW, World

ARTICLES = 60
VIEWERS = (Viewer(), Viewer(server=7), Viewer(server=8))
WATCHES = [(0, "all", 1, False), (0, "some", 2, False), (7, "own", 1, False), (8, "own", 2, False), (0, "gone", 1, True)]
"""Whose a watch is, its name, its level, and whether it has ended."""
FOLLOWS = [(0, 1, 0, None), (7, 2, 0, 30), (8, 2, 25, None), (7, 3, 10, None), (0, 4, 0, None)]
"""Which server follows which source, the last one of samples, from when and until when, in minutes."""


def _at(minute: int) -> Any:
    return NOW + timedelta(minutes=minute)


def _fill(conn: sa.Connection, draw: random.Random, *, only_samples: bool) -> None:
    """Put stories of one and of several articles into an archive, read and revised, taken here and not there."""
    kinds = [SourceKind.FEED] * 3 + [SourceKind.SAMPLE]
    some = [{"id": key, "kind": kind, "address": str(key), "canonical": str(key)} for key, kind in enumerate(kinds, start=1)]
    conn.execute(sa.insert(sources), some)
    for server, source, since, until in FOLLOWS:
        what = {"name": f"{server} {source}", "every_s": 60, "first_run": "all", "since": _at(since)}
        ended = None if until is None else _at(until)
        conn.execute(sa.insert(follows).values(server=server, source_id=source, retired_at=ended, **what))
    conn.execute(sa.delete(watches))
    for key, (server, name, level, has_ended) in enumerate(WATCHES, start=1):
        what = {"server": server, "name": name.title(), "folded": name, "query": "x", "level": level, "channels": "[]"}
        conn.execute(sa.insert(watches).values(id=key, retired_at=NOW if has_ended else None, **what))
    conn.execute(sa.insert(stories), [{"id": key, "created_at": NOW} for key in range(1, ARTICLES + 1)])
    conn.execute(sa.insert(articles), [_article(number, draw, only_samples=only_samples) for number in range(1, ARTICLES + 1)])
    taken = [key for number in range(1, ARTICLES + 1) for key in _taken(draw, number)]
    what = {"score": 0.5, "evidence": "", "summary": "[]"}
    conn.execute(sa.insert(matches), [{**key, **what, "watch_revision": 1, "level": draw.randint(0, 2)} for key in taken])
    shared = [key for key in taken if WATCHES[key["watch_id"] - 1][0] == 0 and draw.random() < 0.4]
    conn.execute(sa.insert(server_matches), [{**key, **what, "server": 7, "level": draw.randint(0, 2)} for key in shared])


def _article(number: int, draw: random.Random, *, only_samples: bool) -> dict[str, object]:
    return {
        **dict.fromkeys(("guid", "url", "canonical", "title", "text", "caption", "text_hash", "batch"), f"{number}"),
        "id": number,
        "key": f"{number}",
        "source_id": 4 if only_samples else draw.randint(1, 4),
        "headless": False,
        "tell": True,
        "collected_at": _at(number // 3),
        "revision": draw.choice((1, 1, 1, 2)),
        "state": "done",
        "story_id": draw.choice((number, draw.randint(1, number))),
    }


def _taken(draw: random.Random, number: int) -> Iterator[dict[str, int]]:
    """Yield by which watches an article was taken, as it now is or as it was."""
    for watch in range(1, len(WATCHES) + 1):
        if draw.random() < 0.7:
            yield {"article_id": number, "revision": draw.choice((1, 1, 1, 2)), "watch_id": watch}


def _plain(conn: sa.Connection, viewer: Viewer, watch: str | None) -> Sequence[int]:
    """Return all of the latest by one statement."""
    seen, first = matches_seen(viewer), sa.func.min(articles.c.id)
    hits = (
        sa.select(first)
        .join(seen, (articles.c.id == seen.c.article_id) & (articles.c.revision == seen.c.revision))
        .join(watches, watches.c.id == seen.c.watch_id)
        .where(own(viewer), visible(viewer), seen.c.level >= watches.c.level)
        .group_by(articles.c.story_id)
        .order_by(sa.func.min(articles.c.collected_at).desc(), first.desc())
    )
    return list(conn.scalars(hits if watch is None else hits.where(watches.c.folded == watch)))


@pytest.mark.parametrize("seed", range(3))
async def test_windows_find_what_one_statement_finds(terminal: World, seed: int) -> None:
    """For everybody, of one watch or all, on every page, the same stories come in the same order, each by its first article."""
    draw = random.Random(seed)

    def work(conn: sa.Connection) -> None:
        _fill(conn, draw, only_samples=seed == 0)
        counted = 0
        for viewer in VIEWERS:
            for watch in (None, *sorted({name for _, name, *_ in WATCHES}), "nobody's"):
                whole = _plain(conn, viewer, watch)
                counted += len(whole)
                for limit, offset in ((ARTICLES, 0), (draw.randint(1, 9), draw.randint(0, len(whole)))):
                    page = latest(conn, viewer, watch=watch, limit=limit, offset=offset, width=draw.choice((1, 4, 7, 500)))
                    assert list(page) == whole[offset : offset + limit], (viewer, watch, limit, offset)
        assert counted > ARTICLES

    await terminal.store._database.write(work)
