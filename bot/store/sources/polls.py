"""What one poll leaves behind: new articles and revisions, marks, problems and the next poll, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.gathering import Gathering
from bot.model import TROUBLE, Collected, Dated, Draft, FirstRun, Mark, Source, SourceKind
from bot.store.articles.recognition import Fingerprints, Given, known_by_key, known_otherwise, read_given
from bot.store.articles.text_index import Text, text_index
from bot.store.articles.updates import update, withdraw
from bot.store.chunks import chunks
from bot.store.database import Database, upsert
from bot.store.schema import articles, marks, problems, sources, volumes
from bot.store.sources.moving import move


@dataclass(frozen=True, slots=True, kw_only=True)
class _Good:
    """A poll that went well, as it is written."""

    source: Source
    collected: Collected
    now: datetime
    next_poll: datetime
    told_from: datetime | None
    batch: str

    @property
    def is_quiet(self) -> bool:
        """Whether it only says that all is as it was."""
        found = self.collected
        return not (found.drafts or found.marks or found.problems or found.withdrawn or found.moved_to)


class Polls:
    """Writes polls (the protocol `ports.PollStore`, together with `Sources`)."""

    def __init__(self, database: Database, fingerprints: Fingerprints, *, full_text: bool = False) -> None:
        self._database = database
        self._fingerprints = fingerprints
        self._full_text = full_text
        # Polls that come together share a hop and a transaction; those that bring articles only a few, since each takes a while.
        self._remembering = Gathering[int, Mapping[str, str]](
            lambda asked: database.read(partial(_read_marks, asked)), most=200
        )
        self._recording = Gathering[_Good, int](lambda polls: database.write(partial(self._write, polls)), most=16)
        self._touching = Gathering[_Good, int](lambda polls: database.write(partial(self._write, polls)), most=500)

    async def marks(self, source_id: int) -> Mapping[str, str]:
        """Return what a source remembers."""
        return await self._remembering(source_id)

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
        poll = _Good(source=source, collected=collected, now=now, next_poll=next_poll, told_from=told_from, batch=batch)
        return await (self._touching(poll) if poll.is_quiet else self._recording(poll))

    def _write(self, polls: Sequence[_Good], conn: sa.Connection) -> list[int]:
        new = [0 if poll.is_quiet else self._write_articles(poll, conn) for poll in polls]
        _write_marks(conn, {poll.source.id: poll.collected.marks for poll in polls})
        _count(conn, polls, new)
        _touch(conn, polls)
        for poll in polls:
            if address := poll.collected.moved_to:
                move(conn, poll.source, address, self._fingerprints.canonical_url(address), now=poll.now)
        return new

    def _write_articles(self, poll: _Good, conn: sa.Connection) -> int:
        source, collected = poll.source, poll.collected
        given = [read_given(draft, self._fingerprints) for draft in collected.drafts]
        untold = _untold(source, collected.drafts, poll.told_from)
        each = [(one, self._row(source, one, why, poll.now, poll.batch)) for one, why in zip(given, untold, strict=True)]
        # Oldest first, so that ids, and with them the order of telling, follow the news.
        new = _write_articles(conn, source, each[::-1], poll.now, of=len(given) + collected.known)
        withdraw(conn, source.id, collected.withdrawn, poll.now)
        if source.kind is not SourceKind.FEED or any(mark.key == TROUBLE for mark in collected.marks):
            _write_problems(conn, source.id, collected, poll.now)
        return new

    async def record_failure(
        self,
        source: Source,
        reason: str,
        *,
        now: datetime,
        next_poll: datetime,
        marks: Sequence[Mark] = (),
        given_up: bool = False,
        host_rests_until: datetime | None = None,
    ) -> None:
        """Write that a poll failed; the first good poll afterwards still counts as the first."""
        ended = {"given_up_at": now} if given_up else {}
        failed = (
            sa.update(sources)
            .where(sources.c.id == source.id)
            .values(polled_at=now, next_poll=next_poll, failures=sources.c.failures + 1, reason=reason, **ended)
        )

        def work(conn: sa.Connection) -> None:
            conn.execute(failed)
            _write_marks(conn, {source.id: marks})
            if host_rests_until is not None:
                early = (sources.c.host == source.host) & (sources.c.next_poll < host_rests_until)
                conn.execute(sa.update(sources).where(early).values(next_poll=host_rests_until))

        await self._database.write(work)

    def _row(self, source: Source, given: Given, untold: str, now: datetime, batch: str) -> dict[str, Any]:
        draft = given.draft
        waits_for_page = self._full_text and draft.excerpt and draft.url and not untold
        return {
            "source_id": source.id,
            "key": given.key,
            "guid": draft.guid,
            "url": draft.url,
            "canonical": given.canonical,
            "title": draft.title,
            "text": draft.text,
            "caption": draft.caption,
            "headless": draft.headless,
            "text_hash": given.text_hash,
            "given_hash": given.digest,
            "excerpt": draft.excerpt,
            "place": draft.place,
            "state": "teaser" if waits_for_page else "new",
            "tell": not untold,
            "untold": untold,
            "collected_at": now,
            "batch": batch,
            **_published(draft.published),
        }


_AT_FIRST = {
    FirstRun.LATEST: "of the first poll of its source the newest entry alone is told (first_run)",
    FirstRun.SILENT: "nothing of the first poll of its source is told (first_run)",
}


def _untold(source: Source, drafts: Sequence[Draft], told_from: datetime | None) -> list[str]:
    """Say for each draft, newest first, why it is not judged for alerts; nothing where it is.

    Of the first poll the first-run rule decides, later the age. A file is news whatever its date: somebody put it there.
    """
    at_first = len(drafts)
    if source.ok_at is None:
        at_first = {FirstRun.ALL: len(drafts), FirstRun.LATEST: 1, FirstRun.SILENT: 0}[source.first_run]
    reasons = []
    for place, draft in enumerate(drafts):
        is_old = told_from is not None and draft.published is not None and draft.published.at < told_from
        if is_old and source.kind is SourceKind.FEED:
            reasons.append(f"it was published before {told_from:%Y-%m-%d}, too long ago when it came (max_age)")
        else:
            reasons.append("" if place < at_first else _AT_FIRST[source.first_run])
    return reasons


def _published(dated: Dated | None) -> dict[str, Any]:
    return {
        "published_at": dated and dated.at,
        "published_precision": dated and dated.precision,
        "published_rule": dated and dated.rule,
        "published_raw": dated and dated.raw,
    }


def _write_articles(
    conn: sa.Connection, source: Source, each: Sequence[tuple[Given, dict[str, Any]]], now: datetime, *, of: int
) -> int:
    """Write what is new, and what changed of what is known; return how many are new."""
    by_key = {given.key: (given, row) for given, row in each}
    known = known_by_key(conn, source.id, [given for given, _ in by_key.values()])
    strangers = [given for given, _ in by_key.values() if given.key not in known]
    there = {row.id for row in known.values()}
    known |= known_otherwise(conn, source.id, source.kind, strangers, of=of, there=there)
    for key, old in known.items():
        update(conn, old, *by_key[key], now)
    new = 0
    for chunk in chunks([row for key, (_, row) in by_key.items() if key not in known]):
        insert = upsert(conn, articles).on_conflict_do_nothing(index_elements=["source_id", "key"])
        # Rows beside the statement, not in it: so it is compiled once.
        added = conn.execute(insert.returning(articles.c.id, articles.c.title, articles.c.text), list(chunk)).all()
        text_index(conn).add(conn, [Text(article_id=row.id, title=row.title, text=row.text) for row in added])
        new += len(added)
    return new


def _read_marks(source_ids: Sequence[int], conn: sa.Connection) -> list[Mapping[str, str]]:
    found: dict[int, dict[str, str]] = {source_id: {} for source_id in source_ids}
    for row in conn.execute(sa.select(marks).where(marks.c.source_id.in_(source_ids))):
        found[row.source_id][row.key] = row.value
    return [found[source_id] for source_id in source_ids]


def _touch(conn: sa.Connection, polls: Sequence[_Good]) -> None:
    """Write that polls went well."""
    now: sa.BindParameter[datetime] = sa.bindparam("now")
    well = {"polled_at": now, "ok_at": now, "next_poll": sa.bindparam("due"), "failures": 0, "reason": ""}
    statement = sa.update(sources).where(sources.c.id == sa.bindparam("source")).values(**well)
    conn.execute(statement, [{"source": poll.source.id, "now": poll.now, "due": poll.next_poll} for poll in polls])


def _count(conn: sa.Connection, polls: Sequence[_Good], new: Sequence[int]) -> None:
    """Count what is new towards the day."""
    counted = [
        {"source_id": poll.source.id, "day": f"{poll.now.astimezone(UTC):%Y-%m-%d}", "articles": count}
        for poll, count in zip(polls, new, strict=True)
        if count
    ]
    if counted:
        insert = upsert(conn, volumes)
        more = {"articles": volumes.c.articles + insert.excluded.articles}
        conn.execute(insert.on_conflict_do_update(index_elements=["source_id", "day"], set_=more), counted)


def _write_marks(conn: sa.Connection, changed: Mapping[int, Sequence[Mark]]) -> None:
    kept = []
    for source_id, found in changed.items():
        for keys in chunks([mark.key for mark in found if mark.value is None]):
            conn.execute(sa.delete(marks).where(marks.c.source_id == source_id, marks.c.key.in_(keys)))
        kept += [{"source_id": source_id, "key": mark.key, "value": mark.value} for mark in found if mark.value is not None]
    for chunk in chunks(kept):
        insert = upsert(conn, marks)
        again = insert.on_conflict_do_update(index_elements=["source_id", "key"], set_={"value": insert.excluded.value})
        conn.execute(again, list(chunk))


def _write_problems(conn: sa.Connection, source_id: int, collected: Collected, now: datetime) -> None:
    """Keep what could not be read; a part whose mark changed without a problem has been mended."""
    parts = [mark.key for mark in collected.marks] + [problem.part for problem in collected.problems]
    for chunk in chunks(parts):
        conn.execute(sa.delete(problems).where(problems.c.source_id == source_id, problems.c.part.in_(chunk)))
    reasons = {problem.part: problem.reason for problem in collected.problems}
    found = [{"source_id": source_id, "part": part, "reason": reason, "at": now} for part, reason in reasons.items()]
    for rows in chunks(found):
        conn.execute(sa.insert(problems).values(rows))
