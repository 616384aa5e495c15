"""What people think of alerts, and what would make a watch better; nothing changes by itself."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.errors import QueryError, ReadingError, Unanswerable
from bot.model import (
    Article,
    Judged,
    Level,
    Opinion,
    Report,
    Suggestion,
    TermShare,
    Told,
    Understood,
    Viewer,
    Watch,
)
from bot.ports import Clock, FeedbackStore, Meanings, Reader, Understand
from bot.questions.feeds import server_of
from bot.questions.why import Explaining

ENOUGH = 10
"""Of fewer judged alerts nothing can be suggested."""

LOOK_AT = 200
"""The effect of a change is measured on so many of the newest articles that may answer."""

_Z = 1.96
"""Of a probability of 95 %."""

_TERMS = 5
_TRIED = 3
"""So many words are tried under NOT."""

_FALSE_WITH_WORD = 2
"""A word counts against a watch from so many false alarms on."""

_DEAR = 3
"""A relevant alert that is lost weighs as much as so many false alarms that are dropped."""

_WORD = re.compile(r"[^\W\d_]{4,}")


_Taken = Callable[[Sequence[Article], str, Level], Awaitable[set[int]]]
"""Tells which of some articles a query takes at a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDesk(Explaining):
    """Takes opinions and reports on watches (the protocol `ports.Insights`)."""

    feedback: FeedbackStore
    reader: Reader
    meanings: Meanings
    clock: Clock

    async def voted_on(self, viewer: Viewer, delivery_id: str) -> Sequence[tuple[int, Told]]:
        """Return the watches of a card, each with its id, the strongest first."""
        told = await self.feedback.watches_told(viewer, delivery_id)
        if not told:
            raise Unanswerable("Nothing is kept on this card any more: its article or its watches have gone.")
        return told

    async def vote(self, viewer: Viewer, delivery_id: str, watch_ids: Sequence[int], *, user: int, relevant: bool) -> str:
        """Keep what somebody thinks of a card for some of its watches; return what to tell them."""
        if viewer.server is None:
            raise Unanswerable("Only members of a server can judge its alerts.")
        names = {watch_id: told.watch for watch_id, told in await self.voted_on(viewer, delivery_id)}
        chosen = [watch_id for watch_id in dict.fromkeys(watch_ids) if watch_id in names]
        if not chosen:
            raise Unanswerable("This watch is not on the card any more.")
        changed = False
        for watch_id in chosen:
            opinion = Opinion(server=viewer.server, watch_id=watch_id, delivery_id=delivery_id, user=user, relevant=relevant)
            before = await self.feedback.keep(opinion, now=self.clock())
            changed = changed or before not in {None, relevant}
        word = "relevant" if relevant else "not relevant"
        kept = "Changed to" if changed else "Noted as"
        return f"{kept} {word} for {', '.join(names[one] for one in chosen)}. /watch report shows what this adds up to."

    async def report(self, viewer: Viewer, name: str) -> Report:
        """Return what people think of the alerts of a watch, and what change would help."""
        own = server_of(viewer)
        seen = sorted(await self.archive.watches(viewer), key=lambda watch: watch.server == own)
        watches = {watch.name.casefold(): watch for watch in seen}
        watch = watches.get(name.strip().casefold())
        if watch is None:
            raise Unanswerable(f"There is no watch “{name}”. /watch list names them all.")
        judged = await self.feedback.judged(viewer, watch.id)
        good = [one for one in judged if one.is_relevant is True]
        bad = [one for one in judged if one.is_relevant is False]
        low, high = wilson(len(good), len(good) + len(bad))
        suggestion, note = None, ""
        if len(good) + len(bad) < ENOUGH:
            note = f"{len(good) + len(bad)} of the {ENOUGH} alerts are judged that it takes to suggest a change."
        elif bad:
            try:
                suggestion, note = await self._advice(viewer, watch, good, bad)
            except (QueryError, ReadingError) as error:
                note = f"No change could be tried: {error}"
        return Report(
            watch=watch,
            relevant=len(good),
            false=len(bad),
            divided=len(judged) - len(good) - len(bad),
            low=low,
            high=high,
            terms=tuple(_shares(good, bad)),
            suggestion=suggestion,
            note=note,
        )

    async def _advice(
        self, viewer: Viewer, watch: Watch, good: Sequence[Judged], bad: Sequence[Judged]
    ) -> tuple[Suggestion | None, str]:
        """Return the change that drops the most false alarms for what it loses, if one is worth it, or else why there is none."""
        server, author = server_of(viewer), watch.server
        taken = partial(self._taken, server=server, author=author)
        understand = self.meanings.understand(await self.rules(), server, author=author)
        meant = understand(watch.query)
        known = await taken([one.article for one in (*good, *bad)], watch.query, watch.level)
        good, bad = ([one for one in some if one.article.id in known] for some in (good, bad))
        if not bad:
            return None, "As it now is, it takes none of its false alarms any more."
        newest = await self.archive.candidates(viewer, meant.wide, since=None, limit=LOOK_AT)
        before = len(await taken(newest, watch.query, watch.level))
        tried = [
            await _effect(change, query, level, good=good, bad=bad, newest=newest, before=before, taken=taken)
            for change, query, level in _changes(watch, meant, good, bad)
            if _is_readable(query, understand)
        ]
        best = max(tried, key=_worth, default=None)
        if best is None or _worth(best) <= 0:
            return None, "No simple change drops more false alarms than it costs relevant alerts."
        return best, ""

    async def _taken(self, articles: Sequence[Article], query: str, level: Level, *, server: int, author: int) -> set[int]:
        """Return which of these articles a query takes at a level, as a server reads them."""
        verdicts = await self.reader.judge(articles, await self.rules(), query, server=server, author=author, level=level)
        return {
            article.id
            for article, verdict in zip(articles, verdicts, strict=True)
            if verdict is not None and verdict.level >= level
        }


