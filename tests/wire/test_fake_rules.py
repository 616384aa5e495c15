"""Each limit of Discord holds at its edge: the body at the limit passes, the one beyond it names the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .openapi import at_hand
from .routes import CALLBACK, COMMANDS, MESSAGES
from .rules import Breach, callback_breaches, command_breaches, is_empty, message_breaches, nested
from .state import Json


def button(**parts: object) -> Json:
    """Make a button."""
    return {"type": 2, "style": 1, "label": "Why?", "custom_id": "why", **parts}


def rows(*controls: Json) -> Json:
    """Make a message with a row for each control."""
    return {"components": [{"type": 1, "components": [control]} for control in controls]}


def menu(options: int) -> Json:
    """Make a menu."""
    return {"type": 3, "custom_id": "pick", "options": [{"label": f"{n}", "value": f"{n}"} for n in range(options)]}


def embed(**parts: object) -> Json:
    """Make a message with one embed."""
    return {"embeds": [{"title": "t", **parts}]}


def command(**parts: object) -> list[Json]:
    """Make a list with one command."""
    return [{"type": 1, "name": "search", "description": "d", **parts}]


def option(name: str, **parts: object) -> Json:
    """Make a text option."""
    return {"type": 3, "name": name, "description": "d", **parts}


def choices(count: int, *, length: int = 3) -> list[Json]:
    """Make choices."""
    return [{"name": f"{number}".ljust(length, "x"), "value": f"{number}"} for number in range(count)]


FIELD = {"name": "n", "value": "v"}
FORM_ROW = {"type": 1, "components": [{"type": 4, "custom_id": "words", "style": 1, "label": "Words"}]}
FULL = {"description": "d" * 2_999}
MESSAGE_LIMITS = [
    pytest.param({"content": "c" * 2_000}, {"content": "c" * 2_001}, "content", id="content"),
    pytest.param({"nonce": "n" * 25}, {"nonce": "n" * 26}, "nonce", id="nonce"),
    pytest.param(embed(title="t" * 256), embed(title="t" * 257), "embeds.0.title", id="title"),
    pytest.param(embed(description="d" * 4_096), embed(description="d" * 4_097), "embeds.0.description", id="description"),
    pytest.param(embed(footer={"text": "f" * 2_048}), embed(footer={"text": "f" * 2_049}), "embeds.0.footer.text", id="footer"),
    pytest.param(embed(author={"name": "a" * 256}), embed(author={"name": "a" * 257}), "embeds.0.author.name", id="author"),
    pytest.param(embed(fields=[FIELD] * 25), embed(fields=[FIELD] * 26), "embeds.0.fields", id="fields"),
    pytest.param(embed(fields=[FIELD]), embed(fields=[FIELD | {"name": " "}]), "embeds.0.fields.0.name", id="empty name"),
    pytest.param(embed(fields=[FIELD]), embed(fields=[{"name": "n"}]), "embeds.0.fields.0.value", id="no value"),
    pytest.param(embed(color=0xFFFFFF), embed(color=0x1000000), "embeds.0.color", id="colour"),
    pytest.param(embed(image={"url": "attachment://a.png"}), embed(url="attachment://a.png"), "embeds.0.url", id="address"),
    pytest.param({"embeds": [{"title": "t"}] * 10}, {"embeds": [{"title": "t"}] * 11}, "embeds", id="embeds"),
    pytest.param({"embeds": [FULL, FULL]}, {"embeds": [FULL, FULL, {"title": "ttt"}]}, "embeds", id="6,000 together"),
    pytest.param(rows(button(label="l" * 80)), rows(button(label="l" * 81)), "components.0.components.0.label", id="label"),
    pytest.param(
        rows(button(emoji={"name": "🔎"}, label=None)), rows(button(label="")), "components.0.components.0.label", id="bare"
    ),
    pytest.param(
        rows(button(custom_id="i" * 100)), rows(button(custom_id="i" * 101)), "components.0.components.0.custom_id", id="id"
    ),
    pytest.param(
        rows(button(), button(custom_id="b")), rows(button(), button()), "components.0.components.0.custom_id", id="ids"
    ),
    pytest.param(
        rows(button(style=5, custom_id=None, url="https://example.org")),
        rows(button(style=5, custom_id=None)),
        "components.0.components.0.url",
        id="link",
    ),
    pytest.param(rows(menu(25)), rows(menu(26)), "components.0.components.0.options", id="menu"),
    pytest.param(
        rows(*[button(custom_id=f"{n}") for n in range(5)]),
        rows(*[button(custom_id=f"{n}") for n in range(6)]),
        "components",
        id="rows",
    ),
    pytest.param(
        {"components": [{"type": 1, "components": [button(custom_id=f"{n}") for n in range(5)]}]},
        {"components": [{"type": 1, "components": [button(custom_id=f"{n}") for n in range(6)]}]},
        "components.0.components",
        id="buttons in a row",
    ),
    pytest.param(
        {"flags": 1 << 15, "components": [{"type": 10, "content": "c"}] * 6},
        {"flags": 1 << 15, "content": "c", "components": [{"type": 10, "content": "c"}]},
        "",
        id="newer components",
    ),
    pytest.param(
        {"allowed_mentions": {"parse": [], "roles": ["1"]}},
        {"allowed_mentions": {"parse": ["roles"], "roles": ["1"]}},
        "allowed_mentions",
        id="mentions",
    ),
]
COMMAND_LIMITS = [
    pytest.param(command(name="n" * 32), command(name="n" * 33), "0.name", id="name"),
    pytest.param(command(name="북한"), command(name="Search"), "0.name", id="lower case"),
    pytest.param(command(description="d" * 100), command(description="d" * 101), "0.description", id="description"),
    pytest.param(command(), command(description=""), "0.description", id="no description"),
    pytest.param(
        command(options=[option(f"o{n}") for n in range(25)]),
        command(options=[option(f"o{n}") for n in range(26)]),
        "0.options",
        id="options",
    ),
    pytest.param(
        command(options=[option("a", required=True), option("b")]),
        command(options=[option("b"), option("a", required=True)]),
        "0.options.1",
        id="required first",
    ),
    pytest.param(
        command(options=[option("a")]), command(options=[option("a"), option("a")]), "0.options.0.name", id="option names"
    ),
    pytest.param(
        command(options=[option("a", choices=choices(25))]),
        command(options=[option("a", choices=choices(26))]),
        "0.options.0.choices",
        id="choices",
    ),
    pytest.param(
        command(options=[option("a", choices=choices(1))]),
        command(options=[option("a", choices=choices(1), autocomplete=True)]),
        "0.options.0",
        id="choices or autocomplete",
    ),
    pytest.param(
        command(options=[{"type": 1, "name": "list", "description": "d", "options": [option("a")]}]),
        command(options=[{"type": 1, "name": "list", "description": "d", "options": [option("A")]}]),
        "0.options.0.options.0.name",
        id="sub-command",
    ),
    pytest.param(
        command(options=[option(f"o{n}", description="d" * 100, choices=choices(2, length=90)) for n in range(25)]),
        command(options=[option(f"o{n}", description="d" * 100, choices=choices(3, length=90)) for n in range(25)]),
        "0",
        id="8,000 together",
    ),
    pytest.param(
        [*command(), *command(type=3, name="Any Case", description="")], [*command(), *command()], "0.name", id="command names"
    ),
    pytest.param(
        [{**one, "name": f"n{number}"} for number in range(100) for one in command()],
        [{**one, "name": f"n{number}"} for number in range(101) for one in command()],
        "",
        id="100 commands",
    ),
]
CALLBACK_LIMITS = [
    pytest.param(
        {"type": 4, "data": {"content": "c"}}, {"type": 4, "data": {"content": "c" * 2_001}}, "data.content", id="message"
    ),
    pytest.param(
        {"type": 8, "data": {"choices": choices(25)}},
        {"type": 8, "data": {"choices": choices(26)}},
        "data.choices",
        id="suggestions",
    ),
    pytest.param(
        {"type": 8, "data": {"choices": choices(1, length=100)}},
        {"type": 8, "data": {"choices": choices(1, length=101)}},
        "data.choices.0.name",
        id="suggestion",
    ),
    pytest.param(
        {"type": 9, "data": {"title": "t" * 45, "custom_id": "i", "components": [FORM_ROW]}},
        {"type": 9, "data": {"title": "t" * 46, "custom_id": "i", "components": [FORM_ROW]}},
        "data.title",
        id="form title",
    ),
    pytest.param(
        {"type": 6}, {"type": 9, "data": {"title": "t", "custom_id": "i"}}, "data.components", id="form without fields"
    ),
]

Judge = Callable[[Any], Iterator[Breach]]


def places(judge: Judge, body: object) -> set[str]:
    """Return where a body breaks a rule."""
    return {".".join(map(str, breach.path)) for breach in judge(body)}


@pytest.mark.parametrize(("fitting", "beyond", "where"), MESSAGE_LIMITS)
def test_a_message_is_held_to_each_limit(fitting: Json, beyond: Json, where: str) -> None:
    """At the limit it passes, beyond it the place is named."""
    assert places(message_breaches, fitting) == set()
    assert where in places(message_breaches, beyond)


@pytest.mark.parametrize(("fitting", "beyond", "where"), COMMAND_LIMITS)
def test_a_command_is_held_to_each_limit(fitting: list[Json], beyond: list[Json], where: str) -> None:
    """At the limit it passes, beyond it the place is named."""
    assert places(command_breaches, fitting) == set()
    assert where in places(command_breaches, beyond)


@pytest.mark.parametrize(("fitting", "beyond", "where"), CALLBACK_LIMITS)
def test_an_answer_is_held_to_each_limit(fitting: Json, beyond: Json, where: str) -> None:
    """At the limit it passes, beyond it the place is named."""
    assert places(callback_breaches, fitting) == set()
    assert where in places(callback_breaches, beyond)


@pytest.mark.parametrize(
    ("template", "body"),
    [
        *[pytest.param(("POST", MESSAGES), one.values[0], id=f"message {one.id}") for one in MESSAGE_LIMITS],
        *[pytest.param(("PUT", COMMANDS), one.values[0], id=f"command {one.id}") for one in COMMAND_LIMITS],
        *[pytest.param(("POST", CALLBACK), one.values[0], id=f"answer {one.id}") for one in CALLBACK_LIMITS],
    ],
)
def test_what_the_rules_allow_the_description_allows(template: tuple[str, str], body: object) -> None:
    """No rule kept here is looser than Discord's own description, where that is at hand."""
    description = at_hand()
    if description is None:
        pytest.skip("$DISCORD_OPENAPI names no file")

    assert description.request_breaches(*template, body) == []


