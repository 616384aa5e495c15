"""Start the bot in a process of its own with discord.py pointed at a fake: `launch.py API_URL WS_URL -- run --config DIR`."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    """Point discord.py at the two addresses, then hand the rest to the command line of the bot."""
    # worker processes import this file too and need none of these
    import discord
    import yarl

    from bot import cli

    api_url, ws_url, _dashes, *rest = arguments
    if taken := os.environ.get("FAKE_TAKES_PER_SECOND"):
        from bot.chat import pace

        pace.PER_SECOND = float(taken)
    discord.http.Route.BASE = api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(ws_url)
    discord.asset.Asset.BASE = api_url
    sys.argv = ["sitrep", *rest]
    sys.exit(cli.main())


if __name__ == "__main__":
    main(sys.argv[1:])
