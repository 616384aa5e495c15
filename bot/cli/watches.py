"""The verbs about watches: the same questions as `/watch`, asked by the operator for the bot itself or for one server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from bot import desks
from bot.chat.harmless import clean
from bot.chat.watches import looked
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.cli.insights import print_report
from bot.config import Config
from bot.desks import Desks
from bot.errors import Unanswerable
from bot.model import CONFIG_SERVER, Backtest, Headline, Level, Origin, SavedWatch, Viewer, Watch, WatchDraft, WatchView

_T = TypeVar("_T")

watch = typer.Typer(
    name="watch", no_args_is_help=True, help="Keep watches without editing a file; a running bot takes them up."
)
cli.add_typer(watch)


class LevelName(StrEnum):
    """From which level on a watch tells."""

    ABOUT = "about"
    MENTION = "mention"


class Part(StrEnum):
    """What a watch can do without."""

    ROLE = "role"
    CAP = "cap"
    CHANNELS = "channels"


Server = Annotated[int | None, typer.Option("--server", metavar="ID", help="For this server alone, not for the bot itself.")]
Name = Annotated[str, typer.Argument(help="What the watch is called, in any case.")]
Query = Annotated[
    str, typer.Argument(help='The watch language, or plain words: "actor:north-korea AND missile", "North Korea".')
]
Channels = Annotated[
    list[int] | None, typer.Option("--channel", metavar="ID", help="Where it tells; give it for each channel.")
]
Role = Annotated[int | None, typer.Option(metavar="ID", help="Whom an alert mentions.")]
Cap = Annotated[int | None, typer.Option(min=1, max=1000, help="So many alerts an hour stand alone, more fold into one card.")]
Yes = Annotated[bool, typer.Option("--yes", help="Save it without asking.")]


@watch.command(name="list")
def list_watches(folder: ConfigFolder = HERE, server: Server = None) -> None:
    """List what is watched."""
    views = _ask(load(folder), lambda asked: asked.answers.watches(Viewer(server=server)))
    for view in views:
        print(f"{clean(view.watch.name)} · {_about(view, server)}\n  {clean(view.written)}")
    if not views:
        print("Nothing is watched yet.")


@watch.command()
def show(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Show how a watch was read, where it tells, and how much it has caught."""
    view = _ask(load(folder), lambda asked: asked.answers.watch(Viewer(server=server), name))
    channels = view.watch.channels_in(server or CONFIG_SERVER)
    print(f"{clean(view.watch.name)} · {_about(view, server)}")
    for said, what in (
        ("query", view.written),
        ("read", view.note),
        ("channels", ", ".join(map(str, channels))),
        ("role", view.watch.role or ""),
        ("cap", f"{view.watch.per_hour} an hour" if view.watch.per_hour else ""),
        ("kept in", "watches.toml" if view.watch.origin is Origin.FILE else "the archive"),
    ):
        if what:
            print(f"  {said:9}{clean(str(what))}")


@watch.command()
def add(
    name: Name,
    query: Query,
    *,
    folder: ConfigFolder = HERE,
    server: Server = None,
    level: Annotated[LevelName, typer.Option(help="Tell of every mention, or only of what is about it.")] = LevelName.ABOUT,
    channel: Channels = None,
    role: Role = None,
    cap: Cap = None,
    yes: Yes = False,
) -> None:
    """Look at a watch and what it would have caught, and save it once you confirm."""
    draft = WatchDraft(name=name, query=query, level=Level[level.name], channels=tuple(channel or ()), role=role, per_hour=cap)
    _save(load(folder), Viewer(server=server), draft, yes=yes)


@watch.command()
def edit(
    name: Name,
    *,
    folder: ConfigFolder = HERE,
    server: Server = None,
    query: Annotated[str | None, typer.Option(help="What it is to look for.")] = None,
    level: Annotated[LevelName | None, typer.Option(help="Tell of every mention, or only of what is about it.")] = None,
    channel: Channels = None,
    role: Role = None,
    cap: Cap = None,
    clear: Annotated[list[Part] | None, typer.Option(help="What it is to have no more.")] = None,
    yes: Yes = False,
) -> None:
    """Change a watch that was added by command, or where a server is told one of the config."""
    config, viewer = load(folder), Viewer(server=server)
    gone = frozenset(clear or ())
    if both := [
        part for part, value in ((Part.ROLE, role), (Part.CAP, cap), (Part.CHANNELS, channel)) if value and part in gone
    ]:
        raise typer.BadParameter(f"either give --{both[0].removesuffix('s')} or clear it, not both.")
    where = () if Part.CHANNELS in gone else tuple(channel) if channel else None
    if where is not None and server is not None and not any((query, level, role, cap, gone - {Part.CHANNELS})):
        view = _ask(config, lambda asked: asked.answers.watch(viewer, name))
        if view.watch.server == CONFIG_SERVER:
            routed = _ask(config, lambda asked: asked.watches.route(viewer, name, where))
            print(f"{clean(routed.name)} is told {'there' if where else 'again where the config says'} from now on.")
            _say_what_goes_on(routed, server)
            return
    known = _ask(config, lambda asked: asked.watches.editing(viewer, name))
    draft = WatchDraft(
        name=known.name,
        query=query or known.query,
        level=Level[level.name] if level else known.level,
        channels=known.channels if where is None else where,
        role=None if Part.ROLE in gone else role or known.role,
        per_hour=None if Part.CAP in gone else cap or known.per_hour,
        watch_id=known.id,
        revision=known.revision,
    )
    _save(config, viewer, draft, yes=yes)


