"""Reading on in files that grow: logs line by line, archives record by record."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Collected
from bot.settings import Folders
from bot.sources.folders import archives, tails
from tests.unit.sources import made_files as made
from tests.unit.sources.inbox import SECOND, Inbox, titles, told

YOUNG = SECOND / 10


def line(title: object) -> str:
    return f'{{"title": "{title}"}}\n'


def lines(*titles_: object) -> str:
    return "".join(map(line, titles_))


def places(collected: Collected) -> list[str]:
    return [draft.place.rpartition("#")[2] for draft in collected.drafts]


async def test_of_a_log_only_what_was_added_is_read(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines keep their numbers; nothing before them is read again."""
    inbox.put("log.jsonl", lines("One", "Two"))
    first = await inbox.look()
    inbox.add("log.jsonl", lines("Three"), age=30 * SECOND)
    monkeypatch.setattr(tails, "PIECE", 20)  # not enough for what came before
    second = await inbox.look()

    assert [titles(look) for look in (first, second)] == [["Two", "One"], ["Three"]]
    assert [places(look) for look in (first, second)] == [["2", "1"], ["3"]]
    assert second.look_again is None


async def test_a_log_is_read_while_it_is_written(inbox: Inbox) -> None:
    """Each line counts when it ends; nobody waits until the writer rests."""
    inbox.put("log.jsonl", lines("One") + '{"title": ', age=YOUNG)
    first = await inbox.look()
    inbox.add("log.jsonl", '"Two"}\n', age=YOUNG)
    second = await inbox.look()

    assert [titles(look) for look in (first, second)] == [["One"], ["Two"]]
    assert [look.look_again for look in (first, second)] == [SECOND, None]
    assert (first.problems, second.problems) == ((), ())


async def test_a_last_line_without_an_end_counts_when_nobody_writes_any_more(inbox: Inbox) -> None:
    """Many programs write none; if it is broken it is told, and read again when the file grows."""
    inbox.put("whole.jsonl", line("One").rstrip(), age=YOUNG)
    inbox.put("broken.jsonl", '{"title": "Tw', age=YOUNG)
    first = await inbox.look()
    inbox.now += SECOND
    second = await inbox.look()
    inbox.add("broken.jsonl", 'o"}\n', age=30 * SECOND)
    inbox.add("whole.jsonl", "\n" + line("Three"), age=30 * SECOND)
    third = await inbox.look()

    assert (titles(first), titles(second), sorted(titles(third))) == ([], ["One"], ["Three", "Two"])
    assert [*told(second)] == ["broken.jsonl"]
    assert "line 1 is no JSON" in told(second)["broken.jsonl"]
    assert third.problems == ()


async def test_a_log_that_is_cut_or_begun_anew_is_read_from_its_start(inbox: Inbox) -> None:
    """Its lines stand at other places, so that they are no new versions of those before."""
    inbox.put("log.jsonl", lines("One", "Two"))
    first = await inbox.look()
    inbox.put("log.jsonl", lines("Three"), age=30 * SECOND)
    cut = await inbox.look()
    inbox.put("log.jsonl", lines("Four", "Five", "Six", "Seven"), age=20 * SECOND)
    anew = await inbox.look()

    assert [sorted(titles(look)) for look in (cut, anew)] == [["Three"], ["Five", "Four", "Seven", "Six"]]
    assert len({draft.place for look in (first, cut, anew) for draft in look.drafts}) == 7


async def test_a_line_that_is_mended_in_place_stands_where_it_stood(inbox: Inbox) -> None:
    """So that it is a new version of its article."""
    head = [f"Number {number} {'x' * 100}" for number in range(12)]
    inbox.put("log.jsonl", lines(*head, "Tpyo", "Last"))
    first = {draft.title: draft.place for draft in (await inbox.look()).drafts}
    inbox.put("log.jsonl", lines(*head, "Typo", "Last"), age=30 * SECOND)
    second = {draft.title: draft.place for draft in (await inbox.look()).drafts}

    assert second["Typo"] == first["Tpyo"]
    assert second["Last"] == first["Last"]


async def test_a_log_that_is_renamed_when_full_is_not_read_again(inbox: Inbox) -> None:
    """It is known by its inode and its bytes; the new one of its name is read from the start."""
    path = inbox.put("log.jsonl", lines("One", "Two"))
    await inbox.look()
    path.rename(inbox.root / "log-1.jsonl")
    inbox.put("log.jsonl", lines("Three"))
    rotated = await inbox.look()
    inbox.add("log-1.jsonl", lines("Last"), age=30 * SECOND)

    assert titles(rotated) == ["Three"]
    assert titles(await inbox.look()) == ["Last"]


