"""From bytes to a told card: real sources, a real worker, a real SQLite, the terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from bot import logs
from bot.errors import ConfigError
from tests.flow.conftest import Newsroom, item

FILE = " date 2026-10-30 A hall in Seoul (second from right). (Ministry)\n\nNorth Korea and Russia signed a treaty on trains.\n\nMore is to come.1\n"


async def test_an_item_and_a_file_are_each_told_once(room: Newsroom) -> None:
    """What a feed brings and what is dropped into a folder is told once, while it runs and in later rounds."""
    room.choose_model("")
    room.publish("/feed", item(1))
    room.follow(Wire="/feed")
    async with room.running():
        await room.until("Statement 1")
        room.drop("treaty.txt", FILE)
        await room.until("treaty on trains")
    assert await room.once() == 0

    assert room.text.count("Statement 1") == 1
    assert room.text.count("Inbox · 30 October 2026") == 1
    assert "second from right" not in room.text
    assert "to come.1" not in room.text


async def test_the_card_names_the_strongest_watch_and_the_others(room: Newsroom) -> None:
    """However many watches match, one card tells them all."""
    room.drop("treaty.txt", FILE)

    await room.once()

    assert room.text.count("signed a treaty on trains") >= 1
    assert "North Korea · about, and With Russia" in room.text


async def test_an_exact_copy_is_told_once(room: Newsroom) -> None:
    """One text from two feeds and a file is one story."""
    text = "North Korea fired a missile. " * 10
    room.publish("/one", item(1, text, link="https://one.example/a"))
    room.publish("/two", item(2, text, link="https://two.example/b"))
    room.follow(One="/one", Two="/two")

    await room.once()
    await room.once()

    assert room.text.count("· about") == 1


async def test_renaming_and_reordering_sources_tells_nobody(room: Newsroom) -> None:
    """A source is found again by its address, whatever it is called and wherever it stands in the file."""
    room.publish("/one", item(1))
    room.publish("/two", item(2))
    room.follow(One="/one", Two="/two")
    await room.once()
    before = room.text

    room.follow(Second="/two", First="/one")
    await room.once()

    assert room.text == before


async def test_a_revision_that_matches_at_last_is_told(room: Newsroom) -> None:
    """An entry that is mended so that it matches is told then, and not again when it is mended further."""
    for text in ("Nothing of note.", "North Korea is named at last.", "North Korea is named at last, again."):
        room.publish("/feed", item(1, text))
        room.follow(Wire="/feed")
        await room.once()

    assert room.text.count("Statement 1") == 1 + room.text.count("updated: Statement 1")


async def test_a_burst_is_ten_cards_and_one_more(room: Newsroom) -> None:
    """A drop of twenty-five files is ten cards, and one that counts and lists the rest."""
    for number in range(25):
        room.drop(f"{number}.txt", f"North Korea issued statement {number}. It is the {number}th one.")

    await room.once()

    assert room.text.count("· about") == 10
    assert "15 more alerts" in room.text


async def test_one_bad_file_spoils_no_other(room: Newsroom) -> None:
    """A file that cannot be read is reported once, and the rest are told."""
    log = io.StringIO()
    logs.set_up(log)
    room.drop("bad.json", "{")
    room.drop("good.txt", "North Korea replied. It said no more.")

    codes = [await room.once(), await room.once()]

    assert codes == [0, 0]
    assert "North Korea replied" in room.text
    assert log.getvalue().count("bad.json") == 1


async def test_without_a_network_the_feeds_are_one_line(room: Newsroom) -> None:
    """Feeds that cannot be reached are one line with a question, and the folder goes on."""
    (room.folder / "sources.toml").write_text(
        '[[source]]\nname = "A"\nurl = "http://127.0.0.1:9/"\n'
        '[[source]]\nname = "B"\nurl = "http://127.0.0.1:9/b"\n'
        '[[source]]\nname = "Inbox"\nfolder = "inbox"\n'
    )
    settings = room.folder / "settings.toml"
    settings.write_text(settings.read_text().replace("allow_hosts = [", 'allow_hosts = ["127.0.0.1:9", '))
    room.drop("good.txt", "North Korea replied. It said no more.")

    async with room.running():
        await room.until("2 of 2 feeds unreachable, is there a network? trying again in ")
        await room.until("North Korea replied")

    assert "Traceback" not in room.text


async def test_a_source_that_is_missing_fails_one_round_and_no_other_source(room: Newsroom) -> None:
    """A round in which a source failed ends with 1, and what the others brought is told."""
    (room.folder / "inbox").rmdir()
    room.publish("/feed", item(1))
    room.follow(Wire="/feed")

    code = await room.once()

    assert code == 1
    assert "Statement 1" in room.text


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)], ids=["a day back", "a day ahead"])
async def test_a_clock_that_is_set_loses_and_repeats_nothing(room: Newsroom, jump: timedelta) -> None:
    """A clock that is set a day either way keeps no source asleep, and nothing is told twice."""
    room.publish("/feed", item(1))
    room.follow(Wire="/feed")
    async with room.running():
        await room.until("Statement 1")
        with time_machine.travel(datetime.now(UTC) + jump, tick=True):
            room.publish("/feed", item(2), item(1))
            await room.until("Statement 2")
            room.drop("treaty.txt", FILE)
            await room.until("treaty on trains")

    assert room.text.count("Statement 1") == 1
    assert room.text.count("Statement 2") == 1


async def test_text_of_feeds_is_inert_in_the_terminal(room: Newsroom) -> None:
    """Neither escape sequences nor markup of a feed reach the terminal."""
    room.publish(
        "/feed", item(1, "North Korea said [bold]so[/bold]. \N{RIGHT-TO-LEFT OVERRIDE}Really.", title="T [link=x]1[/link]")
    )
    room.drop("evil.txt", "North Korea \x1b[31msaid red\x1b[0m words. \x07It rang.")
    room.follow(Wire="/feed")

    await room.once()

    assert "[link=x]1[/link]" in room.text
    assert not {"\x07", "\x1b", "\N{RIGHT-TO-LEFT OVERRIDE}"} & set(room.text)


async def test_a_query_that_cannot_be_read_stops_before_anything_is_written(room: Newsroom) -> None:
    """A fault in a query names file and watch, and no archive is made."""
    (room.folder / "watches.toml").write_text('[[watch]]\nname = "A"\nquery = "actor:north-korae"\n')

    with pytest.raises(ConfigError, match=r"watches\.toml: watch 1 \(A\): query: .*north-korea"):
        await room.once()

    assert not (room.home / "var").exists()


async def test_what_is_dropped_first_is_told_first(room: Newsroom) -> None:
    """Cards come in the order in which the articles came."""
    for number in range(4):
        room.drop(f"{number}.txt", f"North Korea issued paper {number}. It is short.")
        await room.once()

    places = [room.text.index(f"issued paper {number}") for number in range(4)]
    assert all(one < two for one, two in pairwise(places))


async def test_a_relation_is_told_in_its_direction_alone(room: Newsroom) -> None:
    """A watch on a relation tells the sentence that says it with who does what to whom, and neither the reverse nor a denial."""
    room.choose_model("")
    (room.folder / "acts.toml").write_text('[aid]\nverbs = ["send|sent"]\n')
    (room.folder / "watches.toml").write_text(
        '[[watch]]\nname = "Sendings"\nlevel = "mention"\n'
        'query = "relation:(source=actor:north-korea target=actor:russia act=aid)"\n'
    )
    room.drop("said.txt", "A note from Seoul.\n\nIt says that North Korea sent trains to Russia in May.")
    room.drop("reversed.txt", "A note from Tokyo.\n\nIt says that Russia sent trains to North Korea in May.")
    room.drop("denied.txt", "A note from London.\n\nPyongyang denied sending trains to Russia.")

    await room.once()

    assert "North Korea sent trains to Russia" in room.text
    assert "North Korea → Russia: sent trains (aid); said by" in room.text
    assert "Russia sent trains to North Korea" not in room.text
    assert "denied" not in room.text
    assert room.text.count("Sendings") == 1
