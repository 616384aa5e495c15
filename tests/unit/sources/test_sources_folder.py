"""Collecting folders: which files are finished, what is remembered of them, and what is told of the rest."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.model import Collected, SourceKind
from bot.settings import Folders
from bot.sources.folders import documents, scan
from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.patterns import Choice
from tests.unit.sources import made_files as made
from tests.unit.sources.inbox import SECOND, Here, Inbox, titles, told


@pytest.mark.parametrize("kind", [SourceKind.FOLDER, SourceKind.SAMPLE])
async def test_every_kind_of_file_is_collected_from_the_folder_and_below(inbox: Inbox, kind: SourceKind) -> None:
    """Text, Markdown, pages and records are read, in subfolders too; samples are no exception."""
    inbox.kind = kind
    inbox.put("a.txt", "Text agreed.")
    inbox.put("b.md", "# Markdown\n\nThey agreed.")
    inbox.put("deep/er/c.html", "<title>Page</title>They agreed.")
    inbox.put("d.htm", "<title>Old page</title>They agreed.")
    inbox.put("deep/e.json", '{"title": "Record"}')
    inbox.put("f.jsonl", '{"title": "Line"}')

    collected = await inbox.look()

    assert set(titles(collected)) == {"Text agreed.", "Markdown", "Page", "Old page", "Record", "Line"}
    assert collected.look_again is None


async def test_what_is_no_article_or_not_finished_is_passed_over(inbox: Inbox) -> None:
    """Dotfiles and partial names are not looked at."""
    for name in (
        ".hidden.txt",
        ".git/a.txt",
        "a.txt.part",
        "b.tmp",
        "c.txt~",
        ".d.txt.swp",
        "e.TXT.TMP",
        "#f.txt#",
        "~$g.docx",
        "h.pdf.crdownload",
        "upload.part/i.txt",
    ):
        inbox.put(name)

    assert await inbox.look() == Collected()


async def test_files_of_other_kinds_are_told_once_a_kind(inbox: Inbox) -> None:
    """Who drops a file that cannot be read is told what can, and ten pictures are one line."""
    for name in ("a.png", "b.PNG", "deep/c.png", "d.xls.gz", "noname"):
        inbox.put(name)

    said = told(await inbox.look())

    assert said.keys() == {"*.png", "*.xls.gz", "files without a suffix"}
    assert (
        said["*.png"] == "cannot be read: what can be is .atom .docx .eml .htm .html .json .jsonl .md .pdf .rss .txt .warc .xml"
    )
    assert await inbox.look() == Collected()


async def test_a_file_is_read_once(inbox: Inbox) -> None:
    """An unchanged file costs no reading; a changed one is read again."""
    path = inbox.put("a.txt", "One agreed.")
    first = await inbox.look()
    second = await inbox.look()
    path.write_text("Two agreed.", encoding="utf-8")
    inbox.touch(path, age=timedelta(seconds=30))
    third = await inbox.look()

    assert [titles(look) for look in (first, second, third)] == [["One agreed."], [], ["Two agreed."]]
    assert second == Collected()


async def test_a_file_written_two_seconds_ago_is_finished_at_first_sight(inbox: Inbox) -> None:
    """A move keeps the time of writing, so a moved file needs no second look."""
    inbox.put("a.txt", age=2 * SECOND)

    collected = await inbox.look()

    assert titles(collected) == ["They agreed."]
    assert collected.look_again is None


async def test_a_younger_file_is_finished_when_two_looks_a_second_apart_agree(inbox: Inbox) -> None:
    """A file just written waits for a second look, which is asked for."""
    inbox.put("a.txt", age=SECOND / 10)
    looks = [await inbox.look()]
    inbox.now += SECOND / 2
    looks.append(await inbox.look())
    inbox.now += SECOND / 2
    looks.append(await inbox.look())

    assert [titles(look) for look in looks] == [[], [], ["They agreed."]]
    assert [look.look_again for look in looks] == [SECOND, SECOND, None]


async def test_a_file_that_is_still_written_waits(inbox: Inbox) -> None:
    """Each change begins the waiting anew."""
    for text in ("Th", "They agr", "They agreed."):
        inbox.put("a.txt", text, age=SECOND / 10)
        assert titles(await inbox.look()) == []
        inbox.now += SECOND

    assert titles(await inbox.look()) == ["They agreed."]


async def test_a_file_from_the_future_is_finished_after_two_looks(inbox: Inbox) -> None:
    """A clock that differs from the disk's does not keep a file waiting for ever."""
    inbox.put("a.txt", age=-timedelta(days=1))
    first = await inbox.look()
    inbox.now += SECOND
    second = await inbox.look()

    assert [titles(look) for look in (first, second)] == [[], ["They agreed."]]


