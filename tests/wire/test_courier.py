"""The courier with a real client at the wire: what discord.py repeats, forgets and sleeps through by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.chat import waiting
from bot.chat.courier import DiscordCourier
from bot.errors import TokenError
from bot.model import Broken, Later, Sent
from tests.chat.fakes import a_client
from tests.chat.samples import DELIVERY, an_alert

from .fake import FakeDiscord
from .faults import DONE_ALL_THE_SAME, MISSING_PERMISSIONS, UNAUTHORIZED, Fault, too_many
from .routes import MESSAGES


@pytest_asyncio.fixture
async def courier(fake: FakeDiscord) -> AsyncIterator[DiscordCourier]:
    client = a_client(clock=lambda: datetime.now(UTC))
    await client.login(fake.token)
    yield DiscordCourier(client)
    await client.close()


def news(fake: FakeDiscord) -> str:
    return f"channel:{fake.news.id}"


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        pytest.param(too_many(600), Later, id="a long rate limit"),
        pytest.param(MISSING_PERMISSIONS, Broken, id="a channel that breaks meanwhile"),
    ],
)
async def test_a_500_that_discord_py_repeated_is_not_forgotten(
    fake: FakeDiscord, courier: DiscordCourier, then: Fault, outcome: type[Later | Broken]
) -> None:
    """What was posted behind a 502 may be there, whatever the answer to the repeat was."""
    fake.fail_posts(DONE_ALL_THE_SAME, then)

    ended = await courier.post(an_alert(), news(fake), nonce="n")

    assert isinstance(ended, outcome)
    assert ended.unsure
    assert len(fake.messages(fake.news)) == 1


async def test_a_global_rate_limit_that_is_not_slept_out_holds_up_nobody_for_ever(
    fake: FakeDiscord, courier: DiscordCourier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py keeps all requests back while one sleeps out the global limit; when that one is given up they go on."""
    fake.fail_posts(too_many(20, scope="global"))
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.2)
    given_up = await courier.post(an_alert(), news(fake), nonce="n")
    while not fake.posts:  # on a busy machine it may be given up before it was heard
        given_up = await courier.post(an_alert(), news(fake), nonce="n")
    monkeypatch.setattr(waiting, "PATIENCE_S", 60.0)

    again = await courier.post(an_alert(), news(fake), nonce="n")

    assert isinstance(given_up, Later)
    assert isinstance(again, Sent)


async def test_a_token_that_is_revoked_before_a_look_stops_the_bot(fake: FakeDiscord, courier: DiscordCourier) -> None:
    """A 401 to the look into a channel's history is not repeated, either."""
    fake.fail("GET", MESSAGES, UNAUTHORIZED)

    with pytest.raises(TokenError, match="DISCORD_TOKEN"):
        await courier.find(DELIVERY, news(fake), since=datetime.now(UTC))


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(), timedelta(hours=-1)], ids=["ahead", "right", "behind"])
async def test_a_message_is_found_by_a_clock_that_is_an_hour_off(
    fake: FakeDiscord, courier: DiscordCourier, off: timedelta
) -> None:
    """Discord dates messages by its own clock, and the attempt was noted by ours."""
    noted = datetime.now(UTC) + off
    posted = await courier.post(an_alert(), news(fake), nonce="n")

    found = await courier.find(DELIVERY, news(fake), since=noted)

    assert isinstance(posted, Sent)
    assert found == posted.message_id
