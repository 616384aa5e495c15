"""What the service remembers: its servers and channels, who may do what in them, their messages, and the nonces."""

from __future__ import annotations

import time
from collections.abc import Callable

from .state import ALL, MEMBER, NOTHING, Channel, Guild, Json, Message, Permission, Person, Role, now_text

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Makes ids that grow with time and never repeat."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        """Return the next id."""
        now_ms = time.time_ns() // 1_000_000
        self._last = max(self._last + 1, (now_ms - DISCORD_EPOCH_MS) << 22)
        return self._last


class World:
    """Everything the service remembers; it outlives any number of clients."""

    NONCE_WINDOW_S = 180.0
    """Discord says "the past few minutes"."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.new_id = Snowflakes()
        self.bot = Person(id=self.new_id(), name="Sitrep", bot=True)
        self.owner = Person(id=self.new_id(), name="Owner")
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.commands: dict[int | None, list[Json]] = {}
        self.direct: dict[int, Channel] = {}
        """The bot's direct messages, by the person they are with."""
        self.refusing: set[int] = set()
        """Who takes no direct messages."""
        self._nonces: dict[tuple[int, str], tuple[float, Message]] = {}

    def add_guild(self, name: str) -> Guild:
        """Open a server that the bot is a member of."""
        guild_id, bot_role = self.new_id(), self.new_id()
        roles = {
            guild_id: Role(id=guild_id, name="@everyone", permissions=MEMBER),
            bot_role: Role(id=bot_role, name=self.bot.name, managed=True),
        }
        guild = Guild(id=guild_id, name=name, owner=self.owner, roles=roles, bot_roles=(bot_role,))
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, *, deny: Permission = NOTHING) -> Channel:
        """Open a text channel in which everybody, the bot among them, lacks what is denied."""
        channel = Channel(id=self.new_id(), guild_id=guild.id, name=name)
        if deny:
            channel.overwrites[guild.id] = (NOTHING, deny)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel; what stood in it can still be looked at."""
        del self.channels[channel.id], self.guilds[channel.guild_id].channels[channel.id]

    def open_direct(self, person: Person) -> Channel:
        """Return the bot's direct messages with a person."""
        if person.id not in self.direct:
            channel = Channel(id=self.new_id(), guild_id=0, name=person.name, recipient=person)
            self.direct[person.id] = self.channels[channel.id] = channel
            self.messages[channel.id] = {}
        return self.direct[person.id]

    def add_role(self, guild: Guild, name: str) -> Role:
        """Make a role that anybody may mention."""
        role = Role(id=self.new_id(), name=name)
        guild.roles[role.id] = role
        return role

    def bot_permissions(self, channel: Channel) -> Permission:
        """Return what the bot may do in a channel: roles, then the overwrites in Discord's order."""
        if channel.recipient is not None:
            return MEMBER
        guild = self.guilds[channel.guild_id]
        allowed = guild.roles[guild.id].permissions
        for role_id in guild.bot_roles:
            allowed |= guild.roles[role_id].permissions
        if Permission.ADMINISTRATOR in allowed:
            return ALL
        neither = (NOTHING, NOTHING)
        everyone = channel.overwrites.get(guild.id, neither)
        of_roles = [channel.overwrites.get(role_id, neither) for role_id in guild.bot_roles]
        allow_roles, deny_roles = NOTHING, NOTHING
        for allow, deny in of_roles:
            allow_roles, deny_roles = allow_roles | allow, deny_roles | deny
        for allow, deny in (everyone, (allow_roles, deny_roles), channel.overwrites.get(self.bot.id, neither)):
            allowed = (allowed & ~deny) | allow
        return allowed

    def keep(self, message: Message) -> None:
        """Put a message into its channel."""
        self.messages[message.channel_id][message.id] = message
        self.channels[message.channel_id].last_message_id = message.id

    def recall_nonce(self, author: int, nonce: str) -> Message | None:
        """Return the message this author posted with this nonce, while the nonce is remembered."""
        at, message = self._nonces.get((author, nonce), (float("-inf"), None))
        return message if self.clock() - at < self.NONCE_WINDOW_S else None

    def remember_nonce(self, author: int, nonce: str, message: Message) -> None:
        """Answer the nonce with this message from now on."""
        self._nonces[author, nonce] = (self.clock(), message)

    def forget_nonces(self) -> None:
        """Forget every nonce, as Discord does after minutes."""
        self._nonces.clear()

    def guild_json(self, guild: Guild) -> Json:
        """Return the object of GUILD_CREATE."""
        return {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner.id),
            "unavailable": False,
            "large": False,
            "joined_at": now_text(),
            "member_count": 2,
            "roles": [role.json() for role in guild.roles.values()],
            "channels": [channel.json() for channel in guild.channels.values()],
            "members": [self.member_json(self.bot, roles=guild.bot_roles)],
            "system_channel_id": None if guild.system_channel_id is None else str(guild.system_channel_id),
            **_USUAL,
            **{name: [] for name in _EMPTY_LISTS},
        }

    def fetched_guild_json(self, guild: Guild) -> Json:
        """Return the object of a server that is asked for: without its channels and members."""
        whole = self.guild_json(guild)
        kept = ("id", "name", "owner_id", "system_channel_id", "roles", "emojis", "stickers", *_USUAL)
        return {key: whole[key] for key in kept} | dict.fromkeys(_UNSET_WHEN_FETCHED) | _WHEN_FETCHED

    def member_json(self, person: Person, *, roles: tuple[int, ...] = (), permissions: Permission | None = None) -> Json:
        """Return the member object; with permissions it is that of an interaction."""
        member: Json = {
            "user": person.json(),
            "nick": None,
            "avatar": None,
            "roles": [str(role) for role in roles],
            "joined_at": now_text(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return member if permissions is None else member | {"permissions": str(int(permissions))}


_USUAL: Json = {
    "preferred_locale": "en-US",
    "verification_level": 0,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "features": [],
    "premium_tier": 0,
    "nsfw_level": 0,
    "mfa_level": 0,
}
_UNSET_WHEN_FETCHED = (
    *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id"),
    *("widget_channel_id", "max_presences", "vanity_url_code", "rules_channel_id", "safety_alerts_channel_id"),
    *("public_updates_channel_id", "incidents_data"),
)
_WHEN_FETCHED: Json = {
    "region": "deprecated",
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "nsfw": False,
}

_EMPTY_LISTS = (
    "emojis",
    "stickers",
    "voice_states",
    "presences",
    "threads",
    "stage_instances",
    "guild_scheduled_events",
    "soundboard_sounds",
)
