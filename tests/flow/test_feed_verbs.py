"""The `feed` verbs in this process: what they print, how they end, and what a start leaves of it."""

from __future__ import annotations

import io
from functools import partial

import pytest

from bot.sources.feeds import opml
from tests.flow.conftest import Newsroom, Verb, item


@pytest.fixture
def terminal(verb: Verb) -> Verb:
    """Run a `feed` verb."""
    return partial(verb, "feed")


async def test_a_feed_that_is_added_is_polled_and_outlives_a_start(room: Newsroom, terminal: Verb) -> None:
    """What the operator follows by command stands beside the file, start after start, until a command ends it."""
    room.publish("/port", item(1))
    added = await terminal("add", room.feeds.url("/port"), "--name", "Port", "--yes")
    await room.once()
    await room.once()

    code, listed = await terminal("list")
    removed = await terminal("remove", "port")

    assert added[0] == 0
    assert "Port, every 1 s: http://127.0.0.1" in added[1]
    assert added[1].endswith("Port is followed from now on.\n")
    assert (code, "well    Port · every 1 s, 1 today, asked " in listed) == (0, True)
    assert "Statement 1" in room.text
    assert removed == (0, "Port is no longer followed.\n")
    assert "Port" not in (await terminal("list"))[1]


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "nothing"])
async def test_nothing_is_followed_without_a_yes(
    room: Newsroom, terminal: Verb, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Who does not confirm follows nothing."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    room.publish("/port", item(1))

    code, _ = await terminal("add", room.feeds.url("/port"))

    assert (code, await terminal("list")) == (130, (0, "No source is followed yet.\n"))


async def test_a_page_with_several_feeds_names_them(room: Newsroom, terminal: Verb) -> None:
    """The command line leaves the choice to who types."""
    links = "".join(f'<link rel="alternate" type="application/atom+xml" href="/{name}">' for name in ("a", "b"))
    room.feeds.serve("/", f"<html><head>{links}</head></html>", content_type="text/html")

    code, said = await terminal("add", room.feeds.url("/"))

    assert code == 1
    assert said == f"The page names several feeds: add one of {room.feeds.url('/a')}, {room.feeds.url('/b')}.\n"


async def test_what_stands_in_the_file_is_paused_and_not_removed(room: Newsroom, terminal: Verb) -> None:
    """The command line never edits the file; its pause outlives a start."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1))
    await room.once()

    assert await terminal("remove", "Wire") == (1, "“Wire” stands in sources.toml: take it out there, or pause it.\n")
    assert await terminal("pause", "Wire") == (0, "Wire is paused.\n")
    await room.once()
    assert len(room.feeds.requests("/feed")) == 1
    assert "paused  Wire" in (await terminal("list"))[1]
    assert await terminal("resume", "Wire") == (0, "Wire goes on.\n")


async def test_a_check_shows_what_a_poll_would_find(room: Newsroom, terminal: Verb) -> None:
    """A feed that is as it was says so; one that is gone ends with 1 and the rule."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1))
    await room.once()

    unchanged = await terminal("check", "Wire")
    room.feeds.redirect("/feed", room.feeds.url("/nowhere"))
    gone = await terminal("check", "Wire")

    assert unchanged[0] == 0
    assert "It answers 304, with 1 entries.\nNothing has changed since the last poll" in unchanged[1]
    assert (gone[0], "answers 404" in gone[1]) == (1, True)


async def test_lists_go_in_and_out_for_one_server(room: Newsroom, terminal: Verb) -> None:
    """`--server` acts on the feeds of one server, and an import says what it refused."""
    file = room.home / "feeds.opml"
    file.write_text(
        '<opml><body><outline text="Port" xmlUrl="https://port.example/feed"/><outline text="Mail" xmlUrl="mailto:x"/>'
        '<outline text="Again" xmlUrl="https://port.example/feed/"/></body></opml>'
    )

    code, said = await terminal("import", str(file), "--server", "7")
    exported = await terminal("export", "--server", "7")

    assert code == 1
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "added    Port",
        "refused  Mail",
        "left out 1 named twice, and 0 without the address of a feed.",
    ]
    assert [one.title for one in opml.read(exported[1].encode()).outlines] == ["Port"]
    assert "Port · every 1 s, 0 today, server 7, not asked yet" in (await terminal("list"))[1]
    assert await terminal("list", "--server", "8") == (0, "No source is followed yet.\n")
    assert await terminal("export") == (1, "No feed was added here, so there is none to export: add one first.\n")
