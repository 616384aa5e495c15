"""Articles that wait for their page are taken once, completed once, and never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Dated, Phrase, Source, Teaser, Viewer
from bot.store.doctor import examine
from bot.store.schema import articles, revisions
from bot.stories.fingerprint import text_hash
from tests.store.conftest import NOW, World, draft, feed, make_world, match

LEASE = timedelta(minutes=2)
WHOLE = draft(1, text="Envoys met in Busan. They talked until the evening, and signed nothing.", caption="Envoys")


async def wait_for_page(world: World, *drafts: Any) -> None:
    """Poll articles that then wait for their page."""
    [source] = await world.follow(feed())
    await world.poll(source, *(drafts or (draft(1),)))
    await change(world, sa.update(articles).values(state="teaser", excerpt="the feed gives only a teaser"))


async def with_pages() -> tuple[World, Source]:
    """Return a store that lets teasers wait, and a source of it that has been polled before."""
    world = await make_world(discord=False, full_text=True)
    [source] = await world.follow(feed())
    await world.poll(source, draft(9))
    await world.read()
    [source] = await world.store.sources.all_sources()
    return world, source


async def change(world: World, statement: sa.Update) -> None:
    await world.store._database.write(lambda conn: conn.execute(statement))


async def row(world: World) -> sa.Row[Any]:
    return await world.store._database.read(lambda conn: conn.execute(sa.select(articles)).one())


async def take(world: World) -> list[Teaser]:
    return list(await world.store.teasers.take_teasers(world.now, lease=LEASE, limit=10))


async def found(world: World, words: str) -> int:
    query = Phrase(words=words)
    return len(await world.store.archive.candidates(Viewer(server=None), query, since=None, limit=10))


async def test_a_teaser_is_read_by_nobody_before_its_page(terminal: World) -> None:
    """An article that waits for its page is not leased for reading, and counts as still to read."""
    await wait_for_page(terminal)

    leased, vitals = await terminal.lease(), await terminal.store.vitals.read(NOW)

    assert (leased, vitals.unread.count, vitals.unread.since) == ([], 1, NOW)


async def test_what_a_feed_gives_in_part_waits_for_its_page() -> None:
    """A poll lets only those wait that are given in part; the others are read at once."""
    world, source = await with_pages()

    await world.poll(source, draft(2), draft(1, excerpt="the feed gives only a teaser"))

    assert [teaser.article.title for teaser in await take(world)] == ["Title 1"]
    assert [article.title for article in await world.lease()] == ["Title 2"]


async def test_a_feed_that_repeats_its_teaser_does_not_undo_the_page() -> None:
    """The next polls leave a completed article as it is, and a new title of it changes the title alone."""
    world, source = await with_pages()
    given = draft(1, excerpt="the feed gives only a teaser")
    await world.poll(source, given)
    [teaser] = await take(world)
    await world.store.teasers.complete(teaser.article, WHOLE)
    await world.read(match())

    await world.poll(source, given)
    same = await world.lease()
    await world.poll(source, draft(1, title="Title 1, corrected", excerpt="the feed gives only a teaser"))
    [corrected] = await world.lease()

    assert same == []
    assert (corrected.title, corrected.text, corrected.excerpt) == ("Title 1, corrected", WHOLE.text, "")


async def test_a_page_is_asked_for_by_one_alone(terminal: World) -> None:
    """What is taken is not taken again while its lease lasts, and then again."""
    await wait_for_page(terminal)

    first, second = await take(terminal), await take(terminal)
    terminal.now += LEASE + timedelta(seconds=1)
    third = await take(terminal)

    assert (1, 0, first) == (len(first), len(second), third)


async def test_a_page_completes_its_article(terminal: World) -> None:
    """The text of the page is the article's, in the index too, without a revision; the article is then read and told."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)

    await terminal.store.teasers.complete(teaser.article, WHOLE)

    kept = await row(terminal)
    assert (kept.text, kept.caption, kept.excerpt, kept.revision, kept.page_tries) == (WHOLE.text, "Envoys", "", 1, 1)
    assert kept.text_hash == text_hash(WHOLE.title, WHOLE.text, False)
    assert (kept.state, kept.lease_until) == ("new", None)
    assert [article.text for article in await terminal.read(match())] == [WHOLE.text]
    assert len(await terminal.due()) == 1
    assert all(not finding.broken for finding in examine(terminal.store._database, now=NOW, mend=False))


