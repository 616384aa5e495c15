"""Tells by capitals whether `US` is the country: the one thing that folding takes away and names need."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.language.folding import fold, quick_fold
from bot.language.sentences import Span

_SHORT = 4
"""Names in capitals of at most so many letters are easily something else in small letters."""

_AROUND = 30
"""Characters to either side: where all of them are capitals, capitals say nothing."""

_STRETCH = 200
"""Characters to either side: who writes names with capitals has used one by then."""

_COMMON_WORDS = frozenset(
    word
    for line in (
        "act ad add age aid aim air all am an and any apt arm art as at be by can cap car do ed few for fed get go had",
        "has he her him his hot how ice if ill in ion is it its just lap let line man map may me men met mod my new no nor not",
        "now of off ok old on one or our out own pact par pass per pm pro put rice rim so see set she star step sun ten",
        "the them they this tip to too top two un up us use via was way we what when who why will win with yes yet you",
    )
    for word in line.split()
)
"""What a short name may be when it is no name."""

_WORD = re.compile(r"\w+")


class Case(Enum):
    """What the capitals of a form mean."""

    ANY = auto()
    """Nothing: the form counts however it is written."""
    CAPITAL = auto()
    """A capital stands somewhere in it: china is porcelain. Where nobody writes capitals, none is asked for."""
    AS_WRITTEN = auto()
    """Where the form has a capital the text has one."""
    SHORT = auto()
    """All letters are capitals, and where everything around is too, a common word is no name."""
    KATAKANA = auto()
    """Japanese has no capitals, but a word in katakana begins where no katakana stands before it: オリビア holds no リビア."""


def case_of_alias(text: str, *, is_sure: bool) -> Case:
    """Return what the capitals of an alias mean: a name is written with one, short and unsure ones are held to all of theirs."""
    if _is_katakana(text[:1]):
        return Case.KATAKANA
    letters = _letters(text)
    if len(letters) <= _SHORT and letters.isupper():
        return Case.SHORT
    if not is_sure:
        return Case.AS_WRITTEN
    return Case.CAPITAL if letters[:1].isupper() else Case.ANY


def case_of_words(words: str) -> tuple[Case, tuple[Span, ...]]:
    """Return what capitals mean in somebody's search words, and of which words in their fold: of those that would be common ones.

    Where several words are all written in capitals, nobody meant them.
    """
    folded, offsets = fold(words)
    spans = [word.span() for word in _WORD.finditer(folded)]
    if len(spans) > 1 and words.isupper():
        return Case.ANY, ()
    meant = tuple(
        (start, end)
        for start, end in spans
        if folded[start:end] in _COMMON_WORDS and words[offsets[start] : offsets[end]].isupper()
    )
    return (Case.SHORT if len(spans) == 1 else Case.AS_WRITTEN) if meant else Case.ANY, meant


def is_kept(form: str, case: Case, text: str, span: Span) -> bool:
    """Tell whether the words at a span of a text keep the case that a form needs."""
    written = text[span[0] : span[1]]
    if case is Case.CAPITAL:
        return not written.islower() or _is_small(text, span)
    if case is Case.AS_WRITTEN:
        return all(mine.isupper() for its, mine in zip(_letters(form), _letters(written), strict=False) if its.isupper())
    if case is Case.SHORT:
        return _letters(written).isupper() and ("." in written or ("." not in form and not _is_drowned(text, span)))
    if case is Case.KATAKANA:
        return not span[0] or not _is_katakana(text[span[0] - 1])
    return True


def _is_drowned(text: str, span: Span) -> bool:
    """Tell whether a common word in capitals stands among nothing but capitals."""
    start, end = span
    if quick_fold(text[start:end]) not in _COMMON_WORDS:
        return False
    return _letters(text[max(0, start - _AROUND) : start] + text[end : end + _AROUND]).isupper()


def _is_small(text: str, span: Span) -> bool:
    """Tell whether there is not one capital for a good stretch around a span: somebody writes without."""
    return text[max(0, span[0] - _STRETCH) : span[1] + _STRETCH].islower()


def _is_katakana(character: str) -> bool:
    """Tell whether a character is a letter of katakana, of whatever width, or makes one longer; the dot between words is none."""
    return "\u30a1" <= character <= "\u30fa" or character == "\u30fc" or "\uff66" <= character <= "\uff9f"


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))
