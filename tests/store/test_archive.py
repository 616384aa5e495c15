"""What the archive answers, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.matching.document import Document
from bot.matching.scanning.phrases import Phrases
from bot.model import (
    AllOf,
    AnyOf,
    FirstRun,
    Level,
    Phrase,
    Prefix,
    Query,
    Relation,
    Scope,
    Sent,
    SourceKind,
    Subject,
    Viewer,
    Watch,
    Within,
    Without,
)
from bot.store.articles.headlines import count_visible, visible
from bot.store.schema import articles, follows
from tests.store.conftest import HOUR, NOW, World, draft, feed, folder, make_world, match

HERE = Viewer(server=7)
THERE = Viewer(server=8)


async def titles(world: World, viewer: Viewer, **more: object) -> list[str]:
    asked = {"watch": None, "limit": 10, "offset": 0, **more}
    return [one.title for one in await world.store.archive.latest(viewer, **asked)]  # type: ignore[arg-type]


async def test_the_latest_are_the_newest_first_one_a_story(discord: World) -> None:
    """The latest are stories that match, newest first, in pages."""
    one, two = await discord.follow(folder("One", "/one"), folder("Two", "/two"))
    await discord.poll(one, draft(3), draft(2), draft(1))
    await discord.poll(two, draft(1))
    await discord.read(match())

    assert await titles(discord, HERE) == ["Title 3", "Title 2", "Title 1"]
    assert await titles(discord, HERE, limit=1, offset=1) == ["Title 2"]


async def test_the_latest_of_a_watch_are_its_own() -> None:
    """The latest of a watch are what it matched at its level, whatever the case of its name."""
    world = await make_world(discord=True, watches=[Watch(name="A", query="x"), Watch(name="B", query="x")])
    [source] = await world.follow(folder())
    await world.poll(source, draft(1))
    await world.read(match(1))
    await world.poll(source, draft(2))
    await world.read(match(2), match(1, level=Level.MENTION))

    assert (await titles(world, HERE, watch="a"), await titles(world, HERE, watch="B")) == (["Title 1"], ["Title 2"])


async def test_a_server_never_sees_what_another_one_follows(discord: World) -> None:
    """A server sees the config's sources and its own from the moment it follows; the operator sees all."""
    private = feed(server=8, first_run=FirstRun.ALL)
    [source] = await discord.follow(private)
    await discord.poll(source, draft(1))
    await discord.read(match())
    discord.now = NOW + HOUR

    seen = [await titles(discord, viewer) for viewer in (HERE, THERE, Viewer())]
    found = [
        len(await discord.store.archive.candidates(viewer, Phrase("text"), since=None, limit=5))
        for viewer in (HERE, THERE, Viewer())
    ]
    listed = [len(await discord.store.archive.sources(viewer, now=NOW)) for viewer in (HERE, THERE, Viewer())]
    counted = [await discord.store.archive.match_count(viewer, 1, most=9) for viewer in (HERE, THERE, Viewer())]

    assert seen == [[], ["Title 1"], ["Title 1"]]
    assert [0, 1, 1] == found == listed == counted


