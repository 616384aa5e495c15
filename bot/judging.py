"""What a worker process makes of articles by one numbered set of rules: for everybody, and for servers that have words of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from bot.errors import QueryError
from bot.language.detect import language_of
from bot.language.parsing import load
from bot.matching import ranking
from bot.matching.aboutness import reason_of
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import IN_TITLE, Document, Hit
from bot.matching.evaluate import Verdict
from bot.matching.evidence import best_sentence, evidence_of
from bot.matching.explain import explain, unreadable
from bot.matching.geography import Geography
from bot.matching.nearly import Nearly
from bot.matching.queries.meanings import Meanings
from bot.matching.relations.finding import told
from bot.matching.scanning.mentions import mentions_of
from bot.matching.scanning.overrides import Overlays
from bot.model import CONFIG_SERVER, Article, Level, Match, Place, Query, Reading, Rules, Trace, Watch
from bot.stories.summary import summarise

parser_of = cache(load)


_Verdicts = dict[int, Verdict]
"""How an article answers watches, by their numbers."""


class Sought(NamedTuple):
    """A query, by whose names it is read, by whose names articles are, and the level from which somebody cares."""

    query: str
    author: int = CONFIG_SERVER
    server: int = CONFIG_SERVER
    level: Level = Level.MENTION


class Desk:
    """One numbered set of rules, ready to read by."""

    def __init__(self, rules: Rules, model: str, before: Desk | None = None) -> None:
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
        cascade = Cascade(
            self.overlays.of(sought.server),
            [Wanted(query=query, level=sought.level, author=sought.author)],
            parser_of(self._model),
        )
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
        [decided] = Cascade(scanner, readable, parser_of(self._model)).read([document])
        nearly = Nearly(catalogue, document)
        traces = [
            explain(one, raw=raw, decided=decided, document=document, nearly=nearly) if isinstance(one, Wanted) else one
            for one in wanted
        ]
        return [ranking.with_maybes(trace, document, catalogue, ranking.load) for trace in traces]

    def countries(self, articles: Sequence[Article]) -> list[tuple[str, ...]]:
        """Return the codes of the countries that each article names."""
        catalogue = self._meanings.catalogue(self._rules, CONFIG_SERVER)
        geography = Geography(catalogue, self.overlays.shared, parser_of(self._model))
        return [geography.countries(_document(article)) for article in articles]

    def _meant(self, watch: Watch) -> Wanted | Trace:
        key = self._rules.overrides_of(watch.server), watch.query
        try:
            query = self._known.get(key) or self._meanings.interpreter(self._rules, watch.server)(watch.query).query
            self.queries[key] = query
            return Wanted(query=query, level=watch.level, author=watch.server)
        except QueryError as error:
            return unreadable(watch.query, watch.level, str(error))

    def _cascade(self, server: int, *, plainly: bool) -> tuple[Cascade, Sequence[int]]:
        """Return what answers all watches, or those alone that one server has, by its own words; and the numbers of these watches."""
        if (server, plainly) not in self._cascades:
            own = {CONFIG_SERVER, server}
            everybody = server == CONFIG_SERVER
            heard = [number for number, watch in enumerate(self._watches) if everybody or watch.server in own]
            parser = None if plainly else parser_of(self._model)
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
        reason="; ".join(
            (*told(verdict.hits), reason_of(verdict.hits, document, weighed=verdict.decisive, others=verdict.others))
        ),
    )


@lru_cache(maxsize=32)
def _summary(text: str, watched: frozenset[int], exclude: tuple[int, int] | None) -> tuple[str, ...]:
    """Summarise a text once for all watches that find what they watch in the same sentences."""
    return summarise(text, watched=watched, exclude=exclude)