async def _effect(
    change: str,
    query: str,
    level: Level,
    *,
    good: Sequence[Judged],
    bad: Sequence[Judged],
    newest: Sequence[Article],
    before: int,
    taken: _Taken,
) -> Suggestion:
    known = await taken([one.article for one in (*good, *bad)], query, level)
    return Suggestion(
        change=change,
        relevant_lost=sum(one.article.id not in known for one in good),
        false_dropped=sum(one.article.id not in known for one in bad),
        matches_before=before,
        matches_after=len(await taken(newest, query, level)),
    )


def wilson(good: int, whole: int) -> tuple[float, float]:
    """Return the interval of a share with 95 % (Wilson's score): everything where nothing is known."""
    if not whole:
        return 0.0, 1.0
    share, square = good / whole, _Z * _Z
    middle = share + square / (2 * whole)
    reach = _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _shares(good: Iterable[Judged], bad: Iterable[Judged]) -> Iterator[TermShare]:
    """Yield the terms by which false alarms were taken, those that are false most often first."""
    false, relevant = _by_term(bad), _by_term(good)
    order = sorted(false, key=lambda words: (relevant[words] - false[words], words))
    return (TermShare(words=words, false=false[words], relevant=relevant[words]) for words in order[:_TERMS])


def _by_term(judged: Iterable[Judged]) -> Counter[str]:
    return Counter(words for one in judged for words in {term.words for term in one.terms})


def _changes(
    watch: Watch, meant: Understood, good: Sequence[Judged], bad: Sequence[Judged]
) -> Iterator[tuple[str, str, Level]]:
    """Yield what can be tried: a higher level, the front of the article alone, a word under NOT.

    Of what is worth the same the first is taken: words that false alarms happen to share may mean nothing.
    """
    if watch.level < Level.ABOUT:
        yield "level about", watch.query, Level.ABOUT
    front = f"title:({meant.written}) OR lead:({meant.written})"
    yield "look in title and lead only", front, watch.level
    for word in _telling_words(good, bad):
        yield f'add NOT "{word}"', f'({meant.written}) AND NOT "{word}"', watch.level


def _is_readable(query: str, understand: Understand) -> bool:
    """Tell whether a query can be asked: not all can stand in a scope, and some would grow too long."""
    try:
        understand(query)
    except QueryError:
        return False
    return True


def _telling_words(good: Sequence[Judged], bad: Sequence[Judged]) -> list[str]:
    """Return the words that stand in false alarms and in no relevant alert, the most frequent first."""
    false = Counter(word for one in bad for word in _words(one.article))
    held = {word for one in good for word in _words(one.article)}
    only = [(count, word) for word, count in false.items() if word not in held and count >= _FALSE_WITH_WORD]
    return [word for _, word in sorted(only, key=lambda one: (-one[0], one[1]))[:_TRIED]]


def _words(article: Article) -> set[str]:
    return set(_WORD.findall(f"{article.title} {article.text}".casefold()))


def _worth(suggestion: Suggestion) -> int:
    return suggestion.false_dropped - _DEAR * suggestion.relevant_lost
