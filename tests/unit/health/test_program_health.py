"""When the program is well, and when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.health.program import Trouble, troubles
from bot.model import Beat, Gateway, Queue, Vitals

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BEAT = Beat(started=NOW - timedelta(hours=3), gateway=Gateway.CONNECTED, gateway_since=NOW - timedelta(hours=3))
WELL = Vitals(beat=BEAT, beat_at=NOW - timedelta(seconds=30))


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("vitals", "found"),
    [
        pytest.param(WELL, [], id="well"),
        pytest.param(Vitals(), [Trouble.NOT_RUNNING], id="it never ran"),
        pytest.param(replace(WELL, beat_at=ago(2)), [], id="a beat that is just young enough"),
        pytest.param(replace(WELL, beat_at=ago(2.1)), [Trouble.NOT_RUNNING], id="an old beat"),
        pytest.param(replace(WELL, beat_at=ago(-60)), [Trouble.NOT_RUNNING], id="a beat before the clock was set back"),
        pytest.param(
            replace(WELL, beat=replace(BEAT, gateway=Gateway.AWAY, gateway_since=ago(5))), [], id="the gateway just went"
        ),
        pytest.param(
            replace(WELL, beat=replace(BEAT, gateway=Gateway.AWAY, gateway_since=ago(5.1))), [Trouble.AWAY], id="it is away"
        ),
        pytest.param(replace(WELL, beat=replace(BEAT, gateway=Gateway.NONE)), [], id="a terminal has no gateway"),
        pytest.param(replace(WELL, untold=Queue(count=3, since=ago(10))), [], id="deliveries on their way"),
        pytest.param(replace(WELL, untold=Queue(count=3, since=ago(10.1))), [Trouble.NOT_TELLING], id="a delivery waits"),
        pytest.param(replace(WELL, unread=Queue(count=3, since=ago(11))), [Trouble.NOT_READING], id="nothing was ever read"),
        pytest.param(
            replace(WELL, unread=Queue(count=3, since=ago(60)), read_at=ago(1)), [], id="a pile is being read, newest first"
        ),
        pytest.param(
            replace(WELL, unread=Queue(count=3, since=ago(60)), read_at=ago(11)), [Trouble.NOT_READING], id="reading stopped"
        ),
        pytest.param(replace(WELL, unread=Queue(count=1, since=ago(1)), read_at=ago(600)), [], id="the first article for long"),
        pytest.param(replace(WELL, held=5, in_doubt=1, dead=2), [], id="what waits for a person alone"),
        pytest.param(
            replace(
                WELL,
                beat=replace(BEAT, gateway=Gateway.AWAY, gateway_since=ago(20)),
                unread=Queue(count=1, since=ago(20)),
                untold=Queue(count=1, since=ago(20)),
            ),
            [Trouble.AWAY, Trouble.NOT_READING, Trouble.NOT_TELLING],
            id="all at once",
        ),
    ],
)
def test_what_is_the_matter(vitals: Vitals, found: Sequence[Trouble]) -> None:
    """It is ill without a beat for two minutes, without Discord for five, or when something has waited for ten."""
    assert troubles(vitals, NOW) == found


def test_a_restart_is_given_its_time() -> None:
    """What waited while nothing ran counts from the start."""
    waiting = Queue(count=9, since=ago(600))
    vitals = replace(WELL, beat=replace(BEAT, started=ago(9)), unread=waiting, untold=waiting, read_at=ago(600))

    assert troubles(vitals, NOW) == []
    assert troubles(vitals, NOW + timedelta(minutes=1.1)) == [Trouble.NOT_READING, Trouble.NOT_TELLING]
