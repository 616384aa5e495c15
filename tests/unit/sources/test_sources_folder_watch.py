"""Collecting folders: what makes a file finished at once, which files are wanted, what stands where, and what a drop costs."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Collected, Files
from bot.sources.folders import collector as folder
from bot.sources.folders.patterns import Choice
from bot.sources.folders.remembered import Memory, Tail
from bot.workers import Workers
from tests.unit.sources import made_files as made
from tests.unit.sources.inbox import SECOND, Here, Inbox, titles, told

YOUNG = SECOND / 10


@pytest.mark.parametrize("beside", ["a.txt.done", "a.done"])
async def test_a_done_file_beside_it_completes_a_file_at_once(inbox: Inbox, beside: str) -> None:
    """Somebody who writes one says so; it is no file of the folder itself."""
    inbox.put("a.txt", age=YOUNG)
    inbox.put(beside, "", age=YOUNG)

    collected = await inbox.look()

    assert titles(collected) == ["They agreed."]
    assert (collected.problems, list(inbox.marks)) == ((), ["a.txt"])


async def test_a_done_file_says_nothing_of_what_is_written_later(inbox: Inbox) -> None:
    """It is about the version that was there."""
    inbox.put("a.txt.done", "", age=SECOND)
    inbox.put("a.txt", age=YOUNG)

    assert titles(await inbox.look()) == []


async def test_a_file_that_the_system_reports_as_closed_is_finished_at_once(inbox: Inbox) -> None:
    """The report is about the version that was there."""
    inbox.arrivals.note(str(inbox.put("a.txt", "One agreed.", age=YOUNG)))
    inbox.arrivals.note(str(inbox.put("b.txt", "Two agreed.", age=YOUNG)))
    inbox.add("b.txt", "More.", age=YOUNG)
    inbox.arrivals.note(str(inbox.root / "gone.txt"))

    assert titles(await inbox.look()) == ["One agreed."]


def test_of_many_reports_the_oldest_are_forgotten(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their files are at rest by then."""
    monkeypatch.setattr("bot.sources.folders.arrivals._MOST", 10)
    for number in range(20):
        inbox.arrivals.note(str(inbox.put(f"{number}.txt")))

    assert len(inbox.arrivals._complete) == 10


async def test_a_file_that_loses_its_partial_name_is_finished_at_once(inbox: Inbox) -> None:
    """Also where no system reports it."""
    part = inbox.put("a.txt.part", age=YOUNG)
    await inbox.look()
    part.rename(inbox.root / "a.txt")

    assert titles(await inbox.look()) == ["They agreed."]


async def test_only_wanted_files_are_read(inbox: Inbox) -> None:
    """What is left out is neither read nor told of."""
    inbox.files = Files(include=("*.txt", "reports/**"), exclude=("drafts", "*-old.txt"))
    inbox.restart()
    for name in (
        "a.txt",
        "deep/b.txt",
        "c.md",
        "reports/d.md",
        "reports/x/e.md",
        "drafts/f.txt",
        "deep/drafts/g.txt",
        "h-old.txt",
    ):
        inbox.put(name, f"{name.partition('.')[0].rpartition('/')[2].upper()} agreed.")
    inbox.put("picture.png")

    collected = await inbox.look()

    assert sorted(titles(collected)) == ["A agreed.", "B agreed.", "D agreed.", "E agreed."]
    assert told(collected) == {}


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*.md", ["a.md", "x/a.md", ".md"], ["a.mdx", "md", "a.md.txt"]),
        ("a?.txt", ["ab.txt", "x/ab.txt"], ["a.txt", "abc.txt", "a/.txt"]),
        ("/a/b.txt", ["a/b.txt"], ["x/a/b.txt", "b.txt"]),
        ("a/**/b.txt", ["a/b.txt", "a/x/y/b.txt"], ["ab.txt", "x/a/b.txt"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a/", ["a/b", "x/a/b"], ["ab"]),
        ("a.b+(c)", ["a.b+(c)"], ["axb+(c)", "a.bb(c)"]),
    ],
)
def test_a_pattern_matches_as_its_signs_say(pattern: str, yes: list[str], no: list[str]) -> None:
    """A star stays in its folder, two do not, and without a slash it is about names."""
    choice = Choice(Files(include=(pattern,)))

    assert [key for key in [*yes, *no] if choice.takes(key)] == yes


