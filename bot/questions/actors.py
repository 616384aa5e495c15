"""What people ask and change about actors: what one is made of, and what a server calls it. It holds the rules and limits of that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.errors import QueryError, ReadingError, Unanswerable
from bot.language.folding import quick_fold
from bot.language.forms import written_forms
from bot.model import (
    CONFIG_SERVER,
    TRIED_ONCE,
    Actor,
    ActorView,
    Alias,
    AliasKind,
    AnyOf,
    Catalogue,
    Leaf,
    NamedActor,
    Override,
    Phrase,
    Query,
    Relation,
    Rules,
    Subject,
    Viewer,
    leaves,
)
from bot.ports import ArchiveStore, Clock, Meanings, OverrideStore, Reader
from bot.questions.feeds import server_of
from bot.questions.lookups import Questions
from bot.questions.watches import SMALL_ARCHIVE

MOST = 200
"""So many forms of actors a server may change."""
MOST_FREQUENT = 0.05
"""A name that stands in a larger share of the archive says nothing."""
LOOKED_AT = 2_000
"""The share is taken of so many of the newest articles."""
TRIED = 200
"""So many of those that hold the words are read, to tell whether they are written as a name is."""
SHORTEST, SHORTEST_EAST_ASIAN = 3, 2
"""Letters of an alias; two Chinese, Japanese or Korean characters are a whole name."""
LONGEST = 100

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 60
_EAST_ASIAN = "\u3005"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDesk:
    """Answers what people ask and change about actors (the protocol `ports.Actors`)."""

    answers: Questions
    archive: ArchiveStore
    overrides: OverrideStore
    reader: Reader
    meanings: Meanings
    clock: Clock

    async def names(self, viewer: Viewer) -> Sequence[NamedActor]:
        """Return all actors of the viewer's, by name."""
        known = await self._known(viewer)
        changed = {one.actor for one in known.mine}
        shared = {one.id for one in known.shared.actors}
        found = [
            NamedActor(id=one.id, name=one.name, changed=one.id in changed, own=one.id not in shared)
            for one in known.catalogue.actors
        ]
        return sorted(found, key=lambda one: one.name.casefold())

    async def show(self, viewer: Viewer, name: str) -> ActorView:
        """Return what an actor is made of, as the viewer has it."""
        known = await self._known(viewer)
        return await self._view(viewer, known, known.called(name))

    async def add(self, viewer: Viewer, name: str, kind: AliasKind | None, text: str) -> ActorView:
        """Give an actor another alias, or without a kind a decoy."""
        known = await self._known(viewer)
        actor, text = known.called(name), _tidy(text)
        _refuse_known(actor, kind, text)
        await self._refuse(viewer, known, actor.id, kind, text)
        if kind in _kinds(known.before(actor.id), text):
            await self.overrides.drop(known.server, actor.id, text, now=self.clock())  # it had been taken away
        else:
            await self._put(known, Override(actor=actor.id, text=text, kind=kind))
        return await self._after(viewer, actor.id)

    async def remove(self, viewer: Viewer, name: str, text: str) -> ActorView:
        """Take an alias or a decoy from an actor."""
        known = await self._known(viewer)
        actor, text = known.called(name), _tidy(text)
        if not _kinds(actor, text):
            raise Unanswerable(f"“{text}” is no name or decoy of {actor.name}: {_nearest(text, _forms(actor))}")
        before = known.before(actor.id)
        names = {quick_fold(one.text) for one in actor.aliases if one.kind is AliasKind.NAME}
        if before is None and names == {quick_fold(text)}:
            raise Unanswerable(f"“{text}” is the only name of {actor.name}: give it another one first, or end it with reset.")
        if shared := _kinds(before, text):
            await self._put(known, Override(actor=actor.id, text=text, kind=shared[0], taken=True))
        else:
            await self.overrides.drop(known.server, actor.id, text, now=self.clock())
        return await self._after(viewer, actor.id)

    async def define(self, viewer: Viewer, name: str, *, key: str | None = None) -> ActorView:
        """Make an actor of the viewer's own."""
        known, name = await self._known(viewer), _tidy(name)
        actor = _id_of(name) if key is None else key.strip().lower()
        if not _ID.fullmatch(actor) or len(actor) > _LONGEST_ID:
            raise Unanswerable("An actor is called by its id in queries: give one of small letters a to z, digits and hyphens.")
        if any(one.id == actor for one in known.catalogue.actors):
            raise Unanswerable(f"There is an actor:{actor} already: add gives it another name.")
        await self._refuse(viewer, known, actor, AliasKind.NAME, name)
        await self._put(known, Override(actor=actor, text=name, kind=AliasKind.NAME))
        return await self._after(viewer, actor)

    async def reset(self, viewer: Viewer, name: str) -> ActorView | None:
        """Let an actor be what it is for everybody again; None where it was the viewer's own, and has gone."""
        known = await self._known(viewer)
        actor = known.called(name)
        is_own = known.before(actor.id) is None
        if is_own and (naming := await self._watches(viewer, known, actor)):
            raise Unanswerable(f"The watch “{naming[0]}” names {actor.name}: change or remove that first.")
        if not await self.overrides.reset(known.server, actor.id, now=self.clock()):
            raise Unanswerable(f"Nothing of {actor.name} has been changed here.")
        return None if is_own else await self._after(viewer, actor.id)

    async def _known(self, viewer: Viewer) -> _Known:
        return _Known(await self.answers.rules(), server_of(viewer), self.meanings)

    async def _after(self, viewer: Viewer, actor: str) -> ActorView:
        """Return an actor that has just been changed, and say if no watch looks for it."""
        view = await self.show(viewer, actor)
        return view if view.watches else replace(view, hint="No watch names it yet.")

    async def _view(self, viewer: Viewer, known: _Known, actor: Actor) -> ActorView:
        return ActorView(
            actor=actor,
            changes=tuple(one for one in known.mine if one.actor == actor.id),
            own=known.before(actor.id) is None,
            watches=tuple(await self._watches(viewer, known, actor)),
        )

    async def _watches(self, viewer: Viewer, known: _Known, actor: Actor) -> Sequence[str]:
        """Return the watches of the viewer's that name an actor."""
        naming = []
        for watch in await self.archive.watches(viewer):
            try:
                query = self.meanings.understand(known.rules, watch.server)(watch.query).query
            except QueryError:
                continue
            if Subject(actor.subject) in _subjects(query):
                naming.append(watch.name)
        return naming

    async def _put(self, known: _Known, override: Override) -> None:
        if not await self.overrides.put(known.server, override, most=MOST, now=self.clock()):
            raise Unanswerable(
                f"{MOST} names of actors have been changed here, as many as may be: take one back first (remove or reset)."
            )

    async def _refuse(self, viewer: Viewer, known: _Known, actor: str, kind: AliasKind | None, text: str) -> None:
        """Refuse what would match too much, or what means somebody else."""
        _refuse_short(text)
        known.refuse_claimed(actor, kind, text)
        if kind is not None:
            await self._refuse_frequent(viewer, text)

    async def _refuse_frequent(self, viewer: Viewer, text: str) -> None:
        """Refuse a name that stands in much of the archive, and say in how much."""
        forms = written_forms(text)
        holding, whole = await self.overrides.spread(viewer, forms, among=LOOKED_AT)
        if whole < SMALL_ARCHIVE or holding <= whole * MOST_FREQUENT:
            return
        share = holding / whole * await self._written_so(viewer, text, forms)
        if share > MOST_FREQUENT:
            raise Unanswerable(
                f"“{text}” stands in {share:.0%} of the newest {whole:,} articles, and more than {MOST_FREQUENT:.0%} says nothing: "
                "give a longer name."
            )

    async def _written_so(self, viewer: Viewer, text: str, forms: Sequence[str]) -> float:
        """Return of how many of the articles that hold the words they are written as the name is."""
        actor = Actor(id="tried", name=text, aliases=(Alias(text=text, kind=AliasKind.NAME),))
        rules = Rules(number=TRIED_ONCE, catalogue=Catalogue(actors=(actor,)), watches=())
        found = await self.archive.candidates(viewer, AnyOf(tuple(map(Phrase, forms))), since=None, limit=TRIED)
        try:
            verdicts = await self.reader.judge(found, rules, actor.subject)
        except ReadingError as error:
            raise Unanswerable(f"The name could not be tried on the archive: {error} Please try again.") from error
        return sum(verdict is not None for verdict in verdicts) / len(found) if found else 0.0


