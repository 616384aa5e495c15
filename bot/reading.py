"""Reads articles in a worker process, in one hop: texts in, readings out. The main process keeps only the way to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple, ParamSpec, TypeVar

from bot.errors import QueryError, ReadingError, SitrepError
from bot.language.detect import language_of
from bot.language.parsing import OFF, load
from bot.matching import ranking
from bot.matching.aboutness import reason_of
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import IN_TITLE, Document, Hit
from bot.matching.evaluate import Verdict
from bot.matching.evidence import best_sentence, evidence_of
from bot.matching.explain import explain, unreadable
from bot.matching.geography import Geography
from bot.matching.meanings import Meanings
from bot.matching.mentions import mentions_of
from bot.matching.nearly import Nearly
from bot.matching.overrides import Overlays
from bot.matching.relations.events import Event, Events
from bot.matching.relations.finding import told
from bot.model import CONFIG_SERVER, LONGEST_READ, Act, Article, Match, Place, Query, Reading, Rules, Trace, Watch
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


_Verdicts = dict[int, Verdict]
"""How an article answers watches, by their numbers."""


class Sought(NamedTuple):
    """A query, by whose names it is read, and by whose names articles are."""

    query: str
    author: int = CONFIG_SERVER
    server: int = CONFIG_SERVER


class _Desk:
    """One numbered set of rules, ready to read by."""

    def __init__(self, rules: Rules, model: str, before: _Desk | None = None) -> None:
        self._model = model
        self._rules = rules
        self.overlays: Overlays = Overlays(rules, before.overlays if before else None)
        self._meanings, self._searches = Meanings(), Meanings(searches=True)
        self._watches: list[Watch] = []
        self._wanted: list[Wanted] = []
        self._troubles: list[str] = []
        self._cascades: dict[tuple[int, bool], tuple[Cascade, Sequence[int]]] = {}
        self._known = before.queries if before and before.overlays.shared is self.overlays.shared else {}
        self.queries: dict[tuple[object, str], Query] = {}
        """What the watches mean, by whose names they are read; of a catalogue that is the same the next desk need not ask again."""
        for watch in sorted(rules.watches, key=lambda watch: watch.server):
            if not watch.paused:
                self._take(watch)

    def read(self, articles: Sequence[Article], *, plainly: bool) -> list[Reading]:
        """Return a reading for each article: mentions are what everybody finds, matches what each server does."""
        documents = [_document(article) for article in articles]
        cascade, _ = self._cascade(CONFIG_SERVER, plainly=plainly)
        apart = self._apart(documents, plainly=plainly)
        return [
            self._reading(article, document, hits, shared=dict(cascade.answers(hits, document)), apart=own)
            for article, document, hits, own in zip(articles, documents, cascade.read(documents), apart, strict=True)
        ]

    def _apart(self, documents: Sequence[Document], *, plainly: bool) -> list[dict[int, _Verdicts]]:
        """Return for each article what those servers make of it that may find something else in it than all others."""
        apart: list[dict[int, _Verdicts]] = [{} for _ in documents]
        concerned: dict[int, list[int]] = {}
        for number, document in enumerate(documents):
            for server in self.overlays.servers(document):
                concerned.setdefault(server, []).append(number)
        for server, numbers in concerned.items():
            cascade, heard = self._cascade(server, plainly=plainly)
            theirs = [documents[number] for number in numbers]
            for number, document, hits in zip(numbers, theirs, cascade.read(theirs), strict=True):
                apart[number][server] = {heard[one]: verdict for one, verdict in cascade.answers(hits, document)}
        return apart

    def _reading(
        self,
        article: Article,
        document: Document,
        hits: Sequence[Hit],
        *,
        shared: _Verdicts,
        apart: Mapping[int, _Verdicts],
    ) -> Reading:
        matches = [
            _match(verdict, document, self._watches[number])
            for number, verdict in shared.items()
            if self._watches[number].server not in apart
        ]
        for server, theirs in apart.items():
            for number, verdict in theirs.items():
                watch = self._watches[number]
                if watch.server == server:
                    matches.append(_match(verdict, document, watch))
                elif verdict != shared.get(number):
                    matches.append(replace(_match(verdict, document, watch), server=server))
        return Reading(
            article_id=article.id,
            revision=article.revision,
            language=document.language,
            mentions=mentions_of(hits, document),
            matches=tuple(matches),
            withheld=tuple(
                (self._watches[number].id, server)
                for server, theirs in apart.items()
                for number in shared.keys() - theirs.keys()
                if self._watches[number].server == CONFIG_SERVER
            ),
            trouble=" ".join(self._troubles),
        )

    def judge(self, articles: Sequence[Article], sought: Sought) -> list[Match | None]:
        """Return how each article answers one query."""
        query = self._searches.interpreter(self._rules, sought.author)(sought.query).query
        cascade = Cascade(self.overlays.of(sought.server), [Wanted(query=query)], _parser(self._model))
        documents = [_document(article) for article in articles]
        answers = zip(documents, cascade.read(documents), strict=True)
        verdicts = [(document, cascade.verdicts(hits, document)[0]) for document, hits in answers]
        return [_match(verdict, document) if verdict else None for document, verdict in verdicts]

    def explain(self, article: Article, watches: Sequence[Watch], server: int) -> list[Trace]:
        """Return how an article came to answer each watch at its level, or what stopped it."""
        wanted = [self._meant(watch) for watch in watches]
        readable = [one for one in wanted if isinstance(one, Wanted)]
        document, scanner = _document(article), self.overlays.of(server)
        catalogue = self._meanings.catalogue(self._rules, server)
        raw = scanner.scan(document)
        [decided] = Cascade(scanner, readable, _parser(self._model)).read([document])
        nearly = Nearly(catalogue, document)
        traces = [
            explain(one.query, one.level, raw=raw, decided=decided, document=document, nearly=nearly)
            if isinstance(one, Wanted)
            else one
            for one in wanted
        ]
        return [ranking.with_maybes(trace, document, catalogue, ranking.load) for trace in traces]

    def countries(self, articles: Sequence[Article]) -> list[tuple[str, ...]]:
        """Return the codes of the countries that each article names."""
        catalogue = self._meanings.catalogue(self._rules, CONFIG_SERVER)
        geography = Geography(catalogue, self.overlays.shared, _parser(self._model))
        return [geography.countries(_document(article)) for article in articles]

    def _meant(self, watch: Watch) -> Wanted | Trace:
        key = self._rules.overrides_of(watch.server), watch.query
        try:
            query = self._known.get(key) or self._meanings.interpreter(self._rules, watch.server)(watch.query).query
            self.queries[key] = query
            return Wanted(query=query, level=watch.level)
        except QueryError as error:
            return unreadable(watch.query, watch.level, str(error))

    def _cascade(self, server: int, *, plainly: bool) -> tuple[Cascade, Sequence[int]]:
        """Return what answers all watches, or those alone that one server has, by its own words; and the numbers of these watches."""
        if (server, plainly) not in self._cascades:
            own = {CONFIG_SERVER, server}
            everybody = server == CONFIG_SERVER
            heard = [number for number, watch in enumerate(self._watches) if everybody or watch.server in own]
            parser = None if plainly else _parser(self._model)
            cascade = Cascade(self.overlays.of(server), [self._wanted[number] for number in heard], parser)
            self._cascades[server, plainly] = cascade, heard
        return self._cascades[server, plainly]

    def _take(self, watch: Watch) -> None:
        """Take a watch up; one that cannot be read is passed over, and every reading says so."""
        wanted = self._meant(watch)
        if isinstance(wanted, Trace):
            self._troubles.append(f"The watch “{watch.name}” was passed over: {wanted.obstacles[0].seen}")
            return
        self._watches.append(watch)
        self._wanted.append(wanted)


_desks: dict[int, _Desk] = {}
"""The desk of the newest rules this process was sent, by their number."""


def _desk(number: int, rules: Rules | None, model: str) -> _Desk | None:
    if number not in _desks and rules is not None:
        before = next(iter(_desks.values()), None)
        _desks.clear()
        _desks[number] = _Desk(rules, model, before)
    return _desks.get(number)


def read_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], plainly: bool
) -> list[Reading] | RulesWanted:
    """Return a reading for each article by the rules of that number, or ask for those rules."""
    desk = _desk(number, rules, model)
    return desk.read(articles, plainly=plainly) if desk else RulesWanted()


def judge_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], sought: Sought
) -> list[Match | None] | RulesWanted:
    """Return how each article answers a query over the catalogue of these rules, or ask for them."""
    desk = _desk(number, rules, model)
    return desk.judge(articles, sought) if desk else RulesWanted()


def explain_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], asked: tuple[Sequence[Watch], int]
) -> list[list[Trace]] | RulesWanted:
    """Return how each article came to answer these watches as one server has them, or ask for the rules."""
    desk, (watches, server) = _desk(number, rules, model), asked
    return [desk.explain(article, watches, server) for article in articles] if desk else RulesWanted()


def countries_batch(
    number: int, rules: Rules | None, model: str, articles: Sequence[Article], _: None
) -> list[tuple[str, ...]] | RulesWanted:
    """Return the codes of the countries that each article names, over the catalogue of these rules, or ask for them."""
    desk = _desk(number, rules, model)
    return desk.countries(articles) if desk else RulesWanted()


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
    """Return how an article answers a watch, or one of many that a look-up goes through: of those nobody reads a summary."""
    sentence = best_sentence(verdict.hits, document)
    inside = {document.sentence_at(hit.start) for hit in verdict.hits if hit.place is not Place.TITLE}
    shown = None if sentence == IN_TITLE else document.span_of(sentence)
    return Match(
        watch_id=watch.id if watch else 0,
        watch_revision=watch.revision if watch else 1,
        level=verdict.level,
        score=verdict.score,
        evidence=evidence_of(verdict.hits, document, sentence),
        summary=_summary(document.text.text, frozenset(document.span_of(one)[0] for one in inside), shown) if watch else (),
        reason="; ".join((*told(verdict.hits), reason_of(verdict.hits, document, others=verdict.others))),
    )


@lru_cache(maxsize=32)
def _summary(text: str, watched: frozenset[int], exclude: tuple[int, int] | None) -> tuple[str, ...]:
    """Summarise a text once for all watches that find what they watch in the same sentences."""
    return summarise(text, watched=watched, exclude=exclude)


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

    async def judge(
        self,
        articles: Sequence[Article],
        rules: Rules,
        query: str,
        *,
        server: int = CONFIG_SERVER,
        author: int | None = None,
    ) -> Sequence[Match | None]:
        """Return for each article, as a server reads it, how it answers one query, or None where it does not.

        The query is read by the names that its author has, by default the server itself.

        Raises:
            ReadingError: the worker failed.
            QueryError: the query cannot be read.
        """
        sought = Sought(query, server if author is None else author, server)
        return await self._by_rules(judge_batch, rules, [_bounded(article) for article in articles], sought)

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        """Return how an article came to answer each watch as one server has it, or what stopped it (the protocol `ports.Explainer`).

        Raises:
            ReadingError: the worker failed.
        """
        [traces] = await self._by_rules(explain_batch, rules, [_bounded(article)], (watches, server))
        return traces

    async def countries(self, articles: Sequence[Article], rules: Rules) -> Sequence[tuple[str, ...]]:
        """Return the codes of the countries that each article names.

        Raises:
            ReadingError: the worker failed.
        """
        return await self._by_rules(countries_batch, rules, [_bounded(article) for article in articles], None)

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
