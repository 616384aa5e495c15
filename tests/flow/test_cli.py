"""The command line in this process: what it prints, and how it ends."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import metadata
from typing import Any, NoReturn
from unittest.mock import AsyncMock

import pytest

from bot import app, cli, config, desks, logs, oneshot
from bot.errors import BusyError, SitrepError, StoreError, TokenError
from bot.health.program import troubles
from bot.model import (
    Beat,
    Collected,
    Draft,
    Evidence,
    FirstRun,
    Follow,
    Gateway,
    Level,
    Match,
    Place,
    Queue,
    Reading,
    Refused,
    SourceKind,
    Viewer,
    Vitals,
    now_utc,
)
from tests import postgres
from tests.flow.conftest import Newsroom, arguments

BEFORE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ARTICLE = "North Korea and Russia signed a treaty on trains.\n\nMore is to come."


@pytest.fixture(autouse=True)
def _without_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "DISCORD_CHANNEL_ID", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def ends(*words: str) -> int:
    """Run the command line; return its exit code."""
    with arguments(*words), pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def lines(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    return capsys.readouterr().out.splitlines()


async def archived(room: Newsroom, count: int) -> None:
    for number in range(count):
        room.drop(f"{number}.txt", f"North Korea issued statement {number}. It is short.")
    await room.once()


def test_match_says_what_matches_and_why(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`match` names watch, level, score and evidence for people, and nothing is archived."""
    (room.home / "a.txt").write_text(ARTICLE)
    (room.home / "b.txt").write_text("A harvest festival was held.")

    code = ends("match", "a.txt", "b.txt")

    said = "\n".join(lines(capsys))
    assert code == 0
    assert "North Korea: about" in said
    assert "“North Korea and Russia signed a treaty on trains.”" in said
    assert "matches no watch" in said
    assert not (room.home / "var").exists()


def test_match_prints_a_record_for_each_article_and_watch(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`match --format jsonl` keeps an id and gives id, title, watch, score, level and evidence."""
    (room.home / "a.jsonl").write_text(json.dumps({"id": "x1", "title": "Treaty", "text": ARTICLE}) + "\n")

    ends("match", "a.jsonl", "--format", "jsonl")

    records = [json.loads(line) for line in lines(capsys)]
    assert [(one["id"], one["title"], one["watch"], one["level"]) for one in records] == [
        ("x1", "Treaty", "North Korea", "about"),
        ("x1", "Treaty", "With Russia", "about"),
    ]
    assert all(0.5 <= one["score"] <= 1 for one in records)
    assert {term["of"] for term in records[1]["evidence"]["terms"]} == {"actor:north-korea", "actor:russia"}


def test_eval_prints_every_record_with_its_actors(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`match --eval about` gives for each id how strongly it is about each actor found."""
    records = [{"id": "a", "title": "Treaty", "text": ARTICLE}, {"id": "b", "title": "Harvest", "text": "A festival."}]
    (room.home / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))

    ends("match", "--eval", "about", "in.jsonl")

    told = {one["id"]: one["actors"] for one in map(json.loads, lines(capsys))}
    assert set(told["a"]) == {"north-korea", "russia"}
    assert told["b"] == {}


def test_eval_prints_every_record_with_its_countries(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`match --eval geo` gives for each id the codes of the states that the record names."""
    (room.home / "config" / "actors" / "north-korea.toml").write_text(
        'name = "North Korea"\ncode = "KP"\ncapitals = ["Pyongyang"]\n'
    )
    records = [{"id": "a", "title": "Treaty", "text": ARTICLE}, {"id": "b", "title": "Harvest", "text": "A festival."}]
    (room.home / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))

    ends("match", "--eval", "geo", "in.jsonl")

    assert [json.loads(line) for line in lines(capsys)] == [{"id": "a", "countries": ["KP"]}, {"id": "b", "countries": []}]


def test_eval_prints_every_record_with_its_event(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`match --eval events` gives for each id who does what to whom, whoever they are; what nobody names is null."""
    (room.folder / "acts.toml").write_text('[consult]\nverbs = ["meet|met"]\n')
    texts = {"a": "The mayor of Springfield met Canadian farmers.", "b": "It rained."}
    records = [{"id": name, "title": "", "text": text} for name, text in texts.items()]
    (room.home / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))

    ends("match", "--eval", "events", "in.jsonl")

    assert [json.loads(line) for line in lines(capsys)] == [
        {
            "id": "a",
            "source": "mayor of Springfield",
            "target": "Canadian farmers",
            "root": "CONSULT",
            "quad": "verbal-cooperation",
        },
        {"id": "b", "source": None, "target": None, "root": None, "quad": None},
    ]


