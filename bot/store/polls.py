"""What one poll leaves behind: new articles and revisions, marks, problems and the next poll, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.model import Collected, Dated, Draft, FirstRun, Mark, Source, SourceKind
from bot.store.database import Database, upsert
from bot.store.schema import articles, marks, problems, revisions, sources
from bot.store.text_index import Text, text_index

_T = TypeVar("_T")

CHUNK = 200
"""Rows a statement: SQLite takes 32,766 variables, and an article has some twenty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """How addresses and texts are compared; the app passes the functions of `stories` in."""

    canonical_url: Callable[[str], str]
    text_hash: Callable[[str, str, bool], str]


class Polls:
    """Writes polls (the protocol `ports.PollStore`, together with `Sources`)."""

    def __init__(self, database: Database, fingerprints: Fingerprints) -> None:
        self._database = database
        self._fingerprints = fingerprints

    async def marks(self, source_id: int) -> Mapping[str, str]:
        """Return what a source remembers."""
        query = sa.select(marks.c.key, marks.c.value).where(marks.c.source_id == source_id)
        return await self._database.read(lambda conn: {row.key: row.value for row in conn.execute(query)})

    async def record_poll(
        self,
        source: Source,
        collected: Collected,
        *,
        now: datetime,
        next_poll: datetime,
        told_from: datetime | None,
        batch: str,
    ) -> int:
        """Write what a poll brought; return how many articles are new."""
        told = _told(source, collected.drafts, told_from)

        def work(conn: sa.Connection) -> int:
            new = 0
            drafts = [self._row(source, draft, now, batch) for draft in collected.drafts]
            # Oldest first, so that ids, and with them the order of telling, follow the news.
            for chunk in _chunks([{**row, "tell": tell} for row, tell in zip(drafts, told, strict=True)][::-1]):
                new += _write_articles(conn, chunk, now)
            _write_marks(conn, source.id, collected.marks)
            _write_problems(conn, source.id, collected, now)
            conn.execute(
                sa.update(sources)
                .where(sources.c.id == source.id)
                .values(polled_at=now, ok_at=now, next_poll=next_poll, failures=0, reason="")
            )
            return new

        return await self._database.write(work)

    async def record_failure(self, source: Source, reason: str, *, now: datetime, next_poll: datetime) -> None:
        """Write that a poll failed; the first good poll afterwards still counts as the first."""
        statement = (
            sa.update(sources)
            .where(sources.c.id == source.id)
            .values(polled_at=now, next_poll=next_poll, failures=sources.c.failures + 1, reason=reason)
        )
        await self._database.write(lambda conn: conn.execute(statement))

    def _row(self, source: Source, draft: Draft, now: datetime, batch: str) -> dict[str, Any]:
        canonical = self._fingerprints.canonical_url(draft.url)
        text_hash = self._fingerprints.text_hash(draft.title, draft.text, draft.headless)
        return {
            "source_id": source.id,
            "key": article_key(draft, canonical=canonical),
            "guid": draft.guid,
            "url": draft.url,
            "canonical": canonical,
            "title": draft.title,
            "text": draft.text,
            "caption": draft.caption,
            "headless": draft.headless,
            "text_hash": text_hash,
            "collected_at": now,
            "batch": batch,
            **_published(draft.published),
        }


def article_key(draft: Draft, *, canonical: str) -> str:
    """Return the identity of a draft within its source: guid, else canonical link, else title and text; never a date."""
    identity = f"guid {draft.guid}" if draft.guid else f"link {canonical}" if canonical else f"text {draft.title}\n{draft.text}"
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _told(source: Source, drafts: Sequence[Draft], told_from: datetime | None) -> list[bool]:
    """Decide which drafts are judged for alerts: on the first poll of a feed the newest, later all that are not too old.

    Files are always news, whatever their date: somebody put them there.
    """
    if source.kind is not SourceKind.FEED:
        return [True] * len(drafts)
    first = source.ok_at is None
    at_first = {FirstRun.ALL: len(drafts), FirstRun.LATEST: 1, FirstRun.SILENT: 0}[source.first_run]
    fresh = [told_from is None or draft.published is None or draft.published.at >= told_from for draft in drafts]
    return [is_fresh and (not first or place < at_first) for place, is_fresh in enumerate(fresh)]


