"""Turns rows into the types that flow, and evidence into the text it is kept as."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from bot.model import (
    DECOY,
    AliasKind,
    Article,
    Dated,
    Delivery,
    Evidence,
    FirstRun,
    Kind,
    Level,
    Origin,
    Override,
    Place,
    Precision,
    Route,
    Source,
    SourceKind,
    State,
    Term,
    Watch,
)

Row = sa.Row[Any]


def article(row: Row) -> Article:
    """Read an article."""
    return Article(
        id=row.id,
        source_id=row.source_id,
        revision=row.revision,
        url=row.url,
        title=row.title,
        text=row.text,
        caption=row.caption,
        published=dated(row),
        collected=row.collected_at,
        headless=row.headless,
        excerpt=row.excerpt,
    )


def dated(row: Row) -> Dated | None:
    """Read when an article was published."""
    if row.published_at is None:
        return None
    return Dated(
        at=row.published_at,
        precision=Precision(row.published_precision),
        rule=row.published_rule,
        raw=row.published_raw,
    )


def source(
    row: Row, *, name: str, every: Any, first_run: str, zone: str = "", followers: int = 1
) -> Source:  # timedelta or its seconds
    """Read a source with the name and interval that hold for whoever asks."""
    return Source(
        id=row.id,
        kind=SourceKind(row.kind),
        address=row.address,
        name=name,
        every=every,
        first_run=FirstRun(first_run),
        polled_at=row.polled_at,
        ok_at=row.ok_at,
        next_poll=row.next_poll,
        failures=row.failures,
        reason=row.reason,
        followers=followers,
        host=row.host,
        zone=zone,
        given_up_at=row.given_up_at,
    )


def watch(row: Row) -> Watch:
    """Read a watch."""
    return Watch(
        id=row.id,
        revision=row.revision,
        server=row.server,
        name=row.name,
        query=row.query,
        level=Level(row.level),
        channels=tuple(json.loads(row.channels)),
        role=row.role,
        paused=row.paused,
        per_hour=row.per_hour,
        since=row.since,
        routes=read_routes(row.routes),
        origin=Origin(row.origin),
    )


def override(row: Row) -> Override:
    """Read what a server says of one form of an actor."""
    kind = None if row.kind == DECOY else AliasKind(row.kind)
    return Override(actor=row.actor, text=row.text, kind=kind, taken=row.taken)


def read_routes(text: str) -> tuple[Route, ...]:
    """Read how single servers have a watch told."""
    return tuple(
        Route(server=server, channels=tuple(channels), paused=paused, here=tuple(here))
        for server, channels, paused, *here in json.loads(text)
    )


def write_routes(routes: Iterable[Route]) -> str:
    """Write how single servers have a watch told; those that change nothing are left out."""
    return json.dumps([[one.server, one.channels, one.paused, *one.here] for one in routes if one.channels or one.paused])


def delivery(row: Row) -> Delivery:
    """Read a delivery."""
    return Delivery(
        id=row.id,
        kind=Kind(row.kind),
        subject=row.subject,
        destination=row.destination,
        state=State(row.state),
        nonce=row.nonce,
        server=row.server,
        wanted=row.wanted,
        shown=row.shown,
        attempts=row.attempts,
        message_id=row.message_id,
        attempted_at=row.attempted_at,
    )


def write_evidence(evidence: Evidence) -> str:
    """Write evidence as JSON."""
    return json.dumps(
        {
            "sentence": evidence.sentence,
            "spans": evidence.spans,
            "place": evidence.place,
            "terms": [[term.words, term.subject, term.rule, term.count] for term in evidence.terms],
            "told": evidence.told,
        },
        ensure_ascii=False,
    )


def read_evidence(text: str) -> Evidence:
    """Read evidence from JSON."""
    kept = json.loads(text)
    return Evidence(
        sentence=kept["sentence"],
        spans=tuple((start, end) for start, end in kept["spans"]),
        place=Place(kept["place"]),
        terms=tuple(
            Term(words=words, subject=subject, rule=rule, count=count) for words, subject, rule, count in kept["terms"]
        ),
        told=kept.get("told", ""),  # what was kept before relations could be asked for has none
    )
