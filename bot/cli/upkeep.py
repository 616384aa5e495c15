"""The verbs that look after the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from bot import desks, oneshot
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.model import Stuck, WayOut


@cli.command()
def deliveries(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…|all]", help="Beginnings of ids, of 6 characters or more; or all.")
    ] = None,
    folder: ConfigFolder = HERE,
    resend: Annotated[bool, typer.Option("--resend", help="Tell these again, as if for the first time.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="End these untold.")] = False,
) -> None:
    """List what could not be told, and why; tell it again, or drop it."""
    if resend and drop:
        raise typer.BadParameter("--resend and --drop exclude each other.")
    if bool(ids) != (resend or drop):
        raise typer.BadParameter("say what to do with which: --resend or --drop, and ids or all.")
    loaded = load(folder)
    if not ids:
        _list_stuck(wait(oneshot.stuck(loaded)))
        return
    way = WayOut.RESEND if resend else WayOut.DROP
    count = wait(oneshot.unstick(loaded, way, named=None if ids == ["all"] else ids))
    print(f"{count} {'delivery' if count == 1 else 'deliveries'} {'will be told again' if resend else 'dropped'}.")


def _list_stuck(found: Sequence[Stuck]) -> None:
    for one in found:
        print(f"{one.id} · {one.state} · {one.destination} · since {one.since:%Y-%m-%d %H:%M} UTC")
        print(f"  {clean(one.title)}\n  {clean(one.reason)}")
    if not found:
        print("Nothing is stuck.")


@cli.command()
def migrate(folder: ConfigFolder = HERE) -> None:
    """Bring the database to the newest schema; `run` does it by itself."""
    loaded = load(folder)
    desks.open_store(loaded).close()
    print(f"The archive {desks.address_of(loaded).name} is up to date.")


@cli.command()
def doctor(
    folder: ConfigFolder = HERE,
    look_only: Annotated[bool, typer.Option("--look-only", help="Change nothing.")] = False,
) -> None:
    """Check the laws of the archive, and mend what is safe to mend; ends with 1 if something is left broken."""
    findings = oneshot.examine(load(folder), mend=not look_only)
    for one in findings:
        if not one.broken:
            print(f"well    {one.law}")
        elif one.is_well:
            print(f"mended  {one.law} Broken {one.broken} times.")
        else:
            print(f"broken  {one.law} Broken {one.broken} times, mended {one.mended}. {one.advice}".rstrip())
    raise typer.Exit(int(not all(one.is_well for one in findings)))


@cli.command(name="copy-store")
def copy_store(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A SQLite file, or the address of a database.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty one: postgresql://user:password@host/name, or a file.")],
) -> None:
    """Copy an archive into an empty database, and compare every row."""
    for table, count in wait(oneshot.copy_store(source, target)).items():
        print(f"{count:8d}  {table}")
    print("Every row arrived as it was.")
