"""The limits of Discord that its OpenAPI description does not express, or that must hold where the description is not at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .state import Json

Path = tuple[str | int, ...]

COMPONENTS_V2 = 1 << 15
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


class Breach(NamedTuple):
    """A limit that a body breaks: where, and what Discord says of it."""

    path: Path
    message: str
    code: str = "BASE_TYPE_BAD_LENGTH"


@dataclass(frozen=True, slots=True)
class Length:
    """A limit on the number of characters or parts."""

    least: int
    most: int


EMBED_LENGTHS = {
    ("title",): Length(0, 256),
    ("description",): Length(0, 4_096),
    ("footer", "text"): Length(0, 2_048),
    ("author", "name"): Length(0, 256),
}


def nested(breaches: Sequence[Breach]) -> Json:
    """Return the `errors` object of Discord: nested by path, a list of reasons at each leaf."""
    errors: Json = {}
    for breach in breaches:
        here = errors
        for step in breach.path:
            here = here.setdefault(str(step), {})
        here.setdefault("_errors", []).append({"code": breach.code, "message": breach.message})
    return errors


def is_empty(body: Json, *, files: int) -> bool:
    """Say whether a new message would show nothing."""
    shown = ("content", "embeds", "components", "sticker_ids", "poll")
    return not files and not any(_text_or_parts(body.get(key)) for key in shown)


def message_breaches(body: Json) -> Iterator[Breach]:
    """Yield what is wrong with a message, new or edited."""
    yield from _length(body, "content", Length(0, 2_000), ())
    yield from _length(body, "nonce", Length(0, 25), ())
    yield from _mention_breaches(body.get("allowed_mentions") or {})
    embeds = body.get("embeds") or []
    yield from _count(embeds, Length(0, 10), ("embeds",))
    for number, embed in enumerate(embeds):
        yield from _embed_breaches(embed, ("embeds", number))
    if sum(map(embed_size, embeds)) > 6_000:
        yield Breach(("embeds",), "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")
    yield from _component_breaches(body)


def embed_size(embed: Json) -> int:
    """Return how many characters of the 6,000 an embed takes."""
    texts = [(_at(embed, path) or "") for path in EMBED_LENGTHS]
    texts += [part.get(key) or "" for part in embed.get("fields") or [] for key in ("name", "value")]
    return sum(map(len, texts))


def command_breaches(commands: Sequence[Json]) -> Iterator[Breach]:
    """Yield what is wrong with a list of commands."""
    if sum(command.get("type", 1) == 1 for command in commands) > 100:
        yield Breach((), "Maximum number of application commands reached (100).", "APPLICATION_COMMANDS_LIMIT")
    yield from _repeats([(index, "name") for index in range(len(commands))], [one.get("name") for one in commands])
    for index, command in enumerate(commands):
        if command.get("type", 1) != 1:
            continue
        yield from _name_and_description(command, (index,))
        yield from _option_breaches(command.get("options") or [], (index, "options"))
        if _command_size(command) > 8_000:
            yield Breach((index,), "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")


def callback_breaches(body: Json) -> Iterator[Breach]:
    """Yield what is wrong with the first answer to an interaction."""
    data = body.get("data") or {}
    match body.get("type"):
        case 4 | 7:
            yield from _under("data", message_breaches(data))
        case 8:
            yield from _choice_breaches(data.get("choices") or [], ("data", "choices"))
        case 9:
            yield from _length(data, "title", Length(1, 45), ("data",))
            yield from _length(data, "custom_id", Length(1, 100), ("data",))
            yield from _count(data.get("components") or [], Length(1, 5), ("data", "components"))


def _embed_breaches(embed: Json, path: Path) -> Iterator[Breach]:
    for steps, length in EMBED_LENGTHS.items():
        holder = _at(embed, steps[:-1]) or {}
        yield from _length(holder, steps[-1], length, (*path, *steps[:-1]))
    fields = embed.get("fields") or []
    yield from _count(fields, Length(0, 25), (*path, "fields"))
    for number, part in enumerate(fields):
        yield from _length(part, "name", Length(1, 256), (*path, "fields", number), required=True)
        yield from _length(part, "value", Length(1, 1_024), (*path, "fields", number), required=True)
    if not 0 <= (embed.get("color") or 0) <= 0xFFFFFF:
        yield Breach((*path, "color"), "int value should be less than or equal to 16777215.", "NUMBER_TYPE_MAX")
    for steps in (("url",), ("image", "url"), ("thumbnail", "url"), ("author", "icon_url"), ("footer", "icon_url")):
        url = _at(embed, steps)
        schemes = ("http://", "https://") if steps == ("url",) else ("http://", "https://", "attachment://")
        if url is not None and not url.startswith(schemes):
            yield Breach((*path, *steps), "Not a well formed URL.", "URL_TYPE_INVALID_URL")


def _component_breaches(body: Json) -> Iterator[Breach]:
    rows = body.get("components") or []
    if not (body.get("flags") or 0) & COMPONENTS_V2:
        yield from _count(rows, Length(0, 5), ("components",))
    elif body.get("content") or body.get("embeds"):
        yield Breach((), "Neither content nor embeds go with these components", "MESSAGE_CANNOT_USE_LEGACY_FIELDS")
    controls = list(_controls(rows, ("components",)))
    for path, control in controls:
        match control.get("type"):
            case 1:
                yield from _count(control.get("components") or [], Length(1, 5), (*path, "components"))
            case 2:
                yield from _button_breaches(control, path)
            case 3:
                yield from _menu_breaches(control, path)
    named = [(path, control) for path, control in controls if control.get("custom_id") is not None]
    yield from _repeats([(*path, "custom_id") for path, _ in named], [control["custom_id"] for _, control in named])


def _button_breaches(button: Json, path: Path) -> Iterator[Breach]:
    yield from _length(button, "label", Length(0, 80), path)
    if not button.get("label") and not button.get("emoji"):
        yield Breach((*path, "label"), "A button has a label or an emoji", "BUTTON_COMPONENT_LABEL_REQUIRED")
    if button.get("style") == 5:
        yield from _length(button, "url", Length(1, 512), path, required=True)
    else:
        yield from _length(button, "custom_id", Length(1, 100), path, required=True)


def _menu_breaches(menu: Json, path: Path) -> Iterator[Breach]:
    yield from _length(menu, "custom_id", Length(1, 100), path, required=True)
    yield from _length(menu, "placeholder", Length(0, 150), path)
    options = menu.get("options") or []
    yield from _count(options, Length(1, 25), (*path, "options"))
    for number, option in enumerate(options):
        for key in ("label", "value"):
            yield from _length(option, key, Length(1, 100), (*path, "options", number), required=True)


def _option_breaches(options: Sequence[Json], path: Path) -> Iterator[Breach]:
    yield from _count(options, Length(0, 25), path)
    yield from _repeats([(*path, index, "name") for index in range(len(options))], [one.get("name") for one in options])
    optional = False
    for number, option in enumerate(options):
        here = (*path, number)
        yield from _name_and_description(option, here)
        yield from _choice_breaches(option.get("choices") or [], (*here, "choices"))
        if option.get("choices") and option.get("autocomplete"):
            yield Breach(
                here, "Choices and autocomplete exclude each other", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"
            )
        if option.get("type") in {1, 2}:
            yield from _option_breaches(option.get("options") or [], (*here, "options"))
            continue
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            yield Breach(here, message, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
        optional = optional or not option.get("required")


def _choice_breaches(choices: Sequence[Json], path: Path) -> Iterator[Breach]:
    yield from _count(choices, Length(0, 25), path)
    for number, choice in enumerate(choices):
        yield from _length(choice, "name", Length(1, 100), (*path, number), required=True)
        if isinstance(choice.get("value"), str):
            yield from _length(choice, "value", Length(0, 100), (*path, number))


def _name_and_description(item: Json, path: Path) -> Iterator[Breach]:
    name = item.get("name") or ""
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield Breach((*path, "name"), "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")
    yield from _length(item, "description", Length(1, 100), path, required=True)


def _mention_breaches(allowed: Json) -> Iterator[Breach]:
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Breach(("allowed_mentions",), message, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")


def _command_size(item: Json) -> int:
    size = len(item.get("name") or "") + len(item.get("description") or "")
    size += sum(len(choice["name"]) + len(str(choice["value"])) for choice in item.get("choices") or [])
    return size + sum(map(_command_size, item.get("options") or []))


def _controls(components: Sequence[Json], path: Path) -> Iterator[tuple[Path, Json]]:
    for number, component in enumerate(components):
        yield (*path, number), component
        yield from _controls(component.get("components") or [], (*path, number, "components"))


def _length(holder: Json, key: str, length: Length, path: Path, *, required: bool = False) -> Iterator[Breach]:
    value = holder.get(key)
    if value is None:
        if required:
            yield Breach((*path, key), "This field is required", "BASE_TYPE_REQUIRED")
        return
    size = len(str(value).strip()) if length.least else len(str(value))
    if not length.least <= size <= length.most:
        yield Breach((*path, key), f"Must be between {length.least} and {length.most} in length.")


def _count(parts: Sequence[Any], length: Length, path: Path) -> Iterator[Breach]:
    if not length.least <= len(parts) <= length.most:
        yield Breach(path, f"Must be between {length.least} and {length.most} in length.")


def _repeats(paths: Sequence[Path], names: Sequence[str | None]) -> Iterator[Breach]:
    repeated = {name for name, count in Counter(names).items() if count > 1}
    for path, name in zip(paths, names, strict=True):
        if name in repeated:
            yield Breach(path, f"“{name}” is there more than once", "NAME_OR_ID_DUPLICATED")


def _under(step: str, breaches: Iterator[Breach]) -> Iterator[Breach]:
    for breach in breaches:
        yield breach._replace(path=(step, *breach.path))


def _at(holder: Json, path: Sequence[str]) -> Any:
    here: Any = holder
    for step in path:
        here = (here or {}).get(step)
    return here


def _text_or_parts(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
