"""How matches stand for one server: those of the config's watches may differ where it has changed what an actor is called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from bot.model import Match, Reading, Viewer
from bot.store import rows
from bot.store.schema import matches, server_matches

_JUDGED = ("level", "score", "evidence", "summary", "reason")
_KEY = ("article_id", "revision", "watch_id")


def matches_seen(viewer: Viewer) -> sa.FromClause:
    """Return the matches as a viewer has them, with the columns of `matches`; what is none for a server has the level 0."""
    if viewer.server is None:
        return matches
    theirs = sa.and_(*(server_matches.c[name] == matches.c[name] for name in _KEY), server_matches.c.server == viewer.server)
    judged = (sa.func.coalesce(server_matches.c[name], matches.c[name]).label(name) for name in _JUDGED)
    kept = (column for column in matches.c if column.name not in _JUDGED)
    return sa.select(*kept, *judged).select_from(matches.outerjoin(server_matches, theirs)).subquery("seen")


def of_server(found: Iterable[rows.Row], server: int) -> Sequence[rows.Row]:
    """Return of matches for everybody and for single servers those that stand for one, at the level that their watches ask for."""
    known = list(found)
    theirs = {(row.article_id, row.revision, row.watch_id) for row in known if row.only == server} if server else set()
    return [
        row
        for row in known
        if row.only == (server if (row.article_id, row.revision, row.watch_id) in theirs else 0) and row.level >= row.wanted
    ]


def write_matches(conn: sa.Connection, reading: Reading) -> None:
    """Write the matches of a reading, for everybody and for single servers; each of the latter has its row for everybody, too."""
    key = {"article_id": reading.article_id, "revision": reading.revision}
    shared = [one for one in reading.matches if not one.server]
    own = [one for one in reading.matches if one.server]
    there = {one.watch_id for one in shared}
    ghosts = {one.watch_id: one.watch_revision for one in own if one.watch_id not in there}
    if shared or ghosts:
        written = [{**key, "watch_id": one.watch_id, "watch_revision": one.watch_revision, **_judged(one)} for one in shared]
        written += [{**key, "watch_id": watch, "watch_revision": revision, **_NONE} for watch, revision in ghosts.items()]
        conn.execute(sa.insert(matches), written)
    if own or reading.withheld:
        written = [{**key, "watch_id": one.watch_id, "server": one.server, **_judged(one)} for one in own]
        written += [{**key, "watch_id": watch, "server": server, **_NONE} for watch, server in reading.withheld]
        conn.execute(sa.insert(server_matches), written)


_NONE = {"level": 0, "score": 0.0, "evidence": "", "summary": "[]", "reason": ""}
"""What stands where there is no match."""


def _judged(match: Match) -> dict[str, object]:
    return {
        "level": int(match.level),
        "score": match.score,
        "evidence": rows.write_evidence(match.evidence),
        "summary": json.dumps(match.summary, ensure_ascii=False),
        "reason": match.reason,
    }
