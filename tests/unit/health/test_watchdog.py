"""A process that hangs is ended, and one that was only held up is not."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from bot.health.watchdog import Patience, Signs, Watchdog, complaint, end_in_time

PATIENCE = Patience(loop_s=60, delivery_s=300, look_s=5)


@dataclass
class Clock:
    """A monotonic clock that is moved by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Kennel:
    """A watchdog without a thread, and what it has said instead of ending the process."""

    clock: Clock = field(default_factory=Clock)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dog = Watchdog(PATIENCE, clock=self.clock, end=self.said.append)

    def pass_time(self, seconds: float, *, beating: bool = False, delivering_since: float | None = None) -> None:
        """Let the watchdog look at its usual times for so long, or until it has said something."""
        until = self.clock.at + seconds
        while self.clock.at < until and not self.said:
            self.clock.at += PATIENCE.look_s
            if beating:
                self.dog.beat(delivering_since=delivering_since)
            self.dog.look()


@pytest.mark.parametrize(
    ("signs", "awake_since", "said"),
    [
        pytest.param(Signs(beat_at=40), 0, None, id="a loop that is just soon enough"),
        pytest.param(Signs(beat_at=39), 0, "The event loop has hung for 61 s", id="a loop that hangs"),
        pytest.param(Signs(beat_at=39), 41, None, id="a loop that was held up with the watchdog"),
        pytest.param(Signs(beat_at=100, delivering_since=-200), -999, None, id="a delivery that takes long"),
        pytest.param(
            Signs(beat_at=100, delivering_since=-201), -999, "A delivery has hung for 301 s", id="a delivery that hangs"
        ),
        pytest.param(Signs(beat_at=100, delivering_since=-999), -200, None, id="a delivery that was held up"),
    ],
)
def test_what_hangs(signs: Signs, awake_since: float, said: str | None) -> None:
    """A loop hangs after a minute and a delivery after five, counted from when the watchdog was awake."""
    assert complaint(signs, PATIENCE, now=100, awake_since=awake_since) == said


def test_a_loop_that_comes_round_is_left_alone() -> None:
    """As long as there are beats nothing is said, and a minute after the last one it is."""
    kennel = Kennel()

    kennel.pass_time(3600, beating=True)
    assert kennel.said == []

    kennel.pass_time(60)
    assert kennel.said == []

    kennel.pass_time(5)
    assert kennel.said == ["The event loop has hung for 65 s"]


def test_a_delivery_that_never_ends_is_not_left_alone() -> None:
    """A loop that comes round does not excuse a delivery on its way for five minutes."""
    kennel = Kennel()

    kennel.pass_time(600, beating=True, delivering_since=kennel.clock.at)

    assert kennel.said == ["A delivery has hung for 305 s"]


def test_a_machine_that_slept_gives_everything_its_time_again() -> None:
    """Who was held up together with the watchdog hangs only if it does so from then on."""
    kennel = Kennel()
    kennel.pass_time(50)
    kennel.clock.at += 3600

    kennel.pass_time(60)
    assert kennel.said == []

    kennel.pass_time(10)
    assert kennel.said


def test_a_watchdog_that_is_closed_says_nothing() -> None:
    """The end has time limits of its own."""
    kennel = Kennel()
    kennel.dog.close()
    kennel.dog.close()

    kennel.pass_time(600)

    assert kennel.said == []


def test_the_thread_looks_by_itself_until_it_is_closed() -> None:
    """Entering starts the thread, and leaving ends it."""
    heard = threading.Event()

    with Watchdog(Patience(loop_s=0.02, look_s=0.01), end=lambda _said: heard.set()):
        assert heard.wait(5)

    for thread in threading.enumerate():
        if thread.name == "watchdog":
            thread.join(5)
    assert "watchdog" not in {thread.name for thread in threading.enumerate()}


def test_an_end_that_takes_too_long_is_cut_short() -> None:
    """Whatever an end waits for, the process is ended in time, with a sentence."""
    said: list[str] = []
    over = threading.Event()

    def end(sentence: str) -> None:
        said.append(sentence)
        over.set()

    end_in_time(0.01, end=end)

    assert over.wait(5)
    assert said == ["The end has taken longer than 0.01 s"]
