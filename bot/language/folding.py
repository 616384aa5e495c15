"""Brings text into the one form in which everything is compared, and remembers where each folded character stood."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import accumulate, chain

_REPLACED = {
    **dict.fromkeys("-/‐‑‒–—―−﹘－·・･", " "),
    **dict.fromkeys("‘’‚‛′＇`´", "'"),
    **dict.fromkeys("“”„‟″＂", '"'),
    **dict(zip("ıłøđð", "ilodd", strict=True)),
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
}
"""Dashes and slashes part words, quotes come in one shape, and letters that English keyboards lack are written as the press does."""

_INVISIBLE = re.compile("[\u034f\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What chooses the shape of a character, beside all that is there for formatting alone."""

_VOICED = "\u3099\u309a"
"""The marks that make another letter of a kana: no accents, so they stay."""

_APART = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\u3046-\u30fd][\u3099\u309a]")
"""A Hangul syllable, or a voiced kana, that is written as its parts."""

_LATER_PART = re.compile("[\u1161-\u1175\u3099\u309a]")
"""What follows in each: to look for one character takes a fraction of the time."""

_SPLITTING_DOT = re.compile(r"\.(?<!\w\w\.)(?<=[^\W\d_]\.)(?=\w\w)")
"""The dot of `N.Korea`, which parts two words."""

_ABBREVIATING_DOT = re.compile(r"\.(?<!\w\w\.)(?<=[^\W\d_]\.)")
"""A dot after a single letter: `U.S.`, `D.P.R.K.`, `N. Korea`."""

_WIDE_SPACE = re.compile("   *")  # with a beginning that can be searched for, it is far quicker than one that counts

_WORD = re.compile(r"\w+")

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