async def test_a_clock_that_is_set_back_only_begins_the_waiting_anew(inbox: Inbox) -> None:
    """A look remembered from the future counts for nothing."""
    inbox.put("a.txt", age=SECOND / 10)
    await inbox.look()
    inbox.now -= timedelta(days=1)
    back = await inbox.look()
    inbox.now += SECOND
    later = await inbox.look()

    assert (titles(back), back.look_again) == ([], SECOND)
    assert titles(later) == ["They agreed."]


async def test_a_file_that_changes_while_it_is_read_waits(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read counts only if the file is still what was found."""
    path = inbox.put("a.txt")
    real = scan.look

    def late(root: Path, kinds: frozenset[str], choice: Choice) -> scan.Look:
        found = real(root, kinds, choice)
        path.write_text("They agreed, and more.", encoding="utf-8")
        return found

    monkeypatch.setattr(scan, "look", late)
    collected = await inbox.look()

    assert (titles(collected), collected.look_again) == ([], SECOND)


async def test_a_file_that_went_is_forgotten(inbox: Inbox) -> None:
    """What is no longer there leaves no mark, and is news again if it comes back."""
    path = inbox.put("a.txt")
    await inbox.look()
    path.unlink()
    gone = await inbox.look()
    inbox.put("a.txt")

    assert [(mark.key, mark.value) for mark in gone.marks] == [("a.txt", None)]
    assert inbox.marks == {}
    assert titles(await inbox.look()) == ["They agreed."]


async def test_a_file_that_cannot_be_read_is_told_once_and_the_rest_go_on(inbox: Inbox) -> None:
    """A problem is told when it is found, not at every look, and tried again when the file changes."""
    path = inbox.put("bad.json", "{")
    inbox.put("good.txt")
    first = await inbox.look()
    second = await inbox.look()
    path.write_text('{"title": "Mended"}', encoding="utf-8")
    inbox.touch(path, age=timedelta(seconds=30))
    third = await inbox.look()

    assert titles(first) == ["They agreed."]
    assert "line 1 is no JSON" in told(first)["bad.json"]
    assert second == Collected()
    assert (titles(third), third.problems) == (["Mended"], ())
    assert [mark.key for mark in third.marks] == ["bad.json"]


async def test_the_broken_lines_of_a_file_are_one_problem(inbox: Inbox) -> None:
    """Three are named and the rest counted, beside the articles of the good lines."""
    inbox.put("a.jsonl", "{\n" * 5 + '{"title": "Good"}')

    collected = await inbox.look()

    assert titles(collected) == ["Good"]
    (reason,) = told(collected).values()
    assert [f"line {number}" in reason for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert reason.endswith("and 2 more")


async def test_a_fault_in_a_reader_holds_up_no_other_file(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that one file brings to light is that file's problem."""

    def broken(_body: bytes, _origin: Origin) -> Parts:
        raise ZeroDivisionError

    monkeypatch.setitem(documents.READERS, ".md", broken)
    inbox.put("a.md")
    inbox.put("b.txt")

    collected = await inbox.look()

    assert titles(collected) == ["They agreed."]
    assert "fault of the program" in told(collected)["a.md"]


async def test_a_file_over_the_limit_is_not_opened(inbox: Inbox) -> None:
    """The limit is told with the mend."""
    inbox.limits = Folders(max_bytes=1_000_000)
    inbox.restart()
    inbox.put("a.txt", "x" * 1_000_001)

    assert told(await inbox.look()) == {"a.txt": "is larger than 1,000,000 bytes: split it, or raise max_bytes under [folders]"}


async def test_a_link_out_of_the_folder_is_refused(inbox: Inbox) -> None:
    """Nothing outside the folder is read through it; a link inside it is a file, one to nowhere nothing."""
    outside = inbox.root.parent / "secret.txt"
    outside.write_text("Secret.", encoding="utf-8")
    (inbox.root / "out.txt").symlink_to(outside)
    (inbox.root / "nowhere.txt").symlink_to(inbox.root / "missing.txt")
    (inbox.root / "self.txt").symlink_to(inbox.root / "self.txt")
    (inbox.root / "folder").symlink_to(inbox.root.parent)
    inbox.put("real.txt")
    (inbox.root / "in.txt").symlink_to(inbox.root / "real.txt")

    collected = await inbox.look()

    assert titles(collected) == ["They agreed.", "They agreed."]
    assert told(collected) == {"out.txt": "is a link that leads out of the folder: put the file itself there"}
    assert await inbox.look() == Collected()


async def test_a_pipe_is_not_waited_for(inbox: Inbox) -> None:
    """What only looks like a file is told and not opened."""
    os.mkfifo(inbox.root / "a.txt")

    assert told(await inbox.look()) == {"a.txt": "is no ordinary file"}


async def test_a_file_that_goes_before_it_is_read_is_none(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has taken it away again."""
    inbox.put("a.txt")
    real = scan.look

    def late(root: Path, kinds: frozenset[str], choice: Choice) -> scan.Look:
        found = real(root, kinds, choice)
        (root / "a.txt").unlink()
        return found

    monkeypatch.setattr(scan, "look", late)
    gone = await inbox.look()
    monkeypatch.undo()

    assert gone == Collected(look_again=SECOND)
    assert await inbox.look() == Collected()


async def test_a_subfolder_that_cannot_be_opened_is_told_once_and_forgets_nothing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read there is not read again when it opens."""
    inbox.put("sub/a.txt")
    inbox.put("b.txt", "Others agreed.")
    await inbox.look()
    before = dict(inbox.marks)
    real = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    shut = await inbox.look()
    still = await inbox.look()
    monkeypatch.undo()
    opened = await inbox.look()

    assert told(shut) == {"sub/": "cannot be opened: Permission denied"}
    assert still == Collected()
    assert (opened.drafts, inbox.marks) == ((), before)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "is not there: create it"),
        (lambda path: path.write_text("x"), "is no folder"),
    ],
    ids=["missing", "a file"],
)
async def test_a_folder_that_is_not_there_is_a_failure_with_its_mend(tmp_path: Path, make: object, words: str) -> None:
    """The message names the folder."""
    path = tmp_path / "inbox"
    assert callable(make)
    make(path)

    with pytest.raises(SourceError, match=words) as caught:
        await Inbox(path).look()

    assert str(path) in str(caught.value)


