"""The verbs about actors: the same questions as `/actor`, asked by the operator for everybody or for one server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot import desks
from bot.chat.actors import actor_text
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.config import Config
from bot.model import DECOY, ActorView, AliasKind, Viewer
from bot.questions import ActorDesk

_T = TypeVar("_T")

actor = typer.Typer(
    name="actor", no_args_is_help=True, help="Change what actors are called without editing a file; a running bot takes it up."
)
cli.add_typer(actor)

Server = Annotated[int | None, typer.Option("--server", metavar="ID", help="For this server alone, not for everybody.")]
Name = Annotated[str, typer.Argument(metavar="ACTOR", help="Its name or id, in any case.")]
Form = Annotated[str, typer.Argument(metavar="ALIAS", help="What it is called, or a decoy.")]
KINDS = (*map(str, AliasKind), DECOY)


def _kind(word: str) -> str:
    if word.lower() not in KINDS:
        raise typer.BadParameter(f"{word} is none of {', '.join(KINDS)}.")
    return word.lower()


Kind = Annotated[
    str,
    typer.Argument(
        metavar="KIND", parser=_kind, help=f"What the alias is of it: {', '.join(KINDS)}; a decoy only looks like it."
    ),
]


@actor.command(name="list")
def list_actors(folder: ConfigFolder = HERE, server: Server = None) -> None:
    """List who can be watched."""
    for one in _ask(load(folder), lambda desk: desk.names(Viewer(server=server))):
        mark = "  only here" if one.own else "  changed here" if one.changed else ""
        print(f"{one.id:32}{clean(one.name)}{mark}")


@actor.command()
def show(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Show what an actor is made of: names, leaders with their days, institutions, decoys."""
    _print(_ask(load(folder), lambda desk: desk.show(Viewer(server=server), name)))


@actor.command()
def add(name: Name, kind: Kind, alias: Form, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Give an actor another name, or a decoy."""
    chosen = None if kind == DECOY else AliasKind(kind)
    view = _ask(load(folder), lambda desk: desk.add(Viewer(server=server), name, chosen, alias))
    print(f"“{clean(alias)}” counts as {kind} of {clean(view.actor.name)} in what is read from now on. {view.hint}".rstrip())


@actor.command()
def remove(name: Name, alias: Form, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Take a name or a decoy from an actor."""
    view = _ask(load(folder), lambda desk: desk.remove(Viewer(server=server), name, alias))
    print(f"“{clean(alias)}” no longer counts for {clean(view.actor.name)} in what is read from now on. {view.hint}".rstrip())


@actor.command()
def define(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    folder: ConfigFolder = HERE,
    server: Server = None,
    key: Annotated[
        str | None, typer.Option(help="What queries call it, such as acme-corp; made of the name if left out.")
    ] = None,
) -> None:
    """Make an actor that no file has."""
    _print(_ask(load(folder), lambda desk: desk.define(Viewer(server=server), name, key=key)))


@actor.command()
def reset(name: Name, folder: ConfigFolder = HERE, server: Server = None) -> None:
    """Let an actor be what it was before it was changed by command; one that only commands made ends."""
    view = _ask(load(folder), lambda desk: desk.reset(Viewer(server=server), name))
    print(f"{clean(view.actor.name)} is as it was." if view else f"{clean(name)} is no actor any more.")


def _ask(config: Config, question: Callable[[ActorDesk], Awaitable[_T]]) -> _T:
    async def ask() -> _T:
        async with desks.desks_of(config) as asked:
            return await question(asked.actors)

    return wait(ask())


def _print(view: ActorView) -> None:
    for line in actor_text(view).splitlines():
        print(clean(line))