@given(st.text("ab*?/.", min_size=1, max_size=12), st.text("ab/.", min_size=1, max_size=12))
def test_every_pattern_can_be_asked(pattern: str, key: str) -> None:
    """What is left out is never taken."""
    assert not Choice(Files(include=(pattern,), exclude=(pattern,))).takes(key)


async def test_an_article_stands_at_its_path(inbox: Inbox) -> None:
    """The records of one file stand at their numbers; those of a log at the log's, whichever file has its name later."""
    inbox.put("deep/a.txt")
    inbox.put("b.json", '[{"title": "One"}, {"title": "Two"}]')
    inbox.put("c.json", '{"title": "Three"}')
    inbox.put("d.jsonl", '{"title": "Four"}\n')
    inbox.put("e.txt.gz", gzip.compress(b"Five agreed."))

    places = {draft.title: draft.place for draft in (await inbox.look()).drafts}

    log = places.pop("Four")
    assert places == {
        "They agreed.": "deep/a.txt",
        "One": "b.json#1",
        "Two": "b.json#2",
        "Three": "c.json",
        "Five agreed.": "e.txt.gz",
    }
    assert log.startswith("d.jsonl~")
    assert log.endswith("#1")


async def test_a_file_that_is_moved_or_written_anew_is_given_again_at_its_place(inbox: Inbox) -> None:
    """The archive tells a move from a new version; the folder only says what stands where."""
    path = inbox.put("a.txt", "They agreed.")
    first = (await inbox.look()).drafts
    path.rename(inbox.root / "b.txt")
    moved = (await inbox.look()).drafts
    inbox.put("b.txt", "They did not.", age=timedelta(seconds=30))
    anew = (await inbox.look()).drafts

    assert [(draft.place, draft.text) for draft in (*first, *moved, *anew)] == [
        ("a.txt", "They agreed."),
        ("b.txt", "They agreed."),
        ("b.txt", "They did not."),
    ]


async def test_a_time_without_a_zone_is_of_the_zone_of_the_folder(inbox: Inbox) -> None:
    """Each kind of file states dates."""
    inbox.zone = "Asia/Seoul"
    inbox.put("a.txt", "date 2024-02-29 18:30 They agreed.")
    inbox.put("b.md", "---\ndate: 2024-02-29 18:30\n---\nThey agreed.")
    inbox.put("c.json", '{"title": "They agreed", "date": "2024-02-29T18:30:00"}')
    inbox.put("d.html", made.page() + b'<meta property="article:published_time" content="2024-02-29T18:30:00">')

    found = [draft.published and draft.published.at for draft in (await inbox.look()).drafts]

    assert found == [datetime(2024, 2, 29, 9, 30, tzinfo=UTC)] * 4


async def test_a_few_plain_files_need_no_worker_process(inbox: Inbox) -> None:
    """What is packed, heavy or much goes there."""
    workers = inbox.workers
    assert isinstance(workers, Here)
    inbox.put("a.txt")
    inbox.put("b.eml", made.MAIL)
    await inbox.look()
    assert workers.batches == []

    for name, body in (("c.pdf", made.pdf([["They agreed."]])), ("d.txt.gz", gzip.compress(b"x")), ("e.txt", b"x " * 200_000)):
        inbox.put(name, body)
        await inbox.look()

    assert workers.batches == [["c.pdf"], ["d.txt.gz"], ["e.txt"]]


async def test_a_file_that_ends_the_worker_process_is_told_and_the_rest_go_on(inbox: Inbox) -> None:
    """It is found by reading one by one, and tried again when it changes."""
    inbox.put("a.html", made.page("One"))
    inbox.put("deadly.pdf", b"%PDF")
    inbox.put("z.html", made.page("Two"))
    first = await inbox.look()
    second = await inbox.look()

    assert sorted(titles(first)) == ["One", "Two"]
    assert told(first) == {"deadly.pdf": "cannot be read: the worker process ended with code -11"}
    assert second == Collected()