_UNSPACED = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Chinese and Japanese characters."""

_HALF_WORD = re.compile(f"[{_UNSPACED}]")
"""Where no spaces part words, two characters are about one."""

_UNBOUND = re.compile(rf"[\u0e00-\u109f\u1780-\u17ff\uac00-\ud7a3{_UNSPACED}]")
"""Those, Korean ones, and those of the languages from Thai to Khmer: what is looked for may begin and end within a run of them."""

_OPENING = " '\"‘’‚‛“”„«‹「『《〈【([{（"
_CLOSING = f"{_OPENING}.,:;!?…。、，；：！？»›」』》〉】)]}}）"


def quick_fold(text: str) -> str:
    """Return the folded text alone: the same string that `fold` returns, at a fraction of the cost."""
    return _parted(text.translate(_TABLE))


@lru_cache(maxsize=1 << 15)
def fold_name(name: str) -> str:
    """Return the folded text of a name of the catalogue, which is asked for again and again."""
    return quick_fold(name)


def fold(text: str) -> tuple[str, Offsets]:
    """Return the folded text, and the offsets in the original of its characters."""
    lettered = text.translate(_TABLE)
    return _parted(lettered), _offsets(text, lettered)


def _parted(lettered: str) -> str:
    _, undotted = _dotless(_whole(lettered))
    return " ".join(undotted.split())


def _whole(lettered: str) -> str:
    """Return a text with one character for each syllable that was written as its parts, as files of some systems have it."""
    if lettered.isascii() or not _LATER_PART.search(lettered):
        return lettered
    return _APART.sub(lambda parts: unicodedata.normalize("NFC", parts[0]), lettered)


def _offsets(text: str, lettered: str) -> Offsets:
    """Return the way back from the fold of a text whose characters have been folded each by itself."""
    whole = _whole(lettered)
    parted, undotted = _dotless(whole)
    lead = len(undotted) - len(undotted.lstrip(" "))
    odd = () if text.isascii() else _NOT_ASCII.finditer(text)
    apart = () if whole is lettered else _APART.finditer(lettered)
    dots = () if undotted is parted else _ABBREVIATING_DOT.finditer(parted)
    steps = (
        _Step((found.start(), 1, len(_TABLE[ord(found[0])])) for found in odd),
        _Step((found.start(), len(found[0]), len(unicodedata.normalize("NFC", found[0]))) for found in apart),
        _Step((found.start(), 1, 0) for found in dots),
        _Step(chain([(0, lead, 0)], ((found.start(), len(found[0]), 1) for found in _WIDE_SPACE.finditer(undotted, lead)))),
    )
    return Offsets(steps)


def unmarked(words: str) -> str:
    """Return words without the marks around them: quotation marks, brackets, and what ends a sentence."""
    return words.lstrip(_OPENING).rstrip(_CLOSING)


def spaced_words(text: str) -> str:
    """Return the folded words of a text with a space around each: of two such, one holds the other where it has its words."""
    return f" {' '.join(_WORD.findall(quick_fold(text)))} "


def index_form(folded: str) -> str:
    """Return a fold with each character alone that may begin or end what is looked for, for an index that knows only words."""
    return " ".join(_UNBOUND.sub(r" \g<0> ", folded).split())


class Offsets:
    """Where the characters of a folded text stood: `offsets[i]` is the place of folded character `i` in the original.

    The index one past the end is the place where the folded text ends. Only places where the length changed are kept.
    """

    __slots__ = ("_steps",)

    def __init__(self, steps: tuple[_Step, ...]) -> None:
        self._steps = tuple(step for step in steps if step.changes)[::-1]

    def __getitem__(self, index: int) -> int:
        for step in self._steps:
            index = step.before(index)
        return index


class _Step:
    """One rewriting of a text, as (start, length before, length after) of what changed in it, from left to right."""

    __slots__ = ("_new", "_old", "changes")

    def __init__(self, edits: Iterable[tuple[int, int, int]]) -> None:
        self._new, self._old = [0], [0]
        for start, before, after in edits:
            if before == after:
                continue
            place = self._new[-1] + start - self._old[-1]
            # All that a character became stands where that character stood.
            self._new += [place + step for step in range(after)] + [place + after]
            self._old += [start] * after + [start + before]
        self.changes = len(self._new) > 1

    def before(self, index: int) -> int:
        """Return where the character at `index` of the new text stood in the old one."""
        last = bisect_right(self._new, index) - 1
        return self._old[last] + index - self._new[last]


_FEW = 16
"""So often counting words from the beginning is cheaper than knowing where all of them are."""


class Folded:
    """A text with its fold; the way back is made when it is first asked for, since most texts never need it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lettered = text.translate(_TABLE)
        self.folded = _parted(self._lettered)
        self._asked = 0

    @cached_property
    def _offsets(self) -> Offsets:
        return _offsets(self.text, self._lettered)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the text that a span of the fold stands for."""
        return self._offsets[start], self._offsets[end]

    def words_before(self, index: int) -> int:
        """Return how many words stand before a character of the fold."""
        spaces = self._spaces_before(index)
        return spaces + bisect_left(self._half_words, index) // 2 if self._half_words else spaces

    def words_between(self, end: int, start: int) -> int:
        """Return how many words stand between one that ends and one that begins in the fold."""
        return max(0, self.words_before(start) - self.words_before(end) - 1)

    def _spaces_before(self, index: int) -> int:
        self._asked += 1
        if self._asked <= _FEW:
            return self.folded.count(" ", 0, index)
        return bisect_left(self._spaces, index)

    @cached_property
    def _half_words(self) -> list[int]:
        return [] if self.folded.isascii() else [found.start() for found in _HALF_WORD.finditer(self.folded)]

    @cached_property
    def _spaces(self) -> list[int]:
        *words, _ = self.folded.split(" ")
        return [end + number for number, end in enumerate(accumulate(map(len, words)))]


class _Table(dict[int, str]):
    """What each character folds to by itself, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_TABLE = _Table()


def _fold_character(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cf" or _INVISIBLE.match(character):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in parts if part in _VOICED or not unicodedata.combining(part))
    # Composed again, so that a Hangul syllable or a voiced kana stays one letter.
    composed = unicodedata.normalize("NFC", bare.casefold())
    return composed if composed == character else composed.translate(_TABLE)


def _dotless(text: str) -> tuple[str, str]:
    """Return a text with spaces for the dots that part words, and that without the dots of abbreviations; most have neither."""
    if not _ABBREVIATING_DOT.search(text):
        return text, text
    parted = _SPLITTING_DOT.sub(" ", text)
    return parted, _ABBREVIATING_DOT.sub("", parted)
