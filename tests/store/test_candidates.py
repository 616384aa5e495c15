"""The law of candidates: whatever is asked, nothing that answers is passed over; the whole archive read one by one is the measure."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.judging import Desk, Sought
from bot.matching.queries.meanings import Meanings
from bot.matching.queries.written import written
from bot.model import (
    AliasKind,
    AllOf,
    AnyOf,
    Article,
    Catalogue,
    Facet,
    FacetKind,
    Override,
    Pattern,
    Phrase,
    Prefix,
    Query,
    Relation,
    Rules,
    Scope,
    Subject,
    Topic,
    Viewer,
    Within,
    Without,
)
from bot.store.database import Database
from bot.store.store import Store
from bot.store.telling.audience import Audience
from tests.store.conftest import FINGERPRINTS, HOUR, NOW, World, draft, folder, make_world
from tests.store.test_overrides import CATALOGUE, HereReader

SERVER = 7
ARTICLES = 60
PIECES = [
    "walrus", "Walruses", "walrus’s", "wal\u00adrus", "WALRUS", "a seal", "seal-pup", "seal pups", "Seal/pup", "snow_flake", "snow, flake",
    "na\u00efve", "naive", "COVID-19", "10,000 tons", "½ ton", "ﬁsh", "straße", "STRASSE", "N.Korea", "U.S. ships", "walrus\ue000seal",
    "walrus😀seal", "walrus²", "हिन्दी", "ประเทศไทย", "북한은 미사일을", "북한", "金正恩同志", "ミサイル発射", "ﾐｻｲﾙ", "Ракеты", "ракетами",
    "North Korea", "Pyongyang", "the North", "Hermit Kingdoms", "FC Seoul", "Seoul", "met", "South Korea", ".", "\n\n", "said", "'", "—",
]  # fmt: skip
SUBJECTS = [Subject("actor:north-korea"), Subject("actor:south-korea"), Subject("actor:acme-shipping"), Subject("topic:flakes")]
SAYING = Pattern(lemmas=(("say|said",), ("meet|met",)))
LEAVES: list[Query] = [
    *map(Phrase, ("walrus", "walrus seal", "seal pup", "naive", "covid 19", "COVID-19", "10,000", "strasse", "fish", "U.S.", "ton")),
    *map(Phrase, ("북한", "한은", "미사일", "金正恩", "ミサイル", "ракеты", "हिन्दी", "ไทย", "snow flake", "½")),
    *(Phrase(words, slop=3) for words in ("walrus seal", "seal - walrus", "북한 미사일", "snow_flake walrus")),
    *map(Prefix, ("wal", "covid", "미사", "раке", "hin", "sea")),
    *SUBJECTS,
    Relation(source=SUBJECTS[0], target=SUBJECTS[1]),
    Facet(FacetKind.SOURCE, "wire"),
    Facet(FacetKind.LANG, "ko"),
]  # fmt: skip
QUERIES: st.SearchStrategy[Query] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(Without, inner),
        st.builds(Within, st.sampled_from(Scope), inner),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)  # fmt: skip


NAMES = replace(CATALOGUE, topics=(Topic(id="flakes", name="Flakes", phrases=("snow flake",), patterns=(SAYING,)),))
FORMER = Catalogue(actors=(replace(CATALOGUE.actors[0], aliases=CATALOGUE.actors[0].aliases[:1]),))
"""Without the other names of North Korea, without South Korea, and without a topic."""


def opened(database: Database, catalogue: Catalogue) -> Store:
    """Open a store as a start of the program does, whose files name these actors and topics."""
    return Store.open(database, catalogue=catalogue, audience=Audience(discord=True), fingerprints=FINGERPRINTS)


async def _archive() -> tuple[World, Rules, list[Article]]:
    """Make an archive of two folders, each read by other names, before the server called anything by names of its own."""
    world, draw = await make_world(discord=True, catalogue=FORMER), random.Random(5)
    for source, names in zip(
        await world.follow(folder("The Wire", "/wire"), folder("Inbox", "/inbox")), (FORMER, NAMES), strict=True
    ):
        world.store = opened(world.store._database, names)
        rules = await world.store.copy_config([], [], now=NOW)
        words = [[" ".join(draw.choices(PIECES, k=draw.randint(1, most))) for most in (4, 9)] for _ in range(ARTICLES // 2)]
        drafts = [draft(number, title=f"News {title}", text=text) for number, (title, text) in enumerate(words)]
        await world.poll(source, *drafts, batch=source.name)
        readings = await HereReader().read(await world.lease(), rules)
        assert await world.store.analysis.record_readings(readings, rules.number, now=NOW)
    for actor, text, taken in (
        ("north-korea", "Hermit Kingdom", False),
        ("north-korea", "Pyongyang", True),
        ("south-korea", "FC Seoul", True),
        ("acme-shipping", "Walrus Seal", False),
    ):
        kind = None if text == "FC Seoul" else AliasKind.NAME
        await world.store.overrides.put(SERVER, Override(actor=actor, text=text, kind=kind, taken=taken), most=None, now=NOW)
    everything = await world.store.archive.candidates(Viewer(server=SERVER), Without(Phrase("xyz")), since=None, limit=1000)
    return world, await world.store.analysis.rules(), list(everything)


def test_nothing_that_answers_is_passed_over() -> None:
    """Each article that a query finds when all are read is among its candidates, for a server with names of its own."""
    world, rules, everything = asyncio.run(_archive())
    desk, understand = Desk(rules, "none"), Meanings().understand(rules, SERVER)
    assert len(everything) == ARTICLES

    @settings(max_examples=60)
    @given(QUERIES)
    def law(query: Query) -> None:
        words = written(query)
        try:
            wide = understand(words).wide
        except QueryError:
            assume(False)
        verdicts = desk.judge(everything, Sought(words, SERVER, SERVER))
        answering = {article.id for article, match in zip(everything, verdicts, strict=True) if match}
        looking = world.store.archive.walk(Viewer(server=SERVER), wide, since=None, most=ARTICLES, budget=HOUR)

        found = asyncio.run(looking).articles

        assert answering <= {one.id for one in found}, words

    law()