def test_a_file_that_cannot_be_read_is_named_after_the_others(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read is matched first; what cannot is one sentence and exit code 1."""
    (room.home / "a.txt").write_text(ARTICLE)
    (room.home / "bad.json").write_text("{")

    code = ends("match", "missing.txt", "bad.json", "a.txt")

    told = capsys.readouterr()
    assert code == 1
    assert "North Korea: about" in told.out
    assert "missing.txt" in told.err
    assert "bad.json" in told.err
    assert len(told.err.splitlines()) == 1


async def test_search_finds_by_the_language_of_watches(room: Newsroom) -> None:
    """A search answers from the archive, newest first, and says how plain words were read."""
    await archived(room, 3)

    page = await oneshot.search(room.load(), "north korea", since="1 day", limit=2)

    assert len(page.headlines) == 2
    assert page.title.startswith("3 found")
    assert "actor:north-korea" in page.title


def test_search_prints_what_it_finds(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`search` prints title, date, source and sentence."""
    room.drop("a.txt", ARTICLE)
    ends("run", "--once")
    capsys.readouterr()

    ends("search", "actor:russia")

    said = "\n".join(lines(capsys))
    assert "1 found for actor:russia" in said
    assert "Inbox" in said


def test_a_search_that_cannot_be_read_is_one_sentence(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """A query that cannot be read is explained, with the place under it, and ends with 1."""
    code = ends("search", '"north korea')

    assert code == 1
    assert capsys.readouterr().err.splitlines()[1:] == ['"north korea', "^"]


def test_check_says_that_a_small_archive_tells_nothing(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` counts what is configured, makes no archive, and says when the archive is too small to tell."""
    code = ends("check")

    assert code == 0
    assert "archive is still small (0 articles)" in capsys.readouterr().out
    assert not (room.home / "var").exists()


def test_check_counts_one_article_in_good_english(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive of a first article holds one article."""
    monkeypatch.setattr(oneshot, "coverage", AsyncMock(return_value=oneshot.Coverage(archived=1)))

    ends("check")

    assert "archive is still small (1 article)" in capsys.readouterr().out


def test_check_names_topics_that_find_nearly_everything(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A topic that tells nothing is named with its figure and the mend."""
    said = "topic:weather is found, or may be, in 40 of the newest 60 articles, so it tells nothing by itself"
    coverage = oneshot.Coverage(archived=60, broad=(said,))
    monkeypatch.setattr(oneshot, "coverage", AsyncMock(return_value=coverage))

    ends("check")

    assert f"{said}: make it narrower in its file." in capsys.readouterr().out


async def test_check_counts_what_each_watch_matches(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over an archive that is large enough, each watch is counted by its query as it now is."""
    await archived(room, 4)

    counted = await oneshot.coverage(room.load(), least=4)

    assert (counted.archived, dict(counted.matches)) == (4, {"North Korea": 4, "With Russia": 0})
    assert await oneshot.coverage(room.load(), least=5) == oneshot.Coverage(archived=4)


def test_a_verb_that_is_ended_from_outside_is_no_success(room: Newsroom) -> None:
    """SIGTERM is the end that `run` waits for; a look-up that it cuts off has not gone well, and says so by its exit code."""
    waiting = room.home / "waiting.txt"
    os.mkfifo(waiting)
    with subprocess.Popen([sys.executable, "-m", "bot", "match", str(waiting)]) as asked:
        writing = os.open(waiting, os.O_WRONLY)  # waits until the verb reads
        asked.terminate()
        code = asked.wait(timeout=10)
        os.close(writing)

    assert code == -signal.SIGTERM


def test_migrate_makes_the_archive(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`migrate` makes or updates the archive and says so."""
    code = ends("migrate")

    assert code == 0
    assert "up to date" in capsys.readouterr().out
    assert (room.home / "var" / "sitrep.db").exists()


def stuck_in(room: Newsroom, *names: str) -> list[str]:
    """Leave alerts of Discord behind that could not be told; return their ids."""
    room.environ["DISCORD_TOKEN"] = "x"
    store = desks.open_store(room.load())

    async def fill() -> list[str]:
        await store.copy_config([INBOX], room.load().watches, now=NOW)
        await store.places.set_channel(7, 70, now=NOW)
        [source] = await store.sources.all_sources()
        drafts = tuple(Draft(guid=name, title=name, text=name) for name in names)
        await store.polls.record_poll(source, Collected(drafts=drafts), now=NOW, next_poll=NOW, told_from=None, batch="b")
        articles = await store.analysis.lease_articles(NOW, lease=timedelta(hours=1), limit=9)
        readings = [Reading(article_id=one.id, revision=one.revision, matches=(MATCH,)) for one in articles]
        await store.analysis.record_readings(readings, (await store.analysis.rules()).number, now=NOW)
        for _ in names:
            [due] = await store.deliveries.due_deliveries(NOW, 9)
            claimed = await store.deliveries.claim(due, NOW, lease=timedelta(minutes=1))
            assert claimed is not None
            await store.deliveries.settle(claimed, Refused(reason="400 (50035) In embeds.0.title: too long"), NOW)
        return [one.id for one in await store.backlog.stuck(Viewer())]

    try:
        return asyncio.run(fill())
    finally:
        store.close()
        del room.environ["DISCORD_TOKEN"]


INBOX = Follow(kind=SourceKind.FOLDER, address="/inbox", name="Inbox", every=timedelta(hours=1), first_run=FirstRun.ALL)
MATCH = Match(
    watch_id=1,
    level=Level.ABOUT,
    score=0.9,
    evidence=Evidence(sentence="It said so.", spans=(), place=Place.LEAD, terms=()),
    summary=(),
)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_deliveries_lists_what_is_stuck(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`deliveries` prints id, state, destination, since, title and reason."""
    [delivery] = stuck_in(room, "Treaty\x1b[31m")

    code = ends("deliveries")

    assert (code, lines(capsys)) == (
        0,
        [
            f"{delivery} · dead · channel:70 · since 2026-11-02 09:00 UTC",
            "  Treaty [31m",
            "  400 (50035) In embeds.0.title: too long",
        ],
    )


def test_deliveries_are_told_again_or_dropped_by_the_beginning_of_an_id(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--resend` and `--drop` take beginnings of ids, or all, and say how many it were."""
    first, *_ = stuck_in(room, "One", "Two", "Three")

    codes = [ends("deliveries", "--resend", first[:8]), ends("deliveries", "--drop", "all"), ends("deliveries")]

    assert codes == [0, 0, 0]
    assert lines(capsys) == ["1 delivery will be told again.", "2 deliveries dropped.", "Nothing is stuck."]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["--resend", "ffffff0"], 1, "begins with “ffffff0”", id="no such id"),
        pytest.param(["--drop", "abc"], 1, "at least 6", id="too short"),
        pytest.param(["--drop"], 2, "which", id="nothing named"),
        pytest.param(["abcdef0"], 2, "which", id="nothing to do"),
        pytest.param(["--drop", "--resend", "all"], 2, "exclude", id="both"),
    ],
)
def test_a_delivery_that_is_not_meant_clearly_is_left_alone(
    room: Newsroom, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    """What is unknown or unclear is said, and nothing is changed."""
    stuck_in(room, "One")

    ended = ends("deliveries", *words)

    told = capsys.readouterr()
    assert (ended, said in told.err + told.out) == (code, True)
    assert ends("deliveries") == 0
    assert "One" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["invite", "sync"])
def test_a_verb_that_needs_a_token_says_so(room: Newsroom, capsys: pytest.CaptureFixture[str], verb: str) -> None:
    """Without a token these verbs end with 77 and say where to get one."""
    code = ends(verb)

    assert code == TokenError.exit_code == 77
    assert "DISCORD_TOKEN is not set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["check", "--config", "nowhere"], 78, "nowhere", id="no config folder"),
        pytest.param(["sing"], 2, "sing", id="no such verb"),
        pytest.param(["match"], 2, "FILES", id="a missing argument"),
        pytest.param(["run", "--loud"], 2, "--loud", id="no such option"),
    ],
)
def test_words_that_are_not_known_are_explained(
    room: Newsroom, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    """What cannot be understood is named, without a traceback."""
    ended = ends(*words)

    told = capsys.readouterr()
    assert ended == code
    assert said in told.err + told.out
    assert "Traceback" not in told.err


def test_check_says_what_is_hardly_wanted(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to watch, a folder that is not there and a model that is not installed are no faults, but are said."""
    (room.folder / "watches.toml").unlink()
    (room.folder / "inbox").rmdir()
    with (room.folder / "settings.toml").open("a") as settings:
        settings.write('[matching]\nspacy_model = "xx_no_such"\n')

    code = ends("check")

    said = capsys.readouterr().out
    assert code == 0
    assert all(
        words in said for words in ("Nothing is watched", "The folder of Inbox is not there", "xx_no_such is not installed")
    )


@pytest.mark.parametrize("verb", ["check", "run"])
def test_an_archive_on_a_disk_that_is_emptied_is_warned_of(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, verb: str
) -> None:
    """On a host that empties its disk `check` and `run` say that the archive will be lost, and how to keep it."""
    monkeypatch.setenv("DYNO", "worker.1")

    code = ends(verb, *(["--once"] if verb == "run" else []))

    said = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "THE ARCHIVE WILL BE LOST: Heroku empties its disk at each deploy" in said
    assert "Set DATABASE_URL" in said


def test_an_archive_in_a_database_is_lost_by_no_deploy(room: Newsroom) -> None:
    """With a database of its own nothing is warned of, and neither is on a plain server."""
    on_heroku = {"DYNO": "worker.1", "DATABASE_URL": "postgres://host/db"}

    assert [*app.advice(config.load(room.folder, on_heroku))] == [*app.advice(config.load(room.folder, {}))] == []


async def test_a_start_on_a_disk_that_is_emptied_warns(room: Newsroom) -> None:
    """A bot that goes on says so too, when it starts."""
    room.environ["RENDER"] = "true"

    async with room.running():
        await room.until("THE ARCHIVE WILL BE LOST: Render")

    assert room.text.count("THE ARCHIVE WILL BE LOST") == 1


def test_nothing_is_well_beside_a_database_that_is_none(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` with an archive that cannot be used ends with 74 and a mend, and says nothing before."""
    (room.home / "var" / "sitrep.db").mkdir(parents=True)

    code = ends("check")

    told = capsys.readouterr()
    assert (code, told.out) == (74, "")
    assert "set [storage] path" in told.err


def test_nothing_of_an_article_steers_the_terminal(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """Escapes and direction marks of an article, a file name or a query are never printed."""
    (room.home / "a\x1b[2J.txt").write_text("North Korea \x9b2J replied\u202e today.")
    room.drop("b\x1b[2J.txt", "North Korea \x9b2J replied\u202e today.")

    ends("match", "a\x1b[2J.txt")
    ends("match", "missing\x1b[2J.txt")
    ends("run", "--once")
    ends("search", "North Korea")
    ends("search", "replied\x1b[2J")

    said = "".join(capsys.readouterr()) + room.text
    assert "replied" in said
    assert not set("\x1b\x9b\u202e") & set(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["search", "north \udce4"], "no text", id="bytes that are no text"),
        pytest.param(["search", "actor:"], "something must follow", id="a field of nothing"),
        pytest.param(["search", "x", "--since", ""], "no time", id="an empty time"),
        pytest.param(["search", "x", "--since", "0001-01-01T00:00+14:00"], "no time", id="a time before all"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(
    room: Newsroom, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """What nobody can mean is one sentence, with the place in a query under it, and ends with 1."""
    code = ends(*words)

    told, *place = capsys.readouterr().err.splitlines()
    assert code == 1
    assert said in told
    assert not place or place[1].strip() == "^"


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints one line and ends."""
    assert ends("--version") == 0
    assert lines(capsys) == [f"sitrep {metadata.version('sitrep')}"]


@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_watch_of_common_words_is_refused(room: Newsroom, capsys: pytest.CaptureFixture[str], verb: str) -> None:
    """A watch in the file that would tell nearly every article is no more taken than one that is added in Discord."""
    (room.folder / "watches.toml").write_text('[[watch]]\nname = "All"\nquery = "walrus OR the*"\n')

    assert ends(verb) == 78
    assert "watch 1 (All): query: “the” stands in nearly every article" in capsys.readouterr().err


def test_an_unknown_level_of_the_log_is_refused(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt level is named rather than passed over."""
    monkeypatch.setenv("SITREP_LOG", "verbose")

    assert ends("check") == 78
    assert "SITREP_LOG" in capsys.readouterr().err


def test_an_address_of_no_database_is_refused(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A DATABASE_URL that cannot be read is named, without the password in it."""
    monkeypatch.setenv("DATABASE_URL", "mysql://me:secret@host/db")

    code = ends("migrate")

    told = capsys.readouterr().err
    assert code == 78
    assert "DATABASE_URL" in told
    assert "secret" not in told


def test_the_archive_may_be_on_postgresql(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With DATABASE_URL the same round fills the same archive, and look-ups find it there."""
    with postgres.scratch(migrated=False) as address:
        monkeypatch.setenv("DATABASE_URL", postgres.url_of(address))
        said_before = ends("check"), capsys.readouterr().out
        room.environ["DATABASE_URL"] = postgres.url_of(address)
        room.drop("a.txt", ARTICLE)
        ends("run", "--once")
        capsys.readouterr()

        ends("search", "signed treaty")
        ends("search", '"signed a treaty"')
        ends("search", "treat*")

        said = capsys.readouterr().out
        assert "(0 articles)" in said_before[1]
        assert [said.count(f"{number} found") for number in (0, 1)] == [1, 2]
        assert not (room.home / "var").exists()


def test_doctor_examines_the_archive(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`doctor` says law by law how the archive stands, mends what it can, and ends with 1 only if something is left."""
    before = ends("doctor"), capsys.readouterr().err
    room.drop("a.txt", ARTICLE)
    ends("run", "--once")
    capsys.readouterr()
    well = ends("doctor"), capsys.readouterr().out
    with closing(sqlite3.connect("var/sitrep.db")) as conn, conn:
        conn.execute("delete from mentions")
    looked = ends("doctor", "--look-only"), capsys.readouterr().out
    mended = ends("doctor"), capsys.readouterr().out

    assert before[0] == 74
    assert "There is no archive var/sitrep.db yet" in before[1]
    assert (well[0], well[1].count("well    "), "broken" in well[1]) == (0, len(well[1].splitlines()), False)
    assert (looked[0], "broken  What has been read has all its mentions." in looked[1]) == (1, True)
    assert (mended[0], "mended  What has been read has all its mentions." in mended[1]) == (0, True)


def test_an_archive_is_carried_to_postgresql_and_told_on(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`copy-store` carries an archive over; the bot goes on there and repeats nothing."""
    room.drop("a.txt", ARTICLE)
    ends("run", "--once")
    capsys.readouterr()
    with postgres.scratch(migrated=False) as address:
        copied = ends("copy-store", "var/sitrep.db", postgres.url_of(address)), capsys.readouterr().out
        again = ends("copy-store", "var/sitrep.db", postgres.url_of(address)), capsys.readouterr().err
        monkeypatch.setenv("DATABASE_URL", postgres.url_of(address))
        ends("run", "--once")
        told = capsys.readouterr().out
        found = ends("search", "actor:russia"), capsys.readouterr().out

    assert copied[0] == 0
    assert "1  articles" in copied[1]
    assert "Every row arrived as it was." in copied[1]
    assert (again[0], "is not empty" in again[1]) == (74, True)
    assert "treaty" not in told
    assert "1 found" in found[1]


async def test_an_archive_that_a_bot_uses_is_not_copied(room: Newsroom) -> None:
    """Nothing is copied from under a running bot."""
    async with room.running():
        await room.until("Sitrep")
        with pytest.raises(BusyError):
            await oneshot.copy_store("var/sitrep.db", "copy.db")

    assert not (room.home / "copy.db").exists()


async def test_an_archive_is_not_copied_onto_itself(room: Newsroom) -> None:
    """The same place on both sides is named as what it is."""
    with pytest.raises(StoreError, match="onto itself"):
        await oneshot.copy_store("var/sitrep.db", "sqlite:///var/sitrep.db")


def test_one_round_does_not_wait_for_a_database(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`run --once` on a server that is away ends at once, with its sentence and code."""
    monkeypatch.setenv("DATABASE_URL", "postgres://me:secret@127.0.0.1:9/news")

    assert (ends("run", "--once"), "cannot be used" in capsys.readouterr().err) == (74, True)


def test_health_without_an_archive_makes_none(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing has run `health` says so, ends with 1, and leaves no file."""
    code = ends("health")

    [line] = lines(capsys)
    assert (code, line.startswith("Not well: there is no archive")) == (1, True)
    assert not (room.home / "var").exists()


async def test_health_of_a_bot_that_runs(room: Newsroom) -> None:
    """A running bot is well from its start on."""
    async with room.running():
        await room.until("Sitrep")
        async with asyncio.timeout(20):
            while (vitals := await desks.read_vitals(room.load())) is None or vitals.beat is None:
                await asyncio.sleep(0.02)

    assert troubles(vitals, now_utc()) == []
    assert vitals.beat.gateway is Gateway.NONE


@pytest.mark.parametrize(
    ("gateway", "minutes", "code", "said"),
    [
        pytest.param(
            Gateway.NONE, 0, 0, "Well: it has run for 3 h, in the terminal; no article waits to be read; ", id="a terminal"
        ),
        pytest.param(Gateway.CONNECTED, 1, 0, "Well: connected to Discord for 3 h; ", id="Discord"),
        pytest.param(Gateway.AWAY, 0, 1, "Not well: Discord has been away for 3 h; ", id="no Discord"),
        pytest.param(Gateway.NONE, 9, 1, "Not well: it does not run, or hangs: its last sign is 9 min old; ", id="silence"),
    ],
)
def test_health_is_one_sentence(
    room: Newsroom, capsys: pytest.CaptureFixture[str], *, gateway: Gateway, minutes: int, code: int, said: str
) -> None:
    """`health` says from the archive alone how the bot stands, with 0 or 1."""
    began = now_utc() - timedelta(hours=3)
    store = desks.open_store(room.load())
    beat = Beat(started=began, gateway=gateway, gateway_since=began)
    asyncio.run(store.vitals.beat(beat, now=now_utc() - timedelta(minutes=minutes)))
    store.close()

    ended = ends("health")

    [line] = lines(capsys)
    assert (ended, line[: len(said)]) == (code, said)


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        pytest.param(
            {"unread": Queue(count=12, since=BEFORE)},
            "12 articles wait to be read, the oldest for 20 min; connected to Discord for 20 min; no delivery waits to be told",
            id="not read",
        ),
        pytest.param(
            {"untold": Queue(count=1, since=BEFORE), "held": 2, "in_doubt": 1},
            "1 delivery waits to be told, the oldest for 20 min; connected to Discord for 20 min; "
            "no article waits to be read; 2 held; 1 in doubt",
            id="not told",
        ),
        pytest.param({"beat": None}, "it does not run, and has left no sign in this archive; ", id="never"),
    ],
)
def test_health_begins_with_what_is_the_matter(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, waits: dict[str, Any], said: str
) -> None:
    """What keeps the bot from being well stands first."""
    beat = Beat(started=BEFORE, gateway=Gateway.CONNECTED, gateway_since=BEFORE)
    vitals = replace(Vitals(beat=beat, beat_at=BEFORE + timedelta(minutes=20)), **waits)
    monkeypatch.setattr(desks, "read_vitals", AsyncMock(return_value=vitals))
    monkeypatch.setattr(cli.running, "now_utc", lambda: BEFORE + timedelta(minutes=20, seconds=1))

    code = ends("health")

    [line] = lines(capsys)
    assert (code, line[: len(f"Not well: {said}")]) == (1, f"Not well: {said}")


def test_health_of_what_cannot_be_read_ends_with_1(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """An archive that is none, and a config that is wrong, are not well either: who asks by machine knows 0 and 1 alone."""
    (room.home / "var" / "sitrep.db").mkdir(parents=True)

    codes = [ends("health"), ends("health", "--config", "nowhere")]

    assert codes == [1, 1]
    assert all(line.startswith("Not well: ") for line in lines(capsys))


def test_no_secret_of_the_environment_is_written(
    room: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password of the database stands in no sentence, and a bug is a line of the log without it."""
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:correct-horse@host/db")
    told = iter([SitrepError("no login with correct-horse"), RuntimeError("correct-horse is no password")])
    written = io.StringIO()
    monkeypatch.setattr(desks, "open_store", lambda _config: throw(next(told)))
    monkeypatch.setattr(logs, "set_up", partial(logs.set_up, written))

    codes = [ends("migrate"), ends("migrate")]

    said = "".join(capsys.readouterr()) + written.getvalue()
    assert codes == [1, 1]
    assert "no login with [redacted]" in said
    assert "RuntimeError: [redacted] is no password" in said
    assert "correct-horse" not in said


def throw(error: Exception) -> NoReturn:
    raise error


def test_the_exit_codes_are_those_of_the_readme() -> None:
    """Each kind of failure has its own exit code."""
    codes = {kind.__name__: kind.exit_code for kind in SitrepError.__subclasses__()}

    assert {"ConfigError": 78, "TokenError": 77, "BusyError": 75, "StoreError": 74}.items() <= codes.items()
