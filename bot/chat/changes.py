"""Writes what a source has changed of an article, for Discord and for the terminal: what went struck out, what came in bold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.harmless import clean, harmless, plain
from bot.model import Change, Edit, Fate

_AROUND = 32
"""Characters of what stays that are shown on either side of what changed."""
_LONGEST = 150
"""Characters of one piece that went or came."""

_MARKS = {Fate.STAYS: "", Fate.GOES: "~~", Fate.COMES: "**"}


def change_lines(change: Change, *, most: int, limit: int, more_at: str = "") -> list[str]:
    """Return so many changes at most as lines of Discord's markup, in `limit` characters together, then how many more there are, and where."""
    lines: list[str] = []
    edits = _edits(change)
    for label, edit in edits[:most]:
        line = label + "".join(_marked(text, fate) for text, fate in pieces(edit)).replace("~~**", "~~ **")
        if sum(map(len, lines)) + len(line) > limit:
            break
        lines.append(line)
    rest = len(edits) - len(lines)
    return [*lines, _more(rest, shown=bool(lines)) + more_at] if rest else lines


def _edits(change: Change) -> list[tuple[str, Edit]]:
    title = [("Title: ", change.title)] if change.title else []
    return [*title, *(("", edit) for edit in change.sentences)]


def first_edit(change: Change) -> tuple[str, Sequence[tuple[str, Fate]], int]:
    """Return the first change with what it is of, piece by piece, and how many more there are."""
    edits = _edits(change)
    if not edits:
        return "", (), 0
    label, edit = edits[0]
    return label, tuple(pieces(edit)), len(edits) - 1


def _more(count: int, *, shown: bool) -> str:
    return f"and {count:,} more {'change' if count == 1 else 'changes'}" if shown else f"{count:,} long changes"


def pieces(edit: Edit) -> Iterator[tuple[str, Fate]]:
    """Yield a sentence around what changed in it: clean, and what stays cut where it is long."""
    last = len(edit) - 1
    for at, (text, fate) in enumerate(edit):
        if fate is not Fate.STAYS:
            yield plain(text, _LONGEST) or text, fate
            continue
        head = "" if at == 0 else _whole_words(clean(text)[:_AROUND])
        tail = "" if at == last else _whole_words(clean(text)[-_AROUND:][::-1])[::-1]
        cut = text if len(text) <= len(head) + len(tail) + 3 else f"{head} … {tail}".strip()
        lead = " " if at and text[:1].isspace() else ""
        trail = " " if at < last and text[-1:].isspace() else ""
        yield f"{lead}{clean(cut)}{trail}" if clean(cut) else text[:1], fate


def _whole_words(text: str) -> str:
    """Return a text without the word that is cut at its end, if that is one of several."""
    return text.rpartition(" ")[0] if " " in text and len(text) == _AROUND else text


def _marked(text: str, fate: Fate) -> str:
    """Set a piece, with its spaces outside of the markup, which may not begin or end with one."""
    core = harmless(text, 2 * _LONGEST)
    if not core:
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    mark = _MARKS[fate]
    return f"{lead}{mark}{core}{mark}{trail}"
