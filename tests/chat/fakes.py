"""Stands for the archive: answers and places kept in memory, faithful to the protocols in `ports.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.chat.client import SitrepClient
from bot.errors import Unanswerable
from bot.model import (
    Actor,
    ActorView,
    Alert,
    Alias,
    AliasKind,
    Backtest,
    Checkup,
    Choice,
    Explanation,
    Headline,
    History,
    Imported,
    Lookup,
    NamedActor,
    Origin,
    Page,
    Preview,
    Proposal,
    Reason,
    Report,
    SavedWatch,
    SourcePage,
    SourceState,
    Standing,
    Told,
    Viewer,
    Watch,
    WatchDraft,
    WatchPreview,
    WatchView,
    WayOut,
)
from tests.chat.samples import NOW

KEY = "0123456789abcdef"

NORTH_KOREA = Actor(
    id="north-korea",
    name="North Korea",
    aliases=(
        Alias(text="North Korea", kind=AliasKind.NAME),
        Alias(text="Pyongyang", kind=AliasKind.CAPITAL, unsure=True),
        Alias(text="Kim Jong Un", kind=AliasKind.LEADER, since=date(2011, 12, 17)),
        Alias(text="the North", kind=AliasKind.WEAK),
    ),
    beside=("north-korea", "south-korea"),
    decoys=("Pyongyang Grill",),
    as_of=date(2025, 6, 30),
)


@dataclass
class Archive:
    """Answers from lists (`ports.Answers`); `trouble` is raised by whatever is asked next."""

    headlines: Sequence[Headline] = ()
    views: Sequence[WatchView] = ()
    states: Sequence[SourceState] = ()
    reasons: Sequence[Reason] = ()
    stands: Standing = field(default_factory=Standing)
    test_alert: Alert | None = None
    trouble: Exception | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)
    size: int = 5

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble

    def _page(self, title: str, number: int) -> Page:
        start, end = number * self.size, (number + 1) * self.size
        more = len(self.headlines) > end
        key = KEY if more or number else ""
        return Page(headlines=tuple(self.headlines[start:end]), title=title, key=key, number=number, more=more)

    async def latest(self, viewer: Viewer, *, watch: str | None, size: int) -> Page:
        self._ask("latest", viewer, watch, size)
        self.size = size
        return self._page("Latest", 0)

    async def search(self, viewer: Viewer, *, query: str, since: str | None, size: int) -> Page:
        self._ask("search", viewer, query, since, size)
        self.size = size
        return replace(self._page(f"{len(self.headlines)} found for {query}", 0), note="the comma is OR")

    async def turn(self, viewer: Viewer, key: str, number: int) -> Page:
        self._ask("turn", viewer, key, number)
        return self._page("Latest", number)

    async def watches(self, viewer: Viewer) -> Sequence[WatchView]:
        self._ask("watches", viewer)
        return self.views

    async def watch(self, viewer: Viewer, name: str) -> WatchView:
        self._ask("watch", viewer, name)
        for view in self.views:
            if view.watch.name.casefold() == name.casefold():
                return view
        raise Unanswerable(f"There is no watch “{name}”.")

    async def sources(self, viewer: Viewer) -> Sequence[SourceState]:
        self._ask("sources", viewer)
        return self.states

    async def source_page(self, viewer: Viewer, number: int) -> SourcePage:
        self._ask("source_page", viewer, number)
        asked = [one for one in self.states if not one.paused]
        return SourcePage(states=tuple(self.states), healthy=sum(one.healthy for one in asked), asked=len(asked), number=number)

    async def why(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        self._ask("why", viewer, delivery_id)
        return self.reasons

    async def standing(self, viewer: Viewer) -> Standing:
        self._ask("standing", viewer)
        return self.stands

    async def unstick(self, viewer: Viewer, way: WayOut, *, named: Sequence[str] | None = None) -> int:
        self._ask("unstick", viewer, way)
        return self.stands.stuck

    async def settle_in(self, server: int, channel: int) -> Alert | None:
        self._ask("settle_in", server, channel)
        return self.test_alert


@dataclass
class Histories:
    """Answers what is asked about one article (`ports.Articles`)."""

    history: History | None = None
    headlines: Sequence[Headline] = ()
    asked: list[tuple[Viewer, str]] = field(default_factory=list)

    async def article(self, viewer: Viewer, which: str) -> History:
        self.asked.append((viewer, which))
        if self.history is None:
            raise Unanswerable("This article is not in the archive.")
        return self.history

    async def offered(self, viewer: Viewer, typed: str) -> Sequence[Headline]:
        return [one for one in self.headlines if typed in one.title]


@dataclass
class Insights:
    """Answers why, and takes opinions (`ports.Insights`); `told` are the watches of every card."""

    told: Sequence[tuple[int, Told]] = ()
    explanation: Explanation | None = None
    reported: Report | None = None
    votes: list[tuple[Viewer, str, tuple[int, ...], int, bool]] = field(default_factory=list)

    async def explain(self, viewer: Viewer, which: str) -> Explanation:
        if self.explanation is None:
            raise Unanswerable("This article is not in the archive.")
        return self.explanation

    async def voted_on(self, viewer: Viewer, delivery_id: str) -> Sequence[tuple[int, Told]]:
        return self.told

    async def vote(self, viewer: Viewer, delivery_id: str, watch_ids: Sequence[int], *, user: int, relevant: bool) -> str:
        self.votes.append((viewer, delivery_id, tuple(watch_ids), user, relevant))
        return "Noted."

    async def report(self, viewer: Viewer, name: str) -> Report:
        if self.reported is None:
            raise Unanswerable(f"There is no watch “{name}”.")
        return self.reported


@dataclass
class FeedDesk:
    """Answers what is asked about feeds (`ports.Feeds`); `trouble` is raised by whatever is asked next."""

    states: Sequence[SourceState] = ()
    found: Preview | Choice | None = None
    checked: Checkup | None = None
    imported: Imported = field(default_factory=Imported)
    trouble: Exception | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble

    def _named(self, name: str) -> SourceState:
        return next(state for state in self.states if state.source.name == name)

    async def look(self, viewer: Viewer, url: str, *, every: str | None = None, name: str | None = None) -> Preview | Choice:
        self._ask("look", viewer, url, every, name)
        assert self.found is not None
        return self.found

    async def pick(self, viewer: Viewer, key: str) -> Preview | Choice:
        self._ask("pick", viewer, key)
        assert self.found is not None
        return self.found

    async def confirm(self, viewer: Viewer, key: str) -> Proposal:
        self._ask("confirm", viewer, key)
        assert isinstance(self.found, Preview)
        return self.found.proposal

    async def cancel(self, viewer: Viewer, key: str) -> None:
        self._ask("cancel", viewer, key)

    async def remove(self, viewer: Viewer, name: str) -> SourceState:
        self._ask("remove", viewer, name)
        return self._named(name)

    async def pause(self, viewer: Viewer, name: str) -> SourceState:
        self._ask("pause", viewer, name)
        return self._named(name)

    async def resume(self, viewer: Viewer, name: str) -> SourceState:
        self._ask("resume", viewer, name)
        return self._named(name)

    async def check(self, viewer: Viewer, name: str) -> Checkup:
        self._ask("check", viewer, name)
        assert self.checked is not None
        return self.checked

    async def export(self, viewer: Viewer) -> tuple[bytes, int]:
        self._ask("export", viewer)
        return b"<opml/>", len(self.states)

    async def take_in(self, viewer: Viewer, body: bytes) -> Imported:
        self._ask("take in", viewer, body)
        return self.imported


@dataclass
class Places:
    """Keeps in dictionaries (`ports.PlaceStore`)."""

    notes: dict[str, str] = field(default_factory=dict)
    channels: dict[int, int] = field(default_factory=dict)
    lookups: dict[str, Lookup] = field(default_factory=dict)
    caps: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    async def set_channel(self, server: int, channel: int, *, now: datetime) -> None:
        self.channels[server] = channel

    async def set_caps(self, server: int, channel: int | None, *, per_poll: int | None, per_hour: int | None) -> int | None:
        where = channel or self.channels.get(server)
        if where is not None:
            self.caps[where] = per_poll, per_hour
        return where

    async def default_channel(self, server: int, channel: int, *, now: datetime) -> None:
        self.channels.setdefault(server, channel)

    async def keep_lookup(self, lookup: Lookup, *, now: datetime) -> str:
        self.lookups[KEY] = lookup
        return KEY

    async def lookup(self, key: str) -> Lookup | None:
        return self.lookups.get(key)

    async def note(self, key: str, value: str, *, now: datetime) -> None:
        self.notes[key] = value

    async def noted(self, key: str) -> str | None:
        return self.notes.get(key)


@dataclass
class WatchDesk:
    """Answers what is changed about watches (`ports.WatchOrders`); `trouble` is raised by whatever is asked next."""

    preview: WatchPreview | None = None
    kept: SavedWatch | WatchPreview | None = None
    watch: Watch = field(default_factory=lambda: Watch(name="Walrus", query="walrus", server=1, origin=Origin.COMMAND))
    known: Sequence[Watch] = ()
    tests: Sequence[Backtest] = ()
    trouble: Exception | None = None
    refused: Exception | None = None
    """Raised where a query is read."""
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble

    async def look(self, viewer: Viewer, draft: WatchDraft) -> WatchPreview:
        self._ask("look", viewer, draft)
        if self.refused is not None:
            raise self.refused
        return WatchPreview(key=KEY, draft=draft, test=Backtest(written=draft.query, whole=True))

    async def editing(self, viewer: Viewer, name: str) -> Watch:
        self._ask("editing", viewer, name)
        return self.watch

    async def save(self, viewer: Viewer, key: str) -> SavedWatch | WatchPreview:
        self._ask("save", viewer, key)
        return self.kept or SavedWatch(watch=self.watch)

    async def all(self, viewer: Viewer) -> Sequence[Watch]:
        self._ask("all", viewer)
        return self.known

    async def subjects(self, viewer: Viewer) -> Sequence[str]:
        return ["actor:north-korea", "topic:sanctions"]

    async def cancel(self, viewer: Viewer, key: str) -> None:
        self._ask("cancel", viewer, key)

    async def remove(self, viewer: Viewer, name: str) -> Watch:
        self._ask("remove", viewer, name)
        return self.watch

    async def pause(self, viewer: Viewer, name: str, *, paused: bool, here: Sequence[int] | None = None) -> Watch:
        self._ask("pause", viewer, name, paused, *(here or ()))
        return self.watch

    async def route(self, viewer: Viewer, name: str, channels: tuple[int, ...], *, here: Sequence[int] | None = None) -> Watch:
        self._ask("route", viewer, name, channels, *(here or ()))
        return self.watch

    async def test(self, viewer: Viewer, query: str, *, days: int) -> AsyncIterator[Backtest]:
        self._ask("test", viewer, query, days)
        if self.refused is not None:
            raise self.refused
        for one in self.tests:
            yield one


@dataclass
class ActorDesk:
    """Answers what is asked and changed about actors (`ports.Actors`); `trouble` is raised by whatever is asked next."""

    view: ActorView = field(default_factory=lambda: ActorView(actor=NORTH_KOREA))
    known: Sequence[NamedActor] = (
        NamedActor(id="north-korea", name="North Korea"),
        NamedActor(id="acme", name="Acme", own=True),
    )
    trouble: Exception | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def _ask(self, *question: object) -> ActorView:
        self.asked.append(question)
        if self.trouble is not None:
            raise self.trouble
        return self.view

    async def names(self, viewer: Viewer) -> Sequence[NamedActor]:
        return self.known

    async def show(self, viewer: Viewer, name: str) -> ActorView:
        return self._ask("show", viewer, name)

    async def add(self, viewer: Viewer, name: str, kind: AliasKind | None, text: str) -> ActorView:
        return self._ask("add", viewer, name, kind, text)

    async def remove(self, viewer: Viewer, name: str, text: str) -> ActorView:
        return self._ask("remove", viewer, name, text)

    async def define(self, viewer: Viewer, name: str, *, key: str | None = None) -> ActorView:
        return self._ask("define", viewer, name, key)

    async def reset(self, viewer: Viewer, name: str) -> ActorView | None:
        view = self._ask("reset", viewer, name)
        return None if view.own else view


def a_client(**desks: Any) -> SitrepClient:
    """Return a client over fakes, but for what is given."""
    fakes: dict[str, Any] = {
        "answers": Archive(),
        "actors": ActorDesk(),
        "articles": Histories(),
        "feeds": FeedDesk(),
        "insights": Insights(),
        "places": Places(),
        "watches": WatchDesk(),
        "clock": lambda: NOW,
    }
    return SitrepClient(**{**fakes, **desks})
