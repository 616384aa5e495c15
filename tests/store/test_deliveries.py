"""The outbox: claimed once, in order, and settled by its outcome."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import Broken, Delivery, Gone, Later, Outcome, Refused, Sent, State, Viewer
from bot.store.telling.audience import Audience
from bot.store.telling.deliveries import Deliveries
from tests.store.conftest import NOW, World, draft, folder, match

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def outbox(discord: World) -> World:
    """Make a store with two alerts for one channel."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(2), draft(1))
    await discord.read(match())
    return discord


async def settle(world: World, outcome: Outcome) -> Delivery:
    [due] = await world.due()
    claimed = await world.claim(due)
    await world.store.deliveries.settle(claimed, outcome, world.now)
    return claimed


async def test_a_channel_is_told_in_order(outbox: World) -> None:
    """The oldest of a channel is due alone: the next one waits until it is told."""
    [first] = await outbox.due()
    during = await outbox.claim(first), await outbox.due()
    await outbox.store.deliveries.settle(during[0], Sent(message_id=5), NOW)

    [second] = await outbox.due()

    assert list(during[1]) == []
    assert first.id != second.id


async def test_a_delivery_is_claimed_by_one(outbox: World) -> None:
    """Of two who claim a delivery one gets it."""
    [due] = await outbox.due()

    claims = [await outbox.store.deliveries.claim(due, NOW, lease=MINUTE) for _ in range(2)]

    assert [claim is not None for claim in claims] == [True, False]


async def test_a_delivery_is_claimed_by_one_of_those_who_ask_at_once(outbox: World) -> None:
    """Claims that share a transaction exclude each other like those that follow each other."""
    [due] = await outbox.due()

    claims = await asyncio.gather(*(outbox.store.deliveries.claim(due, NOW, lease=MINUTE) for _ in range(40)))

    assert sum(claim is not None for claim in claims) == 1


async def test_what_is_settled_at_once_ends_each_in_its_own_way(outbox: World) -> None:
    """Outcomes that share a transaction are each written to their own delivery, and a claim that is lost keeps none back."""
    deliveries = outbox.store.deliveries
    [first] = await outbox.due()
    sent = await outbox.claim(first)
    await deliveries.settle(sent, Sent(message_id=5), NOW)
    [second] = await outbox.due()
    refused = await outbox.claim(second)

    await asyncio.gather(
        deliveries.settle(sent, Later(reason="lost"), NOW), deliveries.settle(refused, Refused(reason="400"), NOW)
    )

    standing = await outbox.store.archive.standing(Viewer(server=7))
    assert sent.id != refused.id
    assert [(state, reason) for state, reason, _ in standing.deliveries] == [(State.DEAD, "400")]


async def test_a_claim_that_expired_is_due_again_and_remembers_its_first_attempt(outbox: World) -> None:
    """A claim whose holder died is due again, with the time of its first attempt."""
    [due] = await outbox.due()
    await outbox.claim(due)
    outbox.now = NOW + 5 * MINUTE

    [again] = await outbox.due()
    claimed = await outbox.claim(again)

    assert (due.id, State.SENDING, NOW) == (again.id, again.state, again.attempted_at)
    assert (claimed.attempted_at, claimed.attempts) == (NOW, 2)


@pytest.mark.parametrize("by", [timedelta(minutes=59), timedelta(hours=1), timedelta(days=1)], ids=str)
async def test_an_alert_does_not_wait_for_a_clock_that_was_set_back(outbox: World, by: timedelta) -> None:
    """What was never tried is due at once, however far ahead the clock was by which it was made."""
    outbox.now = NOW - by

    assert len(await outbox.due()) == 1


async def test_a_claim_does_not_outlive_a_clock_that_was_set_back(outbox: World) -> None:
    """A claim from before the clock was set back is no claim: it would hold up its channel until the clock is there again."""
    outbox.now = NOW + timedelta(days=1)
    [due] = await outbox.due()
    await outbox.claim(due)
    outbox.now = NOW

    [again] = await outbox.due()

    assert due.id == (await outbox.claim(again)).id


async def test_each_bot_tells_its_own(outbox: World) -> None:
    """What is due in Discord is not for a bot without a token, and the other way round."""
    database = outbox.store.deliveries._database
    terminal = Deliveries(database, Audience(discord=False))

    assert [list(await terminal.due_deliveries(NOW, 10)), len(await outbox.due())] == [[], 1]


async def test_who_has_lost_a_claim_writes_nothing(outbox: World) -> None:
    """A process that was held up for longer than its lease does not write over what the next owner of the claim found."""
    other = Deliveries(outbox.store.deliveries._database, Audience(discord=True))
    [due] = await outbox.due()
    late = await outbox.claim(due)
    outbox.now = NOW + 5 * MINUTE
    [again] = await outbox.due()
    taken = await other.claim(again, outbox.now, lease=2 * MINUTE)
    assert taken is not None

    await outbox.store.deliveries.settle(late, Later(reason="502"), outbox.now)
    await outbox.store.deliveries.leave_in_doubt(late, "hidden", outbox.now)
    during = await outbox.due()
    await other.settle(taken, Sent(message_id=5), outbox.now)
    await outbox.store.deliveries.settle(late, Broken(reason="403"), outbox.now)

    standing = await outbox.store.archive.standing(Viewer(server=7))
    assert list(during) == []
    assert {state for state, _, _ in standing.deliveries} == {State.PENDING}


