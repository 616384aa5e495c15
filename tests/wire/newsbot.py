"""A small bot that uses each feature of Discord once; the fake is tried with it."""

from __future__ import annotations

from typing import Any, Literal

import discord
from discord import app_commands

from .fake import FakeDiscord

QUIET = discord.AllowedMentions.none()


class Card(discord.ui.View):
    """The buttons under an alert."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Article", url="https://example.org/article"))

    @discord.ui.button(label="Why?", custom_id="why:1")
    async def why(self, interaction: discord.Interaction, _button: discord.ui.Button[Card]) -> None:
        """Edit the card and tell the asker alone why."""
        await interaction.response.edit_message(content="asked")
        await interaction.followup.send("because of an alias", ephemeral=True)

    @discord.ui.button(label="Note", custom_id="note:1")
    async def note(self, interaction: discord.Interaction, _button: discord.ui.Button[Card]) -> None:
        """Show a form."""
        await interaction.response.send_modal(Note())

    @discord.ui.button(label="More", custom_id="more:1")
    async def more(self, interaction: discord.Interaction, _button: discord.ui.Button[Card]) -> None:
        """Take note, then say something new."""
        await interaction.response.defer()
        await interaction.followup.send("more", ephemeral=True)

    @discord.ui.button(label="Gone", custom_id="gone:1")
    async def gone(self, interaction: discord.Interaction, _button: discord.ui.Button[Card]) -> None:
        """Take the card away."""
        await interaction.response.defer()
        await interaction.delete_original_response()

    @discord.ui.select(custom_id="pick:1", options=[discord.SelectOption(label="North"), discord.SelectOption(label="South")])
    async def pick(self, interaction: discord.Interaction, menu: discord.ui.Select[Card]) -> None:
        """Repeat what was chosen, later."""
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"picked {menu.values[0]}")


class Note(discord.ui.Modal, title="A note"):
    """A form with one field."""

    words: discord.ui.TextInput[Note] = discord.ui.TextInput(label="Words", custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat the words."""
        await interaction.response.send_message(f"noted {self.words.value}", ephemeral=True)


class Newsbot(discord.Client):
    """Registers commands on request; `happened` names the events it saw."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.1, **options)
        self.tree = app_commands.CommandTree(self)
        self.happened: list[str] = []
        commands: list[app_commands.Command[Any, ..., Any] | app_commands.Group] = [search, latest, setup, slow, watch]
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Answer the buttons of cards from before."""
        self.add_view(Card())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, where discord.py waits 5 s."""

    async def on_ready(self) -> None:
        """Note it."""
        self.happened.append("ready")

    async def on_resumed(self) -> None:
        """Note it."""
        self.happened.append("resumed")


@app_commands.command(description="Search the archive")
@app_commands.describe(query="what to look for", limit="how many", order="which first")
async def search(
    interaction: discord.Interaction, query: str, limit: int = 5, order: Literal["newest", "oldest"] = "newest"
) -> None:
    """Answer at once."""
    await interaction.response.send_message(f"{limit} {order} of {query}", ephemeral=True)


@app_commands.command(description="The newest articles")
@app_commands.describe(watch="one watch")
async def latest(interaction: discord.Interaction, watch: str | None = None) -> None:
    """Think first, then answer and say a second thing."""
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(f"latest of {watch}")
    await interaction.followup.send("and more", ephemeral=False)


@latest.autocomplete("watch")
async def _watches(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    names = [f"{typed} {number}" for number in range(25)]
    return [app_commands.Choice(name=name, value=name) for name in names]


@app_commands.command(description="Choose the channel")
@app_commands.default_permissions(manage_guild=True)
async def setup(interaction: discord.Interaction, channel: discord.TextChannel, role: discord.Role | None = None) -> None:
    """Name what is missing in a channel."""
    may = channel.permissions_for(channel.guild.me)
    judgement = "fine" if may.send_messages else "missing Send Messages"
    await interaction.response.send_message(f"{channel.name}: {judgement}" + (f" for {role.name}" if role else ""))


@app_commands.command(description="Answer too late")
async def slow(interaction: discord.Interaction) -> None:
    """Answer, and say when it was refused."""
    try:
        await interaction.response.send_message("too late")
    except discord.NotFound as error:
        interaction.client.dispatch("refused", error.code)


watch = app_commands.Group(name="watch", description="Watches")


@watch.command(name="list", description="All watches")
async def watch_list(interaction: discord.Interaction) -> None:
    """Answer with a list."""
    await interaction.response.send_message("no watches", ephemeral=True)


def news(bot: Newsbot, fake: FakeDiscord) -> discord.PartialMessageable:
    """Return the news channel as a bot without a cache writes to it."""
    return bot.get_partial_messageable(fake.news.id)


def card() -> discord.Embed:
    """Make an alert."""
    embed = discord.Embed(
        title="Talks open", url="https://example.org/article", description="> The *talks* opened.", colour=0x884422
    )
    return embed.add_field(name="Watches", value="North Korea · about").set_footer(text="Ministry · today")