async def test_a_folder_that_cannot_be_opened_is_a_failure(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of the system is told with the folder."""

    def closed(_path: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", closed)

    with pytest.raises(SourceError, match="Permission denied"):
        await inbox.look()


async def test_articles_are_newest_first(inbox: Inbox) -> None:
    """Their own date orders them, else the time of writing; of one file the last record is the newest."""
    inbox.put("old.txt", "date 2024-02-29 Old agreed.")
    inbox.put("new.txt", "New agreed.", age=timedelta(minutes=1))
    inbox.put("mid.jsonl", '{"title": "First"}\n{"title": "Last"}', age=timedelta(hours=1))

    assert titles(await inbox.look()) == ["New agreed.", "Last", "First", "Old agreed."]


async def test_a_large_drop_is_read_over_several_looks(inbox: Inbox) -> None:
    """One look reads about as much as one file may have, the newest first, and asks for the next."""
    inbox.limits = Folders(max_bytes=100)
    inbox.restart()
    for number in range(5):
        inbox.put(f"{number}.txt", f"Number {number} agreed. {'x' * 40}", age=timedelta(minutes=number + 1))

    looks = [await inbox.look() for _ in range(4)]

    assert [[title.split()[1] for title in titles(look)] for look in looks] == [["0", "1"], ["2", "3"], ["4"], []]
    assert [(look.look_again, look.unfinished) for look in looks] == [(timedelta(), True)] * 3 + [(None, False)]


async def test_a_name_that_is_no_text_is_remembered_in_characters(inbox: Inbox) -> None:
    """A file name in any bytes makes a mark that every database takes."""
    name = os.fsdecode(b"caf\xe9.txt")
    inbox.put(name)

    assert titles(await inbox.look()) == ["They agreed."]
    assert list(inbox.marks) == [r"caf\xe9.txt"]
    assert await inbox.look() == Collected()


async def test_a_feed_file_that_grows_at_its_top_brings_its_new_entries(inbox: Inbox) -> None:
    """An entry keeps its name and place when others are added above it, and the worker process reads the file."""
    inbox.put("feed.xml", made.rss(("1", "Radar", "They agreed.")))
    first = await inbox.look()
    inbox.put("feed.xml", made.rss(("2", "Sonar", "They left."), ("1", "Radar", "They agreed.")), age=timedelta(seconds=30))

    second = await inbox.look()

    assert [(one.guid, one.place) for one in first.drafts] == [("Wire#1", "feed.xml#Wire#1")]
    assert {(one.guid, one.place) for one in second.drafts} == {("Wire#1", "feed.xml#Wire#1"), ("Wire#2", "feed.xml#Wire#2")}
    assert isinstance(inbox.workers, Here)
    assert inbox.workers.batches == [["feed.xml"]] * 2
