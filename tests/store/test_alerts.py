"""What a reading makes to tell: to whom, once, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import (
    Alert,
    Broken,
    Draft,
    Fate,
    FirstRun,
    Fold,
    Follow,
    Gone,
    Kind,
    Level,
    Match,
    Sent,
    SourceKind,
    State,
    Watch,
    WatchDraft,
)
from bot.store.schema import deliveries
from bot.store.telling.identity import delivery_id, nonce_of
from tests.store.conftest import HOUR, NOW, World, draft, feed, folder, make_world, match

BOTH = [Watch(name="North Korea", query="x"), Watch(name="Alliance", query="x")]


async def tell(
    world: World, *drafts: Draft, batch: str = "poll", matches: Sequence[Match] | None = None, follow: Follow | None = None
) -> None:
    """Let a folder bring articles that match."""
    [source] = await world.follow(follow or folder())
    await world.poll(source, *drafts, batch=batch)
    await world.read(*([match()] if matches is None else matches))


async def destinations(world: World) -> list[str]:
    return sorted(delivery.destination for delivery in await world.due())


async def test_without_a_token_the_terminal_is_told(terminal: World) -> None:
    """A bot without a token tells the terminal."""
    await tell(terminal, draft())

    assert await destinations(terminal) == ["terminal"]


async def test_a_server_is_told_in_the_channel_it_has_set_up(discord: World) -> None:
    """A watch of the config is told in every channel that a server has set up."""
    await discord.store.places.set_channel(8, 80, now=NOW)

    await tell(discord, draft())

    assert await destinations(discord) == ["channel:70", "channel:80"]


async def test_the_channel_of_a_watch_goes_before_the_channel_of_the_server() -> None:
    """A watch with channels of its own is told there and nowhere else."""
    world = await make_world(discord=True, watches=[Watch(name="A", query="x", channels=(90, 91))])
    await world.store.places.set_channel(7, 70, now=NOW)

    await tell(world, draft())

    assert await destinations(world) == ["channel:90", "channel:91"]


async def test_the_channel_a_server_chose_goes_before_that_of_the_environment() -> None:
    """The channel of the environment is used until the server chooses, and never again after."""
    world = await make_world(discord=True)
    places = world.store.places
    await places.default_channel(7, 60, now=NOW)
    await tell(world, draft(1))
    await places.set_channel(7, 70, now=NOW)
    await places.default_channel(7, 61, now=NOW)

    await tell(world, draft(2))

    assert await destinations(world) == ["channel:60", "channel:70"]


async def test_nothing_is_made_for_a_server_without_a_channel() -> None:
    """Until a server has a channel nothing is made for it, and setting one starts from then."""
    world = await make_world(discord=True)
    await tell(world, draft(1))
    await world.store.places.set_channel(7, 70, now=NOW)

    await tell(world, draft(2))

    assert await destinations(world) == ["channel:70"]


async def test_samples_are_told_to_the_terminal_only(terminal: World, discord: World) -> None:
    """A sample is told in the terminal and never in Discord."""
    for world in (terminal, discord):
        await tell(world, draft(), follow=folder(kind=SourceKind.SAMPLE))

    assert (await destinations(terminal), await destinations(discord)) == (["terminal"], [])


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        pytest.param(Level.ABOUT, Level.MENTION, 0, id="a passing mention is not told by default"),
        pytest.param(Level.MENTION, Level.MENTION, 1, id="a watch may ask for mentions"),
        pytest.param(Level.MENTION, Level.ABOUT, 1, id="about is more than a mention"),
    ],
)
async def test_a_match_below_the_level_of_its_watch_is_not_told(wanted: Level, found: Level, told: int) -> None:
    """A match is told from the level its watch asks for."""
    world = await make_world(discord=False, watches=[Watch(name="A", query="x", level=wanted)])

    await tell(world, draft(), matches=[match(level=found)])

    assert told == len(await world.due())


async def test_however_many_watches_match_one_card_is_made() -> None:
    """A story makes one card for a destination, with the strongest watch first."""
    world = await make_world(discord=False, watches=BOTH)

    await tell(world, draft(), matches=[match(1, score=0.6), match(2, score=0.9)])

    [due] = await world.due()
    card = await world.store.deliveries.card(due)
    assert isinstance(card, Alert)
    assert [told.watch for told in card.watches] == ["Alliance", "North Korea"]


@pytest.mark.parametrize(
    ("copy", "stories"),
    [
        pytest.param(draft(2, url="https://wire.example/1", text="Written otherwise."), 1, id="same address"),
        pytest.param(draft(2, url="https://wire.example/1?utm_source=x#top", text="Other."), 1, id="same canonical address"),
        pytest.param(draft(2, url="https://other.example/2", title="Title 1", text="Text 1."), 1, id="same text"),
        pytest.param(draft(2, url="https://other.example/2"), 2, id="another article"),
    ],
)
async def test_an_exact_copy_from_another_source_is_told_once(terminal: World, copy: Draft, stories: int) -> None:
    """An article and its exact copies are one story, told once."""
    one, two = await terminal.follow(
        feed("One", first_run=FirstRun.ALL), feed("Two", "https://two.example/", first_run=FirstRun.ALL)
    )
    await terminal.poll(one, draft(1))
    await terminal.read(match())

    await terminal.poll(two, copy)
    await terminal.read(match())

    assert len({await _next(terminal) for _ in range(stories)}) == stories
    assert not await terminal.due()


async def _next(world: World) -> str:
    [due] = await world.due()
    await world.store.deliveries.settle(await world.claim(due), Sent(message_id=1), NOW)
    return due.id


async def test_entries_that_all_link_to_the_home_page_are_stories_of_their_own(terminal: World) -> None:
    """A link that many entries of a source share says nothing about what they tell."""
    one, two = await terminal.follow(
        feed("One", first_run=FirstRun.ALL), feed("Two", "https://two.example/", first_run=FirstRun.ALL)
    )
    home = "https://wire.example/"
    await terminal.poll(one, draft(1, url=home), draft(2, url=home))
    await terminal.poll(two, draft(3, url=home))
    await terminal.read(match())

    assert len({await _next(terminal) for _ in range(3)}) == 3


async def test_a_copy_after_the_window_is_told_again(terminal: World) -> None:
    """A text that comes back after more than a month is news again."""
    one, two = await terminal.follow(folder("One", "/one"), folder("Two", "/two"))
    await terminal.poll(one, draft(1))
    await terminal.read(match())
    first = await _next(terminal)
    terminal.now = NOW + timedelta(days=31)

    await terminal.poll(two, draft(1))
    await terminal.read(match())

    assert first != await _next(terminal)


async def test_a_watch_that_joins_later_is_an_edit() -> None:
    """A revision that answers one more watch edits the card, and posts nothing."""
    world = await make_world(discord=False, watches=BOTH)
    await tell(world, draft(1), matches=[match(1)])
    first = await _next(world)

    await tell(world, draft(1, text="More."), matches=[match(1), match(2)])

    [edit] = await world.due()
    assert (first, 1, 2, 1) == (edit.id, edit.message_id, edit.wanted, edit.shown)


async def test_a_revision_lets_the_card_say_what_changed(terminal: World) -> None:
    """A told article that is changed is edited once, and its card shows the first version against the last."""
    await tell(terminal, draft(1))
    await _next(terminal)

    await tell(terminal, draft(1, text="Text 1 and more."))
    await tell(terminal, draft(1, text="Text 1 and much more."))

    [edit] = await terminal.due()
    card = await terminal.store.deliveries.card(edit)
    assert isinstance(card, Alert)
    assert card.change is not None
    assert [[piece for piece in edit if piece[1] is not Fate.STAYS] for edit in card.change.sentences] == [
        [(" and much more", Fate.COMES)]
    ]


async def test_a_card_whose_evidence_went_says_so(terminal: World) -> None:
    """Where the new version answers no watch any more the card keeps what was told, marked as gone."""
    await tell(terminal, draft(1))
    await _next(terminal)

    await tell(terminal, draft(1, text="Nothing of it."), matches=[])

    [edit] = await terminal.due()
    card = await terminal.store.deliveries.card(edit)
    assert isinstance(card, Alert)
    assert (card.lapsed, card.evidence.sentence) == (True, "North Korea said so.")


async def test_what_was_never_told_is_not_told_once_its_evidence_went(terminal: World) -> None:
    """A change that comes before the card leaves nothing to say."""
    await tell(terminal, draft(1))

    await tell(terminal, draft(1, text="Nothing of it."), matches=[])

    [due] = await terminal.due()
    assert await terminal.store.deliveries.card(due) is None


async def test_a_source_may_have_a_cap_of_its_own(terminal: World) -> None:
    """What a source brings at once above its own cap becomes one card, whatever the general one is."""
    follow = replace(folder(), per_poll=2)

    await tell(terminal, *(draft(number) for number in range(5)), follow=follow)

    kinds = [kind for kind, _ in await _all(terminal)]
    assert (kinds.count(Kind.FOLD), kinds.count(Kind.ALERT)) == (1, 5)
    assert [fold for kind, fold in await _all(terminal) if kind is Kind.ALERT].count(None) == 2


async def test_a_channel_may_have_caps_of_its_own(discord: World) -> None:
    """A channel that wants every card gets it, and another one that wants few gets few."""
    await discord.store.places.set_channel(8, 80, now=NOW)
    await discord.store.places.set_caps(7, None, per_poll=100, per_hour=100)
    await discord.store.places.set_caps(8, 80, per_poll=None, per_hour=1)

    await tell(discord, *(draft(number) for number in range(12)))

    alone = sa.select(deliveries.c.destination, sa.func.count()).where(
        deliveries.c.fold_id.is_(None), deliveries.c.kind == Kind.ALERT
    )
    counted = alone.group_by(deliveries.c.destination).order_by(deliveries.c.destination)
    rows = await discord.store._database.read(lambda conn: [tuple(row) for row in conn.execute(counted)])
    assert rows == [("channel:70", 12), ("channel:80", 1)]


async def _all(world: World) -> list[tuple[Kind, int | None]]:
    query = sa.select(deliveries.c.kind, deliveries.c.fold_id)
    return await world.store._database.read(lambda conn: [(Kind(row.kind), row.fold_id) for row in conn.execute(query)])


async def test_a_match_that_goes_before_it_was_told_is_not_told(terminal: World) -> None:
    """Nothing is left to say of a story that no longer matches when its turn comes."""
    await tell(terminal, draft(1))
    await tell(terminal, draft(1, text="Mended."), matches=[])

    [due] = await terminal.due()

    assert await terminal.store.deliveries.card(due) is None


@pytest.mark.parametrize("mended", [(), (match(),)], ids=["without a match", "with a match"])
async def test_a_revision_that_nobody_has_read_takes_no_alert_back(terminal: World, mended: Sequence[Match]) -> None:
    """Until a new text is read a story is told by what was read last, be that a match or none."""
    await tell(terminal, draft(1))
    [due] = await terminal.due()
    if not mended:
        await tell(terminal, draft(1, text="Mended."), matches=mended)
    [source] = await terminal.follow(folder())
    await terminal.poll(source, draft(1, text="Mended again."))

    card = await terminal.store.deliveries.card(due)

    assert (card is not None) is bool(mended)


async def test_a_match_that_appears_with_a_revision_is_told(terminal: World) -> None:
    """A revision that answers a watch for the first time is told."""
    await tell(terminal, draft(1), matches=[])

    await tell(terminal, draft(1, text="Mended."))

    assert await destinations(terminal) == ["terminal"]


async def test_a_paused_or_retired_watch_tells_nothing(terminal: World) -> None:
    """A watch that is gone from the config tells nothing."""
    terminal.rules = await terminal.store.copy_config([], [Watch(name="Other", query="x")], now=NOW)

    await tell(terminal, draft(1), matches=[match(1)])

    assert list(await terminal.due()) == []


async def test_more_than_the_cap_of_one_poll_is_one_more_card(terminal: World) -> None:
    """Above ten alerts from one poll the rest is folded into one card that counts and lists them."""
    await tell(terminal, *(draft(number) for number in range(25)))

    for _ in range(10):
        await _next(terminal)
    soon = await terminal.due()
    terminal.now = NOW + timedelta(seconds=20)
    [fold] = await terminal.due()
    card = await terminal.store.deliveries.card(fold)

    assert (list(soon), fold.kind) == ([], Kind.FOLD)
    assert isinstance(card, Fold)
    assert (card.count, len(card.headlines)) == (15, 10)


async def test_more_than_the_cap_of_an_hour_is_one_more_card() -> None:
    """Above thirty alerts an hour in a channel the rest of that hour is folded."""
    world = await make_world(discord=False, per_poll=10, per_hour=12)
    for poll in range(4):
        await tell(world, *(draft(poll * 5 + number) for number in range(5)), batch=f"poll {poll}")
        world.now += timedelta(minutes=5)
    world.now += timedelta(minutes=1)

    cards = []
    while due := await world.due():
        cards.append(await world.store.deliveries.card(due[0]))
        await _next(world)

    assert [card.count for card in cards if isinstance(card, Fold)] == [8]
    assert len(cards) == 12 + 1


async def test_a_cap_counts_for_each_destination() -> None:
    """What one channel has heard leaves the room of another as it is."""
    watches = [Watch(name="A", query="x", channels=(90,)), Watch(name="B", query="x", channels=(91,))]
    world = await make_world(discord=True, watches=watches, per_poll=1)
    [source] = await world.follow(folder())
    await world.poll(source, draft(1))
    await world.read(match(1))
    await world.poll(source, draft(2))
    await world.read(match(2))

    assert await destinations(world) == ["channel:90", "channel:91"]


async def test_what_comes_after_a_fold_was_dropped_is_told_by_another(terminal: World) -> None:
    """A fold whose card has ended takes nothing in: who dropped it did not see what was still to come."""
    await tell(terminal, *(draft(number) for number in range(12)))
    ended = sa.update(deliveries).where(deliveries.c.fold_id.is_(None)).values(state=State.GONE, reason="dropped by somebody")
    await terminal.store._database.write(lambda conn: conn.execute(ended))

    await tell(terminal, draft(20))

    terminal.now += HOUR
    [fold] = await terminal.due()
    card = await terminal.store.deliveries.card(fold)
    assert isinstance(card, Fold)
    assert [one.title for one in card.headlines] == ["Title 20"]


async def test_the_terminal_hears_no_watch_of_a_server(terminal: World) -> None:
    """Without Discord the watches that servers keep by command tell nobody."""
    saved = await terminal.store.watches.save(7, WatchDraft(name="Walrus", query="walrus"), most=None, now=NOW)
    assert saved is not None
    terminal.rules = await terminal.store.analysis.rules()

    await tell(terminal, draft(), matches=[match(watch=saved.id)])

    assert await _all(terminal) == []


async def test_a_fold_that_grew_is_edited(terminal: World) -> None:
    """What joins a fold that was posted is an edit of it."""
    await tell(terminal, *(draft(number) for number in range(11)))
    for _ in range(10):
        await _next(terminal)
    terminal.now += timedelta(minutes=1)
    first = await _next(terminal)

    await tell(terminal, draft(11))
    terminal.now += timedelta(minutes=1)

    [edit] = await terminal.due()
    assert (first, True) == (edit.id, edit.message_id is not None)


async def test_alerts_for_a_broken_channel_are_held(discord: World) -> None:
    """While a channel cannot be reached its alerts are held with the reason, and asked of nobody."""
    from bot.model import Viewer

    await tell(discord, draft(1), draft(2))
    [due] = await discord.due()
    await discord.store.deliveries.settle(await discord.claim(due), Broken(reason="403: no access"), NOW)
    await tell(discord, draft(3))

    standing = await discord.store.archive.standing(Viewer(server=7))

    assert list(await discord.due()) == []
    assert (State.HELD, "403: no access", 3) in standing.deliveries


@pytest.mark.parametrize("channel", [pytest.param(70, id="the same one, mended"), pytest.param(71, id="another one")])
async def test_what_a_broken_channel_kept_waiting_is_told_once_a_channel_is_set(discord: World, channel: int) -> None:
    """Setting a channel tells what was held for the broken one before, each alert once, and then what is new."""
    await tell(discord, draft(1), draft(2))
    await _break(discord)
    await tell(discord, draft(3))
    await discord.store.places.set_channel(7, channel, now=NOW)
    await tell(discord, draft(4))

    told = []
    while due := await discord.due():
        told.append(due[0].destination)
        await _next(discord)

    assert told == [f"channel:{channel}"] * 4


async def test_a_long_silence_of_a_channel_ends_with_the_newest_and_a_fold(discord: World) -> None:
    """Of what was held for long the newest are told alone, as a cap allows, and the rest as one card."""
    await tell(discord, draft(0))
    await _break(discord)
    for number in range(1, 15):
        discord.now += timedelta(minutes=1)
        await tell(discord, draft(number), batch=f"poll {number}")
    await discord.store.places.set_channel(7, 70, now=discord.now)
    discord.now += timedelta(minutes=1)

    counts = []
    while due := await discord.due():
        card = await discord.store.deliveries.card(due[0])
        counts.append(card.count if isinstance(card, Fold) else 1)
        await discord.store.deliveries.settle(await discord.claim(due[0]), Sent(message_id=1), discord.now)

    assert sorted(counts) == [1] * 10 + [5]


async def test_the_channel_of_the_environment_is_tried_again_at_every_start(discord: World) -> None:
    """A start takes a broken default channel for whole, and forgets the one of another server."""
    world = await make_world(discord=True)
    await world.store.places.default_channel(7, 70, now=NOW)
    await tell(world, draft(1))
    await _break(world)
    await world.store.places.default_channel(7, 70, now=NOW)
    again = await destinations(world)
    await _next(world)

    await world.store.places.default_channel(8, 80, now=NOW)
    await tell(world, draft(2))

    assert (again, await destinations(world)) == (["channel:70"], ["channel:80"])


async def _break(world: World) -> None:
    [due] = await world.due()
    await world.store.deliveries.settle(await world.claim(due), Broken(reason="403"), world.now)


async def test_the_channel_of_a_watch_hears_of_no_other_watch() -> None:
    """A card in the channel of a watch names neither the watches of other channels nor those of the servers."""
    watches = [
        Watch(name="A", query="x", channels=(90,)),
        Watch(name="B", query="x"),
        Watch(name="C", query="x", channels=(91,)),
    ]
    world = await make_world(discord=True, watches=watches)
    await world.store.places.set_channel(7, 70, now=NOW)

    await tell(world, draft(1), matches=[match(1), match(2), match(3)])

    named = {}
    for due in await world.due():
        card = await world.store.deliveries.card(due)
        assert isinstance(card, Alert)
        named[due.destination] = [told.watch for told in card.watches]
    assert named == {"channel:90": ["A"], "channel:91": ["C"], "channel:70": ["B"]}


async def test_a_match_that_comes_back_is_told(terminal: World) -> None:
    """A story that did not match when its turn came, and does so later, is told then, once."""
    await tell(terminal, draft(1))
    await tell(terminal, draft(1, text="Mended."), matches=[])
    [due] = await terminal.due()
    await terminal.store.deliveries.settle(await terminal.claim(due), Gone(reason="nothing to say"), NOW)
    await tell(terminal, draft(1, text="And mended again."))

    assert due.id == await _next(terminal)
    assert list(await terminal.due()) == []


async def test_a_watch_that_is_renamed_keeps_its_alerts(terminal: World) -> None:
    """What waits to be told when a watch gets another name is told under the new one."""
    await tell(terminal, draft(1))
    terminal.rules = await terminal.store.copy_config([], [Watch(name="DPRK", query="actor:north-korea")], now=NOW)

    await terminal.read(match(2))

    [due] = await terminal.due()
    card = await terminal.store.deliveries.card(due)
    assert isinstance(card, Alert)
    assert [told.watch for told in card.watches] == ["DPRK"]


async def test_a_server_is_told_of_its_own_sources_only_from_when_it_follows(discord: World) -> None:
    """An article of a source that only another server follows is not told here."""
    await discord.store.places.set_channel(8, 80, now=NOW)
    discord.now = NOW + HOUR
    [source] = await discord.follow(feed(server=8, first_run=FirstRun.ALL))
    await discord.poll(source, draft(1))

    await discord.read(match())

    assert await destinations(discord) == ["channel:80"]


def test_a_delivery_has_the_same_name_and_nonce_for_ever() -> None:
    """The same thing to tell has the same id and nonce, and nothing else has them."""
    keys = {
        delivery_id(salt, kind, subject, where)
        for salt in ("a", "b")
        for kind in Kind
        for subject in (1, 2)
        for where in ("terminal", "channel:1")
    }

    assert len(keys) == 8 * len(Kind)
    assert delivery_id("a", Kind.ALERT, 1, "terminal") in keys
    assert {24} == {len(nonce_of(key)) for key in keys}