class _Known:
    """The actors as a server has them, and without what it has changed itself."""

    def __init__(self, rules: Rules, server: int, meanings: Meanings) -> None:
        self.rules = rules
        self.server = server
        self.mine = rules.overrides_of(server)
        self.catalogue = meanings.catalogue(rules, server)
        self.shared = rules.catalogue if server == CONFIG_SERVER else meanings.catalogue(rules, CONFIG_SERVER)

    def before(self, actor: str) -> Actor | None:
        """Return an actor as it would be without the changes; None where it is the server's own."""
        return next((one for one in self.shared.actors if one.id == actor), None)

    def called(self, name: str) -> Actor:
        """Return the actor of an id or a name, whatever case it is written in."""
        wanted = quick_fold(name.strip().removeprefix("actor:"))
        by_name = dict(self._by_name())
        if found := by_name.get(wanted):
            return found
        near = dict.fromkeys(by_name[one].name for one in get_close_matches(wanted, by_name, n=5, cutoff=0.72))
        hint = f"did you mean {' or '.join(list(near)[:3])}?" if near else "list names them all, and define makes one."
        raise Unanswerable(f"There is no actor “{name.strip()}”: {hint}")

    def _by_name(self) -> Iterator[tuple[str, Actor]]:
        """Yield what actors are called; what comes last goes first."""
        for actor in self.catalogue.actors:
            yield from ((quick_fold(one.text), actor) for one in actor.aliases if one.kind is not AliasKind.WEAK)
        for actor in self.catalogue.actors:
            yield quick_fold(actor.name), actor
        for actor in self.catalogue.actors:
            yield quick_fold(actor.id), actor

    def refuse_claimed(self, actor: str, kind: AliasKind | None, text: str) -> None:
        """Refuse a form that another actor has, unless it is weak in both: then the company it keeps decides."""
        for other in self.catalogue.actors:
            theirs = [] if other.id == actor else _kinds(other, text)
            if theirs and {kind, *theirs} != {AliasKind.WEAK}:
                what = "a decoy" if None in theirs else "an alias"
                raise Unanswerable(
                    f"“{text}” is {what} of {other.name} (actor:{other.id}): remove it there first, or let it be weak in both."
                )


