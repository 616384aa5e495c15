"""What each route does to the world, and what it answers; permissions are judged here, bodies before."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import rules
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from .interactions import Answered, Interactions, Refusal
from .messages import Upload, edit_message, new_message
from .state import Channel, Json, Message, Permission
from .world import World

USER = "/users/@me"
DIRECT = "/users/@me/channels"
GUILD = "/guilds/{guild_id}"
APPLICATION = "/oauth2/applications/@me"
GATEWAY = "/gateway/bot"
CHANNEL = "/channels/{channel_id}"
TYPING = "/channels/{channel_id}/typing"
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOW_UP_MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"

_SEE = Permission.VIEW_CHANNEL
_READ = _SEE | Permission.READ_MESSAGE_HISTORY
_SEND = _SEE | Permission.SEND_MESSAGES


@dataclass(slots=True, kw_only=True)
class Call:
    """One request as it came; `status` is that of its answer, 0 while there is none and when the connection was broken."""

    method: str
    path: str
    template: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    files: Sequence[Upload] = ()
    at: float = field(default_factory=time.monotonic)
    status: int = 0

    @property
    def needs_token(self) -> bool:
        """Whether the route asks for the bot's token; those of an interaction carry their own."""
        return "token}" not in self.template


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body; None is no body."""

    status: int
    body: Any = None


class Routes:
    """The routes a news bot uses."""

    def __init__(self, world: World, gateway: Gateway, interactions: Interactions) -> None:
        self._world = world
        self._gateway = gateway
        self._interactions = interactions
        self.table: Mapping[tuple[str, str], Callable[[Call], Awaitable[Answer]]] = {
            ("GET", USER): self._user,
            ("POST", DIRECT): self._open_direct,
            ("GET", GUILD): self._get_guild,
            ("GET", APPLICATION): self._application,
            ("GET", GATEWAY): self._gateway_address,
            ("GET", COMMANDS): self._get_commands,
            ("PUT", COMMANDS): self._put_commands,
            ("GET", GUILD_COMMANDS): self._get_commands,
            ("PUT", GUILD_COMMANDS): self._put_commands,
            ("GET", CHANNEL): self._get_channel,
            ("POST", TYPING): self._type,
            ("GET", MESSAGES): self._get_messages,
            ("POST", MESSAGES): self._post_message,
            ("GET", MESSAGE): self._get_message,
            ("PATCH", MESSAGE): self._patch_message,
            ("DELETE", MESSAGE): self._delete_message,
            ("POST", CALLBACK): self._answer,
            ("POST", FOLLOW_UP): self._follow_up,
            ("GET", ORIGINAL): self._get_answer,
            ("PATCH", ORIGINAL): self._patch_answer,
            ("DELETE", ORIGINAL): self._delete_answer,
            ("GET", FOLLOW_UP_MESSAGE): self._get_answer,
            ("PATCH", FOLLOW_UP_MESSAGE): self._patch_answer,
            ("DELETE", FOLLOW_UP_MESSAGE): self._delete_answer,
        }

    async def _user(self, _call: Call) -> Answer:
        return Answer(200, self._world.bot.json() | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None})

    async def _open_direct(self, call: Call) -> Answer:
        people = {person.id: person for guild in self._world.guilds.values() for person in (guild.owner,)}
        person = people.get(int(call.body["recipient_id"]))
        if person is None:
            raise Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
        return Answer(200, self._world.open_direct(person).json())

    async def _get_guild(self, call: Call) -> Answer:
        guild = self._world.guilds.get(int(call.parts["guild_id"]))
        if guild is None:
            raise Refusal(404, 10004, "Unknown Guild")
        return Answer(200, self._world.fetched_guild_json(guild))

    async def _application(self, _call: Call) -> Answer:
        body: Json = dict.fromkeys(("icon", "type", "team", "interactions_endpoint_url", "role_connections_verification_url"))
        counts = ("guild", "user_install", "user_authorization")
        body |= {
            "id": str(self._world.bot.id),
            "name": self._world.bot.name,
            "description": "",
            "bot": self._world.bot.json(),
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "owner": self._world.owner.json(),
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
            **{f"approximate_{one}_count": len(self._world.guilds) for one in counts},
        }
        return Answer(200, body)

    async def _gateway_address(self, _call: Call) -> Answer:
        limit = {"total": 1_000, "remaining": 1_000 - self._gateway.identifies, "reset_after": 86_400_000, "max_concurrency": 1}
        return Answer(200, {"url": self._gateway.url, "shards": 1, "session_start_limit": limit})

    async def _get_commands(self, call: Call) -> Answer:
        return Answer(200, self._world.commands.get(self._command_guild(call), []))

    async def _put_commands(self, call: Call) -> Answer:
        guild_id = self._command_guild(call)
        ids = {one["name"]: one["id"] for one in self._world.commands.get(guild_id, [])}
        self._world.commands[guild_id] = [self._command(one, guild_id, ids.get(one["name"])) for one in call.body]
        return Answer(200, self._world.commands[guild_id])

    async def _get_channel(self, call: Call) -> Answer:
        return Answer(200, self._channel(call, _SEE).json())

    async def _type(self, call: Call) -> Answer:
        self._channel(call, _SEND)
        return Answer(204)

    async def _get_messages(self, call: Call) -> Answer:
        channel = self._channel(call, _SEE)
        if Permission.READ_MESSAGE_HISTORY not in self._world.bot_permissions(channel):
            return Answer(200, [])
        limit = int(call.query.get("limit", 50))
        messages = sorted(self._world.messages[channel.id].values(), key=lambda one: one.id)
        if before := call.query.get("before"):
            messages = [one for one in messages if one.id < int(before)]
        if after := call.query.get("after"):
            messages = [one for one in messages if one.id > int(after)][:limit]
        return Answer(200, [one.data for one in reversed(messages[-limit:])])

    async def _post_message(self, call: Call) -> Answer:
        channel = self._channel(call, _SEND | _files_and_embeds(call))
        if channel.recipient is not None and channel.recipient.id in self._world.refusing:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if rules.is_empty(call.body, files=len(call.files)):
            raise Refusal(400, 50006, "Cannot send an empty message")
        nonce = call.body.get("nonce") if call.body.get("enforce_nonce") else None
        if nonce is not None and (first := self._world.recall_nonce(self._world.bot.id, str(nonce))):
            return Answer(200, first.data)
        message = new_message(self._world, channel, call.body, files=call.files)
        self._world.keep(message)
        if nonce is not None:
            self._world.remember_nonce(self._world.bot.id, str(nonce), message)
        await self._tell("MESSAGE_CREATE", channel, message)
        return Answer(200, message.data)

    async def _get_message(self, call: Call) -> Answer:
        return Answer(200, self._message(call, self._channel(call, _READ)).data)

    async def _patch_message(self, call: Call) -> Answer:
        channel = self._channel(call, _SEE | _files_and_embeds(call))
        message = self._message(call, channel)
        edit_message(self._world, channel, message, call.body, files=call.files)
        await self._tell("MESSAGE_UPDATE", channel, message)
        return Answer(200, message.data)

    async def _delete_message(self, call: Call) -> Answer:
        channel = self._channel(call, _SEE)
        del self._world.messages[channel.id][self._message(call, channel).id]
        gone = {"id": call.parts["message_id"], "channel_id": str(channel.id), **_guild_of(channel)}
        await self._gateway.dispatch("MESSAGE_DELETE", gone, intent=_intent_of(channel))
        return Answer(204)

    async def _answer(self, call: Call) -> Answer:
        token = call.parts["interaction_token"]
        interaction = self._interactions.open_for_answer(int(call.parts["interaction_id"]), token)
        data = call.body.get("data") or {}
        if call.body["type"] == Answered.MESSAGE and rules.is_empty(data, files=len(call.files)):
            raise Refusal(400, 50006, "Cannot send an empty message")
        callback = self._interactions.answer(interaction, call.body, call.files)
        return Answer(200, callback) if call.query.get("with_response") in {"1", "true"} else Answer(204)

    async def _follow_up(self, call: Call) -> Answer:
        interaction = self._interactions.open_for_talk(call.parts["webhook_token"])
        if rules.is_empty(call.body, files=len(call.files)):
            raise Refusal(400, 50006, "Cannot send an empty message")
        return Answer(200, self._interactions.follow_up(interaction, call.body, call.files).data)

    async def _get_answer(self, call: Call) -> Answer:
        interaction = self._interactions.open_for_talk(call.parts["webhook_token"])
        return Answer(200, self._interactions.find(interaction, _which(call)).data)

    async def _patch_answer(self, call: Call) -> Answer:
        interaction = self._interactions.open_for_talk(call.parts["webhook_token"])
        which = _which(call)
        if which == "@original":
            return Answer(200, self._interactions.edit_original(interaction, call.body, call.files).data)
        message = self._interactions.find(interaction, which)
        edit_message(self._world, interaction.channel, message, call.body, files=call.files)
        return Answer(200, message.data)

    async def _delete_answer(self, call: Call) -> Answer:
        interaction = self._interactions.open_for_talk(call.parts["webhook_token"])
        self._interactions.remove(interaction, self._interactions.find(interaction, _which(call)))
        return Answer(204)

    def _channel(self, call: Call, needed: Permission) -> Channel:
        channel = self._world.channels.get(int(call.parts["channel_id"]))
        if channel is None:
            raise Refusal(404, 10003, "Unknown Channel")
        granted = self._world.bot_permissions(channel)
        if Permission.VIEW_CHANNEL not in granted:
            raise Refusal(403, 50001, "Missing Access")
        if needed & ~granted:
            raise Refusal(403, 50013, "Missing Permissions")
        return channel

    def _message(self, call: Call, channel: Channel) -> Message:
        message = self._world.messages[channel.id].get(int(call.parts["message_id"]))
        if message is None:
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def _command_guild(self, call: Call) -> int | None:
        if "guild_id" not in call.parts:
            return None
        guild_id = int(call.parts["guild_id"])
        if guild_id not in self._world.guilds:
            raise Refusal(403, 50001, "Missing Access")
        return guild_id

    def _command(self, asked: Json, guild_id: int | None, known_id: str | None) -> Json:
        world = self._world
        named = {key: value for key, value in asked.items() if value is not None}
        command: Json = {"type": 1, "description": "", "nsfw": False, "default_member_permissions": None, **named}
        if command["default_member_permissions"] is not None:
            command["default_member_permissions"] = str(command["default_member_permissions"])
        command |= {"id": known_id or str(world.new_id()), "application_id": str(world.bot.id), "version": str(world.new_id())}
        return command if guild_id is None else command | {"guild_id": str(guild_id)}

    async def _tell(self, event: str, channel: Channel, message: Message) -> None:
        await self._gateway.dispatch(event, message.data | _guild_of(channel), intent=_intent_of(channel))


def _guild_of(channel: Channel) -> Json:
    return {} if channel.recipient is not None else {"guild_id": str(channel.guild_id)}


def _intent_of(channel: Channel) -> int:
    return GUILD_MESSAGES if channel.recipient is None else DIRECT_MESSAGES


def _files_and_embeds(call: Call) -> Permission:
    """Return what a message needs beyond sending; that a bot without EMBED_LINKS is refused was not tried on the real service."""
    needed = Permission.ATTACH_FILES if call.files else Permission(0)
    return needed | (Permission.EMBED_LINKS if call.body.get("embeds") else Permission(0))


def _which(call: Call) -> str:
    return call.parts.get("message_id", "@original")
