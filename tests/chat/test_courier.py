"""Laws of the courier: what is sent, how each answer of Discord ends a delivery, and when a post is found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import aiohttp
import discord
import pytest

from bot.chat import courier as courier_module
from bot.chat import waiting
from bot.chat.buttons import card_view
from bot.chat.courier import DiscordCourier
from bot.errors import TokenError
from bot.model import Alert, Broken, Fold, Gone, Later, Level, Outcome, Refused, Sent, Told
from tests.chat.limits import faults_of_message
from tests.chat.samples import DELIVERY, NOW, a_fold, an_alert

ROOM = 700
DESTINATION = f"channel:{ROOM}"
ME = 42


class Room:
    """A channel as the courier reaches it: what it was asked, and the messages it shows."""

    def __init__(self) -> None:
        self.id = ROOM
        self.messages: list[discord.Message] = []
        self.error: BaseException | None = None
        self.asked: list[dict[str, Any]] = []
        self.sent = create_autospec(discord.Message, instance=True, id=9001)
        self.handle = create_autospec(discord.PartialMessageable, instance=True, id=ROOM)
        self.handle.send = AsyncMock(side_effect=self._take)
        self.handle.history = self._history
        partial = create_autospec(discord.PartialMessage, instance=True)
        partial.edit = AsyncMock(side_effect=self._take)
        self.handle.get_partial_message.return_value = partial

    async def _take(self, content: str | None = None, **parts: Any) -> discord.Message:
        self.asked.append({"content": content, **parts})
        if self.error is not None:
            raise self.error
        message: discord.Message = self.sent
        return message

    async def _history(self, **_limits: Any) -> AsyncIterator[discord.Message]:
        if self.error is not None:
            raise self.error
        for message in sorted(self.messages, key=lambda one: one.created_at, reverse=True):
            yield message


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def client(room: Room) -> Any:
    client = create_autospec(discord.Client, instance=True)
    client.get_partial_messageable.return_value = room.handle
    client.user = create_autospec(discord.ClientUser, instance=True, id=ME)
    client.get_channel.return_value = None
    client.http = SimpleNamespace(_global_over=asyncio.Event())
    return client


@pytest.fixture
def courier(client: Any) -> DiscordCourier:
    return DiscordCourier(client)


def answer(status: int, code: int = 0, text: str = "", headers: dict[str, str] | None = None) -> discord.HTTPException:
    """Return what discord.py raises for an answer."""
    response: Any = SimpleNamespace(status=status, reason="", headers=headers or {})
    kinds: dict[int, type[discord.HTTPException]] = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    return kind(response, {"code": code, "message": text})


OUTCOMES = [
    pytest.param(None, Sent(message_id=9001), id="2xx is sent"),
    pytest.param(
        discord.RateLimited(42.5),
        Later(reason="Discord asked to wait", pause=timedelta(seconds=42.5), unsure=False),
        id="a long rate limit is waited for in the queue",
    ),
    pytest.param(
        answer(429, headers={"Retry-After": "7"}),
        Later(reason="429 (0)", pause=timedelta(seconds=7), unsure=False),
        id="429 waits as long as it says",
    ),
    pytest.param(
        answer(429), Later(reason="429 (0)", pause=timedelta(minutes=10), unsure=False), id="429 that names no time is a ban"
    ),
    pytest.param(answer(503, text="busy"), Later(reason="503 (0) busy"), id="5xx backs off"),
    pytest.param(
        ConnectionResetError(104, "reset"),
        Later(reason="Discord could not be reached: ConnectionResetError [Errno 104] reset"),
        id="a reset comes again soon, with the same nonce",
    ),
    pytest.param(
        aiohttp.ServerDisconnectedError(),
        Later(reason="Discord could not be reached: ServerDisconnectedError Server disconnected"),
        id="a lost connection comes again soon",
    ),
    pytest.param(
        answer(400, 50035, "Invalid Form Body\nIn embeds.0.title: too long"),
        Refused(reason="400 (50035) Invalid Form Body; In embeds.0.title: too long"),
        id="400 is refused, and names the part",
    ),
    pytest.param(answer(403, 50013, "no"), Broken(reason="403 (50013) no"), id="403 breaks the channel"),
    pytest.param(
        answer(403, 0, "blocked"),
        Later(reason="403 (0) blocked", pause=timedelta(minutes=10), unsure=False),
        id="a 403 without a code comes from the network before Discord",
    ),
    pytest.param(answer(404, 10003, "gone"), Broken(reason="404 (10003) gone", lost=True), id="an unknown channel is broken"),
    pytest.param(answer(404, 10008, "gone"), Gone(reason="404 (10008) gone"), id="an unknown message is gone"),
]


@pytest.mark.parametrize(("error", "outcome"), OUTCOMES)
async def test_every_answer_to_a_post_has_one_outcome(
    courier: DiscordCourier, room: Room, error: BaseException | None, outcome: Outcome
) -> None:
    """The outcome table of a delivery, as it is for a post."""
    room.error = error

    assert await courier.post(an_alert(), DESTINATION, nonce="n") == outcome


@pytest.mark.parametrize(("error", "outcome"), OUTCOMES)
async def test_every_answer_to_an_edit_has_one_outcome(
    courier: DiscordCourier, room: Room, error: BaseException | None, outcome: Outcome
) -> None:
    """The outcome table of a delivery, as it is for an edit."""
    room.error = error

    assert await courier.edit(an_alert(), DESTINATION, 5) == outcome


async def test_a_refused_token_stops_the_bot(courier: DiscordCourier, room: Room) -> None:
    """A 401 must not be repeated: many of them ban the address."""
    room.error = answer(401)

    with pytest.raises(TokenError, match="DISCORD_TOKEN"):
        await courier.post(an_alert(), DESTINATION, nonce="n")


async def never(*_: object, **__: object) -> discord.Message:
    """Wait for an answer that does not come."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def test_a_post_that_is_never_answered_comes_again(
    courier: DiscordCourier, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits for ever: silence counts as a lost connection."""
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.01)
    room.handle.send = never

    outcome = await courier.post(an_alert(), DESTINATION, nonce="n")

    assert outcome == Later(reason="Discord could not be reached: TimeoutError")


@pytest.mark.parametrize("card", [an_alert(), a_fold()], ids=["alert", "fold"])
async def test_a_post_is_whole_and_quiet(courier: DiscordCourier, room: Room, card: Alert | Fold) -> None:
    """A post carries its nonce, its card and its buttons, and mentions nobody."""
    await courier.post(card, DESTINATION, nonce="0123456789abcdef01234567")

    (body,) = room.asked
    assert body["content"] is None
    assert body["nonce"] == "0123456789abcdef01234567"
    assert body["allowed_mentions"].to_dict() == {"parse": [], "roles": []}
    payload = {"embeds": [body["embed"].to_dict()], "components": body["view"].to_components(), "nonce": body["nonce"]}
    assert faults_of_message(payload) == []


async def test_roles_of_the_watches_are_mentioned_once(courier: DiscordCourier, room: Room) -> None:
    """Only the roles of the card's watches may be mentioned, each once."""
    watches = tuple(Told(watch=str(role), level=Level.ABOUT, score=1.0, role=role) for role in (8, None, 9, 8))

    await courier.post(an_alert(watches=watches), DESTINATION, nonce="n")

    (body,) = room.asked
    assert body["content"] == "<@&8> <@&9>"
    assert body["allowed_mentions"].to_dict() == {"parse": [], "roles": [8, 9]}


