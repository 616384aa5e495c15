"""An address is changed for good only when that is certain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.sources.feeds.redirects import follow_up
from bot.sources.web.answers import Hop

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEW = "https://new.example/feed"


def chain(*steps: tuple[int, str], start: str = "https://old.example/feed") -> list[Hop]:
    origins = [start, *(target for _, target in steps)]
    return [Hop(status=status, origin=origin, target=target) for origin, (status, target) in zip(origins, steps, strict=False)]


def polled(polls: Sequence[tuple[float, list[Hop]]]) -> list[str]:
    """Return the new address after each poll, given as hours and hops."""
    kept, found = "", []
    for hours, hops in polls:
        kept, moved = follow_up(hops, kept, NOW + timedelta(hours=hours))
        found.append(moved)
    return found


@pytest.mark.parametrize(
    "hops",
    [
        pytest.param(chain((301, NEW)), id="301"),
        pytest.param(chain((308, NEW)), id="308"),
        pytest.param(chain((301, "https://b.example/"), (308, NEW)), id="a chain"),
        pytest.param(chain((301, NEW), start="http://old.example/feed"), id="up to https"),
    ],
)
def test_three_permanent_answers_over_a_day_are_a_proof(hops: list[Hop]) -> None:
    """The same permanent target on three polls over a day is the new address."""
    assert polled([(0, hops), (12, hops), (24, hops)]) == ["", "", NEW]


@pytest.mark.parametrize(
    "polls",
    [
        pytest.param([(0, chain((301, NEW))), (24, chain((301, NEW)))], id="twice"),
        pytest.param([(n / 4, chain((301, NEW))) for n in range(20)], id="often, in a few hours"),
        pytest.param([(0, chain((301, NEW))), (12, []), (24, chain((301, NEW)))], id="once without"),
        pytest.param(
            [(0, chain((301, NEW))), (12, chain((301, "https://x.example/"))), (24, chain((301, NEW)))], id="elsewhere"
        ),
        *(
            pytest.param([(day * 24, chain((status, NEW))) for day in range(5)], id=f"{status} is not for good")
            for status in (302, 303, 307)
        ),
        pytest.param(
            [(day * 24, chain((301, "https://b.example/"), (302, NEW))) for day in range(5)], id="one hop is not for good"
        ),
        pytest.param([(day * 24, chain((301, "http://new.example/feed"))) for day in range(5)], id="down from https"),
        pytest.param([(day * 24, chain((301, "http://b.example/"), (301, NEW))) for day in range(5)], id="down and up again"),
        pytest.param([(day * 24, chain((301, "https://old.example/feed"))) for day in range(5)], id="to itself"),
    ],
)
def test_anything_less_is_none(polls: list[tuple[float, list[Hop]]]) -> None:
    """A redirect that is short, changing, temporary or less safe moves nothing."""
    assert not any(polled(polls))


def test_the_proof_of_a_redirect_stops_changing() -> None:
    """While the day is not over, what is remembered is written at most three times."""
    kept, written = "", set()
    for minutes in range(0, 600, 15):
        kept, _ = follow_up(chain((301, NEW)), kept, NOW + timedelta(minutes=minutes))
        written.add(kept)

    assert len(written) == 3
