"""Hubs push what is new, once they have been asked and have asked back; nobody else is heard."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.errors import ConfigError
from bot.model import Pushed, Source, Subscription
from bot.settings import Http
from bot.sources.feeds.websub import Callback, Subscribe, is_signed, listening_at
from bot.sources.web.http import Client

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOKEN = "a" * 32
ONE = Subscription(source_id=4, hub="", topic="https://wire.example/feed", token=TOKEN, secret="s3cret")


@dataclass
class Subscriptions:
    """One subscription in memory."""

    one: Subscription
    until: datetime | None = None
    reasons: list[str] = field(default_factory=list)

    async def due(self, now: datetime, *, limit: int) -> list[Subscription]:
        return [self.one]

    async def asked(self, source_id: int, now: datetime, *, reason: str = "") -> None:
        self.reasons.append(reason)

    async def find(self, token: str) -> Subscription | None:
        return self.one if token == self.one.token else None

    async def verified(self, source_id: int, *, until: datetime) -> None:
        self.until = until

    async def denied(self, source_id: int, reason: str) -> None:
        self.until = None
        self.reasons.append(reason)

    async def source(self, source_id: int) -> Source | None:
        raise NotImplementedError


@dataclass
class Room:
    """A callback that listens, what it was pushed, and a browser that stands for a hub."""

    store: Subscriptions
    url: str
    hub: aiohttp.ClientSession
    pushed: list[Pushed]

    async def confirm(self, **query: str) -> tuple[int, str]:
        params = {f"hub.{name}": value for name, value in query.items()}
        async with self.hub.get(f"{self.url}/{query.pop('token', TOKEN)}", params=params) as answer:
            return answer.status, await answer.text()

    async def push(self, body: bytes, *, secret: str = "s3cret", method: str = "sha256", token: str = TOKEN) -> int:
        signature = hmac.new(secret.encode(), body, method).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={signature}", "Content-Type": "application/rss+xml"}
        async with self.hub.post(f"{self.url}/{token}", data=body, headers=headers) as answer:
            return answer.status


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    pushed: list[Pushed] = []
    store = Subscriptions(ONE)

    async def receive(one: Pushed) -> None:
        pushed.append(one)

    callback = Callback(store=store, clock=lambda: NOW, receive=receive, max_bytes=1_000)
    async with callback.listen("127.0.0.1", 0) as port, aiohttp.ClientSession() as hub:
        yield Room(store, f"http://127.0.0.1:{port}/hubs", hub, pushed)


async def test_a_hub_that_asks_back_is_confirmed_and_promises_until_when(room: Room) -> None:
    """Who names token and topic gets its challenge back, and its lease is kept."""
    answer = await room.confirm(mode="subscribe", topic=ONE.topic, challenge="echo", lease_seconds="864000")

    assert (answer, room.store.until) == ((200, "echo"), NOW + timedelta(days=10))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"mode": "subscribe", "topic": "https://other.example/", "challenge": "echo"}, id="another topic"),
        pytest.param({"mode": "subscribe", "topic": ONE.topic}, id="no challenge"),
        pytest.param({"mode": "unsubscribe", "topic": ONE.topic, "challenge": "echo"}, id="an end nobody asked for"),
        pytest.param({"topic": ONE.topic, "challenge": "echo"}, id="no mode"),
    ],
)
async def test_what_we_did_not_ask_for_is_not_confirmed(room: Room, query: dict[str, str]) -> None:
    """A stranger cannot subscribe us to anything, nor end what we have."""
    status, _ = await room.confirm(**query)

    assert (status, room.store.until) == (404, None)


async def test_a_denial_is_kept_with_its_reason(room: Room) -> None:
    """A hub that does not push says why."""
    await room.confirm(mode="denied", topic=ONE.topic, reason="too many")

    assert room.store.reasons == ["the hub denies it: too many"]


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_what_is_signed_is_taken(room: Room, method: str) -> None:
    """A push that is signed with our secret is handed on as it came."""
    status = await room.push(b"<rss/>", method=method)

    assert status == 202
    assert [(one.source_id, one.body, one.headers["content-type"]) for one in room.pushed] == [
        (4, b"<rss/>", "application/rss+xml")
    ]


async def test_what_is_not_signed_is_left_alone(room: Room) -> None:
    """A push with another signature, or with none, is answered and forgotten."""
    signed_otherwise = await room.push(b"<rss/>", secret="guess")
    async with room.hub.post(f"{room.url}/{TOKEN}", data=b"<rss/>") as unsigned:
        statuses = signed_otherwise, unsigned.status

    assert (statuses, room.pushed) == ((202, 202), [])


async def test_a_push_for_nobody_tells_the_hub_to_stop(room: Room) -> None:
    """A token that is not known is gone."""
    assert await room.push(b"<rss/>", token="b" * 32) == 410


async def test_a_push_has_a_largest_size(room: Room) -> None:
    """A body above the limit is refused before it is kept."""
    assert (await room.push(b"x" * 5_000), room.pushed) == (413, [])


async def test_a_hub_is_asked_with_all_that_it_needs() -> None:
    """The request names topic, callback, secret and lease, and what goes wrong is kept as a sentence."""
    asked: list[dict[str, str]] = []
    statuses = [202, 400]

    async def answer(request: web.Request) -> web.Response:
        asked.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=statuses[len(asked) - 1])

    app = web.Application()
    app.router.add_post("/hub", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    store = Subscriptions(replace(ONE, hub=f"http://127.0.0.1:{port}/hub"))
    async with Client(Http(allow_hosts=(f"127.0.0.1:{port}",))) as client:
        subscribe = Subscribe(client=client, store=store, clock=lambda: NOW, public_url="https://bot.example/hubs/")
        await subscribe()
        await subscribe()
    await runner.cleanup()

    assert asked[0] == {
        "hub.mode": "subscribe",
        "hub.topic": ONE.topic,
        "hub.callback": f"https://bot.example/hubs/{TOKEN}",
        "hub.secret": "s3cret",
        "hub.lease_seconds": "864000",
    }
    assert store.reasons == ["", "the hub answers 400"]


async def test_a_hub_on_a_private_address_is_not_asked() -> None:
    """A feed cannot send us to what lies behind our own door."""
    store = Subscriptions(replace(ONE, hub="http://127.0.0.1:8080/hub"))
    async with Client(Http()) as client:
        await Subscribe(client=client, store=store, clock=lambda: NOW, public_url="https://bot.example")()

    assert "not public" in store.reasons[0]


@pytest.mark.parametrize(
    ("body", "signature", "signed"),
    [
        pytest.param(b"x", "sha256=" + hmac.new(b"k", b"x", hashlib.sha256).hexdigest(), True, id="sha256"),
        pytest.param(b"x", "sha256=" + hmac.new(b"k", b"x", hashlib.sha256).hexdigest().upper(), True, id="capitals"),
        pytest.param(b"x", "md5=" + hmac.new(b"k", b"x", hashlib.md5).hexdigest(), False, id="too weak"),
        pytest.param(b"x", "", False, id="none"),
        pytest.param(b"x", "sha256=ü", False, id="no digits"),
    ],
)
def test_a_signature_is_of_a_known_method_and_of_our_secret(body: bytes, signature: str, signed: bool) -> None:
    """Only an HMAC of the standard counts."""
    assert is_signed(body, signature, "k") is signed


@pytest.mark.parametrize(
    ("listen", "expected"), [("127.0.0.1:8080", ("127.0.0.1", 8080)), (":80", ("0.0.0.0", 80)), ("[::1]:81", ("::1", 81))]
)
def test_where_to_listen_is_an_address_and_a_port(listen: str, expected: tuple[str, int]) -> None:
    """An empty address means all."""
    assert listening_at(listen) == expected


@pytest.mark.parametrize("listen", ["8080", "localhost", "a:b", "x:99999", ""])
def test_anything_else_is_one_sentence(listen: str) -> None:
    """What is neither names the key and the right form."""
    with pytest.raises(ConfigError, match=r"websub\.listen"):
        listening_at(listen)


async def test_a_port_that_is_taken_is_named() -> None:
    """Where nothing can listen the operator is told which setting to change."""
    callback = Callback(store=Subscriptions(ONE), clock=lambda: NOW, receive=lambda _: pytest.fail("pushed"), max_bytes=9)
    async with callback.listen("127.0.0.1", 0) as port:
        with pytest.raises(ConfigError, match=r"websub\.listen"):
            async with callback.listen("127.0.0.1", port):
                pass