async def test_a_page_dates_only_what_its_feed_did_not(terminal: World) -> None:
    """The date of a page is taken where the feed gave none."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)
    dated = Dated(at=NOW - timedelta(hours=3), rule="ISO 8601", raw="2026-11-02T06:00Z")

    await terminal.store.teasers.complete(teaser.article, draft(1, text="Whole.", published=dated))

    kept = await row(terminal)
    assert (kept.published_at, kept.published_rule, kept.published_raw) == (dated.at, dated.rule, dated.raw)


async def test_the_date_of_the_feed_stands(terminal: World) -> None:
    """A date that the feed gave is not replaced."""
    given = Dated(at=NOW - timedelta(hours=1), rule="RFC 5322")
    await wait_for_page(terminal, draft(1, published=given))
    [teaser] = await take(terminal)

    await terminal.store.teasers.complete(teaser.article, draft(1, published=Dated(at=NOW, rule="ISO 8601")))

    assert (await row(terminal)).published_at == given.at


async def test_an_article_without_its_page_is_read_as_the_feed_gives_it(terminal: World) -> None:
    """What is left keeps its text, is read, and keeps the reason for its card."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)

    await terminal.store.teasers.leave_teaser(teaser.article, "the page is gone")
    [article] = await terminal.read(match())

    assert (article.text, article.excerpt) == ("Text 1.", "the page is gone")
    [delivery] = await terminal.due()
    card = await terminal.store.deliveries.card(delivery)
    assert getattr(card, "excerpt", None) == "the page is gone"


async def test_a_failure_is_counted_and_waited_after(terminal: World) -> None:
    """What was put off is not taken before its time, and then says how often it has failed."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)

    await terminal.store.teasers.put_off(teaser.article, NOW + timedelta(seconds=10))
    early = await take(terminal)
    terminal.now += timedelta(seconds=11)

    assert (early, [one.tries for one in await take(terminal)]) == ([], [1])


async def test_a_page_that_comes_too_late_undoes_nothing(terminal: World) -> None:
    """What its feed has changed meanwhile, or what was let go, is not replaced by the page of its former text."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)
    await change(terminal, sa.update(articles).values(text="Corrected.", lease_until=None))

    await terminal.store.teasers.complete(teaser.article, WHOLE)
    [again] = await take(terminal)
    await terminal.store.teasers.leave_teaser(again.article, "the page is gone")
    await terminal.store.teasers.complete(again.article, WHOLE)
    await terminal.store.teasers.put_off(again.article, NOW)

    kept = await row(terminal)
    assert (kept.text, kept.state, kept.excerpt, kept.page_tries) == ("Corrected.", "new", "the page is gone", 0)


async def test_a_new_version_waits_since_it_came(terminal: World) -> None:
    """A text that a feed has changed waits for its page as long as a new one."""
    await wait_for_page(terminal)
    kept, later = await row(terminal), NOW + timedelta(days=1)
    old = {"article_id": kept.id, "number": 1, "title": kept.title, "text": kept.text, "caption": "", "replaced_at": later}
    await terminal.store._database.write(lambda conn: conn.execute(sa.insert(revisions).values(old)))
    await change(terminal, sa.update(articles).values(revision=2))
    terminal.now = later

    [teaser] = await take(terminal)

    assert teaser.since == later


async def test_a_kill_at_any_moment_loses_no_article_and_tells_none_twice(terminal: World) -> None:
    """Whatever was under way is taken up by the next program: taken but not read, and read but not told."""
    await wait_for_page(terminal)

    await take(terminal)
    await terminal.store.analysis.release_all()  # as at the start after a kill
    [teaser] = await take(terminal)
    await terminal.store.teasers.complete(teaser.article, WHOLE)
    await terminal.store.analysis.release_all()
    await terminal.store.teasers.complete(teaser.article, WHOLE)
    await terminal.read(match())

    assert (await take(terminal), len(await terminal.due())) == ([], 1)
    await terminal.store.teasers.complete(teaser.article, draft(1, text="Something else."))
    assert ((await row(terminal)).text, await terminal.lease()) == (WHOLE.text, [])


async def test_the_index_knows_the_words_of_the_page(terminal: World) -> None:
    """What only the page says is found, and what only the feed said no more."""
    await wait_for_page(terminal)
    [teaser] = await take(terminal)
    await terminal.store.teasers.complete(teaser.article, WHOLE)
    await terminal.read(match())

    assert (await found(terminal, "signed nothing"), await found(terminal, "text 1")) == (1, 0)


async def test_a_lease_that_never_ends_is_mended(terminal: World) -> None:
    """An article that would wait for its page for ever is read as it is."""
    await wait_for_page(terminal)
    await change(terminal, sa.update(articles).values(lease_until=NOW + timedelta(days=1)))

    examine(terminal.store._database, now=NOW, mend=True)

    assert [article.excerpt for article in await terminal.lease()] == ["the feed gives only a teaser"]
