"""The `watch` and `actor` verbs in this process: what they print, how they end, and what a running bot makes of it."""

from __future__ import annotations

import io

import pytest

from tests.flow.conftest import Newsroom, Verb, item


async def test_a_watch_that_is_added_tells_and_outlives_a_start(room: Newsroom, verb: Verb) -> None:
    """What the operator watches by command stands beside the file, start after start, until a command ends it."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1, "A walrus slept."))
    await room.once()
    added = await verb("watch", "add", "Walrus", "walrus", "--level", "mention", "--cap", "3", "--yes")
    room.publish("/feed", item(2, "A walrus woke.", title="Second"), item(1, "A walrus slept."))
    await room.once()

    listed, shown = await verb("watch", "list"), await verb("watch", "show", "walrus")
    ended = await verb("watch", "remove", "WALRUS")

    assert added[0] == 0
    assert '"walrus"\nRead as "walrus".\n1 match, of 1 article that may answer' in added[1]
    assert added[1].endswith("Walrus watches from now on; nothing of the past is told.\n")
    assert "A walrus woke" in room.text
    assert "A walrus slept" not in room.text
    assert 'Walrus · mention, 1 match\n  "walrus"\n' in listed[1]
    assert shown[1].splitlines()[1:] == [
        '  query    "walrus"',
        '  read     Read as "walrus".',
        "  cap      3 an hour",
        "  kept in  the archive",
    ]
    assert ended == (0, "Walrus is no longer watched. Its query was walrus\n")
    assert "Walrus" not in (await verb("watch", "list"))[1]


async def test_nothing_is_saved_without_a_yes(room: Newsroom, verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not confirm watches nothing."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))

    code, _ = await verb("watch", "add", "Walrus", "walrus")

    assert (code, await verb("watch", "list")) == (130, (0, "Nothing is watched yet.\n"))


async def test_a_watch_is_edited_and_cleared(room: Newsroom, verb: Verb) -> None:
    """What is not named stays; what is cleared is gone; both at once are refused as a wrong use."""
    await verb("watch", "add", "Walrus", "walrus", "--channel", "7", "--channel", "8", "--role", "5", "--cap", "3", "--yes")

    edited = await verb("watch", "edit", "walrus", "--query", "walrus, seal", "--clear", "role", "--clear", "channels", "--yes")
    shown = await verb("watch", "show", "walrus")
    both = await verb("watch", "edit", "walrus", "--cap", "4", "--clear", "cap")

    assert edited[0] == 0
    assert '"walrus" OR "seal"' in shown[1]
    assert "cap      3 an hour" in shown[1]
    assert "channels" not in shown[1]
    assert "role" not in shown[1]
    assert both[0] == 2
    assert "not both" in both[1]


async def test_what_stands_in_the_file_is_left_to_the_file(room: Newsroom, verb: Verb) -> None:
    """A watch of the file is neither edited nor removed; a server may hear it elsewhere, or not at all."""
    await room.once()

    refused = await verb("watch", "remove", "North Korea")
    routed = await verb("watch", "edit", "North Korea", "--server", "7", "--channel", "70")
    there = await verb("watch", "show", "North Korea", "--server", "7")
    paused = await verb("watch", "pause", "North Korea", "--server", "7")
    again = await verb("watch", "pause", "North Korea", "--server", "7")
    resumed = await verb("watch", "resume", "North Korea", "--server", "7")

    assert refused[0] == 1
    assert "is kept in the bot's files" in refused[1]
    assert routed == (0, "North Korea is told there from now on.\n")
    assert "channels 70" in there[1]
    assert [one[1] for one in (paused, resumed)] == [
        "North Korea is paused.\n",
        "North Korea goes on: what came meanwhile is not told.\n",
    ]
    assert again == (1, "“North Korea” is paused already.\n")


async def test_a_name_of_a_server_is_free_for_the_bot(room: Newsroom, verb: Verb) -> None:
    """Two may have a watch of one name; without `--server` the bot's own is meant."""
    await verb("watch", "add", "Walrus", "seal", "--server", "7", "--yes")

    added = await verb("watch", "add", "Walrus", "walrus", "--yes")
    shown = await verb("watch", "show", "Walrus")
    listed = await verb("watch", "list")

    assert added[0] == 0
    assert '"walrus"' in shown[1]
    assert "Walrus · about, 0 matches, server 7" in listed[1]