def _refuse_short(text: str) -> None:
    letters = [one for one in quick_fold(text) if one.isalnum()]
    least = SHORTEST_EAST_ASIAN if all(one >= _EAST_ASIAN for one in letters) else SHORTEST
    if len(letters) < least:
        raise Unanswerable(f"“{text}” has fewer than {least} letters, and would be found in other words: give a longer name.")
    if len(text) > LONGEST:
        raise Unanswerable(f"A name has at most {LONGEST} characters: give a shorter one.")


def _refuse_known(actor: Actor, kind: AliasKind | None, text: str) -> None:
    if kind in _kinds(actor, text):
        raise Unanswerable(
            f"“{text}” is {'a decoy' if kind is None else f'one of its names ({kind})'} of {actor.name} already."
        )


def _kinds(actor: Actor | None, text: str) -> list[AliasKind | None]:
    """Return as what an actor has a form: as an alias of a kind, or for None as a decoy; nothing where it has none."""
    folded = quick_fold(text)
    aliases = [one.kind for one in actor.aliases if quick_fold(one.text) == folded] if actor else []
    decoys = [None for one in actor.decoys if quick_fold(one) == folded] if actor else []
    return [*aliases, *decoys]


def _subjects(query: Query) -> Iterator[Leaf]:
    for leaf in leaves(query):
        yield from leaf.actors if isinstance(leaf, Relation) else (leaf,)


def _forms(actor: Actor) -> list[str]:
    return [*(one.text for one in actor.aliases), *actor.decoys]


def _nearest(text: str, forms: Sequence[str]) -> str:
    near = get_close_matches(text, forms, n=1, cutoff=0.6)
    return f"did you mean “{near[0]}”?" if near else "show names them all."


def _tidy(text: str) -> str:
    """Return a name without line breaks and invisible characters."""
    tidy = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if not tidy:
        raise Unanswerable("Give a name of visible characters.")
    return tidy


def _id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", quick_fold(name)).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain))
