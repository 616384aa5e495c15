"""What must hold after any number of kills: each article told once in each channel, and an archive that knows of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.model import State
from bot.store.address import Address
from bot.store.schema import deliveries

from .desk import Desk, title_of
from .newsroom import Newsroom
from .state import Channel, Message
from .storm import Storm

NUMBER = re.compile(r"\d{5}")
BUGS = ("Traceback", '"bug"')
TAIL, LAST_LIVES = 30, 3


@dataclass(slots=True, kw_only=True)
class Scene:
    """What all lives of a run share, and what was seen of them."""

    desk: Desk
    channels: Sequence[Channel]
    storm: Storm
    newsroom: Newsroom
    address: Address
    graves: ExitStack = field(default_factory=ExitStack)
    """Whatever still runs when the scene is left is killed."""
    faults: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    """What each life wrote until its death."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run ended."""

    seed: int
    kills: int
    alerts: int
    """How many there were to tell."""
    lost: Sequence[str]
    repeated: Sequence[str]
    faults: Sequence[str]
    """Every other law that was broken."""
    met: Mapping[str, int]
    """What went wrong on the way, and how often."""
    outputs: Mapping[str, str]
    seconds: float

    @property
    def broken(self) -> list[str]:
        """Every law that was broken, with the seed under which it was."""
        named = {"lost": self.lost, "repeated": self.repeated}
        told = [f"{word}: {', '.join(which)}" for word, which in named.items() if which]
        return [f"seed {self.seed}: {one}" for one in (*told, *self.faults)]

    @property
    def tail(self) -> str:
        """The end of what the last lives wrote."""
        last = list(self.outputs.items())[-LAST_LIVES:]
        return "\n".join(line for name, output in last for line in (f"-- {name}", *output.splitlines()[-TAIL:]))


def judge(scene: Scene, *, seed: int, kills: int, seconds: float) -> Report:
    """Hold what stands in the channels, and what was seen on the way, against the laws."""
    counts = {channel.name: numbers(scene.desk.titles(channel)) for channel in scene.channels}
    wanted = scene.newsroom.written
    return Report(
        seed=seed,
        kills=kills,
        alerts=len(wanted) * len(counts),
        lost=[f"{number} in #{name}" for name, count in counts.items() for number in wanted if not count[number]],
        repeated=[f"{number} in #{name}" for name, count in counts.items() for number in count if count[number] > 1],
        faults=[*scene.faults, *_faults_of_outbox(scene), *_faults_of_outputs(scene), *_faults_at_service(scene)],
        met=dict(scene.storm.met),
        outputs=scene.outputs,
        seconds=seconds,
    )


def all_told(scene: Scene) -> bool:
    """Tell whether every alert stands in every channel as it is wanted, and nothing is on its way."""
    wanted = set(scene.newsroom.written)
    if any(wanted - numbers(scene.desk.titles(channel)).keys() for channel in scene.channels):
        return False
    is_settled = not any(row.state in {State.PENDING, State.SENDING} or row.wanted != row.shown for row in _outbox(scene))
    return is_settled and not _lacking_additions(scene)


def numbers(titles: Iterable[str]) -> Counter[str]:
    """Count by their numbers the articles that are told under these titles."""
    return Counter(number for title in titles for number in NUMBER.findall(title))


def _outbox(scene: Scene) -> Sequence[sa.Row[Any]]:
    """Return the outbox in the order of its lines; the only look that is taken into the archive."""
    query = sa.select(deliveries).order_by(deliveries.c.created_at, deliveries.c.subject)
    with sa.create_engine(scene.address.url, poolclass=sa.NullPool).connect() as conn:
        return conn.execute(query).all()


def _faults_of_outbox(scene: Scene) -> list[str]:
    rows = _outbox(scene)
    posted = {
        (f"channel:{channel.id}", message.id) for channel in scene.channels for message in scene.desk.fake.messages(channel)
    }
    kept = [(row.destination, row.message_id) for row in rows]
    return [
        *(f"a delivery is {row.state}: {row.reason}" for row in rows if row.state != State.SENT),
        *(f"a delivery names message {message}, which is not there" for _, message in {*kept} - posted),
        *(f"message {message} is in no delivery" for _, message in posted - {*kept}),
        *(f"#{channel.name} was told out of order" for channel in scene.channels if not _is_in_order(kept, channel)),
    ]


def _is_in_order(kept: Sequence[tuple[str, int | None]], channel: Channel) -> bool:
    line = [message for place, message in kept if place == f"channel:{channel.id}" and message]
    return line == sorted(line)


def _faults_of_outputs(scene: Scene) -> list[str]:
    return [
        f"{name} wrote: {line[:2000]}"
        for name, output in scene.outputs.items()
        for line in output.splitlines()
        if any(word in line for word in BUGS)
    ]


def _faults_at_service(scene: Scene) -> list[str]:
    cards = [f"a card does not show what was added: {title_of(card)}" for card in _lacking_additions(scene)]
    return [*cards, *(f"Discord's rules were broken: {violation}" for violation in scene.desk.fake.violations)]


def _lacking_additions(scene: Scene) -> list[Message]:
    """Return the cards that do not name the watch which their article answers since it was added to."""
    cards = [card for channel in scene.channels for card in scene.desk.fake.messages(channel)]
    changed = [card for card in cards if numbers([title_of(card)]).keys() & scene.newsroom.added_to]
    return [card for card in changed if "and Russia" not in card.text() and "Russia ·" not in card.text()]
