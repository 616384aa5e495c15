"""What is secret is taken out of texts and values, and the rest stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import read_secrets
from bot.redaction import HIDDEN, Redaction

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.a-token-of-nobody-that-is-long"  # the shape of one, and nobody's


@dataclass
class Login:
    password: str


def keeping(*secrets: str) -> Redaction:
    redaction = Redaction()
    for secret in secrets:
        redaction.keep_out(secret)
    return redaction


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(f"Bot {TOKEN} said", f"Bot {HIDDEN} said", id="a token"),
        pytest.param(f"token={TOKEN}", f"token={HIDDEN}", id="a token behind a sign"),
        pytest.param("postgres://ann:pw@host:5432/db", f"postgres://ann:{HIDDEN}@host:5432/db", id="a login"),
        pytest.param("redis://:pw@host", f"redis://:{HIDDEN}@host", id="a password alone"),
        pytest.param("postgresql+psycopg://a:p%40w@h/d", f"postgresql+psycopg://a:{HIDDEN}@h/d", id="a driver"),
        pytest.param("postgres://ann:p@w:x@host/db", f"postgres://ann:{HIDDEN}@host/db", id="a password with signs"),
        pytest.param("x://a:b@c and y://d:e@f", f"x://a:{HIDDEN}@c and y://d:{HIDDEN}@f", id="two logins"),
        pytest.param(
            "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIz/callback was slow",
            f"POST https://discord.com/api/v10/webhooks/123/{HIDDEN}/callback was slow",
            id="a webhook",
        ),
    ],
)
def test_what_has_the_shape_of_a_secret_is_taken_out(text: str, shown: str) -> None:
    """A token, a password in an address and the key of a webhook are known by their shape alone."""
    assert Redaction().text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://wire.example:8080/@desk/feed?at=12:30",
        "https://ann@host/feed",
        "write to desk@wire.example: at once",
        "bot.store.deliveries.settle, 2026-11-02T09:00:00.000000Z",
    ],
)
def test_what_is_no_secret_stands(text: str) -> None:
    """Addresses, names and times are shown as they are."""
    assert Redaction().text(text) == text


@given(secret=st.text(min_size=8).filter(str.strip), around=st.text())
def test_a_secret_that_was_named_stands_in_no_text(secret: str, around: str) -> None:
    """Whatever a secret consists of, it is taken out: plain, in a repr, in JSON and quoted for a URL."""
    redaction = keeping(secret)
    spelled = [secret, repr(secret), json.dumps(secret), quote(secret, safe="")]

    shown = [redaction.text(f"{around} {text} {around}") for text in spelled]

    assert all(HIDDEN in text for text in shown)
    assert not any(secret in part for text in shown for part in text.split(HIDDEN))


def test_a_short_secret_is_taken_out_where_it_is_a_word() -> None:
    """A password of three letters leaves the words that hold them alone."""
    assert keeping("ann").text("user ann, annual, 'ann'") == f"user {HIDDEN}, annual, '{HIDDEN}'"


def test_the_longer_of_two_secrets_goes_first() -> None:
    """Where one secret begins like another, nothing of the longer one is left."""
    assert keeping("password", "password-of-ann").text("password-of-ann") == HIDDEN


def test_no_secret_is_nothing_to_take_out() -> None:
    """An empty secret, or one of blanks, changes nothing."""
    assert keeping("", " ").text("a b") == "a b"


def test_a_secret_is_found_inside_values() -> None:
    """Lists, tables, exceptions and objects are searched through; numbers and times stay what they are."""
    redaction = keeping("correct-horse")
    value = {
        "list": ["correct-horse", 1, None, True, 0.5],
        "correct-horse": ("x", {"deep": b"correct-horse"}),
        "error": ValueError("correct-horse"),
        "object": Login("correct-horse"),
    }

    shown = redaction.value(value)

    assert "correct-horse" not in repr(shown)
    assert isinstance(shown, dict)
    assert shown["list"] == [HIDDEN, 1, None, True, 0.5]
    assert shown[HIDDEN] == ["x", {"deep": f"b'{HIDDEN}'"}]


def test_a_value_that_holds_itself_has_an_end() -> None:
    """What nests for ever is shown to a depth."""
    endless: list[object] = ["correct-horse"]
    endless.append(endless)

    assert "correct-horse" not in repr(keeping("correct-horse").value(endless))


@pytest.mark.parametrize(
    ("url", "password"),
    [
        pytest.param("postgres://ann:correct-horse@host/db", "correct-horse", id="plain"),
        pytest.param("postgres://ann:correct%2Fhorse@host/db", "correct/horse", id="quoted"),
        pytest.param("postgres://ann:correct/horse@host/db", "correct/horse", id="not quoted"),
        pytest.param("postgres://ann:p@ss@host/db", "p@ss", id="with an at"),
        pytest.param("postgres://ann:correct-horse@host/db?application_name=a@b", "correct-horse", id="an at behind it"),
        pytest.param("postgres:///db?user=ann&password=correct-horse", "correct-horse", id="among the parameters"),
        pytest.param("postgres://ann:correct-horse@[host/db", "correct-horse", id="no address at all"),
    ],
)
def test_the_password_of_the_database_is_a_secret(url: str, password: str) -> None:
    """Wherever an address of a database has its password, that is kept out by itself too."""
    secrets = [secret.reveal() for secret in read_secrets({"DATABASE_URL": url})]

    shown = keeping(*secrets).text(f"login failed with {password}, says the server")

    assert password not in shown


def test_the_secrets_of_the_environment_are_token_and_password() -> None:
    """An environment without either has no secret."""
    environ = {"DISCORD_TOKEN": f" {TOKEN} ", "DATABASE_URL": "postgres://ann:pw@host/db"}

    assert [secret.reveal() for secret in read_secrets(environ)] == [TOKEN, "pw"]
    assert list(read_secrets({"DATABASE_URL": "postgres://host/db", "HOME": "/root"})) == []
