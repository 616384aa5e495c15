"""The buttons by which people judge an alert. They carry the delivery, so that they work after a restart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.chat.desk import Asked, explained, reply, viewer_of
from bot.chat.harmless import harmless, plain
from bot.chat.limits import CHOICE, CHOICES
from bot.model import Told

_DELIVERY = r"(?P<delivery>[0-9A-Za-z_-]{1,40})"
_VOICE = r"(?P<voice>yes|no)"
_LABELS = {True: "Relevant", False: "Not relevant"}


def _voice(*, relevant: bool) -> str:
    return "yes" if relevant else "no"


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"vote:{_VOICE}:{_DELIVERY}"):
    """Keeps what the presser thinks of an alert; where several watches took it, it asks which are meant."""

    def __init__(self, delivery_id: str, *, relevant: bool) -> None:
        custom_id = f"vote:{_voice(relevant=relevant)}:{delivery_id}"
        super().__init__(discord.ui.Button(label=_LABELS[relevant], custom_id=custom_id))
        self.delivery_id = delivery_id
        self.relevant = relevant

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(match["delivery"], relevant=match["voice"] == "yes")

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Keep it, or ask privately which watches are meant."""
        viewer, insights = viewer_of(interaction), interaction.client.insights
        told = await insights.voted_on(viewer, self.delivery_id)
        if len(told) > 1:
            menu = Meant(self.delivery_id, relevant=self.relevant, told=told)
            question = f"{_LABELS[self.relevant]} for which watches?"
            await reply(interaction, content=question, view=discord.ui.View(timeout=None).add_item(menu))
            return
        ids = [watch_id for watch_id, _ in told]
        said = await insights.vote(viewer, self.delivery_id, ids, user=interaction.user.id, relevant=self.relevant)
        await reply(interaction, content=harmless(said, 1900))


class Meant(discord.ui.DynamicItem[discord.ui.Select[Any]], template=rf"votes:{_VOICE}:{_DELIVERY}"):
    """Asks for which watches of a card a voice is meant."""

    def __init__(self, delivery_id: str, *, relevant: bool, told: Sequence[tuple[int, Told]] = ()) -> None:
        options = [
            discord.SelectOption(value=str(watch_id), label=plain(one.watch, CHOICE) or str(watch_id))
            for watch_id, one in told[:CHOICES]
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=f"votes:{_voice(relevant=relevant)}:{delivery_id}",
                placeholder="Choose one or more watches",
                max_values=max(1, len(options)),
                options=options,
            )
        )
        self.delivery_id = delivery_id
        self.relevant = relevant

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the press."""
        return cls(match["delivery"], relevant=match["voice"] == "yes")

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Keep the voice, and say so in the place of the question."""
        said = await interaction.client.insights.vote(
            viewer_of(interaction),
            self.delivery_id,
            [int(value) for value in self.item.values if value.isdecimal()],
            user=interaction.user.id,
            relevant=self.relevant,
        )
        await interaction.response.edit_message(content=harmless(said, 1900), view=None)


FEEDBACK_BUTTONS = (Vote, Meant)
"""What is registered at start, so that they outlive it."""
