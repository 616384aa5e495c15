"""Reads articles in a worker process, in one hop: texts in, readings out. The main process keeps only the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import ParamSpec, TypeVar

from bot.errors import QueryError, ReadingError, SitrepError
from bot.language.detect import language_of
from bot.language.parsing import OFF, load
from bot.matching.aboutness import reason_of
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import IN_TITLE, Document
from bot.matching.evaluate import Verdict
from bot.matching.evidence import best_sentence, evidence_of
from bot.matching.explain import explain, unreadable
from bot.matching.mentions import mentions_of
from bot.matching.nearly import Nearly
from bot.matching.query import Interpreter
from bot.matching.relations.events import Event, Events
from bot.matching.relations.finding import told
from bot.matching.terms import Scanner
from bot.model import LONGEST_READ, Act, Article, Level, Match, Place, Reading, Rules, Trace, Watch
from bot.stories.summary import summarise
from bot.workers import Workers

_P = ParamSpec("_P")
_T = TypeVar("_T")
_A = TypeVar("_A")


@dataclass(frozen=True, slots=True)
class RulesWanted:
    """What a worker answers that does not have the rules of that number."""


# What follows runs in the worker process.

_parser = cache(load)


class _Desk:
    """One numbered set of rules, ready to read by."""

    def __init__(self, rules: Rules, model: str) -> None:
        self._model = model
        self._catalogue = rules.catalogue
        self._scanner = Scanner(rules.catalogue)
        self._catalogue = rules.catalogue
        self._interpreter = Interpreter(rules.catalogue)
        self._watches: list[Watch] = []
        self._wanted: list[Wanted] = []
        self._troubles: list[str] = []
        for watch in rules.watches:
            if not watch.paused:
                self._take(watch)

    def read(self, articles: Sequence[Article], *, plainly: bool) -> list[Reading]:
        """Return a reading for each article."""
        cascade = self._plain if plainly else self._full
        documents = [_document(article) for article in articles]
        return [
            Reading(
                article_id=article.id,
                revision=article.revision,
                language=document.language,
                mentions=mentions_of(hits, document),
                matches=tuple(
                    _match(verdict, document, watch)
                    for watch, verdict in zip(self._watches, cascade.verdicts(hits, document), strict=True)
                    if verdict is not None
                ),
                trouble=" ".join(self._troubles),
            )
            for article, document, hits in zip(articles, documents, cascade.read(documents), strict=True)
        ]

    def judge(self, articles: Sequence[Article], query: str) -> list[Match | None]:
        """Return how each article answers one query."""
        wanted = Wanted(query=self._searching(query).query)
        cascade = Cascade(self._scanner, [wanted], _parser(self._model))
        documents = [_document(article) for article in articles]
        answers = zip(documents, cascade.read(documents), strict=True)
        verdicts = [(document, cascade.verdicts(hits, document)[0]) for document, hits in answers]
        return [_match(verdict, document) if verdict else None for document, verdict in verdicts]

    def explain(self, article: Article, asked: Sequence[tuple[str, Level]]) -> list[Trace]:
        """Return how an article came to answer each query at its level, or what stopped it."""
        wanted = [self._meant(query, level) for query, level in asked]
        readable = [one for one in wanted if isinstance(one, Wanted)]
        document = _document(article)
        raw = self._scanner.scan(document)
        [decided] = Cascade(self._scanner, readable, _parser(self._model)).read([document])
        nearly = Nearly(self._catalogue, document)
        return [
            explain(one.query, one.level, raw=raw, decided=decided, document=document, nearly=nearly)
            if isinstance(one, Wanted)
            else one
            for one in wanted
        ]

    def _meant(self, query: str, level: Level) -> Wanted | Trace:
        try:
            return Wanted(query=self._interpreter(query).query, level=level)
        except QueryError as error:
            return unreadable(query, level, str(error))

    @cached_property
    def _searching(self) -> Interpreter:
        return Interpreter(self._catalogue, searches=True)

    @cached_property
    def _full(self) -> Cascade:
        return Cascade(self._scanner, self._wanted, _parser(self._model))

    @cached_property
    def _plain(self) -> Cascade:
        return Cascade(self._scanner, self._wanted, None)

    def _take(self, watch: Watch) -> None:
        """Take a watch up; one that cannot be read is passed over, and every reading says so."""
        try:
            query = self._interpreter(watch.query).query
        except QueryError as error:
            self._troubles.append(f"The watch “{watch.name}” was passed over: {error}")
            return
        self._watches.append(watch)
        self._wanted.append(Wanted(query=query, level=watch.level))


_desks: dict[int, _Desk] = {}
"""The desk of the newest rules this process was sent, by their number."""


def _desk(number: int, rules: Rules | None, model: str) -> _Desk | None:
    if number not in _desks and rules is not None:
        _desks.clear()
        _desks[number] = _Desk(rules, model)
    return _desks.get(number)


def read_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], plainly: bool
) -> list[Reading] | RulesWanted:
    """Return a reading for each article by the rules of that number, or ask for those rules."""
    desk = _desk(number, rules, model)
    return desk.read(articles, plainly=plainly) if desk else RulesWanted()


def judge_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], query: str
) -> list[Match | None] | RulesWanted:
    """Return how each article answers a query over the catalogue of these rules, or ask for them."""
    desk = _desk(number, rules, model)
    return desk.judge(articles, query) if desk else RulesWanted()


def explain_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], asked: Sequence[tuple[str, Level]]
) -> list[list[Trace]] | RulesWanted:
    """Return how each article came to answer these queries, over the catalogue of these rules, or ask for them."""
    desk = _desk(number, rules, model)
    return [desk.explain(article, asked) for article in articles] if desk else RulesWanted()


def load_model(model: str) -> tuple[str, bool]:
    """Load what reading needs; return the name of the English model, empty where there is none, and whether it knows grammar."""
    parser = _parser(model)
    return (parser.name, parser.has_grammar) if parser else ("", False)


def find_events(model: str, acts: Sequence[Act], texts: Sequence[str]) -> list[Event]:
    """Return the main event of each text; nothing is known of any without grammar."""
    parser = _parser(model)
    return Events(acts, parser).of(texts) if parser and parser.has_grammar else [Event()] * len(texts)


def _document(article: Article) -> Document:
    language = language_of(article.text) or language_of(article.title)
    day = article.published.at.date() if article.published else None
    return Document(
        title=article.title,
        text=article.text,
        headless=article.headless,
        language=language,
        sources=article.sources,
        day=day,
    )


def _match(verdict: Verdict, document: Document, watch: Watch | None = None) -> Match:
    sentence = best_sentence(verdict.hits, document)
    watched = [hit.start for hit in verdict.hits if hit.place is not Place.TITLE]
    shown = None if sentence == IN_TITLE else document.span_of(sentence)
    return Match(
        watch_id=watch.id if watch else 0,
        watch_revision=watch.revision if watch else 1,
        level=verdict.level,
        score=verdict.score,
        evidence=evidence_of(verdict.hits, document, sentence),
        summary=summarise(document.text.text, watched=watched, exclude=shown),
        reason="; ".join((*told(verdict.hits), reason_of(verdict.hits, document, others=verdict.others))),
    )


# What follows runs in the main process.


TOO_LONG = f"only its first {LONGEST_READ:,} characters were read"


_NO_GRAMMAR = ", and without grammar no relation: is judged"


def _bounded(article: Article) -> Article:
    """Cut a text before it crosses to the worker: one of many megabytes would hold all others up."""
    return replace(article, text=article.text[:LONGEST_READ]) if len(article.text) > LONGEST_READ else article


class ReadingPool:
    """Reads in a worker process (the protocol `ports.Reader`); rules are sent only when the worker lacks them."""

    def __init__(self, workers: Workers, *, model: str = "") -> None:
        self._workers = workers
        self._model = model
        self._loaded: tuple[str, bool] | None = None

    async def warm_up(self) -> None:
        """Start the worker and load the model, so that the first article need not wait for it.

        Raises:
            ReadingError: the worker failed.
        """
        self._loaded = await self._run(load_model, self._model)

    async def disambiguation(self) -> str:
        """Return the name of the model that decides what names mean, or why there is none.

        Raises:
            ReadingError: the worker failed.
        """
        if self._loaded is None:
            await self.warm_up()
        name, has_grammar = self._loaded or ("", False)
        said = name if self._model in {"", name} else f"{name} ({self._model} is not installed)"
        if not name:
            said = "off by the setting spacy_model" if self._model == OFF else "off: no English model of spaCy is installed"
        return said if has_grammar else f"{said}{_NO_GRAMMAR}"

    async def read(self, articles: Sequence[Article], rules: Rules, *, plainly: bool = False) -> Sequence[Reading]:
        """Return a reading for each article, in order; `plainly` uses the exact scan alone.

        Raises:
            ReadingError: the worker failed on this batch.
        """
        readings = await self._by_rules(read_batch, rules, [_bounded(article) for article in articles], plainly)
        return [
            replace(reading, trouble=TOO_LONG) if len(article.text) > LONGEST_READ else reading
            for article, reading in zip(articles, readings, strict=True)
        ]

    async def judge(self, articles: Sequence[Article], rules: Rules, query: str) -> Sequence[Match | None]:
        """Return for each article how it answers one query, or None where it does not.

        Raises:
            ReadingError: the worker failed.
            QueryError: the query cannot be read.
        """
        return await self._by_rules(judge_batch, rules, [_bounded(article) for article in articles], query)

    async def explain(self, article: Article, rules: Rules, asked: Sequence[tuple[str, Level]]) -> Sequence[Trace]:
        """Return how an article came to answer each query at its level, or what stopped it (the protocol `ports.Explainer`).

        Raises:
            ReadingError: the worker failed.
        """
        [traces] = await self._by_rules(explain_batch, rules, [_bounded(article)], asked)
        return traces

    async def events(self, texts: Sequence[str], acts: Sequence[Act]) -> Sequence[Event]:
        """Return the main event of each text, whoever takes part in it.

        Raises:
            ReadingError: the worker failed.
        """
        return await self._run(find_events, self._model, acts, texts)

    async def _by_rules(
        self,
        function: Callable[[int, Rules | None, str, Sequence[Article], _A], list[_T] | RulesWanted],
        rules: Rules,
        articles: Sequence[Article],
        argument: _A,
    ) -> list[_T]:
        if not articles:
            return []
        answer = await self._run(function, rules.number, None, self._model, articles, argument)
        if isinstance(answer, RulesWanted):
            answer = await self._run(function, rules.number, rules, self._model, articles, argument)
        assert not isinstance(answer, RulesWanted)
        return answer

    async def _run(self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return await self._workers.run(function, *args, **kwargs)
        except SitrepError:
            raise
        except Exception as error:  # whatever goes wrong in the worker is told of this batch and ends nothing else
            raise ReadingError(f"reading failed with {type(error).__name__}: {error}.") from error
