"""What is told, to whom, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.articles import Change, Evidence, Headline
from bot.model.watches import CONFIG_SERVER, Level

TERMINAL = "terminal"
"""The destination of a bot that runs without a token."""

_CHANNEL = "channel:"
_MANAGERS = "managers:"


def in_channel(channel: int) -> str:
    """Return the destination that is a channel."""
    return f"{_CHANNEL}{channel}"


def to_managers(server: int) -> str:
    """Return the destination that is whoever manages a server."""
    return f"{_MANAGERS}{server}"


def channel_of(destination: str) -> int | None:
    """Return the channel that a destination is, if it is one."""
    return int(destination.removeprefix(_CHANNEL)) if destination.startswith(_CHANNEL) else None


def managed_by(destination: str) -> int | None:
    """Return the server whose managers a destination is, if it is that."""
    return int(destination.removeprefix(_MANAGERS)) if destination.startswith(_MANAGERS) else None


class Kind(StrEnum):
    """What is told: an alert on a story, the card that a burst was folded into, or a notice to those who run things."""

    ALERT = "alert"
    FOLD = "fold"
    NOTICE = "notice"


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
    """The story of an alert, the number of a fold or of a notice."""
    destination: str
    state: State
    nonce: str
    server: int = CONFIG_SERVER
    """The server it is made for; that of the config, where a watch of the config names the channel."""
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
    excerpt: str = ""
    """Why only a part of the article was read; empty where the whole was."""
    change: Change | None = None
    """What its source has changed since it was first seen."""
    withdrawn: bool = False
    """Its source says that it has deleted the article."""
    lapsed: bool = False
    """What was told no longer stands in the article: the evidence is that of an earlier version."""
    test: bool = False
    """A test alert, posted once to show that a channel works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The card that stands for the alerts above a cap: how many, and the newest of them."""

    delivery_id: str
    count: int
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What those who run things should know: a title, and a few lines that name the trouble and the mend."""

    delivery_id: str
    title: str
    text: str


Card = Alert | Fold | Notice
"""Whatever is posted."""


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
    name: str = ""
    """What people call the destination, where the courier knows it."""
    server: int = CONFIG_SERVER
    """The server it is in, where the courier knows it."""
    allow: tuple[str, ...] = ()
    """What the courier lacks there, in the words of the other side's settings."""
    lost: bool = False
    """It is no more, so that nothing can be allowed there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The message was deleted; it is not posted again."""

    reason: str


Outcome = Sent | Later | Refused | Broken | Gone
