"""Says what differs between two versions of a text, sentence by sentence and word by word; pure, and bounded in its cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.language.sentences import sentences
from bot.model import Edit, Fate

_COMPARED = 300
"""Sentences of a version that are compared: comparing takes the square of their number."""
_LONGEST = 2_000
"""Characters of a sentence that are compared word by word."""
_ALIKE = 0.5
"""Two sentences that share so much are one that was edited."""

_WORD = re.compile(r"\w+|\W")


def changed_sentences(before: str, after: str) -> tuple[Edit, ...]:
    """Return the sentences that differ between two texts, in their order; nothing where they say the same."""
    old, new = _sentences(before), _sentences(after)
    edits: list[Edit] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            edits += _replaced(old[old_from:old_to], new[new_from:new_to])
    return tuple(edits)


def changed_words(before: str, after: str) -> Edit:
    """Return one line with what of it stays, goes and comes; nothing where nothing differs."""
    return tuple(_pieces(before, after)) if before != after else ()


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split())[:_LONGEST] for start, end in sentences(text)[:_COMPARED]]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Yield what became of some sentences: one that has a likeness on the other side was edited, the others went or came."""
    rest = list(new)
    for sentence in old:
        twin = next((one for one in rest if _are_alike(sentence, one)), None)
        if twin is None:
            yield ((sentence, Fate.GOES),)
            continue
        came, rest = rest[: rest.index(twin)], rest[rest.index(twin) + 1 :]
        yield from (((one, Fate.COMES),) for one in came)
        yield tuple(_pieces(sentence, twin))
    yield from (((one, Fate.COMES),) for one in rest)


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, _WORD.findall(one), _WORD.findall(other), autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _pieces(before: str, after: str) -> Iterator[tuple[str, Fate]]:
    old, new = _WORD.findall(before[:_LONGEST]), _WORD.findall(after[:_LONGEST])
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if what == "equal":
            yield gone, Fate.STAYS
            continue
        if gone:
            yield gone, Fate.GOES
        if come:
            yield come, Fate.COMES
