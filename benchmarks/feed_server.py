"""Thousands of feeds in a process of their own: each address of the loopback is a host with one feed of thirty entries."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from benchmarks import news

ENTRIES = 30
FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def host(number: int) -> str:
    """Return the address of the loopback that a feed has for itself."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


@contextmanager
def serving(*, entries: int = ENTRIES) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run the server; yield its port, and the process, which publishes one new entry in every feed for each line it is sent."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(entries)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process
    finally:
        process.terminate()
        process.wait()


def publish(process: subprocess.Popen[str]) -> None:
    """Let every feed have one new entry, and lose its oldest."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdout.readline()


class _Feeds:
    """The feed as it stands now, with a place for the number of each feed."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._draw = random.Random(7)
        self._items: list[bytes] = []
        self.edition = 0
        self.body = b""
        for _ in range(max(1, entries)):
            self.publish()

    def publish(self) -> None:
        self.edition += 1
        self._items = [_item(self.edition, self._draw), *self._items][: self._entries]
        head = b"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        head += b" xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Feed @@</title><link>http://@@.example/</link>"
        self.body = head + b"<description>News of @@</description>" + b"".join(self._items) + b"</channel></rss>"


def _item(edition: int, draw: random.Random) -> bytes:
    """Write an entry as blogs and papers do: a summary, the article with its markup, who wrote it and what it is about."""
    title, text = news.article(draw, sentences=13)
    paragraphs = text.split("\n\n")
    marked = "".join(
        f'<p><img src="/i/{edition}.jpg" alt=""/>{escape(one)} <a href="/more/{edition}">more</a></p>\n' for one in paragraphs
    )
    date = format_datetime(FIRST + timedelta(minutes=edition))
    about = "".join(f"<category><![CDATA[Desk {number}]]></category>" for number in range(3))
    return (
        f"<item><title>{title}, says @@</title><link>http://@@.example/{edition}</link><comments>http://@@.example/{edition}#c</comments>"
        f"<dc:creator><![CDATA[The desk]]></dc:creator><pubDate>{date}</pubDate>{about}"
        f'<guid isPermaLink="false">http://@@.example/?p={edition}</guid><description>{escape(paragraphs[0])}</description>'
        f"<content:encoded><![CDATA[{marked}]]></content:encoded></item>"
    ).encode()


async def _serve(entries: int) -> None:
    feeds = _Feeds(entries)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = writer.get_extra_info("sockname")[0].replace(".", "-").encode()
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                etag = b'"%d"' % feeds.edition
                if b"If-None-Match: " + etag in request:
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
                    continue
                body = feeds.body.replace(b"@@", number)
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % (etag, len(body)) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        while await asyncio.to_thread(sys.stdin.readline):
            feeds.publish()
            print("published", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