@pytest.mark.parametrize(
    ("call", "what"),
    [
        pytest.param(("GET", "/nowhere", 200, {}), "is not described", id="route"),
        pytest.param(("GET", "/gateway/bot", 201, {}), "never answers 201", id="status"),
        pytest.param(("POST", CALLBACK, 204, {}), "without a body", id="body"),
        pytest.param(("GET", "/gateway/bot", 200, {}), "'url' is a required property", id="part"),
        pytest.param(("GET", "/gateway/bot", 429, {"message": "m", "code": 0}), "'retry_after' is a required", id="pause"),
    ],
)
def test_an_answer_that_discord_never_gives_is_found(call: tuple[str, str, int, Json], what: str) -> None:
    """The fake is held to the description too."""
    description = at_hand()
    if description is None:
        pytest.skip("$DISCORD_OPENAPI names no file")

    assert what in description.answer_breaches(*call)[0].message


@pytest.mark.parametrize(
    ("body", "files", "empty"),
    [
        pytest.param({"content": " "}, 0, True, id="blank"),
        pytest.param({"content": None, "embeds": []}, 0, True, id="nothing"),
        pytest.param({"content": "c"}, 0, False, id="text"),
        pytest.param({"embeds": [{}]}, 0, False, id="embed"),
        pytest.param({}, 1, False, id="file"),
    ],
)
def test_a_message_that_shows_nothing_is_empty(body: Json, files: int, *, empty: bool) -> None:
    """Blanks show nothing; a file does."""
    assert is_empty(body, files=files) is empty


def test_reasons_are_nested_by_path() -> None:
    """Two faults at one place stand in one list."""
    breaches = [Breach(("embeds", 0, "title"), "too long", "LONG"), Breach(("embeds", 0, "title"), "too loud", "LOUD")]

    errors = nested(breaches)

    reasons = [{"code": "LONG", "message": "too long"}, {"code": "LOUD", "message": "too loud"}]
    assert errors == {"embeds": {"0": {"title": {"_errors": reasons}}}}
