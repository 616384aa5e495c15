"""The shapes of the service and how each is written on the wire: permissions, people, roles, channels, servers, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any

Json = dict[str, Any]
"""An object as it travels on the wire."""

EPHEMERAL = 1 << 6
LOADING = 1 << 7


class Permission(IntFlag):
    """The permissions a news bot meets."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31


NOTHING = Permission(0)
ALL = Permission(sum(Permission))
MEMBER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)
"""What everybody may do in a new channel, the bot among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of the service; the bot is one too."""

    id: int
    name: str
    bot: bool = False

    def json(self) -> Json:
        """Return the user object."""
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a server."""

    id: int
    name: str
    permissions: Permission = NOTHING
    managed: bool = False

    def json(self) -> Json:
        """Return the role object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(int(self.permissions)),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": True,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(slots=True, kw_only=True)
class Channel:
    """A text channel; an overwrite is kept under the id of the role or person it is for, as (allowed, denied).

    With a recipient it is no channel of a server, but the bot's direct messages to a person.
    """

    id: int
    guild_id: int
    name: str
    recipient: Person | None = None
    overwrites: dict[int, tuple[Permission, Permission]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    """Which overwrites are for people: on the wire they are told apart from those for roles."""
    last_message_id: int | None = None

    def json(self) -> Json:
        """Return the channel object."""
        last = None if self.last_message_id is None else str(self.last_message_id)
        if self.recipient is not None:
            return {"id": str(self.id), "type": 1, "flags": 0, "last_message_id": last, "recipients": [self.recipient.json()]}
        return {
            "id": str(self.id),
            "type": 0,
            "guild_id": str(self.guild_id),
            "name": self.name,
            "position": 0,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "flags": 0,
            "rate_limit_per_user": 0,
            "last_message_id": last,
            "permission_overwrites": [
                {"id": str(key), "type": int(key in self.people), "allow": str(int(allow)), "deny": str(int(deny))}
                for key, (allow, deny) in self.overwrites.items()
            ],
        }


@dataclass(slots=True, kw_only=True)
class Guild:
    """A server; the role with its own id is @everyone."""

    id: int
    name: str
    owner: Person
    roles: dict[int, Role]
    bot_roles: tuple[int, ...]
    channels: dict[int, Channel] = field(default_factory=dict)
    system_channel_id: int | None = None
    """Where Discord itself writes, such as who has joined."""


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands now; `data` is the object on the wire."""

    data: Json
    edits: int = 0

    @property
    def id(self) -> int:
        """The id."""
        return int(self.data["id"])

    @property
    def channel_id(self) -> int:
        """The channel it stands in."""
        return int(self.data["channel_id"])

    @property
    def content(self) -> str:
        """The text outside of embeds."""
        return str(self.data["content"])

    @property
    def embeds(self) -> list[Json]:
        """The embeds."""
        return list(self.data["embeds"])

    @property
    def nonce(self) -> str | None:
        """The nonce it was posted with."""
        found = self.data.get("nonce")
        return None if found is None else str(found)

    @property
    def ephemeral(self) -> bool:
        """Whether only the asker sees it."""
        return bool(self.data["flags"] & EPHEMERAL)

    @property
    def mentions(self) -> list[int]:
        """The roles that were notified; a role named in text alone is not."""
        return [int(one) for one in self.data["mention_roles"]]

    def controls(self) -> list[Json]:
        """Return buttons and menus, row by row."""
        return [control for row in self.data["components"] for control in row.get("components", [])]

    def text(self) -> str:
        """Return everything a reader sees, line by line: content, embeds, labels."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", "")]
            lines += [line for part in embed.get("fields", []) for line in (part["name"], part["value"])]
            lines.append(embed.get("footer", {}).get("text", ""))
        lines += [control.get("label", "") for control in self.controls()]
        return "\n".join(line for line in lines if line)


def now_text() -> str:
    """Return the present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()