def _published(dated: Dated | None) -> dict[str, Any]:
    return {
        "published_at": dated and dated.at,
        "published_precision": dated and dated.precision,
        "published_rule": dated and dated.rule,
        "published_raw": dated and dated.raw,
    }


def _write_articles(conn: sa.Connection, chunk: Sequence[dict[str, Any]], now: datetime) -> int:
    by_key = {row["key"]: row for row in chunk}
    insert = upsert(conn, articles).on_conflict_do_nothing(index_elements=["source_id", "key"])
    added = conn.execute(insert.values(list(by_key.values())).returning(articles.c.id, articles.c.key)).all()
    _index(conn, {row.id: by_key[row.key] for row in added})
    known = by_key.keys() - {row.key for row in added}
    if known:
        _revise(conn, [by_key[key] for key in known], now)
    return len(added)


def _revise(conn: sa.Connection, known: Sequence[dict[str, Any]], now: datetime) -> None:
    """Store what changed of articles that are known already: the old text is kept, the new one is read again."""
    query = sa.select(articles).where(
        articles.c.source_id == known[0]["source_id"], articles.c.key.in_([row["key"] for row in known])
    )
    kept = {row.key: row for row in conn.execute(query.with_for_update())}
    for row in known:
        old = kept[row["key"]]
        if (old.title, old.text) == (row["title"], row["text"]):
            continue
        conn.execute(
            sa.insert(revisions).values(
                article_id=old.id, number=old.revision, title=old.title, text=old.text, caption=old.caption, replaced_at=now
            )
        )
        new = {key: row[key] for key in ("title", "text", "caption", "headless", "text_hash", "url", "canonical")}
        conn.execute(
            sa.update(articles)
            .where(articles.c.id == old.id)
            .values(**new, revision=old.revision + 1, state="new", lease_until=None)
        )
        text_index(conn).drop(conn, [old.id])
        _index(conn, {old.id: row})


def _index(conn: sa.Connection, written: Mapping[int, Mapping[str, Any]]) -> None:
    texts = [Text(article_id=key, title=row["title"], text=row["text"]) for key, row in written.items()]
    text_index(conn).add(conn, texts)


def _write_marks(conn: sa.Connection, source_id: int, changed: Sequence[Mark]) -> None:
    gone = [mark.key for mark in changed if mark.value is None]
    kept = [{"source_id": source_id, "key": mark.key, "value": mark.value} for mark in changed if mark.value is not None]
    for keys in _chunks(gone):
        conn.execute(sa.delete(marks).where(marks.c.source_id == source_id, marks.c.key.in_(keys)))
    for chunk in _chunks(kept):
        insert = upsert(conn, marks).values(chunk)
        conn.execute(insert.on_conflict_do_update(index_elements=["source_id", "key"], set_={"value": insert.excluded.value}))


def _write_problems(conn: sa.Connection, source_id: int, collected: Collected, now: datetime) -> None:
    """Keep what could not be read; a part whose mark changed without a problem has been mended."""
    parts = [mark.key for mark in collected.marks] + [problem.part for problem in collected.problems]
    for chunk in _chunks(parts):
        conn.execute(sa.delete(problems).where(problems.c.source_id == source_id, problems.c.part.in_(chunk)))
    reasons = {problem.part: problem.reason for problem in collected.problems}
    found = [{"source_id": source_id, "part": part, "reason": reason, "at": now} for part, reason in reasons.items()]
    for rows in _chunks(found):
        conn.execute(sa.insert(problems).values(rows))


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
