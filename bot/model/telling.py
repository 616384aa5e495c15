"""What is told, to whom, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.articles import Evidence, Headline
from bot.model.watches import Level

TERMINAL = "terminal"
"""The destination of a bot that runs without a token."""


class Kind(StrEnum):
    """What is told: an alert on a story, or the card that a burst was folded into."""

    ALERT = "alert"
    FOLD = "fold"


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    IN_DOUBT = "in doubt"
    SENT = "sent"
    GONE = "gone"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be told to one destination; an edit is due whenever `wanted` differs from `shown`."""

    id: str
    kind: Kind
    subject: int
    """The story of an alert, the number of a fold."""
    destination: str
    state: State
    nonce: str
    wanted: int = 1
    shown: int = 0
    attempts: int = 0
    message_id: int | None = None
    attempted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One watch on a card, with the role it mentions."""

    watch: str
    level: Level
    score: float
    role: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What the card of one story says in one destination; the strongest watch comes first."""

    delivery_id: str
    headline: Headline
    evidence: Evidence
    summary: tuple[str, ...]
    watches: tuple[Told, ...]
    more_sources: tuple[str, ...] = ()
    test: bool = False
    """A test alert, posted once to show that a channel works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The card that stands for the alerts above a cap: how many, and the newest of them."""

    delivery_id: str
    count: int
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The message is there."""

    message_id: int
    earlier: bool = False
    """It may be that of an earlier attempt, and show what was wanted then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: try again after the pause (None: by back-off)."""

    reason: str
    pause: timedelta | None = None
    unsure: bool = True
    """The message may be there all the same: the answer was lost, or Discord broke while it worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Never: what was sent cannot be posted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The destination cannot be reached until somebody changes it."""

    reason: str
    unsure: bool = False
    """An attempt before this one may have been posted all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The message was deleted; it is not posted again."""

    reason: str


Outcome = Sent | Later | Refused | Broken | Gone
