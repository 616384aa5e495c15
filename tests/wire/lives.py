"""Where and when the bot is killed: the lives of a run, drawn from its seed. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum


class Aim(StrEnum):
    """Where in its work the bot is killed."""

    STARTING = "while it starts"
    ANYWHERE = "anywhere"
    POSTED = "after a post"
    STORED = "before the answer, stored"
    UNSTORED = "before the answer, not stored"
    LOOKING_BACK = "as it looks back"
    EDITED = "after an edit"
    ENDING = "as it ends"


_WEIGHTS = {
    Aim.STARTING: 2,
    Aim.ANYWHERE: 3,
    Aim.POSTED: 5,
    Aim.STORED: 3,
    Aim.UNSTORED: 2,
    Aim.EDITED: 1,
    Aim.ENDING: 2,
}
_LEAVES_DOUBT = {Aim.POSTED, Aim.STORED, Aim.UNSTORED}
"""Only after these is there something to look back for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One life of the bot as it is planned."""

    aim: Aim
    after: int
    """How many requests of the kind that is aimed at are let pass."""
    delay_s: float
    """From the start, or from when the aim is met."""
    rate: float
    """How much of what it sends begins to go wrong."""
    forgotten: bool
    """Whether the service has forgotten every nonce by the next life."""
    outage: bool
    """Whether the outage of the run begins."""


def plan(seed: int, kills: int) -> list[Life]:
    """Draw the lives of a run; it also draws whether nonces are forgotten always, sometimes or never."""
    draw = random.Random(seed)
    forgetful = draw.choice([0.0, 0.5, 1.0])
    outage = draw.randrange(kills)
    lives: list[Life] = []
    for number in range(kills):
        aim = _aim(lives[-1] if lives else None, draw)
        life = Life(
            aim=aim,
            after=draw.choice([0, 0, 2, 10, 40]),
            delay_s=_delay_s(aim, draw),
            rate=draw.choice([0.0, 0.1, 0.2, 0.4]),
            forgotten=draw.random() < forgetful,
            outage=number == outage,
        )
        lives.append(life)
    return lives


def _aim(before: Life | None, draw: random.Random) -> Aim:
    if before is not None and before.aim in _LEAVES_DOUBT and draw.random() < 0.3:
        return Aim.LOOKING_BACK
    [aim] = draw.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()))
    return aim


def _delay_s(aim: Aim, draw: random.Random) -> float:
    match aim:
        case Aim.STARTING:
            return draw.uniform(0.1, 1.5)
        case Aim.ANYWHERE:
            return draw.uniform(1.5, 8.0)
        case Aim.ENDING:
            return draw.choice([0.0, 0.01, 0.05, 0.2, 0.5])
    return draw.choice([0.0, 0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1])
