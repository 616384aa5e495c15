"""Takes secrets out of text: those it was told, and everything that has the shape of one. It writes and reads nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import quote, quote_plus, unquote

HIDDEN = "[redacted]"

_SHAPES = re.compile(
    r"""
    # A token of Discord: the bot's number in Base64, which begins with M, N or O, a time, and a signature.
    (?P<token> [MNO][A-Za-z0-9_-]{22,28} \. [A-Za-z0-9_-]{5,8} \. [A-Za-z0-9_-]{25,} )
    # What answers an interaction or posts by a webhook needs no other key than its address.
    | (?P<webhook> /(?:webhooks|interactions)/\d+/ ) [A-Za-z0-9_-]{20,}
    # scheme://user:password@: a password that was not quoted may hold an @ or a colon of its own.
    # The word "password" stands in the sentence that shows the form.
    | (?P<login> \b[A-Za-z][A-Za-z0-9+.-]*:// [^\s/?\#:@]* : ) (?!password@) [^\s/?\#]+ (?=@)
    """,
    re.VERBOSE,
)

_SHORT = 8
"""A shorter secret is taken out only where it stands as a word: as part of others it would tear the log to pieces."""

_DEPTH = 8
"""What is nested deeper is read as one text, so that what holds itself has an end."""


class Redaction:
    """The secrets of a process, and how texts and values look without them."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._secrets: re.Pattern[str] | None = None

    def keep_out(self, secret: str) -> None:
        """Take this text out from now on, also as it looks escaped in JSON, in a repr or in a URL."""
        self._told |= {one for one in _spellings(secret) if one.strip()}
        if self._told:
            # The longest first, or what is left of a longer one would show.
            self._secrets = re.compile("|".join(map(_pattern, sorted(self._told, key=len, reverse=True))))

    def forget(self) -> None:
        """Forget what was told; shapes are known all the same."""
        self._told.clear()
        self._secrets = None

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        return _SHAPES.sub(_without_secret, text)

    def value(self, value: object, *, depth: int = 0) -> object:
        """Return a value, with all that it holds, without secrets; what is no plain value becomes the text that a log shows."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case Mapping() if depth < _DEPTH:
                return {self.text(str(key)): self.value(one, depth=depth + 1) for key, one in value.items()}
            case Sequence() | AbstractSet() if depth < _DEPTH and not isinstance(value, bytes | bytearray | memoryview):
                return [self.value(one, depth=depth + 1) for one in value]
        return self.text(repr(value))


def _spellings(secret: str) -> Iterator[str]:
    for plain in {secret, unquote(secret)}:
        yield from (plain, quote(plain, safe=""), quote_plus(plain), repr(plain)[1:-1])
        yield from (json.dumps(plain, ensure_ascii=escaped)[1:-1] for escaped in (True, False))


def _pattern(secret: str) -> str:
    if len(secret) >= _SHORT:
        return re.escape(secret)
    return rf"(?<!\w){re.escape(secret)}(?!\w)"


def _without_secret(found: re.Match[str]) -> str:
    """Keep of what has the shape of a secret the part that is none."""
    return (found["webhook"] or found["login"] or "") + HIDDEN
