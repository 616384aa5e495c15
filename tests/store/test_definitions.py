"""Laws of look-ups after the catalogue has changed: what an article holds by today's names is found, whenever it was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from bot import config
from bot.language.parsing import OFF
from bot.matching.document import Document
from bot.matching.scanning.terms import Scanner
from bot.model import (
    TRIED_ONCE,
    Actor,
    Alias,
    AliasKind,
    AllOf,
    Catalogue,
    Mention,
    Pattern,
    Phrase,
    Query,
    Reading,
    Rules,
    Strength,
    Subject,
    Topic,
    Viewer,
    Watch,
)
from bot.questions.broad import Breadth
from bot.reading import ReadingPool
from bot.store.articles.archive import Archive
from bot.store.articles.definitions import Definitions
from bot.store.store import Store
from bot.store.telling.audience import Audience
from tests.store.conftest import FINGERPRINTS, NOW, World, draft, folder, make_world
from tests.store.test_watch_desk import Here

HERE = Viewer(server=7)
TIME = timedelta(seconds=30)


def actor(name: str, *names: str, weak: Sequence[str] = (), beside: Sequence[str] = ()) -> Actor:
    aliases = [Alias(text=text, kind=AliasKind.NAME) for text in (name, *names)]
    aliases += [Alias(text=text, kind=AliasKind.WEAK) for text in weak]
    return Actor(id=name.lower(), name=name, aliases=tuple(aliases), beside=tuple(beside))


SYLDAVIA, BORDURIA = actor("Syldavia"), actor("Borduria")
BEFORE = Catalogue(actors=(SYLDAVIA, BORDURIA))
TEXTS = (
    "Syldavia waited.",
    "Klow waited.",
    "The dockers walked out.",
    "Nothing.",
    "Borduria's dockers walked out.",
    "The Marshal spoke.",
)


async def world_of(catalogue: Catalogue, *texts: str) -> World:
    """Make an archive of articles that were read by a catalogue."""
    world = await make_world(discord=False, catalogue=catalogue)
    await world.follow(folder())
    await come(world, catalogue, *texts)
    return world


async def come(world: World, catalogue: Catalogue, *texts: str) -> None:
    """Let articles come and be read by the exact scan of a catalogue."""
    [source] = await world.store.sources.all_sources()
    known = await world.store.archive.archive_size()
    await world.poll(source, *(draft(known + number, text=text) for number, text in enumerate(texts, start=1)))
    readings = [
        Reading(article_id=one.id, revision=one.revision, mentions=mentioned(catalogue, one.text))
        for one in await world.lease()
    ]
    assert await world.store.analysis.record_readings(readings, world.rules.number, now=NOW)


scanner_of = cache(Scanner)


def mentioned(catalogue: Catalogue, text: str) -> tuple[Mention, ...]:
    hits = scanner_of(catalogue).scan(Document(title="", text=text, language="en"))
    subjects = {hit.leaf.id for hit in hits if isinstance(hit.leaf, Subject) and hit.strength >= Strength.UNSURE}
    return tuple(Mention(subject=one, strength=Strength.STRONG, body=1) for one in subjects)


async def changed(world: World, catalogue: Catalogue) -> World:
    """Start again on the same archive with another catalogue."""
    store = Store(
        world.store._database,
        catalogue=catalogue,
        audience=Audience(discord=False, per_poll=10, per_hour=30),
        fingerprints=FINGERPRINTS,
    )
    return World(store, await store.copy_config([folder()], [Watch(name="North Korea", query="actor:north-korea")], now=NOW))


async def found(archive: Archive, query: Query) -> list[str]:
    stretch = await archive.walk(HERE, query, since=None, most=10_000, budget=TIME)
    return sorted(one.text for one in stretch.articles)


PATTERN = Pattern(lemmas=(("docker",), ("walk|walked",)))


@pytest.mark.parametrize(
    ("after", "subject", "texts"),
    [
        pytest.param(actor("Klow"), "actor:klow", ["Klow waited."], id="a new actor"),
        pytest.param(
            actor("Syldavia", "Klow"), "actor:syldavia", ["Klow waited.", "Syldavia waited."], id="another name of a known one"
        ),
        pytest.param(actor("Klow", weak=["the Marshal"]), "actor:klow", ["Klow waited."], id="a weak name says nothing alone"),
        pytest.param(
            actor("Klow", weak=["the Marshal"], beside=["borduria"]),
            "actor:klow",
            ["Klow waited.", "The Marshal spoke."],
            id="a weak name beside others may",
        ),
        pytest.param(
            Topic(id="docks", name="Docks", phrases=("dockers walked",)),
            "topic:docks",
            ["Borduria's dockers walked out.", "The dockers walked out."],
            id="a topic by phrases",
        ),
        pytest.param(Topic(id="docks", name="Docks", patterns=(PATTERN,)), "topic:docks", sorted(TEXTS), id="by lemmas: any"),
        pytest.param(
            Topic(id="docks", name="Docks", patterns=(replace(PATTERN, actors=("borduria",), at_least=1),)),
            "topic:docks",
            ["Borduria's dockers walked out."],
            id="by lemmas beside actors",
        ),
        pytest.param(
            Topic(id="docks", name="Docks", patterns=(replace(PATTERN, at_least=1),)),
            "topic:docks",
            sorted(TEXTS),
            id="by lemmas beside anybody: any",
        ),
    ],
)
async def test_what_is_defined_today_is_found_in_what_came_before(after: Actor | Topic, subject: str, texts: list[str]) -> None:
    """An actor or a topic that a file has brought since is looked for by its words in articles that were read without it."""
    world = await world_of(BEFORE, *TEXTS)
    actors = after if isinstance(after, Actor) else None
    kept = [one for one in BEFORE.actors if actors is None or one.id != actors.id]
    catalogue = Catalogue(actors=(*kept, *([actors] if actors else [])), topics=() if isinstance(after, Actor) else (after,))

    world = await changed(world, catalogue)

    assert await found(world.store.archive, Subject(subject)) == texts
    assert await found(world.store.archive, AllOf((Subject(subject), Phrase("waited")))) == [
        one for one in texts if "waited" in one
    ]


async def test_before_the_bot_has_started_anew_its_archive_is_looked_through_all_the_same() -> None:
    """Who checks a changed config on the archive of a running bot finds by the names that the config has now."""
    world = await world_of(BEFORE, *TEXTS)

    archive = Archive(world.store._database, Definitions(Catalogue(actors=(SYLDAVIA, actor("Klow")))))

    assert await found(archive, Subject("actor:klow")) == ["Klow waited."]


async def test_what_has_not_changed_is_known_by_its_mentions_alone() -> None:
    """A start with the same names costs look-ups nothing: what the scan has found nobody in is not read for it again."""
    world = await world_of(BEFORE, "Syldavia waited.")
    [source] = await world.store.sources.all_sources()
    await world.poll(source, draft(9, text="The Syldavia Inn."))
    [article] = await world.lease()
    silent = Reading(article_id=article.id, revision=article.revision)
    assert await world.store.analysis.record_readings([silent], world.rules.number, now=NOW)

    world = await changed(world, Catalogue(actors=(*BEFORE.actors, actor("Klow"))))

    assert await found(world.store.archive, Subject("actor:syldavia")) == ["Syldavia waited."]


async def test_what_comes_after_a_change_is_known_by_its_mentions() -> None:
    """Only articles from before a change are looked through by words."""
    catalogue = Catalogue(actors=(SYLDAVIA, BORDURIA, actor("Klow")))
    world = await changed(await world_of(BEFORE, "Klow waited."), catalogue)
    await come(world, catalogue, "Klow rested.")
    [source] = await world.store.sources.all_sources()
    await world.poll(source, draft(9, text="The Klow Inn."))
    [article] = await world.lease()
    silent = Reading(article_id=article.id, revision=article.revision)
    assert await world.store.analysis.record_readings([silent], world.rules.number, now=NOW)

    assert await found(world.store.archive, Subject("actor:klow")) == ["Klow rested.", "Klow waited."]


async def test_what_was_gone_for_a_while_is_looked_for_by_words_meanwhile() -> None:
    """An actor that a file names again is found in what came while no file did."""
    without = Catalogue(actors=(BORDURIA,))
    world = await changed(await world_of(BEFORE, "Syldavia waited."), without)
    await come(world, without, "Syldavia rested.")

    world = await changed(world, BEFORE)

    assert await found(world.store.archive, Subject("actor:syldavia")) == ["Syldavia rested.", "Syldavia waited."]


async def test_a_topic_changes_with_the_actors_beside_it() -> None:
    """A pattern that holds beside an actor holds in older articles beside a new name of that actor."""
    docks = Topic(id="docks", name="Docks", patterns=(replace(PATTERN, actors=("borduria",), at_least=1),))
    before = Catalogue(actors=(BORDURIA,), topics=(docks,))
    world = await world_of(before, "Plekszy-Gladz told the dockers to walk.", "Nothing.")

    world = await changed(world, replace(before, actors=(actor("Borduria", "Plekszy-Gladz"),)))

    assert await found(world.store.archive, Subject("topic:docks")) == ["Plekszy-Gladz told the dockers to walk."]


async def test_what_was_read_by_another_definition_says_nothing_of_how_often_it_is_found() -> None:
    """Of a topic that has changed the articles that came since are counted alone."""
    before = Catalogue(topics=(Topic(id="docks", name="Docks", phrases=("dockers",)),))
    after = Catalogue(topics=(Topic(id="docks", name="Docks", phrases=("walked",)),))
    world = await world_of(before, *TEXTS)
    assert await world.store.archive.frequency(HERE, "topic:docks", newest=100) == (2, 6)

    world = await changed(world, after)
    assert await world.store.archive.frequency(HERE, "topic:docks", newest=100) == (0, 0)

    await come(world, after, "She walked.", "He ran.")
    assert await world.store.archive.frequency(HERE, "topic:docks", newest=100) == (1, 2)


@pytest.mark.parametrize(("word", "said"), [("dockers", True), ("nobody", False)])
async def test_a_new_topic_that_is_nearly_everywhere_is_known_by_reading(word: str, said: bool) -> None:
    """A topic that nothing was read by yet is tried on the newest articles before it is said to tell something."""
    world = await world_of(BEFORE, *(f"The dockers walked out on day {day}." for day in range(60)))
    world = await changed(world, replace(BEFORE, topics=(Topic(id=word, name="Docks", phrases=(word,)),)))
    breadth = Breadth(archive=world.store.archive, reader=ReadingPool(Here(), model=OFF), rules=tried_once(world))

    answer = await breadth.of(HERE, f"topic:{word}")

    assert ("in 60 of the newest 60 articles" in answer) is said


def tried_once(world: World) -> Callable[[], Awaitable[Rules]]:
    """Return what gives the rules in force, of which this process keeps nothing."""

    async def rules() -> Rules:
        return replace(await world.store.analysis.rules(), number=TRIED_ONCE)

    return rules


SHIPPED = config.load(Path("config"), {}).catalogue


async def test_every_name_that_comes_with_the_bot_is_found_by_its_words() -> None:
    """Whatever the scan finds in an article that nobody has read by these names, the index finds, too."""
    aliases = [alias.text for one in SHIPPED.actors for alias in one.aliases][::40]
    world = await world_of(Catalogue(), *(f"Then came {text}, and left." for text in aliases))
    world = await changed(world, SHIPPED)
    holding: dict[str, set[str]] = {}
    for text in aliases:
        sentence = f"Then came {text}, and left."
        for one in mentioned(SHIPPED, sentence):
            holding.setdefault(one.subject, set()).add(sentence)

    missing = {
        subject: lost
        for subject, texts in holding.items()
        if subject.startswith("actor:") and (lost := texts - set(await found(world.store.archive, Subject(subject))))
    }

    assert len(holding) > 100
    assert missing == {}
