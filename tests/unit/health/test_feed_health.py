"""One line about the feeds, when it is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.health.feeds import FeedHealth
from bot.model import FirstRun, Polled, Source, SourceKind

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def polled(number: int, trouble: str = "", *, unreachable: bool = False, kind: SourceKind = SourceKind.FEED) -> Polled:
    source = Source(id=number, kind=kind, address="", name=f"F{number}", every=timedelta(hours=1), first_run=FirstRun.LATEST)
    return Polled(source=source, trouble=trouble, unreachable=unreachable, again=timedelta(minutes=4.5))


def heard(health: FeedHealth, *ends: Polled) -> list[str]:
    return [line for line in map(health.heard, ends) if line]


def test_without_a_network_there_is_one_line() -> None:
    """When no feed can be reached that is said in one line, after all have been tried, and not repeated."""
    health = FeedHealth(feeds={1, 2})
    round_ = [polled(number, f"F{number} does not answer.", unreachable=True) for number in (1, 2)]

    said = heard(health, *round_, *round_)

    assert said == ["2 of 2 feeds unreachable, is there a network? trying again in 5 min"]


def test_no_network_is_one_line_however_its_reasons_change() -> None:
    """While no feed can be reached, a feed that cannot be reached in another way is no news."""
    health = FeedHealth(feeds={1, 2})
    round_ = [polled(number, "no address is known", unreachable=True) for number in (1, 2)]

    said = heard(health, *round_, polled(1, "no answer in time", unreachable=True))

    assert len(said) == 1


def test_feeds_that_failed_are_named_with_their_reasons() -> None:
    """Some failures are named with their reasons, at most three, and the end of them is told."""
    health = FeedHealth(feeds={1, 2, 3, 4, 5})
    bad = [polled(number, f"says {number}") for number in (1, 2, 3, 4)]

    first = heard(health, *bad, polled(5))
    later = heard(health, *(polled(number) for number in (1, 2, 3, 4)))

    assert first == ["4 of 5 feeds failed and will be tried again: F1: says 1; F2: says 2; F3: says 3; and 1 more"]
    assert later[-1] == "All 5 feeds are well again."


def test_only_what_is_new_is_named() -> None:
    """A feed that fails beside others is named alone, and those that are well again are told when all are."""
    health = FeedHealth(feeds={1, 2, 3})

    said = heard(
        health, polled(1, "says 1"), polled(2), polled(3), polled(2, "says 2"), polled(2, "says 4"), polled(1), polled(2)
    )

    assert said == [
        "1 of 3 feeds failed and will be tried again: F1: says 1",
        "2 of 3 feeds failed and will be tried again: F2: says 2",
        "All 3 feeds are well again.",
    ]


def test_a_network_that_comes_back_is_told_once() -> None:
    """Feeds that could not be reached come back one after the other, and that is one line."""
    health = FeedHealth(feeds={1, 2, 3})
    heard(health, *(polled(number, "no address", unreachable=True) for number in (1, 2, 3)))

    assert heard(health, polled(1), polled(2), polled(3)) == ["All 3 feeds are well again."]


def test_feeds_that_are_well_need_no_line() -> None:
    """As long as all is well nothing is said, and folders are no feeds."""
    health = FeedHealth(feeds={1})

    assert heard(health, polled(2, "is missing", kind=SourceKind.FOLDER), polled(1), polled(1)) == []


def test_a_feed_that_was_added_later_is_named_when_it_first_fails() -> None:
    """Of a feed that is none of those counted, the first failure of a row is told, and no later one."""
    health = FeedHealth(feeds={1})
    later = polled(2, "F2 does not answer.", unreachable=True)

    said = heard(health, later, replace(later, source=replace(later.source, failures=1)), polled(2))

    assert said == ["F2 failed and will be tried again: F2 does not answer."]


def test_after_a_restart_the_feeds_that_wait_are_named() -> None:
    """A start while feeds wait to be tried again says so, and one while all were well says nothing."""
    well = replace(polled(1).source, polled_at=NOW, ok_at=NOW)
    bad = replace(polled(2).source, polled_at=NOW, failures=3, reason="It answers 500.")

    assert (
        FeedHealth(feeds={1, 2}).resume([well, bad], NOW) == "1 of 2 feeds failed and will be tried again: F2: It answers 500."
    )
    assert FeedHealth(feeds={1}).resume([well], NOW) is None
    assert FeedHealth(feeds={1, 2, 3}).resume([well, bad, polled(3).source], NOW) is None


def test_after_a_restart_without_a_network_there_is_one_line() -> None:
    """A start while no feed could be read the last time asks for the network, once, and does not list what each of them said."""
    bad = [
        replace(
            polled(number).source, polled_at=NOW, next_poll=NOW + timedelta(minutes=number), failures=3, reason="It is away."
        )
        for number in (2, 3, 4, 5)
    ]
    health = FeedHealth(feeds={2, 3, 4, 5})

    said = health.resume(bad, NOW)

    assert said == "4 of 4 feeds failed last time, is there a network? trying again in 2 min"
    assert heard(health, *(polled(number, "It is away.", unreachable=True) for number in (2, 3, 4, 5))) == []
