"""A newsroom that goes on writing whatever becomes of its reader: files, items, additions, copies, and files taken away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from .desk import Desk
from .feeds import Item, rss

PAUSE_S = (0.2, 1.0)
BURST = 3
ADDITION = "Russia answered from Moscow: the Russian ministry will read it."


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """Writes articles, each with a number in its title by which its alert is known."""

    desk: Desk
    draw: random.Random
    told: Callable[[], AbstractSet[str]]
    """The numbers told everywhere: only such a file is copied or taken away, since of one that nobody has read nothing is left."""
    written: list[str] = field(default_factory=list)
    added_to: set[str] = field(default_factory=set)
    """The items whose text has grown since, so that their card is to name another watch."""
    _items: list[Item] = field(default_factory=list)
    _files: dict[str, str] = field(default_factory=dict)

    async def work(self) -> None:
        """Go on until cancelled."""
        while True:
            steps = (self._drop, self._publish, self.add, self._copy, self._take_away)
            [step] = self.draw.choices(steps, weights=(6, 4, 1, 1, 1))
            step()
            await asyncio.sleep(self.draw.uniform(*PAUSE_S))

    def open(self) -> None:
        """Write the first article, so that there is a feed."""
        self._publish()

    def _drop(self) -> None:
        for number in self._numbers():
            self._files[number] = f"The North Korean ministry replied {number}. Pyongyang said no more about {number}."
            self.desk.drop(f"{number}.txt", self._files[number])

    def _publish(self) -> None:
        for number in self._numbers():
            title, text = f"Pyongyang statement {number}", f"North Korea issued statement {number}."
            self._items.insert(0, Item(title=title, text=text, guid=number))
        self._serve()

    def add(self) -> None:
        """Let the text of an item grow, so that its card is edited; one that was told if there is any."""
        told = self.told()
        unchanged = [place for place, item in enumerate(self._items) if item.guid not in self.added_to]
        shown = [place for place in unchanged if self._items[place].guid in told]
        for place in self.draw.sample(shown or unchanged, min(1, len(unchanged))):
            item = self._items[place]
            self.added_to.add(item.guid)
            self._items[place] = replace(item, text=f"{item.text} {ADDITION}")
        self._serve()

    def _copy(self) -> None:
        for number in self._told_files()[:1]:
            self.desk.drop(f"{number} again.txt", self._files[number])

    def _take_away(self) -> None:
        for number in self._told_files()[:BURST]:
            del self._files[number]
            (self.desk.inbox / f"{number}.txt").unlink()

    def _told_files(self) -> list[str]:
        told = self.told()
        return [number for number in self._files if number in told]

    def _numbers(self) -> list[str]:
        first = len(self.written)
        numbers = [f"{number:05d}" for number in range(first, first + self.draw.randint(1, BURST))]
        self.written += numbers
        return numbers

    def _serve(self) -> None:
        self.desk.feeds.serve("/feed", rss("Wire", self._items))
