"""An article as the matching sees it: folded parts, sentences, paragraphs, and what was found in them. It looks nothing up."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.language.folding import Folded
from bot.language.sentences import Span, each_sentence, paragraphs
from bot.model import CONFIG_SERVER, Leaf, Pattern, Place, SourceName, Strength

LEAD_SENTENCES = 2

IN_TITLE = -1
"""The number of the sentence, and of the paragraph, that the title is."""

_KNOWN_BY = 40
"""So many characters of a copied title are looked for in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found: the leaf it answers, where it stands, by which rule, and how far it can be trusted."""

    leaf: Leaf
    rule: str
    alias: str
    """The form that was looked for."""
    strength: Strength
    place: Place
    start: int
    end: int
    """Offsets in the title or in the text, as `place` says."""
    word: int = 0
    """How many words stand before it in its part."""
    weight: float = 1.0
    """What it weighs by its rule, where it stands first."""
    spans: tuple[Span, ...] = ()
    """The words that count, where they do not fill the hit."""
    patterns: tuple[Pattern, ...] = ()
    """The patterns that may hold in this sentence."""


class Document:
    """One article, cut into sentences and paragraphs when somebody asks for them.

    Where the title was taken from the text it is not read a second time: what stands in the copied words is in the title.
    """

    def __init__(
        self,
        *,
        title: str,
        text: str,
        headless: bool = False,
        language: str = "",
        sources: tuple[SourceName, ...] = (),
        day: date | None = None,
    ) -> None:
        is_copy = headless and bool(text.strip())
        self.title = Folded("" if is_copy else title)
        self.text = Folded(text)
        self.language = language
        self.sources = sources
        """What the source of the article is called, and by whom."""
        self.day = day
        """When it was published; by it leaders are in office or not."""
        self._copied = _copied(title, text) if is_copy else (0, 0)
        self._cut: list[Span] = []
        self._starts: list[int] = []
        self._rest = each_sentence(text)
        # Most articles are never cut into all their sentences: only up to the last one that somebody asks for.

    @property
    def is_english(self) -> bool:
        """Whether lemmas and labels of an English model mean anything here; an unknown language is given a try."""
        return self.language in {"", "en"}

    def named_by(self, server: int) -> list[str]:
        """Return what a server knows the source of the article as: by the names of the config, and by its own."""
        return [name for name, by in self.sources if by in {CONFIG_SERVER, server}]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The spans of the text's sentences."""
        while self._cut_one():
            pass
        return tuple(self._cut)

    @cached_property
    def lead_end(self) -> int:
        """Where the lead ends in the text."""
        while len(self._cut) < LEAD_SENTENCES and self._cut_one():
            pass
        lead = self._cut[:LEAD_SENTENCES]
        return lead[-1][1] if lead else 0

    def place(self, start: int) -> Place:
        """Return the place of an offset in the text."""
        return Place.LEAD if start < self.lead_end else Place.BODY

    def is_in_title(self, hit: Hit) -> bool:
        """Tell whether a hit stands in the title, or in the words that the title was taken from."""
        first, last = self._copied
        return hit.place is Place.TITLE or first <= hit.start < last

    def sentence_of(self, hit: Hit) -> int:
        """Return the number of the sentence in which a hit begins."""
        return IN_TITLE if hit.place is Place.TITLE else self.sentence_at(hit.start)

    def sentence_at(self, offset: int) -> int:
        """Return the number of the sentence around an offset of the text."""
        while not (self._starts and self._starts[-1] > offset) and self._cut_one():
            pass
        return max(0, bisect_right(self._starts, offset) - 1)

    def paragraph_of(self, hit: Hit) -> int:
        """Return the number of the paragraph in which a hit begins."""
        return IN_TITLE if hit.place is Place.TITLE else max(0, bisect_right(self._paragraph_starts, hit.start) - 1)

    def span_of(self, sentence: int) -> Span:
        """Return the span of a sentence in its part."""
        return (0, len(self.title.text)) if sentence == IN_TITLE else self._sentence(sentence)

    def _sentence(self, number: int) -> Span:
        return self._cut[number] if number < len(self._cut) else self.sentences[number]

    def words_of(self, sentence: int) -> str:
        """Return a sentence as it stands."""
        start, end = self.span_of(sentence)
        return (self.title if sentence == IN_TITLE else self.text).text[start:end]

    def _cut_one(self) -> bool:
        """Cut the next sentence; False where there is none."""
        span = next(self._rest, None)
        if span is None:
            return False
        self._cut.append(span)
        self._starts.append(span[0])
        return True

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [start for start, _ in paragraphs(self.text.text)]


def _copied(title: str, text: str) -> Span:
    start = max(0, text.find(title[:_KNOWN_BY].rstrip("… ")))
    return start, start + len(title)
