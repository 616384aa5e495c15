"""Sums an article up in two to four of its own sentences, in their own order; it writes nothing new."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.language.folding import quick_fold
from bot.language.sentences import Span, sentences

_LOOK_AT = 60
"""Sentences: what comes later in a long text does not sum it up."""

_LONGEST = 400
"""Characters of a sentence that is shown."""

_POSITION, _WATCHED, _CENTRAL = 0.4, 0.35, 0.25
"""What makes a sentence worth showing: that it stands early, holds what is watched, and is like the others."""

_USUAL_WORDS = range(8, 46)
_UNUSUAL_LENGTH = 0.6

_DAMPING = 0.85
_ROUNDS = 15
_LEAST_LIKE = 0.05
_RELEVANCE = 0.75
"""Against likeness to the sentences chosen already."""

_WORD = re.compile(r"\w{2,}")
_GAP = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence of the text: its number, its span, and whether something watched stands in it."""

    number: int
    span: Span
    is_watched: bool


def summarise(text: str, *, watched: Collection[int] = (), exclude: Span | None = None) -> tuple[str, ...]:
    """Return two to four sentences of a text, fewer where it has no more.

    `watched` are the offsets at which something watched stands: one of the sentences holds such a place. The sentence at
    `exclude`, which is shown elsewhere, is left out where others can stand for it.
    """
    candidates = _candidates(text, watched)
    others = [one for one in candidates if one.span != exclude]
    if len(others) >= 2 and any(one.is_watched for one in others) == any(one.is_watched for one in candidates):
        candidates = others
    chosen = _chosen(candidates, [text[start:end] for start, end in (one.span for one in candidates)])
    return tuple(_shown(text[slice(*one.span)]) for one in chosen)


def _candidates(text: str, watched: Collection[int]) -> list[_Sentence]:
    """Return the first sentences, and where they hold nothing watched the first one that does."""
    places = sorted(watched)
    every = []
    for number, (start, end) in enumerate(sentences(text)):
        following = bisect_left(places, start)
        is_watched = following < len(places) and places[following] < end
        every.append(_Sentence(number=number, span=(start, end), is_watched=is_watched))
    first, later = every[:_LOOK_AT], every[_LOOK_AT:]
    if any(one.is_watched for one in first):
        return first
    return first + [one for one in later if one.is_watched][:1]


def _chosen(candidates: Sequence[_Sentence], texts: Sequence[str]) -> list[_Sentence]:
    """Return the sentences worth most that say different things; where any holds something watched, one of them does."""
    count = 2 if len(candidates) <= 6 else 3 if len(candidates) <= 25 else 4
    words = [Counter(_WORD.findall(quick_fold(text))) for text in texts]
    likeness = _likeness(words)
    worth = [_worth(*one) for one in zip(candidates, words, _centrality(likeness), strict=True)]
    left = list(range(len(candidates)))
    taken: list[int] = []
    while left and len(taken) < count:
        eligible = left if taken else [index for index in left if candidates[index].is_watched] or left
        best = max(eligible, key=lambda index: _RELEVANCE * worth[index] - (1 - _RELEVANCE) * _nearest(likeness[index], taken))
        taken.append(best)
        left.remove(best)
    return [candidates[index] for index in sorted(taken)]


def _worth(sentence: _Sentence, words: Counter[str], centrality: float) -> float:
    worth = _POSITION / math.sqrt(sentence.number + 1) + _WATCHED * sentence.is_watched + _CENTRAL * centrality
    return worth if words.total() in _USUAL_WORDS else worth * _UNUSUAL_LENGTH


def _nearest(likeness: Sequence[float], taken: Sequence[int]) -> float:
    return max((likeness[index] for index in taken), default=0.0)


def _likeness(sentences_words: Sequence[Counter[str]]) -> list[list[float]]:
    """Return how like each sentence is to each, from 0 to 1, by the words they share and how rare those are."""
    spread = Counter(word for words in sentences_words for word in words)
    vectors = []
    for words in sentences_words:
        vector = {word: (1 + math.log(n)) * math.log((len(sentences_words) + 1) / spread[word]) for word, n in words.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        # A word that stands in one sentence only can make it like no other.
        vectors.append({word: weight / length for word, weight in vector.items() if spread[word] > 1})
    rows = [[0.0] * len(vectors) for _ in vectors]
    for one, mine in enumerate(vectors):
        for other in range(one):
            shared = sum(weight * vectors[other][word] for word, weight in mine.items() if word in vectors[other])
            rows[one][other] = rows[other][one] = shared if shared >= _LEAST_LIKE else 0.0
    return rows


def _centrality(likeness: Sequence[Sequence[float]]) -> list[float]:
    """Return the PageRank of each sentence among those it is like, the highest as 1."""
    links = [[(other, weight) for other, weight in enumerate(row) if weight] for row in likeness]
    totals = [sum(row) for row in likeness]
    ranks = [1.0] * len(likeness)
    for _ in range(_ROUNDS):
        ranks = [1 - _DAMPING + _DAMPING * sum(ranks[other] * weight / totals[other] for other, weight in row) for row in links]
    highest = max(ranks, default=1.0)
    return [rank / highest for rank in ranks]


def _shown(sentence: str) -> str:
    """Return a sentence on one line, cut between words where it is too long to show."""
    line = _GAP.sub(" ", sentence)
    if len(line) <= _LONGEST:
        return line
    cut = line[: _LONGEST - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"
