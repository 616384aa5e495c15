"""Says what differs between two versions of a text, sentence by sentence and word by word; pure, and bounded in its cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.language.sentences import sentences
from bot.model import Edit, Fate

_COMPARED = 300
"""Sentences of a version that are compared: comparing takes the square of their number."""
_LONGEST = 500
"""Characters of a sentence that are compared word by word."""
_ALIKE = 0.5
"""Two sentences that share so many of their words are one that was edited."""
_NEAR = 20
"""So many sentences further on an edited one is looked for."""
_EDITED = 10
"""Sentences that are compared word by word: comparing takes the square of their length, and nobody reads more on a card."""

_WORD = re.compile(r"\w+|\W")


def changed_sentences(before: str, after: str) -> tuple[Edit, ...]:
    """Return the sentences that differ between two texts, in their order; nothing where they say the same."""
    old, new = _sentences(before), _sentences(after)
    edits: list[Edit] = []
    left = _EDITED
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            edits += (replaced := [*_replaced(old[old_from:old_to], new[new_from:new_to], at_most=left)])
            left -= sum(len(edit) > 1 for edit in replaced)
    return tuple(edits)


def changed_words(before: str, after: str) -> Edit:
    """Return one line with what of it stays, goes and comes; nothing where nothing differs."""
    return tuple(_pieces(before, after)) if before != after else ()


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split())[:_LONGEST] for start, end in sentences(text)[:_COMPARED]]


def _replaced(old: Sequence[str], new: Sequence[str], *, at_most: int) -> Iterator[Edit]:
    """Yield what became of some sentences: one that has a likeness on the other side was edited, the others went or came."""
    rest = [(sentence, _words(sentence)) for sentence in new]
    for sentence in old:
        words = _words(sentence)
        near = enumerate(rest[:_NEAR] if at_most > 0 else ())
        twin = next((number for number, (_, others) in near if _are_alike(words, others)), None)
        if twin is None:
            yield ((sentence, Fate.GOES),)
            continue
        at_most -= 1
        yield from (((one, Fate.COMES),) for one, _ in rest[:twin])
        yield tuple(_pieces(sentence, rest[twin][0]))
        rest = rest[twin + 1 :]
    yield from (((one, Fate.COMES),) for one, _ in rest)


def _words(sentence: str) -> Counter[str]:
    return Counter(_WORD.findall(sentence))


def _are_alike(some: Counter[str], others: Counter[str]) -> bool:
    shared = (some & others).total()
    return 2 * shared >= _ALIKE * (some.total() + others.total())


def _pieces(before: str, after: str) -> Iterator[tuple[str, Fate]]:
    old, new = _WORD.findall(before[:_LONGEST]), _WORD.findall(after[:_LONGEST])
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if what == "equal":
            yield gone, Fate.STAYS
            continue
        if gone:
            yield gone, Fate.GOES
        if come:
            yield come, Fate.COMES
