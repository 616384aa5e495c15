"""Interactions from the press to the last follow-up: their deadlines, what may be answered, and what the asker then sees."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from .messages import Upload, edit_message, new_message
from .state import EPHEMERAL, LOADING, Channel, Json, Message, Permission, Person
from .world import World

ANSWER_WITHIN_S = 3.0
TALK_WITHIN_S = 900.0


class Asked(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answered(IntEnum):
    """How a bot may answer first."""

    MESSAGE = 4
    THINKING = 5
    LATER = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Refusal(Exception):
    """The service refuses a request: a status, Discord's code, and the nested reasons."""

    def __init__(self, status: int, code: int, message: str, *, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One press or command of a person, and everything the bot said to it."""

    id: int
    token: str
    asked: Asked
    channel: Channel
    made_at: float
    source: Message | None = None
    """The message whose button was pressed."""
    answered: Answered | None = None
    data: Json = field(default_factory=dict)
    """The data of the first answer."""
    original: Message | None = None
    """The message of the answer; after UPDATE or LATER it is the message whose button was pressed."""
    followups: list[Message] = field(default_factory=list)
    removed: bool = False
    """The message whose button was pressed was taken away."""
    took_s: float = 0.0
    """From the press to the first answer."""

    @property
    def settled(self) -> bool:
        """Whether the asker has what was asked for."""
        if self.answered is Answered.THINKING:
            return self.original is not None
        if self.answered is Answered.LATER:
            return self.removed or bool(self.followups) or (self.source is not None and self.original is self.source)
        return self.answered is not None

    @property
    def message(self) -> Message:
        """The message that answers: the original, else the first follow-up."""
        if self.original is not None:
            return self.original
        return self.followups[0]

    @property
    def ephemeral(self) -> bool:
        """Whether only the asker sees the answer."""
        return self.message.ephemeral

    @property
    def choices(self) -> list[Json]:
        """The suggestions of an autocomplete."""
        return list(self.data.get("choices") or [])


class Interactions:
    """All interactions, found again by their token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_token: dict[str, Interaction] = {}
        self.answer_within_s = ANSWER_WITHIN_S
        self.talk_within_s = TALK_WITHIN_S

    def begin(
        self,
        asked: Asked,
        channel: Channel,
        data: Json,
        *,
        person: Person,
        permissions: Permission,
        source: Message | None = None,
    ) -> tuple[Interaction, Json]:
        """Record what a person did; return the record and the object of INTERACTION_CREATE."""
        world = self._world
        interaction = Interaction(
            id=world.new_id(),
            token=secrets.token_urlsafe(24),
            asked=asked,
            channel=channel,
            made_at=world.clock(),
            source=source,
        )
        self._by_token[interaction.token] = interaction
        event: Json = {
            "id": str(interaction.id),
            "application_id": str(world.bot.id),
            "type": int(asked),
            "token": interaction.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel.json(),
            "app_permissions": str(int(world.bot_permissions(channel))),
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": str(channel.guild_id)},
            **_asker(world, channel, person, permissions),
            "attachment_size_limit": 10_485_760,
            "data": data,
        }
        return interaction, event if source is None else event | {"message": source.data}

    def open_for_answer(self, interaction_id: int, token: str) -> Interaction:
        """Return an interaction that may be answered for the first time.

        Raises:
            Refusal: it is unknown or over 3 s old (10062), or was answered (40060).
        """
        interaction = self._by_token.get(token)
        late = interaction is not None and self._world.clock() - interaction.made_at > self.answer_within_s
        if interaction is None or interaction.id != interaction_id or late:
            raise Refusal(404, 10062, "Unknown interaction")
        if interaction.answered is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        return interaction

    def open_for_talk(self, token: str) -> Interaction:
        """Return an answered interaction that may be followed up.

        Raises:
            Refusal: it is unknown or over 15 minutes old (50027), or was not answered yet (10015).
        """
        interaction = self._by_token.get(token)
        if interaction is None or self._world.clock() - interaction.made_at > self.talk_within_s:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if interaction.answered is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def answer(self, interaction: Interaction, body: Json, files: Sequence[Upload]) -> Json:
        """Take the first answer; return what the callback answers when it is asked to.

        Raises:
            Refusal: this kind of answer does not go with this kind of interaction.
        """
        answered = Answered(body["type"])
        if answered not in _FITTING[interaction.asked]:
            raise Refusal(400, 50035, "Invalid Form Body", errors={"type": {"_errors": [_NOT_FITTING]}})
        interaction.data = body.get("data") or {}
        interaction.took_s = self._world.clock() - interaction.made_at
        if answered is Answered.MESSAGE:
            interaction.original = self._say(interaction, interaction.data, files)
        if answered is Answered.UPDATE:
            self._update(interaction, interaction.data, files)
        interaction.answered = answered
        return self._callback(interaction)

    def follow_up(self, interaction: Interaction, body: Json, files: Sequence[Upload]) -> Message:
        """Say something more; after THINKING the first follow-up takes the place, and the visibility, of the answer."""
        if interaction.answered is Answered.THINKING and interaction.original is None:
            return self.edit_original(interaction, body, files)
        message = self._say(interaction, body, files)
        interaction.followups.append(message)
        return message

    def edit_original(self, interaction: Interaction, body: Json, files: Sequence[Upload]) -> Message:
        """Change the answer; after THINKING this makes it, after LATER it changes the message that was pressed."""
        if _is_on_source(interaction):
            return self._update(interaction, body, files)
        if interaction.original is None:
            if interaction.answered is not Answered.THINKING:
                raise Refusal(404, 10008, "Unknown Message")
            kept = (interaction.data.get("flags") or 0) & EPHEMERAL
            named = {key: value for key, value in body.items() if key != "flags"}
            interaction.original = self._say(interaction, named, files, flags=kept)
            return interaction.original
        edit_message(self._world, interaction.channel, interaction.original, body, files=files)
        return interaction.original

    def find(self, interaction: Interaction, which: str) -> Message:
        """Return the answer (`@original`) or a follow-up by its id.

        Raises:
            Refusal: there is none.
        """
        if which == "@original" and _is_on_source(interaction) and interaction.source is not None:
            return interaction.source
        if which == "@original" and interaction.original is not None:
            return interaction.original
        for message in (*interaction.followups, *filter(None, [interaction.original])):
            if str(message.id) == which:
                return message
        raise Refusal(404, 10008, "Unknown Message")

    def remove(self, interaction: Interaction, message: Message) -> None:
        """Take a message of the bot back."""
        self._world.messages[interaction.channel.id].pop(message.id, None)
        if message is interaction.source:
            interaction.removed = True
        elif message is interaction.original:
            interaction.original = None
        else:
            interaction.followups.remove(message)

    def _say(self, interaction: Interaction, body: Json, files: Sequence[Upload], *, flags: int = 0) -> Message:
        message = new_message(self._world, interaction.channel, body, files=files, flags=flags)
        message.data |= {"application_id": str(self._world.bot.id), "webhook_id": str(self._world.bot.id)}
        if not message.ephemeral:
            self._world.keep(message)
        return message

    def _update(self, interaction: Interaction, body: Json, files: Sequence[Upload]) -> Message:
        if interaction.source is None:
            raise Refusal(404, 10008, "Unknown Message")
        edit_message(self._world, interaction.channel, interaction.source, body, files=files)
        interaction.original = interaction.source
        return interaction.source

    def _callback(self, interaction: Interaction) -> Json:
        thinking = interaction.answered is Answered.THINKING
        about: Json = {"id": str(interaction.id), "type": int(interaction.asked)}
        if thinking:
            ephemeral = bool((interaction.data.get("flags") or 0) & EPHEMERAL)
            about |= {"response_message_loading": True, "response_message_ephemeral": ephemeral}
        if interaction.original is None:
            return {"interaction": about}
        about |= {
            "response_message_id": str(interaction.original.id),
            "response_message_loading": bool(interaction.original.data["flags"] & LOADING),
            "response_message_ephemeral": interaction.original.ephemeral,
        }
        kind = int(interaction.answered or 0)
        return {"interaction": about, "resource": {"type": kind, "message": interaction.original.data}}


def _asker(world: World, channel: Channel, person: Person, permissions: Permission) -> Json:
    """Return who asks, and from where: a member in a server, or a person in direct messages."""
    if channel.recipient is not None:
        return {"user": person.json(), "context": 1}
    guild = {"id": str(channel.guild_id), "locale": "en-US", "features": []}
    member = world.member_json(person, permissions=permissions)
    return {"guild_id": guild["id"], "guild": guild, "guild_locale": "en-US", "member": member, "context": 0}


def _is_on_source(interaction: Interaction) -> bool:
    """Say whether the answer is the message whose button was pressed."""
    return interaction.answered in {Answered.UPDATE, Answered.LATER} and interaction.source is not None


_TALK = {Answered.MESSAGE, Answered.THINKING}
_FITTING: Mapping[Asked, set[Answered]] = {
    Asked.COMMAND: _TALK | {Answered.MODAL},
    Asked.COMPONENT: _TALK | {Answered.LATER, Answered.UPDATE, Answered.MODAL},
    Asked.AUTOCOMPLETE: {Answered.CHOICES},
    Asked.MODAL: _TALK | {Answered.LATER, Answered.UPDATE},
}
_NOT_FITTING: Mapping[str, Any] = {"code": "INTERACTION_RESPONSE_TYPE_INVALID", "message": "Not for this interaction"}
