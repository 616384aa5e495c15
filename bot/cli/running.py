"""The verbs that run the bot, ask whether it runs, and make it known to Discord."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from bot import app, desks, logs, oneshot
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, cli, load, wait
from bot.errors import SitrepError
from bot.health.program import sentence, troubles
from bot.health.watchdog import end_in_time
from bot.model import now_utc


@cli.command()
def run(
    folder: ConfigFolder = HERE,
    once: Annotated[bool, typer.Option("--once", help="Poll every source once, tell what follows, and end.")] = False,
) -> None:
    """Run the bot: in the terminal, or, with DISCORD_TOKEN set, in Discord."""
    try:
        raise typer.Exit(wait(app.run(load(folder), once=once, console=Console(), on_end=end_in_time)))
    except KeyboardInterrupt:  # before it listens to signals itself
        raise typer.Exit(0) from None


@cli.command()
def health(folder: ConfigFolder = HERE) -> None:
    """Say in one sentence whether the bot is well, from the archive alone; end with 0 if it is, else with 1."""
    try:
        vitals = wait(desks.read_vitals(load(folder)))
    except SitrepError as error:
        print(clean(logs.without_secrets(f"Not well: {error}")))
        raise typer.Exit(1) from error  # who asks by machine knows 0 and 1 alone
    if vitals is None:
        print("Not well: there is no archive, so nothing has run here yet.")
        raise typer.Exit(1)
    now = now_utc()
    found = troubles(vitals, now)
    print(sentence(vitals, found, now))
    raise typer.Exit(1 if found else 0)


@cli.command()
def sync(folder: ConfigFolder = HERE) -> None:
    """Register the slash commands with Discord now; `run` does it by itself when they have changed."""
    wait(oneshot.sync(load(folder)))
    print("The slash commands are registered.")


@cli.command()
def invite(folder: ConfigFolder = HERE) -> None:
    """Print the address that invites the bot to a server, with the least permissions."""
    print(wait(oneshot.invite(load(folder))))
