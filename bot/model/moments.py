"""Times: always aware, with how exactly a date is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


def require_aware(moment: datetime | None) -> None:
    """Refuse a time without a zone.

    Raises:
        ValueError: the time is naive.
    """
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")


def now_utc() -> datetime:
    """Return the present moment; only the composition root calls it, everybody else is given a clock."""
    return datetime.now(UTC)


class Precision(StrEnum):
    """How exactly a date is known: a mere day is shown as a day."""

    DAY = "day"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When an article says it was published, with the rule that found it and the raw text it stood in."""

    at: datetime
    precision: Precision = Precision.SECOND
    rule: str
    raw: str = ""

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.at)
