"""Fetching under limits, against a real server on loopback."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import re
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import aiohttp
import brotli
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer
from backports import zstd

from bot.errors import BlockedAddress, SourceError
from bot.settings import Http
from bot.sources.web.addresses import PrivateAddressError
from bot.sources.web.http import Client, _explained
from bot.sources.web.pacing import Pacing
from tests.ports import kept_port
from tests.unit.sources.conftest import Serve

LIMITS = Http(timeout=timedelta(seconds=60), connect=timedelta(seconds=60), max_bytes=1_000_000)


def allowing(server: TestServer, limits: Http = LIMITS) -> Client:
    return Client(replace(limits, allow_hosts=(f"127.0.0.1:{server.port}",)))


async def test_an_answer_is_given_with_its_status_headers_body_and_address(serve: Serve) -> None:
    """A response has the bytes as they were sent and header names in small letters."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"bytes\xff", headers={"ETag": 'W/"x"'})

    server = await serve(answer)

    async with allowing(server) as client:
        response = await client.get(str(server.make_url("/feed?a=b")))

    assert (response.status, response.body, response.headers["etag"]) == (200, b"bytes\xff", 'W/"x"')
    assert response.url == str(server.make_url("/feed?a=b"))


async def test_a_request_says_who_asks(serve: Serve) -> None:
    """The user agent has the version and, where it is set, the contact; given headers are sent as they are."""
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response()

    server = await serve(answer)

    async with allowing(server) as client:
        await client.get(str(server.make_url("/")), {"If-None-Match": 'W/"a b"'})
    async with allowing(server, replace(LIMITS, contact="https://example.org/bot")) as client:
        await client.get(str(server.make_url("/")))
        await client.get(str(server.make_url("/")), subscribers=3)

    assert re.fullmatch(r"Sitrep/[\d.]+", seen[0].headers["User-Agent"])
    assert seen[0].headers["If-None-Match"] == 'W/"a b"'
    assert seen[0].headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert seen[1].headers["User-Agent"].endswith(" (+https://example.org/bot)")
    assert seen[2].headers["User-Agent"].endswith(" (+https://example.org/bot; 3 subscribers)")


async def test_a_failure_status_comes_without_its_page(serve: Serve) -> None:
    """The page that goes with an error is not read."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=404, body=b"x" * 2_000_000)

    server = await serve(answer)

    async with allowing(server) as client:
        response = await client.get(str(server.make_url("/")))

    assert (response.status, response.body) == (404, b"")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "[fd00:ec2::254]",
    ],
)
async def test_no_spelling_of_a_private_address_is_asked(host: str) -> None:
    """However a private address is written, it is refused after it was resolved and before a connection."""
    async with Client(LIMITS) as client:
        with pytest.raises(BlockedAddress, match=r"not public|no address that may be asked"):
            await client.get(f"http://{host}/feed")


async def test_a_hexadecimal_address_is_no_name() -> None:
    """The resolver knows no such name, so nothing is asked."""
    async with Client(LIMITS) as client:
        with pytest.raises(SourceError):
            await client.get("http://0x7f000001/feed")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_private_address_is_refused(serve: Serve, status: int) -> None:
    """Each hop is checked anew: an allowed host cannot lead to one that is not."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "http://localhost/admin"})

    server = await serve(answer)

    async with allowing(server) as client:
        with pytest.raises(BlockedAddress):
            await client.get(str(server.make_url("/")))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "http://[", "http://x:99999/", "http://me:pw@127.0.0.1/", "gopher://x/"]
)
async def test_a_redirect_to_no_address_of_the_web_is_refused(serve: Serve, target: str) -> None:
    """What a server names as its new address is trusted no more than the first."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    server = await serve(answer)

    async with allowing(server) as client:
        with pytest.raises(SourceError):
            await client.get(str(server.make_url("/")))


async def hop(request: web.Request) -> web.Response:
    """Redirect from /n to /n-1, and answer at /0."""
    left = int(request.path[1:])
    if left:
        return web.Response(status=302, headers={"Location": f"{left - 1}"})
    return web.Response(text="there")


async def test_five_hops_are_followed(serve: Serve) -> None:
    """The body and the address are those of the last hop."""
    server = await serve(hop)

    async with allowing(server) as client:
        response = await client.get(str(server.make_url("/5")))

    assert (response.body, response.url) == (b"there", str(server.make_url("/0")))
    assert [(one.status, one.origin, one.target) for one in response.hops] == [
        (302, str(server.make_url(f"/{left}")), str(server.make_url(f"/{left - 1}"))) for left in (5, 4, 3, 2, 1)
    ]


async def test_what_is_secret_goes_to_no_other_host(serve: Serve) -> None:
    """A redirect to another host takes neither cookies nor a password along; one within the host does."""
    seen: dict[str, web.Request] = {}

    async def answer(request: web.Request) -> web.Response:
        seen[f"{request.host.partition(':')[0]}{request.path}"] = request
        onward = {"/a": "/b", "/b": f"http://127.0.0.2:{request.url.port}/c"}.get(request.path)
        return web.Response(status=307, headers={"Location": onward}) if onward else web.Response()

    server = await serve(answer, host="0.0.0.0")
    limits = replace(LIMITS, allow_hosts=("127.0.0.1", "127.0.0.2"))

    async with Client(limits) as client:
        await client.get(f"http://127.0.0.1:{server.port}/a", {"Authorization": "x", "Cookie": "y", "If-None-Match": '"z"'})

    assert [one.headers.get("Authorization") for one in seen.values()] == ["x", "x", None]
    assert [one.headers.get("Cookie") for one in seen.values()] == ["y", "y", None]
    assert seen["127.0.0.2/c"].headers["If-None-Match"] == '"z"'


async def test_two_hosts_that_redirect_to_each_other_do_not_lock(serve: Serve) -> None:
    """A turn at one host is given back before another is waited for."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/there":
            return web.Response()
        other = "127.0.0.2" if request.host.startswith("127.0.0.1") else "127.0.0.1"
        return web.Response(status=302, headers={"Location": f"http://{other}:{request.url.port}/there"})

    server = await serve(answer, host="0.0.0.0")

    async with Client(replace(LIMITS, allow_hosts=("127.0.0.1", "127.0.0.2"))) as client:
        found = await asyncio.gather(*(client.get(f"http://127.0.0.{n}:{server.port}/") for n in (1, 2, 1, 2)))

    assert [one.status for one in found] == [200] * 4


