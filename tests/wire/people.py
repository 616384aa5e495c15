"""What a person's client sends for a command, a button, a menu or a form; it offers only what the bot has put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .state import Channel, Json, Message, Permission, Role
from .world import World

SUBCOMMAND, GROUP = 1, 2
CHANNEL, ROLE, ATTACHMENT = 7, 8, 11
STRING_MENU = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that a person attaches to a command; it can be fetched at its address."""

    id: int
    filename: str
    url: str
    size: int

    def json(self) -> Json:
        """Return the object of an attachment."""
        return {"id": str(self.id), "filename": self.filename, "size": self.size, "url": self.url, "proxy_url": self.url}


Value = str | int | float | bool | Channel | Role | Attached


def command_data(
    world: World,
    channel: Channel,
    name: str,
    options: Mapping[str, Value],
    *,
    permissions: Permission,
    focused: str | None = None,
) -> Json:
    """Return the data of a command such as `watch list`; with a focused option, that of its autocomplete.

    Raises:
        LookupError: the bot has registered no such command or option, or hides it from this person.
    """
    first, *rest = name.split()
    command = _named(_commands(world, channel), first, "command")
    needed = Permission(int(command["default_member_permissions"] or 0))
    if needed & ~permissions and Permission.ADMINISTRATOR not in permissions:
        raise LookupError(f"/{first} is not shown to somebody without {needed!r}")
    path = [command]
    for word in rest:
        path.append(_named(path[-1].get("options", []), word, f"part of /{first}"))
    if any(option["type"] in {SUBCOMMAND, GROUP} for option in path[-1].get("options", [])):
        raise LookupError(f"/{name} needs one more word")
    given = _given(path[-1].get("options", []), options, focused=focused)
    for step in reversed(path[1:]):
        given = [{"name": step["name"], "type": step["type"], "options": given}]
    data: Json = {"id": command["id"], "name": first, "type": 1, "options": given}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | {"resolved": _resolved(world, channel, path[-1].get("options", []), options)}


def component_data(message: Message, custom_id: str, values: Sequence[str] = ()) -> Json:
    """Return the data of a pressed button or a choice from a menu.

    Raises:
        LookupError: the message has no such control, it is disabled, or the menu has no such value.
    """
    controls = {control.get("custom_id"): control for control in message.controls()}
    if custom_id not in controls:
        raise LookupError(f"there is no {custom_id!r} on the message, only {sorted(filter(None, controls))}")
    control = controls[custom_id]
    if control.get("disabled"):
        raise LookupError(f"{custom_id!r} is disabled")
    data: Json = {"custom_id": custom_id, "component_type": control["type"]}
    if control["type"] != STRING_MENU:
        return data
    offered = {option["value"] for option in control["options"]}
    if missing := set(values) - offered:
        raise LookupError(f"the menu {custom_id!r} does not offer {sorted(missing)}")
    return data | {"values": list(values)}


def modal_data(modal: Json, texts: Mapping[str, str]) -> Json:
    """Return the data of a form with its text fields filled in, by custom id.

    Raises:
        LookupError: the form has no such field.
    """
    rows: list[Json] = []
    fields: dict[str, Json] = {}
    for row in modal["components"]:
        field = row["component"] if "component" in row else row["components"][0]
        answer = {"type": field["type"], "custom_id": field["custom_id"], "value": texts.get(field["custom_id"], "")}
        fields[field["custom_id"]] = field
        labelled = {"type": row["type"], "component": answer}
        rows.append(labelled if "component" in row else {"type": row["type"], "components": [answer]})
    if missing := set(texts) - set(fields):
        raise LookupError(f"the form has no {sorted(missing)}, only {sorted(fields)}")
    return {"custom_id": modal["custom_id"], "components": rows}


def _commands(world: World, channel: Channel) -> list[Json]:
    return [*world.commands.get(channel.guild_id, []), *world.commands.get(None, [])]


def _named(items: Iterable[Json], name: str, what: str) -> Json:
    known = {item["name"]: item for item in items}
    if name not in known:
        raise LookupError(f"there is no {what} {name!r}, only {sorted(known)}")
    return known[name]


def _given(known: Sequence[Json], options: Mapping[str, Value], *, focused: str | None) -> list[Json]:
    given: list[Json] = []
    for name, value in options.items():
        option = _named(known, name, "option")
        choices = [choice["value"] for choice in option.get("choices") or []]
        if choices and value not in choices:
            raise LookupError(f"{value!r} is none of the choices of {name!r}: {choices}")
        item: Json = {"name": name, "type": option["type"], "value": _plain(option, value)}
        given.append(item | {"focused": True} if name == focused else item)
    missing = [option["name"] for option in known if option.get("required") and option["name"] not in options]
    if missing and focused is None:
        raise LookupError(f"the required {missing} are not given")
    return given


def _resolved(world: World, channel: Channel, known: Sequence[Json], options: Mapping[str, Value]) -> Json:
    """Return the objects behind the ids among the options."""
    guild = world.guilds[channel.guild_id]
    resolved: Json = {}
    for option in known:
        if option["name"] not in options:
            continue
        value = _plain(option, options[option["name"]])
        if option["type"] == CHANNEL:
            full = guild.channels[int(value)]
            shown = full.json() | {"permissions": str(int(world.bot_permissions(full)))}
            resolved.setdefault("channels", {})[value] = shown
        given = options[option["name"]]
        if isinstance(given, Attached):
            resolved.setdefault("attachments", {})[value] = given.json()
        if option["type"] == ROLE:
            resolved.setdefault("roles", {})[value] = guild.roles[int(value)].json()
    return resolved


def _plain(option: Json, value: Value) -> str | int | float | bool:
    """Return a value as it travels: channels, roles and files by their id, in digits."""
    if isinstance(value, Channel | Role | Attached):
        return str(value.id)
    return str(value) if option["type"] in {CHANNEL, ROLE, ATTACHMENT} else value
