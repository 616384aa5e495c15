"""The verbs that say why an article was or was not told, and what people think of a watch."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import desks
from bot.chat.explanations import effect, explanation_lines, outcome, precision
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.config import Config
from bot.model import Explanation, Report, Viewer

Server = Annotated[int | None, typer.Option("--server", metavar="ID", help="As this server sees it, not as the operator does.")]


@cli.command()
def why(
    url: Annotated[str, typer.Argument(help="The link of an article of the archive, or its number.")],
    folder: ConfigFolder = HERE,
    server: Server = None,
) -> None:
    """Say watch by watch why an article was told, or which stage stopped it."""
    found = wait(_explained(load(folder), url, Viewer(server=server)))
    print(clean(found.title))
    for one in found.watches:
        print()
        print(clean(f"{one.watch} · {outcome(one.trace)}"))
        for line in (one.trace.written, *explanation_lines(one)):
            print(f"  {clean(line)}")


@cli.command()
def report(
    name: Annotated[str, typer.Argument(help="What the watch is called, in any case.")],
    folder: ConfigFolder = HERE,
    server: Server = None,
) -> None:
    """Say how many alerts of a watch people found relevant, and what would help."""
    print_report(wait(_reported(load(folder), name, Viewer(server=server))))


def print_report(found: Report) -> None:
    """Print what people think of a watch."""
    print(clean(f"{found.watch.name}: {precision(found)}"))
    for term in found.terms:
        print(f"  “{clean(term.words)}”: {term.false} false, {term.relevant} relevant")
    if found.suggestion:
        print(clean(f"It may help to {found.suggestion.change}: {effect(found)}"))
    if found.note:
        print(clean(found.note))


async def _explained(config: Config, url: str, viewer: Viewer) -> Explanation:
    async with desks.desks_of(config) as asked:
        return await asked.insights.explain(viewer, url)


async def _reported(config: Config, name: str, viewer: Viewer) -> Report:
    async with desks.desks_of(config) as asked:
        return await asked.insights.report(viewer, name)