@watch.command()
def remove(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Watch for something no longer; what still waits to be told of it is not told."""
    gone = _ask(load(folder), lambda asked: asked.watches.remove(Viewer(server=server), name))
    print(f"{clean(gone.name)} is no longer watched. Its query was {clean(gone.query)}")


@watch.command()
def pause(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Tell nothing of a watch until it is resumed."""
    paused = _ask(load(folder), lambda asked: asked.watches.pause(Viewer(server=server), name, paused=True))
    print(f"{clean(paused.name)} is paused.")
    _say_what_goes_on(paused, server)


@watch.command()
def resume(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Go on with a watch that is paused."""
    resumed = _ask(load(folder), lambda asked: asked.watches.pause(Viewer(server=server), name, paused=False))
    print(f"{clean(resumed.name)} goes on: what came meanwhile is not told.")


@watch.command(name="test")
def try_query(
    query: Query,
    folder: ConfigFolder = HERE,
    server: Server = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How far back.")] = 30,
) -> None:
    """Run a query over the archive before it is saved."""
    wait(_test(load(folder), Viewer(server=server), query, days))


@watch.command()
def report(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Say how many alerts of a watch people found relevant, and what would help."""
    print_report(_ask(load(folder), lambda asked: asked.insights.report(Viewer(server=server), name)))


def _ask(config: Config, question: Callable[[Desks], Awaitable[_T]], *, reads: bool = False) -> _T:
    async def ask() -> _T:
        async with desks.desks_of(config, reads=reads) as asked:
            return await question(asked)

    return wait(ask())


def _save(config: Config, viewer: Viewer, draft: WatchDraft, *, yes: bool) -> None:
    """Show what would be saved, and save it once that is confirmed."""
    look = _ask(config, lambda asked: asked.watches.look(viewer, draft), reads=True)
    for line in _found(look.test):
        print(line)
    if not yes:
        typer.confirm("Save it?", abort=True)
    kept = _ask(config, lambda asked: asked.watches.save(viewer, look.key))
    if not isinstance(kept, SavedWatch):
        raise Unanswerable(f"{kept.clash} Give it again to do so; watch show says what it is now.")
    hint = f" {clean(kept.hint)}" if kept.hint else ""
    print(f"{clean(kept.watch.name)} watches from now on; nothing of the past is told.{hint}")


async def _test(config: Config, viewer: Viewer, query: str, days: int) -> None:
    async with desks.desks_of(config, reads=True) as asked:
        async for one in asked.watches.test(viewer, query, days=days):
            if one.whole:
                for line in _found(one):
                    print(line)
            else:
                print(looked(one), flush=True)


def _found(test: Backtest) -> Iterator[str]:
    """Yield what a query means and finds, line by line."""
    yield clean(test.written)
    if test.note:
        yield clean(test.note)
    yield looked(test)
    yield from (f"  {day:%Y-%m-%d}  {number}" for day, number in sorted(test.per_day, reverse=True))
    for one in test.samples:
        yield from _sample(one)
    for one, why in test.near:
        yield from _sample(one, f" (not taken: {clean(why)})")
    if test.overlap:
        yield "Also caught by " + ", ".join(f"{clean(name)} ({number})" for name, number in test.overlap)


def _sample(one: Headline, more: str = "") -> Iterator[str]:
    when = one.published.at if one.published else one.collected
    yield f"{when:%Y-%m-%d}  {clean(one.title)}{more}"
    if one.evidence:
        yield f"  {clean(one.evidence.sentence)}"


def _about(view: WatchView, server: int | None) -> str:
    watch = view.watch
    about = [watch.level.label, f"{view.caught} matches" if view.matches != 1 else "1 match"]
    if watch.server != CONFIG_SERVER and server is None:
        about.append(f"server {watch.server}")
    if watch.is_paused_in(server or CONFIG_SERVER):
        about.append("paused")
    return ", ".join(about)


def _say_what_goes_on(watch: Watch, server: int | None) -> None:
    """Say that the channels which the config names hear a watch as before: only in Discord it is known whose they are."""
    if server is None or watch.server != CONFIG_SERVER or not watch.channels:
        return
    if not any(one.here for one in watch.routes if one.server == server):
        print("The channels that watches.toml names hear of it as before: pause it, or move it, in Discord to reach them.")