async def test_samples_are_seen_until_a_real_source_has_delivered(terminal: World) -> None:
    """Samples are left out of look-ups and counts once there is a real article."""
    samples, inbox = await terminal.follow(folder("Samples", "/samples", SourceKind.SAMPLE), folder())
    await terminal.poll(samples, draft(1))
    await terminal.read(match())
    before = await titles(terminal, HERE)

    await terminal.poll(inbox, draft(2))
    await terminal.read(match())

    assert (before, await titles(terminal, HERE)) == (["Title 1"], ["Title 2"])
    assert await terminal.store.archive.archive_size() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(Phrase("North Korea"), {1, 2}, id="phrase"),
        pytest.param(Phrase("korea north"), set(), id="a phrase has an order"),
        pytest.param(Phrase("north missile", slop=5), {1}, id="slop"),
        pytest.param(Prefix("mis"), {1}, id="prefix"),
        pytest.param(AllOf((Phrase("north"), Phrase("missile"))), {1}, id="all"),
        pytest.param(AnyOf((Phrase("missile"), Phrase("harvest"))), {1, 2}, id="any"),
        pytest.param(AllOf((Phrase("north"), Without(Phrase("missile")))), {1, 2}, id="negation is left to the reader"),
        pytest.param(Within(Scope.TITLE, Phrase("title 3")), {3}, id="scopes are left to the reader"),
        pytest.param(Subject("actor:north-korea"), {1, 2, 3}, id="subject by its mentions"),
        pytest.param(Relation(source=Subject("actor:north-korea"), act="aid"), {1, 2, 3}, id="a relation by its actor"),
        pytest.param(
            Relation(source=Subject("actor:north-korea"), target=Subject("actor:japan")), set(), id="a relation by both"
        ),
        pytest.param(Subject("actor:japan"), set(), id="a subject nobody mentions"),
        pytest.param(Phrase("north - korea", slop=3), {1, 2}, id="signs among words"),
        pytest.param(Phrase("北朝鮮"), {3}, id="a phrase inside a run without spaces"),
        pytest.param(Phrase('"; drop table articles'), set(), id="words are never syntax"),
    ],
)
async def test_candidates_are_what_may_answer(terminal: World, query: Query, found: set[int]) -> None:
    """Candidates hold every article that could answer, from mentions and the text index."""
    [source] = await terminal.follow(folder())
    texts = {1: "North Korea fired a missile.", 2: "A harvest in North Korea.", 3: "昨日北朝鮮がミサイルを発射した。"}
    await terminal.poll(source, *(draft(number, text=text) for number, text in texts.items()))
    await terminal.read()

    candidates = await terminal.store.archive.candidates(HERE, query, since=None, limit=10)

    assert found == {int(one.title.split()[-1]) for one in candidates}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param(Phrase("export control"), "Export controls hold.", id="a plural"),
        pytest.param(Phrase("arms deal", slop=3), "Small arms and other deals ended.", id="a plural apart"),
        pytest.param(Phrase("US-ROK drill", slop=3), "The U.S. and the ROK hold drills.", id="joined words apart"),
        pytest.param(Phrase("“export controls,”"), "Export controls hold.", id="marks around"),
        pytest.param(Phrase("เกาหลีเหนือ"), "ข่าวเกาหลีเหนือวันนี้", id="inside a run of thai"),
        pytest.param(Phrase("미사일"), "북한미사일이다", id="inside a run of hangul"),
        pytest.param(Prefix("støre-b"), "Store-bought goods", id="a beginning"),
    ],
)
async def test_candidates_hold_what_the_scan_finds(terminal: World, query: Phrase | Prefix, text: str) -> None:
    """Whatever words are found in an article, the index finds the article by them."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1, text=text))
    await terminal.read()

    candidates = await terminal.store.archive.candidates(HERE, query, since=None, limit=10)

    assert Phrases([query]).scan(Document(title="", text=text))
    assert [one.text for one in candidates] == [text]


async def test_candidates_are_the_newest_since_a_moment(terminal: World) -> None:
    """Candidates are bounded by a moment and a number, the newest first."""
    [source] = await terminal.follow(folder())
    for number in range(4):
        await terminal.poll(source, draft(number))
        terminal.now += HOUR

    since = await terminal.store.archive.candidates(HERE, Phrase("text"), since=NOW + HOUR, limit=2)

    assert [one.title for one in since] == ["Title 3", "Title 2"]


async def test_headlines_come_in_the_order_asked(terminal: World) -> None:
    """Headlines come in the order asked; what is not there is left out."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(2), draft(1))
    await terminal.read()

    found = await terminal.store.archive.headlines(HERE, [2, 99, 1])

    assert [one.title for one in found] == ["Title 2", "Title 1"]


async def test_the_reasons_of_a_card_are_its_watches_the_strongest_first() -> None:
    """Why a card was posted is told watch by watch, to its own server and the operator."""
    world = await make_world(discord=True, watches=[Watch(name="A", query="x"), Watch(name="B", query="y")])
    await world.store.places.set_channel(7, 70, now=NOW)
    [source] = await world.follow(folder())
    await world.poll(source, draft(1))
    await world.read(match(1, score=0.6), match(2, score=0.9))
    [due] = await world.due()

    reasons = [await world.store.archive.reasons(viewer, due.id) for viewer in (HERE, THERE, Viewer())]

    assert [[one.watch for one in told] for told in reasons] == [["B", "A"], [], ["B", "A"]]
    assert list(await world.store.archive.reasons(HERE, "unknown")) == []


