"""The buttons under messages. Each carries what it needs in its custom_id, so that it works after a restart."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

import discord

from bot.chat.cards import reasons_embed
from bot.chat.desk import Asked, explained, reply, require_manager, viewer_of
from bot.chat.feedback import Vote
from bot.chat.harmless import web_address
from bot.chat.limits import BUTTON_URL
from bot.chat.replies import page_embed, unstuck
from bot.model import Card, Fold, Notice, Page, Standing, WayOut

_FOLD_SIZE = 10
"""Headlines on the page that the button of a folded burst opens."""


_DELIVERY = r"(?P<delivery>[0-9A-Za-z_-]{1,40})"


class _OfDelivery(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_DELIVERY):
    """A button that carries a delivery, by which its message is found again, too."""

    verb: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, delivery_id: str) -> None:
        super().__init__(discord.ui.Button(label=self.label, custom_id=f"{self.verb}:{delivery_id}"))
        self.delivery_id = delivery_id

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(match["delivery"])


class Why(_OfDelivery, template=rf"why:{_DELIVERY}"):
    """Tells the presser why a card was posted."""

    verb = "why"
    label = "Why?"

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Answer with every watch, alias and rule."""
        reasons = await interaction.client.answers.why(viewer_of(interaction), self.delivery_id)
        await reply(interaction, embed=reasons_embed(reasons))


class Folded(_OfDelivery, template=rf"fold:{_DELIVERY}"):
    """Shows the presser what a burst was folded from, as the newest page of the look-up."""

    verb = "fold"
    label = "Show the latest"

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Answer with the newest matching articles."""
        page = await interaction.client.answers.latest(viewer_of(interaction), watch=None, size=_FOLD_SIZE)
        await reply(interaction, embed=page_embed(page), view=page_view(page))


class Turn(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"page:(?P<key>[0-9A-Za-z_-]{1,64}):(?P<number>\d{1,6})"):
    """Turns an answer to another page."""

    def __init__(self, key: str, number: int, *, label: str = "Page", disabled: bool = False) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"page:{key}:{number}", disabled=disabled))
        self.key = key
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(match["key"], int(match["number"]))

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Put the other page in the place of this one; it may take longer than the 3 s that Discord waits."""
        await interaction.response.defer()
        page = await interaction.client.answers.turn(viewer_of(interaction), self.key, self.number)
        await interaction.edit_original_response(embed=page_embed(page), view=page_view(page))


class Dismiss(_OfDelivery, template=rf"dismiss:{_DELIVERY}"):
    """Removes a notice, for who gets it in a direct message or runs the server."""

    verb = "dismiss"
    label = "Dismiss"

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Take the message away."""
        if interaction.guild_id is not None:
            require_manager(interaction)
        await interaction.response.defer()
        await interaction.delete_original_response()


class Unstick(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"stuck:(?P<way>resend|drop)"):
    """Tells again or drops what is stuck of the presser's server."""

    def __init__(self, way: WayOut) -> None:
        style = discord.ButtonStyle.primary if way is WayOut.RESEND else discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label=_WAYS[way], style=style, custom_id=f"stuck:{way}"))
        self.way = way

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(WayOut(match["way"]))

    @explained
    async def callback(self, interaction: Asked) -> None:
        """Do it for who manages the server, and say how much it was; a large archive may take longer than 3 s."""
        require_manager(interaction)
        viewer = viewer_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        count = await interaction.client.answers.unstick(viewer, self.way)
        await reply(interaction, content=unstuck(self.way, count))


_WAYS = {WayOut.RESEND: "Tell them now", WayOut.DROP: "Drop them"}

BUTTONS = (Why, Folded, Turn, Dismiss, Unstick)
"""What is registered at start, so that old messages stay alive."""


def card_view(card: Card) -> discord.ui.View:
    """Return the buttons of a card; a test alert has no `Why?`, since it was never a delivery."""
    view = discord.ui.View(timeout=None)
    match card:
        case Fold():
            return view.add_item(Folded(card.delivery_id))
        case Notice():
            return view.add_item(Dismiss(card.delivery_id))
    if address := web_address(card.headline.url, limit=BUTTON_URL):
        view.add_item(discord.ui.Button(label="Read the article", url=address))
    if card.delivery_id:
        view.add_item(Why(card.delivery_id))
        for relevant in (True, False):
            view.add_item(Vote(card.delivery_id, relevant=relevant))
    return view


def page_view(page: Page) -> discord.ui.View:
    """Return the buttons that turn an answer's pages; none where there is one page only."""
    view = discord.ui.View(timeout=None)
    if not page.key:
        return view
    view.add_item(Turn(page.key, max(0, page.number - 1), label="Newer", disabled=page.number == 0))
    view.add_item(Turn(page.key, page.number + 1, label="Older", disabled=not page.more))
    return view


def standing_view(standing: Standing, *, for_manager: bool) -> discord.ui.View:
    """Return the ways out of what is stuck, for who may use them."""
    view = discord.ui.View(timeout=None)
    if standing.stuck and for_manager:
        for way in WayOut:
            view.add_item(Unstick(way))
    return view


def carried_by(message: discord.Message) -> set[str]:
    """Return the ids of the deliveries that a message's buttons carry."""
    buttons = (child for row in message.components if isinstance(row, discord.ActionRow) for child in row.children)
    ids = (getattr(button, "custom_id", None) or "" for button in buttons)
    return {found[1] for one in ids if (found := re.fullmatch(r"(?:why|fold|dismiss):(.+)", one))}