async def test_more_roles_than_a_message_holds_are_left_out(courier: DiscordCourier, room: Room) -> None:
    """The mentions fit into the 2,000 characters of a message."""
    watches = tuple(Told(watch="w", level=Level.ABOUT, score=1.0, role=2**62 + role) for role in range(200))

    await courier.post(an_alert(watches=watches), DESTINATION, nonce="n")

    assert len(room.asked[0]["content"]) <= 2000


def a_message(delivery_id: str, *, author: int = ME, minutes: int = 0) -> discord.Message:
    """Return a message of the channel whose buttons carry a delivery."""
    rows: list[Any] = card_view(an_alert(delivery_id=delivery_id)).to_components()
    message: discord.Message = create_autospec(discord.Message, instance=True, id=7000 + minutes)
    message.author = create_autospec(discord.User, instance=True, id=author)
    message.components = [discord.ActionRow(row) for row in rows]
    message.created_at = NOW + timedelta(minutes=minutes)  # type: ignore[misc]  # read-only on a real message
    return message


async def test_a_posted_card_is_found_by_its_button(courier: DiscordCourier, room: Room) -> None:
    """The delivery id in `Why?` finds the message again."""
    room.messages = [a_message("other", minutes=1), a_message(DELIVERY, minutes=2)]

    assert await courier.find(DELIVERY, DESTINATION, since=NOW) == 7002


