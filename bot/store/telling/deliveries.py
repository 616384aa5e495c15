"""The outbox: what is due, claimed, told and doubted. Claim and outcome are two short transactions around the request."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from bot.gathering import Gathering
from bot.model import (
    TERMINAL,
    Broken,
    Card,
    Delivery,
    Gone,
    Kind,
    Later,
    Outcome,
    Refused,
    Sent,
    State,
)
from bot.store import rows
from bot.store.database import Database
from bot.store.schema import deliveries
from bot.store.telling.audience import Audience
from bot.store.telling.breakage import close, closed_among, open_again
from bot.store.telling.cards import Reads, alert_card, fold_card
from bot.store.telling.notices import notice_card

LONGEST_PAUSE = timedelta(minutes=1)
"""Between attempts while Discord is away: an alert is soon on its way once it is back."""
FARTHEST = timedelta(hours=1)
"""No delivery is put off further; one that seems to be was put off by a clock that has been set back since."""


_LEAN = [column for column in deliveries.c if column.name not in {"told", "reason", "batch"}]
"""What a line of thousands is looked through by."""

_TOGETHER = 30
"""So many claims, cards and outcomes that wait at the same time share a transaction: no more than are in flight at once."""

# Built once: to build and to look up a statement costs more than to run it.
_NOW, _UNTIL = (sa.bindparam(name, type_=deliveries.c.lease_until.type) for name in ("now", "until"))
_FREE = sa.case(
    # A lease from further ahead than one can be given: the clock was set back since.
    (deliveries.c.state == State.SENDING, ~deliveries.c.lease_until.between(_NOW, _UNTIL)),
    else_=sa.true(),
)
_CLAIM = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("claimed"), deliveries.c.state == sa.bindparam("known"), _FREE)
    .values(
        state=State.SENDING,
        attempts=deliveries.c.attempts + 1,
        attempted_at=sa.func.coalesce(deliveries.c.attempted_at, _NOW),
        lease_until=_UNTIL,
        owner=sa.bindparam("claimant"),
    )
    .returning(*deliveries.c)
)
_HELD = sa.update(deliveries).where(
    deliveries.c.id == sa.bindparam("claimed"),
    deliveries.c.state == State.SENDING,
    deliveries.c.owner == sa.bindparam("claimant"),
)
"""The change of a delivery whose claim is still ours."""
_OF_CARDS = sa.select(deliveries).where(deliveries.c.id.in_(sa.bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    delivery: Delivery
    now: datetime
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    delivery: Delivery
    outcome: Outcome
    now: datetime


_Asked = TypeVar("_Asked", _Claim, _End)


class Deliveries:
    """Keeps the outbox (the protocol `ports.DeliveryStore`)."""

    def __init__(self, database: Database, audience: Audience) -> None:
        self._database = database
        self._audience = audience
        self._owner = secrets.token_hex(16)
        self._claiming = Gathering[_Claim, Delivery | None](
            lambda claims: database.write(partial(self._claim, claims)), most=_TOGETHER
        )
        self._carding = Gathering[str, Card | None](lambda ids: database.read(partial(_cards, ids)), most=_TOGETHER)
        self._settling = Gathering[_End, None](lambda ends: database.write(partial(self._settle, ends)), most=_TOGETHER)

    async def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Return the oldest post and the oldest edit of each destination that are due, and claims that have expired.

        A post that waits keeps the later ones of its channel waiting: what is told stays in order.
        """
        terminal = deliveries.c.destination == TERMINAL
        mine = ~terminal if self._audience.discord else terminal
        posts = sa.select(*_LEAN).where(mine, deliveries.c.state.in_([State.PENDING, State.SENDING]))
        edits = sa.select(*_LEAN).where(mine, deliveries.c.wanted != deliveries.c.shown, deliveries.c.message_id.is_not(None))

        def work(conn: sa.Connection) -> Sequence[Delivery]:
            found = {row.id: row for query in (posts, edits) for row in conn.execute(query)}
            return [rows.delivery(row) for row in _first_in_line(list(found.values()), now)[:limit]]

        return await self._database.read(work)

    async def claim(self, delivery: Delivery, now: datetime, *, lease: timedelta) -> Delivery | None:
        """Mark a delivery as being sent; None if somebody else has it or it is no longer due."""
        return await self._claiming(_Claim(delivery=delivery, now=now, lease=lease))

    def _claim(self, claims: Sequence[_Claim], conn: sa.Connection) -> list[Delivery | None]:
        answers: dict[int, Delivery | None] = {}
        for index, claim in _in_order(claims):
            given = {
                "claimed": claim.delivery.id,
                "known": claim.delivery.state,
                "now": claim.now,
                "until": claim.now + claim.lease,
                "claimant": self._owner,
            }
            row = conn.execute(_CLAIM, given).first()
            answers[index] = rows.delivery(row) if row else None
        return [answers[index] for index in range(len(claims))]

    async def card(self, delivery: Delivery) -> Card | None:
        """Return what the card of a delivery says now; None when nothing is left to say."""
        return await self._carding(delivery.id)

    async def settle(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """Write how sending ended; `delivery` is as it was claimed, so `shown` becomes what was wanted then.

        Nothing is written by who has lost the claim: whoever has it now looks in the channel for what was posted.
        """
        end = _End(delivery=delivery, outcome=outcome, now=now)
        if isinstance(outcome, Broken):  # it changes the whole line of its channel, and shares no transaction with others
            await self._database.write(partial(self._settle, [end]))
        else:
            await self._settling(end)

    def _settle(self, ends: Sequence[_End], conn: sa.Connection) -> list[None]:
        posted = []
        for _, end in _in_order(ends):
            if not self._write_end(conn, end.delivery, **_after(end.delivery, end.outcome, end.now)):
                continue
            if isinstance(end.outcome, Broken):
                close(conn, end.delivery, end.outcome, now=end.now)
            if isinstance(end.outcome, Sent) and end.delivery.message_id is None:  # an edit needs no permission to post
                posted.append(end)
        closed = closed_among(conn, {end.delivery.destination for end in posted})
        for end in posted:
            if end.delivery.destination in closed:
                open_again(conn, end.delivery, audience=self._audience, now=end.now)
        return [None] * len(ends)

    def _write_end(self, conn: sa.Connection, delivery: Delivery, **columns: object) -> bool:
        """Give a claim back; False if it is no longer ours."""
        given = {"claimed": delivery.id, "claimant": self._owner}
        return conn.execute(_HELD, {**columns, "lease_until": None, "owner": "", **given}).rowcount > 0

    async def expire_all(self, now: datetime) -> None:
        """Let every claim expire; for the start of a program that owns the store alone: who claimed is dead."""
        claimed = sa.update(deliveries).where(deliveries.c.state == State.SENDING)
        await self._database.write(lambda conn: conn.execute(claimed.values(lease_until=now - timedelta(seconds=1))))

    async def leave_in_doubt(self, delivery: Delivery, reason: str, now: datetime) -> None:  # noqa: ARG002
        """Write that nobody can tell whether a delivery was posted."""
        await self._database.write(lambda conn: self._write_end(conn, delivery, state=State.IN_DOUBT, reason=reason))


def _in_order(asked: Sequence[_Asked]) -> list[tuple[int, _Asked]]:
    """Return what is asked in the order in which a reading locks it, alerts by story before folds, so that two do not block each other."""

    def place(item: tuple[int, _Asked]) -> tuple[bool, int, str]:
        one = item[1].delivery
        return one.kind is not Kind.ALERT, one.subject, one.id

    return sorted(enumerate(asked), key=place)


def _first_in_line(found: Sequence[rows.Row], now: datetime) -> list[rows.Row]:
    """Return who is first in the line of posts, and in the line of edits, of each destination, if their time has come.

    Posts stand in line whether or not they are due; those of folds, which wait to grow, and edits only when they are.
    """
    lines: dict[tuple[str, bool], rows.Row] = {}
    for row in sorted(found, key=lambda row: (row.created_at, row.subject)):
        is_post = row.message_id is None
        waits = is_post and row.kind != Kind.FOLD
        if row.state in {State.PENDING, State.SENDING, State.SENT} and (
            waits or row.state == State.SENDING or _has_come(row, now)
        ):
            lines.setdefault((row.destination, is_post), row)
    ready = [row for row in lines.values() if _is_ready(row, now)]
    return sorted(ready, key=lambda row: row.due_at)


def _is_ready(row: rows.Row, now: datetime) -> bool:
    if row.state == State.SENDING:
        return row.lease_until is None or not now <= row.lease_until <= now + FARTHEST
    return _has_come(row, now)


def _has_come(row: rows.Row, now: datetime) -> bool:
    farthest = FARTHEST if row.attempts else LONGEST_PAUSE  # only Discord, when it was asked, puts anything off for longer
    return bool(row.due_at <= now or row.due_at > now + farthest)


def _after(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, object]:
    """Return the columns that an outcome sets."""
    told = delivery.message_id is not None
    match outcome:
        case Sent(message_id=message, earlier=earlier):
            first = {} if told else {"sent_at": now}
            shown = 1 if earlier else delivery.wanted  # nobody wrote down what was wanted then: an edit too many harms nobody
            sent = {"state": State.SENT, "message_id": message, "shown": shown, "reason": "", "attempts": 0}
            return {**sent, **first, "attempted_at": None}
        case Later(reason=reason, pause=pause, unsure=unsure):
            wait = (
                min(pause, FARTHEST)
                if pause is not None
                else min(LONGEST_PAUSE, timedelta(seconds=2 ** min(delivery.attempts, 10)))
            )
            again = {"state": State.SENT if told else State.PENDING, "reason": reason, "due_at": now + wait}
            return again if unsure else {**again, "attempted_at": None}
        case Refused(reason=reason) | Broken(reason=reason) if told:
            return {"state": State.SENT, "shown": delivery.wanted, "reason": reason}
        case Refused(reason=reason):
            return {"state": State.DEAD, "reason": reason}
        case Broken(reason=reason, unsure=unsure):
            attempted = delivery.attempted_at if unsure else None
            return {"state": State.HELD, "reason": reason, "attempted_at": attempted}
        case Gone(reason=reason):
            return {"state": State.GONE, "reason": reason}


def _cards(ids: Sequence[str], conn: sa.Connection) -> list[Card | None]:
    """Make cards together: what several say is read once."""
    found = {row.id: row for row in conn.execute(_OF_CARDS, {"ids": list(ids)})}
    reads = Reads(conn)
    return [_card(conn, found[one], reads) for one in ids]


def _card(conn: sa.Connection, row: rows.Row, reads: Reads) -> Card | None:
    match row.kind:
        case Kind.FOLD:
            return fold_card(conn, row)
        case Kind.NOTICE:
            return notice_card(conn, row)
    return alert_card(reads, row)
