"""Reads what the environment sets: the token, the channel, the database and the host. It never shows a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from bot.config.files import fault
from bot.config.values import shown

_PLATFORMS = {
    "DYNO": "Heroku",
    "RENDER": "Render",
    "RAILWAY_ENVIRONMENT": "Railway",
    "FLY_APP_NAME": "Fly.io",
    "K_SERVICE": "Cloud Run",
}
"""What hosts that give each deploy an empty disk put into the environment."""


class Secret:
    """A text that stands in no log, message or repr: only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself, to hand to whoever needs it and to nobody else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret stays in its process: hand over what was made with it instead")


def read_token(environ: Mapping[str, str]) -> Secret | None:
    """Return the token of `DISCORD_TOKEN`, or None where there is none."""
    text = environ.get("DISCORD_TOKEN", "").strip()
    return Secret(text) if text else None


def read_channel(environ: Mapping[str, str]) -> int | None:
    """Return the channel of `DISCORD_CHANNEL_ID`, or None where there is none.

    Raises:
        ConfigError: it is no number of Discord.
    """
    text = environ.get("DISCORD_CHANNEL_ID", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text[:20]) < 2**63:
        return int(text)
    raise fault(
        "environment",
        f"DISCORD_CHANNEL_ID is {shown(text)}; it must be the number that “Copy Channel ID” gives in Discord",
    )


def read_database_url(environ: Mapping[str, str]) -> str | None:
    """Return `DATABASE_URL`, or None where there is none; the store decides what it means."""
    return environ.get("DATABASE_URL", "").strip() or None


def read_platform(environ: Mapping[str, str]) -> str:
    """Return the name of the host if it is one whose disk does not outlive a deploy, else nothing."""
    return next((name for variable, name in _PLATFORMS.items() if environ.get(variable)), "")


def read_secrets(environ: Mapping[str, str]) -> Iterator[Secret]:
    """Yield all that is secret in the environment: the token, and the password in `DATABASE_URL`."""
    if token := read_token(environ):
        yield token
    for password in _passwords(read_database_url(environ) or ""):
        yield Secret(password)


def _passwords(url: str) -> Iterator[str]:
    """Yield what may be the password of an address, and what libpq takes for one among the parameters."""
    _, _, rest = url.partition("://")
    _, colon, after = rest.partition(":")
    for at, character in enumerate(after):
        if character == "@" and colon:  # which of them ends the password nobody knows, where it was not quoted
            yield after[:at]
    try:
        parameters = parse_qs(urlsplit(url).query)
    except ValueError:
        return
    for name in ("password", "sslpassword"):
        yield from parameters.get(name, ())