async def test_the_standing_counts_what_there_is(discord: World) -> None:
    """The standing tells sources, watches, articles, the last of each, and where a server is told."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))
    await discord.read(match())
    [due] = await discord.due()
    await discord.store.deliveries.settle(await discord.claim(due), Sent(message_id=1), NOW)
    await discord.poll(source, draft(2))

    standing = await discord.store.archive.standing(HERE)

    told = (standing.watches, standing.articles, standing.waiting_articles, standing.channel, standing.last_alert)
    assert told == (1, 1, 1, 70, NOW)
    assert standing.last_article == NOW
    assert (standing.sources, standing.unwell) == (1, ())


async def test_a_lease_keeps_articles_from_others_until_it_ends(terminal: World) -> None:
    """Leased articles are nobody else's until the lease ends or they are given back."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(2), draft(1))
    first = await terminal.lease()
    second = await terminal.lease()
    await terminal.store.analysis.release_articles([first[0].id])
    third = await terminal.lease()
    terminal.now = NOW + timedelta(hours=2)
    fourth = await terminal.lease()

    assert [len(leased) for leased in (first, second, third, fourth)] == [2, 0, 1, 2]


async def test_the_start_of_an_owner_gives_every_lease_back(terminal: World) -> None:
    """Who owns the store alone reads at once what a dead process had leased."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1))
    await terminal.lease()

    await terminal.store.analysis.release_all()

    assert len(await terminal.lease()) == 1


async def test_readings_by_old_rules_are_refused(terminal: World) -> None:
    """When the rules changed while articles were read, nothing is written."""
    from bot.model import Reading

    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1))
    [article] = await terminal.lease()
    await terminal.store.copy_config([folder()], [Watch(name="New", query="x")], now=NOW)

    reading = Reading(article_id=article.id, revision=1, matches=(match(),))
    taken = await terminal.store.analysis.record_readings([reading], terminal.rules.number, now=NOW)

    assert (taken, list(await terminal.due())) == (False, [])


async def test_a_reading_of_an_old_revision_is_passed_over(terminal: World) -> None:
    """A text that changed while it was read is read again before anything is told."""
    from bot.model import Reading

    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1))
    [article] = await terminal.lease()
    await terminal.poll(source, draft(1, text="Mended."))

    reading = Reading(article_id=article.id, revision=1, matches=(match(),))
    await terminal.store.analysis.record_readings([reading], terminal.rules.number, now=NOW)

    assert list(await terminal.due()) == []
    assert [one.revision for one in await terminal.lease()] == [2]


async def test_the_same_config_keeps_its_number(terminal: World) -> None:
    """The rules have a new number only when a watch or the catalogue changed."""
    same = await terminal.store.copy_config([], [Watch(name="North Korea", query="actor:north-korea")], now=NOW)
    louder = await terminal.store.copy_config(
        [], [Watch(name="North Korea", query="actor:north-korea", level=Level.MENTION)], now=NOW
    )

    assert (terminal.rules.number, terminal.rules.number + 1) == (same.number, louder.number)
    assert [rules.watches[0].revision for rules in (same, louder)] == [1, 2]
    assert louder == await terminal.store.analysis.rules()


async def test_articles_are_counted_as_they_are_seen(discord: World) -> None:
    """What is counted for a viewer is what a look-up shows: samples only while there is nothing else, one's own since its follow."""

    async def counted(viewer: Viewer) -> tuple[int, int]:
        def work(conn: sa.Connection) -> tuple[int, int]:
            slow = sa.select(sa.func.count()).select_from(articles).where(visible(viewer))
            return count_visible(conn, viewer), conn.scalar(slow) or 0

        return await discord.store._database.read(work)

    viewers = (HERE, THERE, Viewer())
    nothing = [await counted(viewer) for viewer in viewers]
    [samples] = await discord.follow(folder("Samples", "/samples", SourceKind.SAMPLE))
    await discord.poll(samples, draft(1), draft(2))
    only_samples = [await counted(viewer) for viewer in viewers]
    _, common, own = await discord.follow(folder("Samples", "/samples", SourceKind.SAMPLE), folder(), folder("Own", "/own"))
    await discord.poll(common, draft(3), draft(4), draft(5))
    await discord.poll(own, draft(6))
    discord.now += timedelta(hours=1)
    change = sa.update(follows).where(follows.c.source_id == own.id).values(server=7, since=discord.now)
    await discord.store._database.write(lambda conn: conn.execute(change))
    await discord.poll(own, draft(7))

    assert nothing == [(0, 0)] * 3
    assert only_samples == [(2, 2)] * 3
    assert [await counted(viewer) for viewer in viewers] == [(4, 4), (3, 3), (5, 5)]