async def test_one_host_gets_one_request_at_a_time_and_a_pause_between(serve: Serve) -> None:
    """Whatever is asked of a host at once comes there one after the other, the pause apart."""
    times: list[tuple[float, float]] = []

    async def answer(_request: web.Request) -> web.Response:
        began = time.monotonic()
        await asyncio.sleep(0.02)
        times.append((began, time.monotonic()))
        return web.Response()

    server = await serve(answer)
    limits = replace(LIMITS, allow_hosts=(f"127.0.0.1:{server.port}",))

    async with Client(limits, pacing=Pacing(pause=timedelta(seconds=0.1))) as client:
        await asyncio.gather(*(client.get(str(server.make_url(f"/{number}"))) for number in range(4)))

    assert all(later[0] - before[1] >= 0.09 for before, later in itertools.pairwise(times))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_that_is_asked_for_holds_for_the_whole_host(serve: Serve, status: int) -> None:
    """After Retry-After no other address of the host is asked either, until the time is over."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Retry-After": "600"})

    server = await serve(answer)

    async with allowing(server) as client:
        refused = await client.get(str(server.make_url("/a")))
        with pytest.raises(SourceError, match="asked to be left alone") as caught:
            await client.get(str(server.make_url("/b")))

    assert (refused.status, asked) == (status, ["/a"])
    assert caught.value.retry_after is not None


async def test_a_refusal_comes_with_the_beginning_of_its_page(serve: Serve) -> None:
    """The page of a guard says who it is; an endless or broken one does no harm."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/broken":
            return web.Response(status=403, body=b"no gzip", headers={"Content-Encoding": "gzip"})
        body = b"<title>Just a moment...</title>" + b"x" * 300_000
        return web.Response(status=403, body=gzip.compress(body), headers={"Content-Encoding": "gzip"})

    server = await serve(answer)

    async with allowing(server) as client:
        page = await client.get(str(server.make_url("/")))
        broken = await client.get(str(server.make_url("/broken")))

    assert page.body.startswith(b"<title>Just a moment...</title>")
    assert (len(page.body), broken.body) == (32768, b"")


async def test_six_hops_are_too_many(serve: Serve) -> None:
    """A chain longer than the limit is given up."""
    server = await serve(hop)

    async with allowing(server) as client:
        with pytest.raises(SourceError, match="more than 5 times"):
            await client.get(str(server.make_url("/6")))


async def test_a_body_over_the_limit_is_cut_off_as_it_comes(serve: Serve) -> None:
    """An endless body ends at the limit, not at the time limit."""
    ended = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        try:
            while True:
                await stream.write(b"x" * 65536)
        finally:
            ended.set()

    server = await serve(answer)

    async with allowing(server) as client:
        with pytest.raises(SourceError, match="larger than 1 MB") as caught:
            await client.get(str(server.make_url("/")))

    await asyncio.wait_for(ended.wait(), 60)
    assert not caught.value.unreachable


