"""Makes the one line that an article is called by; it reads nothing but the text it is given."""

from __future__ import annotations

import re

from bot.language.sentences import sentences

LIMIT = 100
"""Characters of a title that is taken from the text."""

_OPENING = 2_000
"""Characters in which a text's first sentence is looked for."""

_WORD = re.compile(r"[^\W\d_]+")
_EAST_ASIAN = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")


def cut_at_word(line: str, limit: int) -> str:
    """Return a line of at most `limit` characters, cut after a whole word where one ends in its second half."""
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    if not line[limit - 1].isspace():
        whole, _, part = head.rpartition(" ")
        head = whole if len(part) < limit // 2 and whole else head
    return head.rstrip(" ,;:–—-(“\"'") + "…"


def headline(text: str) -> str:
    """Return the first real sentence of a text as a title; empty only where the text is."""
    opening = text[:_OPENING]
    lines = [" ".join(opening[start:end].split()) for start, end in sentences(opening)]
    real = next((line for line in lines if _is_real(line)), None) or next((line for line in lines if _WORD.search(line)), None)
    return cut_at_word(real or " ".join(opening.split()), LIMIT)


def _is_real(line: str) -> bool:
    """Tell a sentence from a byline, a dateline or a row of stars."""
    words = _WORD.findall(line)
    return len(words) >= 3 or (len("".join(words)) >= 4 and _EAST_ASIAN.search(line) is not None)