async def test_at_the_start_of_an_owner_every_claim_has_expired(outbox: World) -> None:
    """Who owns the store alone takes up at once what a dead process had claimed."""
    [due] = await outbox.due()
    await outbox.claim(due)

    await outbox.store.deliveries.expire_all(NOW)

    assert [due.id] == [one.id for one in await outbox.due()]


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        pytest.param(Refused(reason="400 (50035)"), State.DEAD, "400 (50035)", id="refused is dead"),
        pytest.param(Broken(reason="403 (50013)"), State.HELD, "403 (50013)", id="a broken channel holds"),
        pytest.param(Gone(reason="deleted"), State.GONE, "deleted", id="gone"),
        pytest.param(Later(reason="429", pause=MINUTE), State.PENDING, "429", id="later waits"),
    ],
)
async def test_an_outcome_leaves_its_state_and_reason(outbox: World, outcome: Outcome, state: State, reason: str) -> None:
    """Every outcome that is not a message leaves a state with its reason."""
    await settle(outbox, outcome)

    standing = await outbox.store.archive.standing(Viewer(server=7))

    assert (state, reason) in {(found, why) for found, why, _ in standing.deliveries}


@pytest.mark.parametrize(
    ("unsure", "attempted"),
    [pytest.param(True, NOW, id="an answer that was lost"), pytest.param(False, None, id="a refusal for now")],
)
async def test_only_an_attempt_that_may_have_landed_is_remembered(outbox: World, unsure: bool, attempted: object) -> None:
    """A later attempt looks back only if an earlier one may have been stored."""
    await settle(outbox, Later(reason="x", pause=MINUTE, unsure=unsure))
    early = await outbox.due()
    outbox.now = NOW + 2 * MINUTE

    [again] = await outbox.due()

    assert list(early) == []
    assert attempted == again.attempted_at


async def test_the_pause_without_a_word_from_the_other_side_grows(outbox: World) -> None:
    """Without a pause that was asked for, each attempt waits twice as long as the one before."""
    waits = []
    for _ in range(3):
        await settle(outbox, Later(reason="500"))
        start = outbox.now
        while not await outbox.due():
            outbox.now += timedelta(seconds=1)
        waits.append((outbox.now - start).total_seconds())

    assert waits == [2, 4, 8]


async def test_what_is_settled_shows_what_was_wanted_when_it_was_claimed(outbox: World) -> None:
    """A change that comes while a card is being posted is still an edit afterwards."""
    [due] = await outbox.due()
    claimed = await outbox.claim(due)
    [source] = await outbox.follow(folder())
    await outbox.poll(source, draft(1, text="Mended."), draft(2))
    await outbox.read()
    await outbox.store.deliveries.settle(claimed, Sent(message_id=5), NOW)

    edits = [one for one in await outbox.due() if one.message_id]

    assert [(due.id, 2, 1)] == [(one.id, one.wanted, one.shown) for one in edits]


@pytest.mark.parametrize("changed", [True, False])
@pytest.mark.parametrize("earlier", [True, False])
async def test_a_message_of_an_earlier_attempt_is_edited_if_more_was_wanted_since(
    outbox: World, earlier: bool, changed: bool
) -> None:
    """A card that changed between an attempt and its repeat is brought up to date; any other is left alone."""
    await settle(outbox, Later(reason="lost"))
    if changed:
        [source] = await outbox.follow(folder())
        await outbox.poll(source, draft(1, text="Mended."), draft(2))
        await outbox.read()
    outbox.now = NOW + MINUTE

    await settle(outbox, Sent(message_id=5, earlier=earlier))

    edits = [(one.wanted, one.shown) for one in await outbox.due() if one.message_id]
    assert edits == ([(2, 1)] if earlier and changed else [])


@pytest.mark.parametrize(
    "outcome",
    [Refused(reason="400"), Broken(reason="403"), Later(reason="500", pause=timedelta())],
    ids=["refused", "broken", "later"],
)
async def test_an_edit_that_fails_leaves_the_message_sent(outbox: World, outcome: Outcome) -> None:
    """A card that could not be edited is still there: it is never posted again."""
    posted = await settle(outbox, Sent(message_id=5))
    [source] = await outbox.follow(folder())
    await outbox.poll(source, draft(1, text="Mended."), draft(2))
    await outbox.read()
    [edit] = [one for one in await outbox.due() if one.message_id]

    await outbox.store.deliveries.settle(await outbox.claim(edit), outcome, NOW)

    after = [one for one in await outbox.due() if one.id == posted.id]
    assert all(one.message_id == 5 and one.state is State.SENT for one in after)


async def test_doubt_is_kept_with_its_reason_and_repeated_by_nobody(outbox: World) -> None:
    """What may have been posted and cannot be looked up stays in doubt."""
    [due] = await outbox.due()

    await outbox.store.deliveries.leave_in_doubt(await outbox.claim(due), "history is hidden", NOW)

    standing = await outbox.store.archive.standing(Viewer(server=7))
    assert (State.IN_DOUBT, "history is hidden", 1) in standing.deliveries
    assert due.id not in {one.id for one in await outbox.due()}


async def test_the_card_names_the_other_sources_of_its_story(discord: World) -> None:
    """A story that several sources tell names the others on its card."""
    one, two = await discord.follow(folder("One", "/one"), folder("Two", "/two"))
    await discord.poll(one, draft(1))
    await discord.poll(two, draft(1))
    await discord.read(match())

    [due] = await discord.due()
    card = await discord.store.deliveries.card(due)

    assert card is not None
    assert (card.headline.source, card.more_sources) == ("One", ("Two",))  # type: ignore[union-attr]