async def test_a_large_log_is_read_over_several_looks(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """By bytes and by lines; a log may have any size."""
    monkeypatch.setattr(tails, "PIECE", 100)
    monkeypatch.setattr(tails, "LINES", 3)
    inbox.limits = Folders(max_bytes=200, max_records=5)
    inbox.restart()
    inbox.put("log.jsonl", lines(*range(10)) + lines(*("x" * 40 + str(number) for number in range(4))))

    looks = [await inbox.look() for _ in range(8)]

    assert sum(len(look.drafts) for look in looks) == 14
    assert [len(look.drafts) for look in looks[:3]] == [3, 3, 3]
    assert [look.unfinished for look in looks].count(True) >= 4
    assert looks[-1] == Collected()


async def test_a_line_that_is_too_long_is_passed_over_and_the_rest_read(inbox: Inbox) -> None:
    """It is told once, whatever its length."""
    inbox.limits = Folders(max_bytes=100)
    inbox.restart()
    inbox.put("log.jsonl", lines("One") + lines("x" * 350) + lines("Three"))
    looks = [await inbox.look()]
    while looks[-1].unfinished:
        looks.append(await inbox.look())

    assert [title for look in looks for title in titles(look)] == ["One", "Three"]
    assert [reason for look in looks for reason in told(look).values()] == [
        "line 2 is longer than 100 bytes: it was passed over; raise max_bytes under [folders]"
    ]
    assert [place for look in looks for place in places(look)] == ["1", "3"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "cp949"])
async def test_a_file_of_lines_is_read_in_its_charset(inbox: Inbox, charset: str) -> None:
    """Where lines are not found byte by byte the file is read as a whole, when it is finished."""
    inbox.put(
        "log.jsonl",
        lines("북한이 동해상으로 탄도미사일을 발사했다", "한미 당국은 제원을 분석하고 있다").encode(charset),
        age=YOUNG,
    )
    first = await inbox.look()
    inbox.now += SECOND
    inbox_titles = sorted([*titles(first), *titles(await inbox.look())])

    assert inbox_titles == ["북한이 동해상으로 탄도미사일을 발사했다", "한미 당국은 제원을 분석하고 있다"]


async def test_an_empty_log_is_no_fault(inbox: Inbox) -> None:
    """It has just been begun."""
    inbox.put("log.jsonl", "")
    first = await inbox.look()
    inbox.add("log.jsonl", lines("One"), age=30 * SECOND)

    assert (first.drafts, first.problems) == ((), ())
    assert titles(await inbox.look()) == ["One"]


@settings(deadline=None, max_examples=60)
@given(parts=st.lists(st.binary(max_size=60) | st.sampled_from([line(1).encode(), b"\n", b"{"]), max_size=8), end=st.booleans())
def test_however_a_log_grows_each_line_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], end: bool
) -> None:
    """Cut into any pieces, it gives what it gives as a whole."""

    async def read(pieces: list[bytes]) -> tuple[list[str], int]:
        inbox = Inbox(tmp_path_factory.mktemp("inbox"))
        (inbox.root / "log.jsonl").touch()
        found: list[str] = []
        for number, piece in enumerate(pieces):
            inbox.add("log.jsonl", piece, age=SECOND / 10)
            found += [draft.title for draft in reversed((await inbox.look()).drafts)]
            inbox.now += SECOND / 100 * (number + 1)
        return found, len(inbox.marks)

    body = [part.replace(b"\0", b"") for part in parts] + [b"\n" * end]
    at_once = asyncio.run(read([b"".join(body)]))

    assert asyncio.run(read(body)) == at_once


ANSWERS = [(f"https://x.example/{number}", "text/html", made.page(f"Report number {number} on radar")) for number in range(5)]


@pytest.mark.parametrize("packed", [False, True])
async def test_a_large_archive_is_read_over_several_looks(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    """It may have any size; what is added is read on."""
    monkeypatch.setattr(archives, "PAGES", 2)
    name = "a.warc.gz" if packed else "a.warc"
    body = made.warc(ANSWERS, packed=packed)
    inbox.limits = Folders(max_bytes=len(body) // 2)
    inbox.restart()
    inbox.put(name, body)
    looks = [await inbox.look() for _ in range(3)]
    inbox.add(name, made.warc(ANSWERS[:1], packed=packed), age=30 * SECOND)
    looks.append(await inbox.look())

    assert [places(look) for look in looks] == [["2", "1"], ["4", "3"], ["5"], ["6"]]
    assert [look.unfinished for look in looks] == [True, True, False, False]
    assert all(not look.problems for look in looks)


async def test_a_broken_archive_is_read_up_to_where_it_is_broken(inbox: Inbox) -> None:
    """What follows cannot be found."""
    body = made.warc(ANSWERS)
    inbox.put("a.warc", body + b"broken\r\n\r\n" + body)
    inbox.put("b.warc", b"no archive at all")
    inbox.put("c.warc.gz", gzip.compress(body))
    inbox.put("d.warc", made.warc([("https://x.example/a.png", "image/png", b"x")]))

    said = told(await inbox.look())

    assert said["a.warc"] == "is broken after record 5: what follows was not read"
    assert said["b.warc"] == "is no web archive (WARC)"
    assert "packed as a whole" in said["c.warc.gz"]
    assert said["d.warc"] == "has no article in it"


async def test_an_archive_that_ends_in_the_middle_of_a_record_is_read_on_when_the_rest_is_there(inbox: Inbox) -> None:
    """Half a page is no article."""
    body = made.warc(ANSWERS)
    half = len(body) * 5 // 10
    inbox.put("a.warc", body[:half])
    first = await inbox.look()
    inbox.add("a.warc", body[half:], age=30 * SECOND)
    second = await inbox.look()

    assert [places(look) for look in (first, second)] == [["2", "1"], ["5", "4", "3"]]
    assert told(first) == {"a.warc": "ends in the middle of record 3, which is read when the rest is there"}
    assert second.problems == ()