async def test_a_message_of_somebody_else_is_not_taken_for_a_card(courier: DiscordCourier, room: Room) -> None:
    """Another bot that copies a button cannot silence an alert."""
    room.messages = [a_message(DELIVERY, author=ME + 1)]

    assert await courier.find(DELIVERY, DESTINATION, since=NOW) is None


async def test_clocks_may_differ_by_two_hours(courier: DiscordCourier, room: Room) -> None:
    """The look reaches two hours before the attempt, and no further."""
    room.messages = [a_message(DELIVERY, minutes=-121), a_message("other", minutes=1)]

    assert await courier.find(DELIVERY, DESTINATION, since=NOW) is None
    assert await courier.find(DELIVERY, DESTINATION, since=NOW - timedelta(minutes=2)) == 7000 - 121


@pytest.mark.parametrize("error", [answer(500), ConnectionResetError(104, "reset"), discord.RateLimited(60.0)])
async def test_history_that_cannot_be_read_now_may_be_read_later(courier: DiscordCourier, room: Room, error: Exception) -> None:
    """While Discord cannot be asked nothing is decided."""
    room.error = error

    with pytest.raises(ConnectionError, match="could not be asked"):
        await courier.find(DELIVERY, DESTINATION, since=NOW)


@pytest.mark.parametrize("error", [answer(403, 50001), answer(404, 10003)])
async def test_history_that_cannot_be_read_leaves_doubt(courier: DiscordCourier, room: Room, error: Exception) -> None:
    """Where nobody can tell, the answer is no answer."""
    room.error = error

    with pytest.raises(LookupError, match="cannot be read"):
        await courier.find(DELIVERY, DESTINATION, since=NOW)


async def test_older_messages_prove_that_history_can_be_read(courier: DiscordCourier, room: Room) -> None:
    """Nothing new in a channel that shows its past means that the card is not there."""
    room.messages = [a_message("other", minutes=-60)]

    assert await courier.find(DELIVERY, DESTINATION, since=NOW) is None


@pytest.mark.parametrize("allowed", [True, False])
async def test_an_empty_channel_is_believed_only_with_the_permission(
    courier: DiscordCourier, client: Any, *, allowed: bool
) -> None:
    """Discord shows an empty list to a bot without Read Message History, so an empty channel proves nothing by itself."""
    known = create_autospec(discord.TextChannel, instance=True)
    known.permissions_for.return_value = discord.Permissions(read_message_history=allowed)
    client.get_channel.return_value = known

    if allowed:
        assert await courier.find(DELIVERY, DESTINATION, since=NOW) is None
    else:
        with pytest.raises(LookupError, match="Read Message History"):
            await courier.find(DELIVERY, DESTINATION, since=NOW)


async def test_a_channel_nobody_knows_leaves_doubt(courier: DiscordCourier) -> None:
    """Without the gateway there is no knowing what an empty history means."""
    with pytest.raises(LookupError, match="Read Message History"):
        await courier.find(DELIVERY, DESTINATION, since=NOW)


async def test_more_messages_than_can_be_read_leave_doubt(
    courier: DiscordCourier, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that did not reach back to the attempt does not say that the card is not there; one that did says so."""
    monkeypatch.setattr(courier_module, "_LOOK_THROUGH", 2)
    room.messages = [a_message("other", minutes=1), a_message("another", minutes=2)]

    with pytest.raises(LookupError, match="more than 2 since then"):
        await courier.find(DELIVERY, DESTINATION, since=NOW)
    assert await courier.find(DELIVERY, DESTINATION, since=NOW + timedelta(minutes=3)) is None
