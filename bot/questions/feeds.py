"""What people ask and change about feeds: look at one, follow it, pause it, check it. It holds the rules and limits of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from urllib.parse import urlsplit

from bot.errors import SourceError, Unanswerable
from bot.model import (
    CONFIG_SERVER,
    Checkup,
    Choice,
    FeedLink,
    FirstRun,
    Follow,
    Imported,
    Origin,
    Outline,
    Preview,
    Probe,
    Proposal,
    SourceKind,
    SourceState,
    Viewer,
)
from bot.ports import ArchiveStore, Clock, FeedLists, FollowStore, Prober
from bot.questions.limits import FeedLimits
from bot.questions.times import read_span, write_span

LIST_TITLE = "Feeds followed by Sitrep"

LONGEST_NAME = 100
"""Discord offers no longer one while somebody types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDesk:
    """Answers what people ask about feeds (the protocol `ports.Feeds`)."""

    archive: ArchiveStore
    follows: FollowStore
    prober: Prober
    lists: FeedLists
    limits: FeedLimits
    clock: Clock

    async def look(self, viewer: Viewer, url: str, *, every: str | None = None, name: str | None = None) -> Preview | Choice:
        """Return the feed at an address as it would be followed, or the feeds that the page there names."""
        span = self.limits.interval(read_span(every) if every is not None else None)
        if name is not None:
            await self._refuse_taken(viewer, name)
        return await self._look(viewer, Proposal(address=self._address(url), name=_tidy(name or ""), every=span))

    async def pick(self, viewer: Viewer, key: str) -> Preview | Choice:
        """Return one of the feeds that a page names as it would be followed."""
        return await self._look(viewer, await self._proposal(viewer, key))

    async def confirm(self, viewer: Viewer, key: str) -> Proposal:
        """Follow what was looked at."""
        proposal = await self._proposal(viewer, key)
        await self._refuse_known(viewer, proposal.address)
        await self._refuse_taken(viewer, proposal.name)
        self.limits.refuse_more(len(await self.follows.own(server_of(viewer))))
        await self._follow(viewer, proposal)
        await self.follows.withdraw(server_of(viewer), key)
        return proposal

    async def cancel(self, viewer: Viewer, key: str) -> None:
        """Forget what was looked at."""
        await self.follows.withdraw(server_of(viewer), key)

    async def remove(self, viewer: Viewer, name: str) -> SourceState:
        """End a follow of the viewer's own; return how it stood."""
        state = await self._named(viewer, name)
        shown = state.source.name
        if state.server != server_of(viewer):
            whose = "the bot's own" if state.server == CONFIG_SERVER else f"server {state.server}'s"
            raise Unanswerable(f"“{shown}” is {whose} and cannot be removed here: pause it, and nothing of it is told here.")
        if state.origin is Origin.FILE:
            raise Unanswerable(f"“{shown}” stands in sources.toml: take it out there, or pause it.")
        await self.follows.remove(state.server, state.source.id, now=self.clock())
        return state

    async def pause(self, viewer: Viewer, name: str) -> SourceState:
        """Tell the viewer nothing of a source until it is resumed; return how it stood."""
        state = await self._named(viewer, name)
        if state.paused:
            raise Unanswerable(f"“{state.source.name}” is paused already.")
        await self.follows.pause(server_of(viewer), state.source.id, now=self.clock())
        return state

    async def resume(self, viewer: Viewer, name: str) -> SourceState:
        """Tell the viewer of a source again, and ask it again if it was given up; return how it stood."""
        state = await self._named(viewer, name)
        if not state.paused and state.source.given_up_at is None:
            raise Unanswerable(f"“{state.source.name}” is neither paused nor given up: it is asked as ever.")
        ended = await self.follows.resume(server_of(viewer), state.source.id, now=self.clock())
        if state.paused and not ended:
            raise Unanswerable(f"“{state.source.name}” was paused by the bot's operator, who alone can resume it.")
        return state

    async def check(self, viewer: Viewer, name: str) -> Checkup:
        """Ask a feed now and say what it answers; nothing of it is kept."""
        state = await self._named(viewer, name)
        if state.source.kind is not SourceKind.FEED:
            raise Unanswerable(f"“{state.source.name}” is a folder: only feeds can be checked.")
        self._spend(viewer)
        try:
            probe = await self.prober.check(state.source, await self.follows.marks(state.source.id))
        except SourceError as error:
            asked = f" It asks for a pause of {write_span(error.retry_after)}." if error.retry_after else ""
            return Checkup(state=state, trouble=f"{error}{asked}")
        return Checkup(state=state, probe=probe)

    async def export(self, viewer: Viewer) -> tuple[bytes, int]:
        """Return the viewer's own feeds as a list for other readers, and how many they are."""
        own = await self.follows.own(server_of(viewer))
        if not own:
            raise Unanswerable("No feed was added here, so there is none to export: add one first.")
        outlines = [Outline(address=follow.address, title=follow.name) for follow in own]
        return self.lists.write(LIST_TITLE, outlines), len(own)

    async def take_in(self, viewer: Viewer, body: bytes) -> Imported:
        """Follow the feeds of a list from another reader; one that is refused keeps none of the others out."""
        try:
            given = self.lists.read(body)
        except SourceError as error:
            raise Unanswerable(str(error)) from error
        added, known, refused = list[str](), list[str](), list[tuple[str, str]]()
        followed = len(await self.follows.own(server_of(viewer)))
        taken = await self._taken(viewer)
        for outline in given.outlines:
            try:
                address = self._address(outline.address)
                if name := await self.follows.followed_as(server_of(viewer), address):
                    known.append(name)
                    continue
                self.limits.refuse_more(followed + len(added))
                self._spend(viewer)
            except Unanswerable as error:
                refused.append((outline.title or outline.address, str(error)))
                continue
            name = _free(outline.title, address, taken)
            await self._follow(viewer, Proposal(address=address, name=name, every=self.limits.interval(None)))
            added.append(name)
            taken.add(name.casefold())
        return Imported(
            added=tuple(added),
            known=tuple(known),
            refused=tuple(refused),
            repeated=given.repeated,
            without_address=given.without_address,
        )

    async def _follow(self, viewer: Viewer, proposal: Proposal) -> None:
        follow = Follow(
            server=server_of(viewer),
            kind=SourceKind.FEED,
            address=proposal.address,
            name=proposal.name,
            every=proposal.every,
            first_run=FirstRun.LATEST,
            origin=Origin.COMMAND,
        )
        await self.follows.add(follow, now=self.clock())

    async def _look(self, viewer: Viewer, wanted: Proposal) -> Preview | Choice:
        await self._refuse_known(viewer, wanted.address)
        self._spend(viewer)
        try:
            found = await self.prober.find(wanted.address)
        except SourceError as error:
            raise Unanswerable(str(error)) from error
        if isinstance(found, Probe):
            return await self._preview(viewer, wanted, found)
        return await self._choice(viewer, wanted, found)

    async def _preview(self, viewer: Viewer, wanted: Proposal, probe: Probe) -> Preview:
        await self._refuse_known(viewer, probe.address)
        name = wanted.name or _free(probe.title, probe.address, await self._taken(viewer))
        proposal = replace(wanted, address=probe.address, name=name)
        [key] = await self.follows.propose(server_of(viewer), [proposal], now=self.clock())
        return Preview(key=key, proposal=proposal, probe=probe)

    async def _choice(self, viewer: Viewer, wanted: Proposal, links: Sequence[FeedLink]) -> Choice:
        proposals = [replace(wanted, address=link.address) for link in links]
        keys = await self.follows.propose(server_of(viewer), proposals, now=self.clock())
        return Choice(address=wanted.address, offers=tuple(zip(keys, links, strict=True)))

    async def _proposal(self, viewer: Viewer, key: str) -> Proposal:
        proposal = await self.follows.proposal(server_of(viewer), key, now=self.clock())
        if proposal is None:
            raise Unanswerable("This is too old to be confirmed, or was settled already: add the feed again.")
        return proposal

    async def _named(self, viewer: Viewer, name: str) -> SourceState:
        """Return a source by its name, whatever the case it is written in."""
        known = {state.source.name.casefold(): state for state in await self.archive.sources(viewer)}
        if found := known.get(name.strip().casefold()):
            return found
        near = get_close_matches(name.strip().casefold(), known, n=1, cutoff=0.6)
        hint = f" Did you mean “{known[near[0]].source.name}”?" if near else " The list of feeds names them all."
        raise Unanswerable(f"There is no feed or folder “{name}”.{hint}")

    async def _refuse_known(self, viewer: Viewer, address: str) -> None:
        if name := await self.follows.followed_as(server_of(viewer), address):
            raise Unanswerable(f"This feed is followed already, as “{name}”.")

    async def _refuse_taken(self, viewer: Viewer, name: str) -> None:
        if not _tidy(name):
            raise Unanswerable("A name needs at least one visible character.")
        if _tidy(name).casefold() in await self._taken(viewer):
            raise Unanswerable(f"There is a “{_tidy(name)}” already: give this one another name.")

    def _address(self, url: str) -> str:
        try:
            return self.prober.address(url)
        except SourceError as error:
            raise Unanswerable(str(error)) from error

    def _spend(self, viewer: Viewer) -> None:
        self.limits.spend(server_of(viewer), now=self.clock())

    async def _taken(self, viewer: Viewer) -> set[str]:
        """Return the names that a viewer's sources have."""
        return {state.source.name.casefold() for state in await self.archive.sources(viewer)}


def server_of(viewer: Viewer) -> int:
    """Return the server whose follows a viewer changes: the operator's are the bot's own."""
    return CONFIG_SERVER if viewer.server is None else viewer.server


def _free(wanted: str, address: str, taken: Collection[str]) -> str:
    """Return a name that nothing has yet: the one wanted, else that of the host, with a number if need be."""
    stem = _tidy(wanted) or _tidy(urlsplit(address).hostname or address)
    number, name = 1, stem
    while name.casefold() in taken:
        number += 1
        name = f"{stem[: LONGEST_NAME - 5].rstrip()} {number}"
    return name


def _tidy(name: str) -> str:
    """Return a name in one line, as long as a name may be."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:LONGEST_NAME].rstrip()
