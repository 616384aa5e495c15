"""Makes text of feeds harmless to show: no control characters, no markup, cut to a length. It knows neither discord nor rich."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, groupby
from urllib.parse import quote, urlsplit

_JOINERS = "\u200c\u200d"
"""Invisible, but part of Persian words and of emoji."""

_MARKUP = re.compile(r"[\\*_~`|<>\[\]]|:(?=\S)")
"""What means something to Discord anywhere in a line; a colon begins emoji names and makes links."""

_OPENING = re.compile(r"^(\s*\d*)([-#+]|(?<=\d)[.)])")
"""What means something at the beginning of a line: headings, small print and lists."""

_SHOUT = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_WORD = 24
"""A longer word is cut rather than dropped."""
_UNIT = re.compile(r"\\.|\*\*|@\u200b|.", re.DOTALL)
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_URL_SAFE = "%/:?#@!$&'*+,;=~-._"
"""Parentheses and brackets are not in it: they end a masked link."""


def clean(text: str) -> str:
    """Return text as one line without control, bidirectional, invisible and unpaired characters."""
    return " ".join("".join(map(_visible, text)).split()).strip(_JOINERS + " ")


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return ""
        case "Cf":
            return character if character in _JOINERS else ""
    return character


def escape(line: str) -> str:
    """Return one clean line in which nothing is markup, a mention, a link or an emoji to Discord."""
    return _OPENING.sub(r"\1\\\2", _escape_inside(line))


def _escape_inside(text: str) -> str:
    return _SHOUT.sub("@\u200b", _MARKUP.sub(r"\\\g<0>", text))


def harmless(text: str, limit: int) -> str:
    """Return text that shows as it is written and does nothing, in at most `limit` code points, markup counted."""
    return shorten(escape(clean(text)), limit)


def plain(text: str, limit: int) -> str:
    """Return text for a place where Discord reads no markup (author, footer, button), in at most `limit` code points."""
    line = clean(text)
    return line if len(line) <= limit else _up_to_word(line, limit - 1) + "…"


def shorten(marked: str, limit: int) -> str:
    """Cut escaped text at a word so that no escape is split and no bold left open; an ellipsis is part of the limit."""
    if len(marked) <= limit:
        return marked
    ends = accumulate(len(unit) for unit in _UNIT.findall(marked))
    end = max((end for end in ends if end <= limit - len("**…")), default=0)
    kept = _up_to_word(marked, end)
    if _UNIT.findall(kept)[-1:] == [":"]:  # harmless before its space, but not before the ellipsis
        kept = kept[:-1]
    if _UNIT.findall(kept).count("**") % 2:
        kept = kept.removesuffix("**") if kept.endswith("**") else f"{kept}**"
    return f"{kept}…"[:limit]


def _up_to_word(text: str, end: int) -> str:
    """Return what stands before `end`, without the beginning of a word that is cut there, where that costs little."""
    kept = text[:end]
    head, space, begun = kept.rpartition(" ")
    if text[end : end + 1] == " " or not space or len(begun) > _WORD:
        return kept.rstrip()
    return head.rstrip()


def code(text: str, limit: int) -> str:
    """Return text set as code; a backtick in it becomes an apostrophe, since code knows no escape."""
    line = plain(text, limit - 2).replace("`", "'")
    return f"`{line}`" if line else ""


def excerpt(sentence: str, spans: Sequence[tuple[int, int]], *, width: int) -> list[tuple[str, bool]]:
    """Return a sentence as clean pieces, each with whether it is a match; a long one is cut around its first match."""
    marked = {at for start, end in spans for at in range(start, end)}
    letters: list[tuple[str, bool]] = []
    for at, character in enumerate(sentence):
        shown = _visible(character)
        if shown and not (shown.isspace() and (not letters or letters[-1][0].isspace())):
            letters.append((" " if shown.isspace() else shown, at in marked))
    start, end = _window(letters, width)
    pieces = [*_pieces(letters[start:end])]
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end < len(letters) else []
    return [*before, *pieces, *after]


def _window(letters: Sequence[tuple[str, bool]], width: int) -> tuple[int, int]:
    """Choose where an excerpt begins and ends: a third of the width stands before the first match, words stay whole."""
    if len(letters) <= width:
        return 0, len(letters)
    first = next((at for at, (_, matched) in enumerate(letters) if matched), 0)
    start = min(max(0, first - width // 3), len(letters) - width)
    end = start + width
    spaces = [at for at, (character, _) in enumerate(letters) if character == " "]
    if start:
        start = next((at + 1 for at in spaces if start <= at < min(start + _WORD, first)), start)
    if end < len(letters):
        end = next((at for at in reversed(spaces) if max(end - _WORD, first) < at <= end), end)
    return start, end


def _pieces(letters: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Join letters of one kind; spaces at the edge of a match are outside it, since bold may not begin or end with one."""
    pieces: list[tuple[str, bool]] = []
    for matched, group in groupby(letters, key=lambda letter: letter[1]):
        text = "".join(character for character, _ in group)
        core = text.strip() if matched else text
        if not core:
            pieces.append((text, False))
            continue
        before, after = text[: text.index(core)], text[text.index(core) + len(core) :]
        pieces += [piece for piece in ((before, False), (core, matched), (after, False)) if piece[0]]
    return pieces


def bold(sentence: str, spans: Sequence[tuple[int, int]], *, width: int) -> str:
    """Return a sentence escaped, its matches in bold, about `width` characters around the first of them."""
    pieces = excerpt(sentence, spans, width=width)
    marked = "".join(f"**{_escape_inside(text)}**" if matched else _escape_inside(text) for text, matched in pieces)
    return shorten(_OPENING.sub(r"\1\\\2", marked.strip()), 3 * width)


def web_address(url: str, *, limit: int = 2048) -> str | None:
    """Return an http or https address fit for a link, its odd characters percent-encoded (RFC 3986); None if it is not one."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.username is not None or not _HOST.fullmatch(host):
        return None
    rest = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    address = f"{parts.scheme}://{host}{port}{quote(rest, safe=_URL_SAFE, errors='ignore')}"
    return address if len(address) <= limit else None
