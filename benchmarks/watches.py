"""Articles per CPU-second against a thousand watches over ten thousand aliases, beside the bare search for the same aliases."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from ahocorasick_rs import AhoCorasick

from benchmarks import news
from bot import config
from bot.language.detect import language_of
from bot.language.folding import quick_fold
from bot.language.parsing import Depth, Parsed
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.mentions import mentions_of
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Catalogue

WATCHES = 1_000
ALIASES = 10_000
ARTICLES = 600
BATCH = 32
ROUNDS = 5
OF_EACH = 10
"""Aliases of an actor that is made up."""

MIXES = {"no article names anybody": 0, "one in ten does": 10, "one in two does": 2, "every article does": 1}
"""One article in so many holds a sentence with two names of the catalogue."""

_SYLLABLES = "an ar bel cor dan el fen gar hal il jor kal lor mar nor ol pel quin ros sel tar ur vel win xan yor zel"

_QUERIES = (
    "actor:{0}",
    "actor:{0} AND actor:{1}",
    "sentence:(actor:{0} AND actor:{1})",
    "actor:{0} AND NOT actor:{1}",
    "title:actor:{0} OR lead:actor:{1}",
    'actor:{0} AND (strike OR "joint exercise"~3 OR missil*) AND lang:en',
    "topic:sanctions-evasion AND (actor:{0} OR actor:{1})",
    '"{2} summit" OR "summit in {2}"',
)


class _NotAsked:
    """A parser that is there and must not be needed."""

    name = "none"
    has_grammar = True

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        raise AssertionError(f"The parser was asked of {texts[0]}, {depth=}")


def main() -> None:
    """Print the speeds and their ratios, in alternate rounds."""
    draw = random.Random(5)
    catalogue = _grown(config.load(Path("config"), {}).catalogue, draw)
    forms = {quick_fold(form) for form in _forms(catalogue)}
    bare = AhoCorasick(sorted(forms))
    scanner, understand = Scanner(catalogue), Interpreter(catalogue)
    wanted = [Wanted(query=understand(query).query) for query in _queries(catalogue, draw)]
    cascade = Cascade(scanner, wanted, _NotAsked())
    print(
        f"{len(wanted):,} watches over {len(forms):,} aliases, {ARTICLES} articles that need no parser; articles per CPU-second"
    )
    print(f"{'':26s}{'bare':>8s}{'judged':>8s}{'ratio':>7s}{'with language':>15s}{'ratio':>7s}  matches an article")
    for name, every in MIXES.items():
        _compare(name, _articles(catalogue, every, draw), bare, cascade)


def _compare(name: str, articles: Sequence[tuple[str, str]], bare: AhoCorasick, cascade: Cascade) -> None:
    matches = 0

    def search() -> None:
        for title, text in articles:
            bare.find_matches_as_indexes(quick_fold(title), overlapping=True)
            bare.find_matches_as_indexes(quick_fold(text), overlapping=True)

    def judge(language: Callable[[str], str]) -> Callable[[], None]:
        def work() -> None:
            nonlocal matches
            matches = 0
            for start in range(0, len(articles), BATCH):
                documents = [
                    Document(title=title, text=text, language=language(text)) for title, text in articles[start : start + BATCH]
                ]
                for document, hits in zip(documents, cascade.read(documents), strict=True):
                    mentions_of(hits, document)
                    matches += sum(1 for _ in cascade.answers(hits, document))

        return work

    known, told = judge(lambda _: "en"), judge(language_of)
    known()
    rounds = [(_cpu_s(search), _cpu_s(known), _cpu_s(told)) for _ in range(ROUNDS)]
    speeds = [len(articles) / median(row[at] for row in rounds) for at in range(3)]
    ratios = [median(row[at] / row[0] for row in rounds) for at in (1, 2)]
    print(
        f"{name:26s}{speeds[0]:8,.0f}{speeds[1]:8,.0f}{ratios[0]:7.1f}{speeds[2]:15,.0f}{ratios[1]:7.1f}"
        f"  {matches / len(articles):.2f}  (reach: within 3.0 of the bare search)"
    )


def _grown(catalogue: Catalogue, draw: random.Random) -> Catalogue:
    """Return the catalogue with made-up actors, until it has as many aliases as are wanted."""
    have = {quick_fold(form) for form in _forms(catalogue)}
    made: list[Actor] = []
    while len(have) < ALIASES:
        names = dict.fromkeys("".join(draw.choices(_SYLLABLES.split(), k=3)).capitalize() for _ in range(OF_EACH))
        aliases = tuple(Alias(text=name, kind=AliasKind.NAME) for name in names if quick_fold(name) not in have)
        made.append(Actor(id=f"made-{len(made)}", name=next(iter(names)), aliases=aliases))
        have |= {quick_fold(alias.text) for alias in aliases}
    return Catalogue(actors=(*catalogue.actors, *made), topics=catalogue.topics)


def _forms(catalogue: Catalogue) -> Iterator[str]:
    """Yield every name and decoy of the actors, as it is written."""
    for one in catalogue.actors:
        yield from (alias.text for alias in one.aliases)
        yield from one.decoys


def _queries(catalogue: Catalogue, draw: random.Random) -> Sequence[str]:
    """Return watches of every kind, over the whole catalogue."""
    made = []
    for number in range(WATCHES):
        one, other = draw.sample(catalogue.actors, 2)
        made.append(_QUERIES[number % len(_QUERIES)].format(one.id, other.id, one.name.replace('"', "")))
    return made


def _articles(catalogue: Catalogue, every: int, draw: random.Random) -> Sequence[tuple[str, str]]:
    """Return general news of which one article in `every` names two actors, none of them by a name that may be another's."""
    names = [
        alias.text for one in catalogue.actors for alias in one.aliases if alias.kind is AliasKind.NAME and not alias.unsure
    ]
    made = []
    for number in range(ARTICLES):
        one, other = draw.sample(names, 2)
        special = [f"{one} and {other} reviewed a report on water quality {{when}}, officials said."]
        made.append(news.article(draw, special=special if every and number % every == 0 else ()))
    return made


def _cpu_s(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    main()
