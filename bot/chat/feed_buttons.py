"""The controls under what `/feed add` shows. Each carries the key of what it is for, which the store keeps for a day."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.chat.desk import Asked, explained, require_manager, viewer_of
from bot.chat.feeds import followed, look_embed
from bot.chat.harmless import plain
from bot.chat.keyed_buttons import KEY, KeyedButton
from bot.chat.limits import CHOICE, CHOICES
from bot.model import Choice, FeedLink, Preview


class Confirm(KeyedButton, template=rf"feed:confirm:{KEY}"):
    """Follows what was looked at."""

    action = "feed:confirm"
    label = "Confirm"
    style = discord.ButtonStyle.primary

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Follow it, for who manages the server, and say so in the place of the question."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer()
        proposal = await interaction.client.feeds.confirm(viewer, self.key)
        interaction.client.forget_sources(viewer)
        await interaction.edit_original_response(content=followed(proposal), embed=None, view=None)


class Cancel(KeyedButton, template=rf"feed:cancel:{KEY}"):
    """Follows nothing."""

    action = "feed:cancel"
    label = "Cancel"
    style = discord.ButtonStyle.secondary

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Forget it, and say so in the place of the question."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer()
        await interaction.client.feeds.cancel(viewer, self.key)
        await interaction.edit_original_response(content="Nothing was changed.", embed=None, view=None)


class Pick(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"feed:pick"):
    """Chooses among the feeds that a page names; each option is the key of one."""

    def __init__(self, offers: tuple[tuple[str, FeedLink], ...] = ()) -> None:
        options = [
            discord.SelectOption(
                value=key, label=plain(link.title or link.address, CHOICE), description=plain(link.address, CHOICE)
            )
            for key, link in offers[:CHOICES]
        ]
        super().__init__(discord.ui.Select(custom_id="feed:pick", placeholder="Choose a feed", options=options))

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the press."""
        return cls()

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Put the feed that was chosen in the place of the menu."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer()
        look = await interaction.client.feeds.pick(viewer, self.item.values[0])
        await interaction.edit_original_response(embed=look_embed(look), view=look_view(look))


FEED_BUTTONS = (Confirm, Cancel, Pick)
"""What is registered at start, so that they outlive it."""


def look_view(look: Preview | Choice) -> discord.ui.View:
    """Return the controls under what was found at an address."""
    view = discord.ui.View(timeout=None)
    match look:
        case Preview(key=key):
            view.add_item(Confirm(key)).add_item(Cancel(key))
        case Choice(offers=offers):
            view.add_item(Pick(offers))
    return view
