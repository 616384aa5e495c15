"""Reads articles in a worker process, in one hop: texts in, readings out. The main process keeps only the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from bot.errors import ReadingError, SitrepError
from bot.judging import Desk, Sought, parser_of
from bot.language.parsing import OFF
from bot.matching.relations.events import Event, Events
from bot.model import CONFIG_SERVER, LONGEST_READ, TRIED_ONCE, Act, Article, Level, Match, Reading, Rules, Trace, Watch
from bot.workers import Workers

_P = ParamSpec("_P")
_T = TypeVar("_T")
_A = TypeVar("_A")


@dataclass(frozen=True, slots=True)
class RulesWanted:
    """What a worker answers that does not have the rules of that number."""


# What follows runs in the worker process.

_desks: dict[int, Desk] = {}
"""The desk of the newest rules this process was sent, by their number."""


def _desk(number: int, rules: Rules | None, model: str) -> Desk | None:
    if number == TRIED_ONCE:
        return Desk(rules, model) if rules else None
    if number not in _desks and rules is not None:
        before = next(iter(_desks.values()), None)
        _desks.clear()
        _desks[number] = Desk(rules, model, before)
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
    parser = parser_of(model)
    return (parser.name, parser.has_grammar) if parser else ("", False)


def find_events(model: str, acts: Sequence[Act], texts: Sequence[str]) -> list[Event]:
    """Return the main event of each text; nothing is known of any without grammar."""
    parser = parser_of(model)
    return Events(acts, parser).of(texts) if parser and parser.has_grammar else [Event()] * len(texts)


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
            replace(reading, trouble=" ".join(filter(None, (reading.trouble, TOO_LONG))))
            if len(article.text) > LONGEST_READ
            else reading
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
        level: Level = Level.MENTION,
    ) -> Sequence[Match | None]:
        """Return for each article, as a server reads it, how it answers one query, or None where it does not.

        The query is read by the names that its author has, by default the server itself; what is undecided stays so where
        it makes no difference to the level from which somebody cares.

        Raises:
            ReadingError: the worker failed.
            QueryError: the query cannot be read.
        """
        sought = Sought(query, server if author is None else author, server, level)
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
