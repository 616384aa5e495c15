"""A server in which people use commands and press buttons, and how they read the answers."""

from __future__ import annotations

from dataclasses import dataclass

import discord
import simcord

from bot.model import Viewer


@dataclass
class Newsroom:
    """A server with one channel, its manager, and a member who manages nothing."""

    env: simcord.Env
    guild: simcord.GuildHandle
    room: simcord.ChannelHandle
    manager: simcord.MemberActor
    member: simcord.MemberActor

    @property
    def card(self) -> discord.Message:
        """What was posted last."""
        message = self.room.last_message
        assert message is not None
        return message

    @property
    def viewer(self) -> Viewer:
        """Whom the answers are for."""
        return Viewer(server=self.guild.id)


def answered(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """Return the answer to a command, whether it was deferred or not; it is for the asker alone."""
    message = result.followups[0] if result.followups else result.response
    assert message is not None
    assert message.ephemeral
    return message


def buttons(message: simcord.ResponseMessage) -> list[tuple[str, str, bool]]:
    """Return label, custom_id and whether it is off, of each button."""
    rows = message.components
    return [(one["label"], one.get("custom_id", ""), one.get("disabled", False)) for row in rows for one in row["components"]]
