"""What the store knows of how the program runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Gateway(StrEnum):
    """How a bot stands with Discord's gateway."""

    NONE = "none"
    """It runs without a token, in the terminal."""
    AWAY = "away"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a running program says of itself every so often."""

    started: datetime
    gateway: Gateway
    gateway_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How many wait, and since when the oldest of them does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The last beat of the program, and what waits in its store."""

    beat: Beat | None = None
    beat_at: datetime | None = None
    unread: Queue = field(default_factory=Queue)
    read_at: datetime | None = None
    """When articles were read last."""
    untold: Queue = field(default_factory=Queue)
    """Deliveries whose time has come, those that are being tried again too."""
    held: int = 0
    in_doubt: int = 0
    dead: int = 0