async def test_a_look_with_many_deadly_files_ends_before_long(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look gets on by one at least; the others of the source wait no longer than that."""
    monkeypatch.setattr(folder, "PATIENCE_S", -1.0)
    monkeypatch.setattr(folder, "AT_ONCE", 2)
    for number in range(3):
        inbox.put(f"deadly-{number}.pdf", b"%PDF")

    looks = [await inbox.look() for _ in range(4)]

    assert [len(look.problems) for look in looks] == [1, 1, 1, 0]


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    """Return a real worker process."""
    workers = Workers(timeout=timedelta(seconds=60))
    with closing(workers):
        yield workers


async def test_documents_are_read_in_another_process(inbox: Inbox, workers: Workers) -> None:
    """What is to be read, and what comes of it, crosses whole; so do faults and places where reading goes on."""
    inbox.workers = workers
    inbox.restart()
    inbox.put("a.pdf", made.pdf([["They agreed on radar."]]))
    inbox.put("b.docx", made.word(["Envoys will sign."]))
    inbox.put("c.warc.gz", made.warc([("https://x.example/a", "text/html", made.page())], packed=True))
    inbox.put("d.txt", "x")
    (inbox.root / "d.txt").chmod(0o644)
    inbox.put("e.jsonl", '{"title": "Line"}\n')

    collected = await inbox.look()

    assert sorted(titles(collected)) == ["Envoys will sign.", "Line", "Radar data shared", "They agreed on radar.", "x"]
    assert collected.problems == ()
    assert await inbox.look() == Collected()


async def test_a_file_whose_permissions_are_mended_is_read(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the time of its last change of state tells of that."""
    path = inbox.put("a.txt")
    real = os.open

    def closed(where: str, flags: int) -> int:
        if str(where).endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return real(where, flags)

    monkeypatch.setattr(os, "open", closed)
    shut = await inbox.look()
    still = await inbox.look()
    monkeypatch.undo()
    before = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == before:  # the clock of the disk is coarse
        path.chmod(0o640)
        path.chmod(0o644)
    mended = await inbox.look()

    assert told(shut) == {"a.txt": "cannot be opened: Permission denied"}
    assert still == Collected()
    assert titles(mended) == ["They agreed."]


async def test_what_is_put_in_the_place_of_a_file_is_not_read_for_it(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that is put there between look and reading leads nowhere."""
    secret = inbox.root.parent / "secret.txt"
    secret.write_text("They agreed.", encoding="utf-8")
    path = inbox.put("a.txt")
    real = os.open

    def swapped(where: str, flags: int) -> int:
        path.unlink(missing_ok=True)
        path.symlink_to(secret)
        return real(where, flags)

    monkeypatch.setattr(os, "open", swapped)

    assert (await inbox.look()).drafts == ()


async def test_a_drop_of_many_files_is_taken_in_piece_by_piece(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look reads so many, says that it goes on, and writes no mark of what it has not read."""
    monkeypatch.setattr(folder, "MOST_FILES", 10)
    for number in range(25):
        inbox.put(f"{number}.txt", f"Number {number} agreed.")

    looks = [await inbox.look() for _ in range(4)]

    assert [(len(look.drafts), len(look.marks), look.unfinished) for look in looks] == [
        (10, 10, True),
        (10, 10, True),
        (5, 5, False),
        (0, 0, False),
    ]


@pytest.mark.parametrize("state", ["read", "failed", "seen@1795521600.000"])
def test_a_mark_of_an_earlier_release_can_be_read(state: str) -> None:
    """What has been read is not read again after an update."""
    assert Memory.read(f"12:34:{state}") == Memory(version="12:34", state=state)


@given(st.integers(0), st.integers(0), st.booleans())
def test_a_place_in_a_file_is_remembered_as_it_was(offset: int, records: int, skipping: bool) -> None:
    """What a mark holds is read back."""
    tail = Tail(offset=offset, records=records, head_size=3, head="ab", before="cd", skipping=skipping)

    assert Tail.read(tail.written()) == tail
