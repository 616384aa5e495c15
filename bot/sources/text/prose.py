"""Brings plain text into one form: paragraphs parted by blank lines, and nothing that a person would not see."""

from __future__ import annotations

import re

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r" [^\S\n]+|[^\S\n ][^\S\n]*")  # all but the single spaces
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")

_WRAPPED_AT = range(50, 121)
"""Length of the longest line of a text that was wrapped by hand or by a mail program; else each line is a paragraph."""

_LONGEST_END = 40
"""Characters in which the mark of a footnote is looked for, with what stands before it."""

_FOOTNOTE = re.compile(
    r"(?<=[^\W\d_][.!?])(?P<quote>[\"”’)]*)(?:\d{1,2}|\[\d{1,2}\]|[¹²³⁴-⁹⁰]+)\s*$"  # meeting.1
    r"|(?<=[a-z]{4}[.!?])(?P<after>[\"”’)]*)\s+(?:\d{1,2}|\[\d{1,2}\])\s*$"  # meeting. 1, but not: No. 1
)


def visible(text: str) -> str:
    """Return a text with one kind of line break and of space, without control characters and halves of characters."""
    if "  " not in text and all(line.isprintable() for line in text.split("\n")):
        return text  # as most are: of the characters that are not printed, and of spaces, only the plain ones are in it
    return _SPACES.sub(" ", _UNSEEN.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return a text as a single line."""
    return " ".join(visible(text).split())


def in_paragraphs(text: str) -> str:
    """Return a text with a blank line between paragraphs and each paragraph on one line.

    A line break is a paragraph's end unless the text was wrapped there: unless the next word would not have fitted on the
    line, or begins with a small letter.
    """
    blocks = [[line.strip() for line in block.split("\n") if line.strip()] for block in _BLANK_LINES.split(visible(text))]
    width = max((len(line) for block in blocks for line in block), default=0)
    return "\n\n".join(paragraph for block in blocks for paragraph in _unwrapped(block, width))


def _unwrapped(lines: list[str], width: int) -> list[str]:
    joined: list[str] = []
    last = ""
    for line in lines:
        was_full = width in _WRAPPED_AT and len(last) + 1 + len(line.split(" ", 1)[0]) > width
        if joined and (was_full or line[0].islower()):
            joined[-1] += " " + line
        else:
            joined.append(line)
        last = line
    return joined


def without_footnote(text: str) -> str:
    """Return a text without the mark of a footnote after its last full stop."""
    end = text[-_LONGEST_END:]
    return text[:-_LONGEST_END] + _FOOTNOTE.sub(lambda found: found["quote"] or found["after"] or "", end)