async def test_a_query_is_tried_on_the_archive(room: Newsroom, verb: Verb) -> None:
    """The test says what may answer, then what does, day by day; a query that cannot be read points at its place."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1), item(2))
    await room.once()

    tried = await verb("watch", "test", "actor:north-korea", "--days", "2")
    broken = await verb("watch", "test", "(x")
    unjudged = await verb("watch", "report", "North Korea")

    assert tried[0] == 0
    assert "2 articles may answer" in tried[1]
    assert "2 match, of 2 articles" in tried[1]
    assert "North Korea issued statement 1." in tried[1]
    assert broken[0] == 1
    assert "never closed" in broken[1]
    assert unjudged[1].startswith("North Korea: Nobody has judged its alerts yet")


async def test_a_name_that_is_added_alerts_from_the_next_article_on(room: Newsroom, verb: Verb) -> None:
    """The running bot takes an actor's new name up without a restart, and an actor that no file has."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1))
    async with room.running():
        await room.until("Statement 1")
        added = await verb("actor", "add", "north korea", "name", "Hermit Kingdom")
        made = await verb("actor", "define", "Acme Shipping")
        await verb("watch", "add", "Acme", "actor:acme-shipping", "--yes")
        room.drop("port.txt", "The Hermit Kingdom shut a port. Nobody said why.")
        await room.until("The Hermit Kingdom shut a port")
        room.drop("ship.txt", "Acme Shipping lost a vessel. Nobody said where.")
        await room.until("Acme Shipping lost a vessel")

    shown = await verb("actor", "show", "north-korea")
    refused = await verb("actor", "reset", "acme-shipping")
    await verb("watch", "remove", "Acme")

    assert added[0] == 0
    assert "“Hermit Kingdom” counts as name of North Korea in what is read from now on.\n" in added[1]  # beside the bot's log
    assert "Acme Shipping, actor:acme-shipping" in made[1]
    assert "Added here: Hermit Kingdom (name)" in shown[1]
    assert refused == (1, "The watch “Acme” names Acme Shipping: change or remove that first.\n")
    assert await verb("actor", "reset", "acme-shipping") == (0, "acme-shipping is no actor any more.\n")
    assert await verb("actor", "remove", "north-korea", "hermit kingdom") == (
        0,
        "“hermit kingdom” no longer counts for North Korea in what is read from now on.\n",
    )


async def test_a_watch_of_the_file_may_name_an_actor_that_a_command_made(room: Newsroom, verb: Verb) -> None:
    """What the archive knows of actors counts at the next start, and for `check` and `match`; what nobody made is refused."""
    room.follow()
    (room.folder / "watches.toml").write_text('[[watch]]\nname = "Acme"\nquery = "actor:acme-shipping"\n')
    (room.home / "report.txt").write_text("Acme Shipping sank. Nobody said where.")
    refused = [await verb(*words) for words in (("check",), ("match", "report.txt"))]
    await verb("actor", "define", "Acme Shipping")
    room.drop("ship.txt", "Acme Shipping lost a vessel. Nobody said where.")

    code = await room.once()
    checked, matched = await verb("check"), await verb("match", "report.txt")

    said = "watches.toml: watch 1 (Acme): query: There is no actor “acme-shipping”: actor list names all that are known."
    assert [(ended, said in text) for ended, text in refused] == [(78, True), (78, True)]
    assert (code, checked[0], matched[0]) == (0, 0, 0)
    assert "Acme Shipping lost a vessel" in room.text
    assert "1 watches" in checked[1]
    assert "Acme: about" in matched[1]


async def test_a_change_for_one_server_is_its_own(room: Newsroom, verb: Verb) -> None:
    """`--server` changes what that server calls an actor, and the list says so there alone."""
    await verb("actor", "add", "russia", "decoy", "Moscow Mule", "--server", "7")

    lists = [await verb("actor", "list", *more) for more in ((), ("--server", "7"))]

    assert ["changed here" in said for _, said in lists] == [False, True]
    assert await verb("actor", "add", "russia", "name", "RF") == (
        1,
        "“RF” has fewer than 3 letters, and would be found in other words: give a longer name.\n",
    )
    assert (await verb("actor", "add", "russia", "nickname", "Rossiya"))[0] == 2