async def test_a_gzip_bomb_is_cut_at_the_limit_of_what_comes_out(serve: Serve) -> None:
    """The limit counts decoded bytes, and memory stays near it."""
    bomb = gzip.compress(bytes(100_000_000), compresslevel=9)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    server = await serve(answer)

    async with allowing(server) as client:
        tracemalloc.start()
        with pytest.raises(SourceError, match="larger than 1 MB"):
            await client.get(str(server.make_url("/")))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 30_000_000


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", partial(brotli.compress, quality=5)), ("zstd", zstd.compress)],
)
async def test_a_body_is_unpacked_whatever_packed_it(serve: Serve, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Every encoding that is asked for is understood."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=pack(b"<rss/>" * 1000), headers={"Content-Encoding": encoding})

    server = await serve(answer)

    async with allowing(server) as client:
        response = await client.get(str(server.make_url("/")))

    assert response.body == b"<rss/>" * 1000


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", partial(brotli.compress, quality=5)), ("zstd", zstd.compress)],
)
async def test_a_bomb_is_cut_by_its_ratio_long_before_the_limit(
    serve: Serve, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """What unpacks to a hundred times its size is given up after a megabyte or so, however much would be allowed."""
    bomb = pack(bytes(60_000_000))

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    server = await serve(answer)

    async with allowing(server, replace(LIMITS, max_bytes=50_000_000)) as client:
        tracemalloc.start()
        with pytest.raises(SourceError, match="more than 100 times as much"):
            await client.get(str(server.make_url("/")))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 30_000_000


async def test_a_dripping_server_is_ended_by_the_total_limit(serve: Serve) -> None:
    """A server that always sends a little more is left when the time is up."""
    never = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        while True:
            await stream.write(b"x")
            try:
                await asyncio.wait_for(never.wait(), 0.02)
            except TimeoutError:
                continue

    server = await serve(answer)

    async with allowing(server, replace(LIMITS, timeout=timedelta(seconds=0.3))) as client:
        with pytest.raises(SourceError, match=r"within 0\.3 s") as caught:
            await client.get(str(server.make_url("/")))

    assert caught.value.unreachable


async def test_a_closed_port_is_unreachable() -> None:
    """A refused connection is a failure to reach, which is told apart from a bad answer."""
    with kept_port() as port:
        async with Client(replace(LIMITS, allow_hosts=(f"127.0.0.1:{port}",))) as client:
            with pytest.raises(SourceError, match="cannot be reached") as caught:
                await client.get(f"http://127.0.0.1:{port}/")

    assert caught.value.unreachable


async def raw(reply: bytes) -> asyncio.Server:
    """Serve fixed bytes, whatever is asked, and hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(reply)
        writer.close()
        await writer.wait_closed()

    return await asyncio.start_server(talk, "127.0.0.1", 0)


@pytest.mark.parametrize(
    ("scheme", "reply", "words", "unreachable"),
    [
        ("http", b"", "closed the connection", True),
        ("http", b"SSH-2.0-dropbear\r\n\r\n", "no HTTP", False),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "cut off", False),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", "cannot be unpacked", False),
        ("https", b"HTTP/1.1 400 Bad Request\r\n\r\n", "secure connection", False),
    ],
)
async def test_an_answer_that_breaks_the_protocol_is_told_in_words(
    scheme: str, reply: bytes, words: str, *, unreachable: bool
) -> None:
    """Each way an exchange can break is one sentence, and says whether the other side was reached."""
    server = await raw(reply)
    port = server.sockets[0].getsockname()[1]

    async with server, Client(replace(LIMITS, allow_hosts=(f"127.0.0.1:{port}",))) as client:
        with pytest.raises(SourceError, match=words) as caught:
            await client.get(f"{scheme}://127.0.0.1:{port}/feed")

    assert caught.value.unreachable is unreachable


KEY = ConnectionKey("example.org", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@pytest.mark.parametrize(
    ("error", "words", "unreachable"),
    [
        (aiohttp.ClientConnectorDNSError(KEY, OSError("no name")), "no address is known for example.org", True),
        (aiohttp.ClientConnectorError(KEY, OSError(None, None)), "cannot be reached", True),
        (aiohttp.ClientConnectorError(KEY, PrivateAddressError("x")), "not public", False),
        (ConnectionResetError(), "closed the connection", True),
        (ssl.SSLError(1, "bad"), "secure connection", False),
    ],
)
def test_a_fault_on_the_way_is_told_in_words(error: aiohttp.ClientError | OSError, words: str, *, unreachable: bool) -> None:
    """What cannot be staged on loopback is told the same way."""
    told = _explained("https://example.org/feed?key=1", error)

    assert words in str(told)
    assert "key" not in str(told)
    assert told.unreachable is unreachable


async def test_a_client_that_was_not_opened_is_a_fault_of_the_program() -> None:
    """Nothing is asked before the pools are there, and closing what was never opened is harmless."""
    client = Client(LIMITS)

    with pytest.raises(RuntimeError):
        await client.get("https://example.org/")
    await client.close()
