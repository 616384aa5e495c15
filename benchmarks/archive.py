"""Fills an archive with articles by chance, through its schema: common words are common, rare ones rare, and few articles name anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import accumulate, islice

import sqlalchemy as sa

from benchmarks import news
from bot.matching.document import Document
from bot.matching.scanning.mentions import mentions_of
from bot.matching.scanning.terms import Scanner
from bot.model import AliasKind, Catalogue, Evidence, FirstRun, Follow, Level, Mention, Place, SourceKind, Watch
from bot.store import rows
from bot.store.articles.text_index import Text, text_index
from bot.store.schema import articles, matches, mentions, stories, watches
from bot.store.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
A_DAY = 1_000
"""Articles."""
FEEDS = 40
WORDS = 40_000
LENGTH = 90
"""Words of a text beside its first two sentences."""
NAMING = 0.25
"""The share of the articles that name actors."""
TAKING = {"Takes all": 1, "Takes many": 10, "Takes few": 1_000, "Takes hardly any": 100_000}
"""Watches, and of how many articles each takes one."""
TOLD_AGAIN = 0.1
"""The share of the articles that join the story of one of the last thousand."""
_CHUNK = 10_000
_SYLLABLES = (
    "ba be bi bo bra ca ce cho da de dri fa fe fo ga ge gra ha he ja jo ka kel la le lin ma me mo na ne no pa pe pri ra re ro "
    "sa se sto ta te tra va ve vo wa wi za"
)
_COMMON = (
    "the of to and a in that for on is was with he it as at by said from be have has an are not will its but they were who "
    "which had their more after about one would this been new year also when two people up his first government week"
)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes articles that are the same for the same seed."""

    catalogue: Catalogue
    draw: random.Random = field(default_factory=lambda: random.Random(17))

    @cached_property
    def words(self) -> Sequence[str]:
        """The words there are, the most common first; none of them names anybody."""
        made = dict.fromkeys(_COMMON.split())
        syllables = _SYLLABLES.split()
        while len(made) < WORDS:
            made["".join(self.draw.choices(syllables, k=self.draw.randint(2, 4)))] = None
        return [word for word in made if not self._scanner.scan(Document(title="", text=word))]

    @cached_property
    def _weights(self) -> Sequence[float]:
        """By Zipf's law."""
        return list(accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(self.catalogue)

    @cached_property
    def _sentences(self) -> tuple[Sequence[str], Sequence[float]]:
        """Sentences that name actors, some far more often than others."""
        names = [
            alias.text
            for actor in self.catalogue.actors
            for alias in actor.aliases
            if alias.kind in {AliasKind.NAME, AliasKind.DEMONYM} and alias.text.isascii()
        ]
        self.draw.shuffle(names)
        made = [
            f"{self.draw.choice(names)} and {name} {self.draw.choice(news.words(news.DID))} {self.draw.choice(news.words(news.WHAT))}."
            for name in names
        ]
        return [*made, *news.OPEN, *news.CLEAR], list(accumulate(1 / (rank + 5) for rank in range(len(made) + 6)))

    @cached_property
    def _mentions(self) -> Mapping[str, Sequence[Mention]]:
        """What each of these sentences mentions, as the exact scan finds it."""
        found = {}
        for sentence in self._sentences[0]:
            document = Document(title="", text=sentence, language="en")
            found[sentence] = mentions_of(self._scanner.scan(document), document)
        return found

    def article(self) -> tuple[str, str, Sequence[Mention]]:
        """Return title and text of an article, and what it mentions."""
        words = self.draw.choices(self.words, cum_weights=self._weights, k=LENGTH)
        body = [" ".join(words[start : start + 15]).capitalize() + "." for start in range(0, LENGTH, 15)]
        title = f"{' '.join(words[:7]).capitalize()}"
        found: Sequence[Mention] = ()
        if self.draw.random() < NAMING:
            [special] = self.draw.choices(self._sentences[0], cum_weights=self._sentences[1])
            body.insert(0, special)
            found = self._mentions[special]
        return title, " ".join([news.sentence(self.draw), *body]), found


async def fill(store: Store, catalogue: Catalogue, *, count: int) -> None:
    """Put so many articles into an archive whose feeds are followed, as if they had come a thousand a day."""
    begun = NOW - timedelta(days=count // A_DAY + 1)
    ids = sorted(source.id for source in await store.sources.all_sources())
    database = store.archive._database  # noqa: SLF001  # bulk inserts have no seam in the bot: nothing else makes a million rows
    writer = Writer(catalogue=catalogue)
    numbers = iter(range(1, count + 1))
    while chunk := list(islice(numbers, _CHUNK)):
        database.write_now(partial(_insert, made=list(_made(writer, chunk, ids, begun))))
        database.write_now(partial(_take, numbers=chunk))
    database.write_now(lambda conn: conn.execute(sa.text("analyze")))


def followed() -> Sequence[Follow]:
    """Return the feeds that the articles come from, by how much each gives."""
    return [
        Follow(
            kind=SourceKind.FEED,
            address=f"https://feed{number}.example/news.xml",
            name=f"Wire {number}",
            every=timedelta(hours=1),
            first_run=FirstRun.ALL,
        )
        for number in range(FEEDS)
    ]


def watched() -> Sequence[Watch]:
    """Return the watches that have taken the articles."""
    return [Watch(name=name, query="government", level=Level.MENTION) for name in TAKING]


_Made = tuple[dict[str, object], Text, Sequence[Mention]]


def _made(writer: Writer, numbers: Sequence[int], sources: Sequence[int], begun: datetime) -> Iterator[_Made]:
    share = list(accumulate(1 / (rank + 1) for rank in range(len(sources))))
    for number in numbers:
        title, text, found = writer.article()
        url = f"https://feed.example/{number}"
        again = number > A_DAY and writer.draw.random() < TOLD_AGAIN
        row: dict[str, object] = {
            "id": number,
            "source_id": writer.draw.choices(sources, cum_weights=share)[0],
            "key": f"{number:032x}",
            "guid": str(number),
            "url": url,
            "canonical": url,
            "title": title,
            "text": text,
            "caption": "",
            "headless": False,
            "text_hash": f"{number:064x}",
            "collected_at": begun + timedelta(days=number / A_DAY),
            "tell": False,
            "batch": "",
            "language": "en" if writer.draw.random() < 0.9 else "fr",
            "state": "done",
            "story_id": number - writer.draw.randint(1, A_DAY) if again else number,
        }
        yield row, Text(article_id=number, title=title, text=text), found


def _insert(conn: sa.Connection, made: Sequence[_Made]) -> None:
    conn.execute(sa.insert(stories), [{"id": row["id"], "created_at": row["collected_at"]} for row, _, _ in made])
    conn.execute(sa.insert(articles), [row for row, _, _ in made])
    text_index(conn).add(conn, [text for _, text, _ in made])
    conn.execute(
        sa.insert(mentions),
        [
            {
                "article_id": text.article_id,
                "revision": 1,
                "subject": one.subject,
                "strength": int(one.strength),
                "title": one.title,
                "lead": one.lead,
                "body": one.body,
                "positions": "[]",
                "rules_number": 1,
            }
            for _, text, found in made
            for one in found
        ],
    )


def _take(conn: sa.Connection, numbers: Sequence[int]) -> None:
    ids = {row.name: row.id for row in conn.execute(sa.select(watches.c.name, watches.c.id))}
    evidence = Evidence(sentence="The government said so.", spans=((4, 14),), place=Place.LEAD, terms=())
    judged = {"level": int(Level.ABOUT), "score": 0.8, "evidence": rows.write_evidence(evidence), "summary": "[]"}
    conn.execute(
        sa.insert(matches),
        [
            {"article_id": number, "revision": 1, "watch_id": ids[name], "watch_revision": 1, **judged}
            for number in numbers
            for name, every in TAKING.items()
            if number % every == 0
        ],
    )
