"""A request body becomes a message object: what Discord adds to embeds, components, files and mentions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .state import Channel, Guild, Json, Message, now_text
from .world import World

_KEPT_ON_EDIT = ("content", "embeds", "components", "attachments", "mention_roles", "mention_everyone", "flags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a request."""

    filename: str
    size: int


def new_message(world: World, channel: Channel, body: Json, *, files: Sequence[Upload] = (), flags: int = 0) -> Message:
    """Make a message by the bot; it is not kept yet."""
    data: Json = {
        "id": str(world.new_id()),
        "type": 0,
        "channel_id": str(channel.id),
        "author": world.bot.json(),
        "timestamp": now_text(),
        "edited_timestamp": None,
        "tts": bool(body.get("tts")),
        "pinned": False,
        "mentions": [],
        **_shown(world, channel, body, files=files, flags=flags | (body.get("flags") or 0)),
    }
    if body.get("nonce") is not None:
        data["nonce"] = body["nonce"]
    return Message(data=data)


def edit_message(world: World, channel: Channel, message: Message, body: Json, *, files: Sequence[Upload] = ()) -> None:
    """Change what the body names; what it does not name stays, and an edit notifies nobody."""
    before = {key: message.data[key] for key in _KEPT_ON_EDIT}
    named = {key: value for key, value in body.items() if key != "flags"}
    if named.get("attachments"):
        known = {one["id"]: one for one in before["attachments"]}
        named["attachments"] = [known.get(str(one["id"]), one) for one in named["attachments"]]
    shown = _shown(world, channel, before | named, files=files, flags=message.data["flags"])
    notified = {key: before[key] for key in ("mention_roles", "mention_everyone")}
    message.data |= shown | notified | {"edited_timestamp": now_text()}
    message.edits += 1


def _shown(world: World, channel: Channel, body: Json, *, files: Sequence[Upload], flags: int) -> Json:
    everyone, roles = _mentions(world.guilds.get(channel.guild_id), body)
    numbers = itertools.count(1)
    return {
        "content": body.get("content") or "",
        "embeds": [_embed(embed) for embed in body.get("embeds") or []],
        "components": [_component(one, numbers) for one in body.get("components") or []],
        "attachments": [_attachment(world, one, files) for one in body.get("attachments") or []],
        "mention_everyone": everyone,
        "mention_roles": roles,
        "flags": flags,
    }


def _embed(embed: Json) -> Json:
    shown = {key: value for key, value in embed.items() if value is not None}
    if "fields" in shown:
        shown["fields"] = [{"inline": False, **part} for part in shown["fields"]]
    return shown | {"type": "rich"}


def _component(component: Json, numbers: itertools.count[int]) -> Json:
    shown = {"id": next(numbers), **{key: value for key, value in component.items() if value is not None}}
    if "components" in shown:
        shown["components"] = [_component(one, numbers) for one in shown["components"]]
    return shown


def _attachment(world: World, named: Json, files: Sequence[Upload]) -> Json:
    if "url" in named:
        return named
    index = int(named["id"])
    url = f"http://127.0.0.1/attachments/{index}/{files[index].filename}"
    return {
        "id": str(world.new_id()),
        "filename": files[index].filename,
        "size": files[index].size,
        "url": url,
        "proxy_url": url,
    }


def _mentions(guild: Guild | None, body: Json) -> tuple[bool, list[str]]:
    """Return whether everyone is notified, and which roles: those written in the content and allowed by the body."""
    if guild is None:
        return False, []
    content = body.get("content") or ""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        allowed = {"parse": ["everyone", "roles"]}
    parse = allowed.get("parse") or []
    written = [role for role in re.findall(r"<@&(\d+)>", content) if int(role) in guild.roles]
    permitted = set(written) if "roles" in parse else {str(role) for role in allowed.get("roles") or []}
    everyone = "everyone" in parse and re.search(r"@(everyone|here)\b", content) is not None
    return everyone, [role for role in dict.fromkeys(written) if role in permitted]
