"""The verbs about feeds: the same questions as `/feed`, asked by the operator for the bot itself or for one server."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot import desks
from bot.chat.amounts import rate
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.config import Config
from bot.errors import Unanswerable
from bot.model import CONFIG_SERVER, Choice, Preview, Probe, SourceKind, SourceState, Viewer, now_utc
from bot.questions import FeedDesk, write_span

_T = TypeVar("_T")

feed = typer.Typer(name="feed", no_args_is_help=True, help="Follow feeds without editing a file; a running bot takes it up.")
cli.add_typer(feed)

Server = Annotated[int | None, typer.Option("--server", metavar="ID", help="For this server alone, not for the bot itself.")]
Name = Annotated[str, typer.Argument(help="What the feed is called, in any case.")]


@feed.command(name="list")
def list_feeds(folder: ConfigFolder = HERE, server: Server = None) -> None:
    """List the feeds and folders, and whether they are well."""
    states = _ask(load(folder), lambda desk: desk.archive.sources(Viewer(server=server), now=now_utc()))
    for state in states:
        print(_health(state))
    if not states:
        print("No source is followed yet.")


@feed.command()
def add(
    url: Annotated[str, typer.Argument(help="Of a feed, or of a page that has one.")],
    *,
    folder: ConfigFolder = HERE,
    server: Server = None,
    every: Annotated[str | None, typer.Option(help="How often it is asked: 15 min, 2 h.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Follow it without asking.")] = False,
) -> None:
    """Look at a feed, and follow it once you confirm."""
    config, viewer = load(folder), Viewer(server=server)
    look = _ask(config, lambda desk: desk.look(viewer, url, every=every, name=name))
    if isinstance(look, Choice):
        raise Unanswerable(_choices(look))
    print(_preview(look))
    if not yes:
        typer.confirm("Follow it?", abort=True)
    followed = _ask(config, lambda desk: desk.confirm(viewer, look.key))
    print(f"{clean(followed.name)} is followed from now on.")


@feed.command()
def remove(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Follow a feed no longer; what it has brought stays."""
    state = _ask(load(folder), lambda desk: desk.remove(Viewer(server=server), name))
    print(f"{clean(state.source.name)} is no longer followed.")


@feed.command()
def pause(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Ask a source no more, or tell one server nothing of it, until it is resumed."""
    state = _ask(load(folder), lambda desk: desk.pause(Viewer(server=server), name))
    print(f"{clean(state.source.name)} is paused.")


@feed.command()
def resume(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Go on with a source that is paused, or was given up."""
    state = _ask(load(folder), lambda desk: desk.resume(Viewer(server=server), name))
    print(f"{clean(state.source.name)} goes on.")


@feed.command()
def check(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Ask a feed now and show what it answers; nothing of it is kept. Ends with 1 if it gives nothing."""
    checkup = _ask(load(folder), lambda desk: desk.check(Viewer(server=server), name))
    print(_health(checkup.state))
    if checkup.probe is None:
        print(clean(checkup.trouble))
        raise typer.Exit(1)
    print(_answer(checkup.probe))


@feed.command(name="import")
def import_feeds(
    file: Annotated[Path, typer.Argument(help="A list of feeds from another reader (OPML).", exists=True, dir_okay=False)],
    folder: ConfigFolder = HERE,
    server: Server = None,
) -> None:
    """Follow the feeds of a list from another reader; ends with 1 if one was refused."""
    imported = _ask(load(folder), lambda desk: desk.take_in(Viewer(server=server), file.read_bytes()))
    for word, names in (("added", imported.added), ("known", imported.known)):
        for name in names:
            print(f"{word}    {clean(name)}")
    for name, why in imported.refused:
        print(f"refused  {clean(name)}: {clean(why)}")
    if imported.repeated or imported.without_address:
        print(f"left out {imported.repeated} named twice, and {imported.without_address} without the address of a feed.")
    raise typer.Exit(int(bool(imported.refused)))


@feed.command()
def export(folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Print the feeds that are followed as a list for other readers (OPML)."""
    body, _ = _ask(load(folder), lambda desk: desk.export(Viewer(server=server)))
    sys.stdout.write(body.decode())


def _ask(config: Config, question: Callable[[FeedDesk], Awaitable[_T]]) -> _T:
    async def ask() -> _T:
        async with desks.desks_of(config) as asked:
            return await question(asked.feeds)

    return wait(ask())


def _health(state: SourceState) -> str:
    source = state.source
    about = [f"every {write_span(source.every)}", rate(state)]
    if source.kind is not SourceKind.FEED:
        about.insert(0, str(source.kind))
    if state.server != CONFIG_SERVER:
        about.append(f"server {state.server}")
    asked = f"asked {source.polled_at:%Y-%m-%d %H:%M} UTC" if source.polled_at else "not asked yet"
    word = "paused" if state.paused else "well" if state.healthy else "ill"
    reasons = (
        [source.reason]
        if source.failures
        else [state.complaint]
        if state.complaint
        else [f"{problem.part}: {problem.reason}" for problem in state.problems]
    )
    return "\n".join(
        [f"{word:6}  {clean(source.name)} · {', '.join([*about, asked])}", *(f"        {clean(one)}" for one in reasons)]
    )


def _preview(look: Preview) -> str:
    proposal = look.proposal
    return f"{clean(proposal.name)}, every {write_span(proposal.every)}: {clean(proposal.address)}\n{_answer(look.probe)}"


def _answer(probe: Probe) -> str:
    dates = [f"{draft.published.at:%Y-%m-%d}  " if draft.published else "" for draft in probe.newest]
    newest = [f"  {when}{clean(draft.title)}" for when, draft in zip(dates, probe.newest, strict=True)]
    return "\n".join([f"It answers {probe.status}, with {probe.entries} entries.", *map(clean, probe.rules), *newest])


def _choices(choice: Choice) -> str:
    return "The page names several feeds: add one of " + ", ".join(link.address for _, link in choice.offers) + "."
