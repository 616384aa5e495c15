"""The real program beside hostile servers: each is cut off and told of, and nobody else notices."""

from __future__ import annotations

import gzip
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest_asyncio

from .desk import NO_MODEL, Desk
from .fake import FakeDiscord
from .feeds import FeedServer, Item, rss

HEAD = "<rss version='2.0'><channel><title>T</title>"
ENTITIES = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'lol' * 10}'>" for n in range(9))

ITEMS = "".join(f"<item><guid>{n}</guid><title>Item {n}</title></item>" for n in range(40_000))

HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "Bomb": (gzip.compress(bytes(60_000_000)), "gzip"),
    "Entities": (f"<!DOCTYPE rss [{ENTITIES}]>{HEAD}<item><title>&e8;</title></item></channel></rss>".encode(), ""),
    "Crowd": (gzip.compress(f"{HEAD}{ITEMS}</channel></rss>".encode()), "gzip"),
    "Deep": (
        gzip.compress(f"{HEAD}<item><description>{'<a>' * 100_000}</description></item></channel></rss>".encode()),
        "gzip",
    ),
    "Page": (b"<html><title>Just a moment...</title></html>", ""),
    "Nothing": (b"", ""),
    "Cut": (gzip.compress(rss("T", [Item(title="T", text="x" * 5000)]))[:-30], "gzip"),
}
REDIRECTS = {
    "Loop": "/loop",
    "Inside": "http://localhost/admin",
    "Metadata": "http://169.254.169.254/latest/meta-data/",
    "File": "file:///etc/passwd",
}
SENTENCES = {
    "Bomb": "unpack to more than 100 times",
    "Entities": "entities that grow without bound",
    "Crowd": "only the first 2000 of 40000",
    "Deep": "nested more than",
    "Page": "a test of Cloudflare",
    "Nothing": "an empty body",
    "Cut": "is cut off",
    "Loop": "redirects more than 5 times",
    "Inside": "not public",
    "Metadata": "not public",
    "File": "no address of the web",
    "Drip": "did not answer within 3 s",
}


@pytest_asyncio.fixture
async def hostile(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Desk]:
    """Follow a good feed, and every kind of hostile one, each at a host of its own."""
    async with FeedServer("0.0.0.0") as feeds:
        desk = Desk(fake, feeds, tmp_path)
        desk.publish(1)
        paths = {name: f"/{name.lower()}" for name in SENTENCES}
        for name, (body, encoding) in HOSTILE.items():
            feeds.serve(paths[name], body, encoding=encoding)
        for name, to in REDIRECTS.items():
            feeds.redirect(paths[name], to, status=302)
        feeds.drip(paths["Drip"])
        desk.furnish()
        hosts = {name: f"127.0.0.{number}" for number, name in enumerate(SENTENCES, start=2)}
        with (tmp_path / "config" / "sources.toml").open("a") as file:
            for name, host in hosts.items():
                file.write(f'[[source]]\nname = "{name}"\nurl = "{feeds.url(paths[name], host=host)}"\nevery = "1 s"\n')
        allowed = ", ".join(f'"{host}"' for host in ["127.0.0.1", *hosts.values()])
        (tmp_path / "config" / "settings.toml").write_text(
            f'[polling]\nevery = "1 s"\nleast_every = "1 s"\n[http]\ntimeout = "3 s"\nallow_hosts = [{allowed}]\n'
            f"[matching]\n{NO_MODEL}\n"
        )
        yield desk
    assert fake.violations == []


async def test_hostile_servers_are_cut_off_and_delay_nobody(hostile: Desk) -> None:
    """A good feed's next item is told as fast as ever while hostile servers are polled, and each of these has its sentence."""
    begun = time.monotonic()
    with hostile.bot() as bot:
        await bot.during(hostile.fake.message(hostile.fake.news))
        first_s = time.monotonic() - begun
        for name in SENTENCES.keys() - {"Drip"}:
            await bot.line(f'"source": "{name}"')
        # Who cannot be reached is told in one line with all others; the crowd is only cut short, and the wire is well.
        await bot.line(f"{len(SENTENCES) - 1} of {len(SENTENCES) + 1} feeds failed")
        hostile.publish(2, 1)
        start = time.monotonic()
        await bot.during(hostile.fake.message(hostile.fake.news))
        took_s = time.monotonic() - start
        asked = [hostile.fake.slash(hostile.fake.news, "feed list", {"page": page}) for page in (1, 2)]
        answers = [await one for one in asked]
        ended = await bot.stop()

    listed = "".join(str(one.message.embeds[0]["description"]) for one in answers if one.message is not None)
    blocks = {name: listed.partition(f"**{name}**")[2].partition("**")[0] for name in SENTENCES}
    assert {name: words for name, words in SENTENCES.items() if words not in blocks[name]} == {}
    assert "🟢 **Wire**" in listed
    assert hostile.titles() == ["Pyongyang statement 1", "Pyongyang statement 2"]
    assert took_s < max(10, 5 * first_s)  # on a busy machine the first one took long, too
    assert (ended.code, "Traceback" in bot.output) == (0, False)
