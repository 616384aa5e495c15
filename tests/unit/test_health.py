"""One line about the feeds, when it is news."""

from __future__ import annotations

from datetime import timedelta

from bot.health import FeedHealth
from bot.model import FirstRun, Polled, Source, SourceKind


def polled(number: int, trouble: str = "", *, unreachable: bool = False, kind: SourceKind = SourceKind.FEED) -> Polled:
    source = Source(id=number, kind=kind, address="", name=f"F{number}", every=timedelta(hours=1), first_run=FirstRun.LATEST)
    return Polled(source=source, trouble=trouble, unreachable=unreachable)


def heard(health: FeedHealth, *ends: Polled) -> list[str]:
    return [line for line in map(health.heard, ends) if line]


def test_without_a_network_there_is_one_line() -> None:
    """When no feed can be reached that is said in one line, after all have been tried, and not repeated."""
    health = FeedHealth(feeds={1, 2})
    round_ = [polled(number, f"F{number} does not answer.", unreachable=True) for number in (1, 2)]

    said = heard(health, *round_, *round_)

    assert said == ["2 of 2 feeds unreachable, is there a network? trying again in 5 min"]


def test_feeds_that_failed_are_named_with_their_reasons() -> None:
    """Some failures are named with their reasons, at most three, and the end of them is told."""
    health = FeedHealth(feeds={1, 2, 3, 4, 5})
    bad = [polled(number, f"says {number}") for number in (1, 2, 3, 4)]

    first = heard(health, *bad, polled(5))
    later = heard(health, *(polled(number) for number in (1, 2, 3, 4)))

    assert first == ["4 of 5 feeds failed and will be tried again: F1: says 1; F2: says 2; F3: says 3; and 1 more"]
    assert later[-1] == "All 5 feeds are well again."


def test_feeds_that_are_well_need_no_line() -> None:
    """As long as all is well nothing is said, and folders are no feeds."""
    health = FeedHealth(feeds={1})

    assert heard(health, polled(2, "is missing", kind=SourceKind.FOLDER), polled(1), polled(1)) == []
