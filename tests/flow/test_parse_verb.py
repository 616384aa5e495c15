"""`python -m bot parse`: what files yield, without a config or an archive."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from tests.flow.conftest import arguments

FEED = """<rss version="2.0"><channel><title>News</title><ttl>60</ttl><item><title>Envoys meet</title><guid>n-1</guid>
<link>/1</link><pubDate>2026-11-23 19:00</pubDate><description>They met in Geneva.</description></item></channel></rss>"""
PAGE = """<!doctype html><html><head><title>Envoys meet</title><meta property="article:published_time" content="2026-11-23"></head>
<body><nav>Home</nav><article><h1>Envoys meet</h1><p>The envoys of both sides met in Geneva on Monday, for the first time in years.</p>
<p>They left again in the evening without a word to those who had waited for them at the gate.</p></article></body></html>"""


def ends(*words: str) -> int:
    with arguments(*words), pytest.raises(SystemExit) as end:
        cli.cli(standalone_mode=True)
    return int(end.value.code or 0)


def parsed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[dict[str, Any]]:
    assert ends("parse", *words) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def feed(tmp_path: Path) -> str:
    path = tmp_path / "feed.xml"
    path.write_text(FEED, encoding="utf-8")
    return str(path)


def test_a_feed_is_told_for_people(feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The feed in a line, and each article with its date, the rule that read it, and what is missing."""
    assert ends("parse", feed, "--url", "https://news.example/feed", "--zone", "Asia/Seoul") == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{feed} is a feed: News, 1 articles, rests 1:00:00",
        "  2026-11-23T10:00:00+00:00  Envoys meet",
        "    https://news.example/1, id n-1, date by iso 8601: 2026-11-23 19:00, 19 characters, the feed gives only a teaser",
    ]


def test_a_feed_is_told_for_programs(feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One object an article."""
    (record,) = parsed(capsys, feed, "--format", "jsonl")

    assert record == {
        "file": feed,
        "title": "Envoys meet",
        "link": "",
        "id": "n-1",
        "published": "2026-11-23T19:00:00+00:00",
        "date_rule": "iso 8601",
        "date_text": "2026-11-23 19:00",
        "text": "They met in Geneva.",
        "caption": "",
        "excerpt": "",
    }


def test_a_page_is_known_by_its_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the file is called, a web page yields its article."""
    (tmp_path / "feed.xml").write_text(PAGE, encoding="utf-8")

    (record,) = parsed(capsys, str(tmp_path / "feed.xml"), "--format", "jsonl")

    assert (record["title"], record["published"]) == ("Envoys meet", "2026-11-23")
    assert record["text"].startswith("The envoys of both sides")


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is piped in is read."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FEED.encode())))

    assert [record["id"] for record in parsed(capsys, "-", "--format", "jsonl")] == ["n-1"]


@pytest.mark.parametrize(
    "headers",
    ['{"content-type": "text/xml; charset=euc-kr"}', "HTTP/1.1 200 OK\nContent-Type: text/xml; charset=euc-kr\n"],
    ids=["JSON", "lines"],
)
def test_headers_say_what_the_bytes_do_not(tmp_path: Path, headers: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A charset that stands in HTTP alone is believed."""
    (tmp_path / "headers").write_text(headers, encoding="utf-8")
    (tmp_path / "feed.xml").write_bytes(FEED.replace("Envoys meet", "북한").encode("euc-kr"))

    (record,) = parsed(capsys, str(tmp_path / "feed.xml"), "--headers", str(tmp_path / "headers"), "--format", "jsonl")

    assert record["title"] == "북한"


def test_what_cannot_be_read_says_why_and_the_next_is_read(
    feed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One bad file ends with 1 and stops nothing."""
    (tmp_path / "empty.xml").touch()

    records = parsed(capsys, str(tmp_path / "empty.xml"), str(tmp_path / "none.xml"), feed, "--format", "jsonl", code=1)
    assert ends("parse", str(tmp_path / "none.xml")) == 1

    assert records[0]["error"].startswith("it answered with an empty body")
    assert "none.xml cannot be read: No such file" in records[1]["error"]
    assert records[2]["title"] == "Envoys meet"
    assert "cannot be read" in capsys.readouterr().out


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Build a set of inputs with files in each of the forms that inputs name."""
    with tarfile.open(tmp_path / "files.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("a/feed.xml")
        member.size = len(FEED.encode())
        archive.addfile(member, io.BytesIO(FEED.encode()))
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "broken.xml").write_text("Service unavailable", encoding="utf-8")
    return tmp_path


def inputs(kit: Path, *files: str) -> str:
    rows = [{"id": str(number), "url": "https://x.example/", "headers": {}, "file": file} for number, file in enumerate(files)]
    (kit / "in.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    return str(kit / "in.jsonl")


def test_feeds_are_measured(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prediction holds the entries in their order with links as the feed gives them, or says why there are none."""
    predictions = parsed(capsys, "--eval", "feeds", inputs(kit, "files.tar.gz:a/feed.xml", "broken.xml"))

    assert predictions[0] == {
        "id": "0",
        "entries": [{"title": "Envoys meet", "link": "/1", "id": "n-1", "published": "2026-11-23T19:00:00+00:00"}],
    }
    assert predictions[1]["error"].startswith("something came that is neither")


def test_pages_are_measured(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prediction holds the text of the article."""
    predictions = parsed(capsys, "--eval", "extract", inputs(kit, "page.html.gz", "page.html"), "--files", str(kit))

    assert [prediction["text"].split()[:2] for prediction in predictions] == [["The", "envoys"]] * 2


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("none.xml", "none.xml is not in"),
        ("files.tar.gz:none", "none is not in"),
        ("../secret", "leads out of"),
        ("broken.xml:x", "is not in"),
    ],
)
def test_a_file_that_is_not_there_is_named(kit: Path, file: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Inputs cannot lead out of their folder, and a missing file ends the measurement."""
    with arguments("parse", "--eval", "feeds", inputs(kit, file)), pytest.raises(SystemExit) as end:
        cli.main()

    assert end.value.code == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("flag", "text"), [("--headers", "{broken"), ("--eval", "[]\n")])
def test_broken_words_about_files_are_told(tmp_path: Path, flag: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Headers and inputs that cannot be read end with a sentence."""
    (tmp_path / "x").write_text(text, encoding="utf-8")
    words = ("--headers", str(tmp_path / "x"), "x.xml") if flag == "--headers" else ("--eval", "feeds", str(tmp_path / "x"))

    with arguments("parse", *words), pytest.raises(SystemExit) as end:
        cli.main()

    assert end.value.code == 1
    assert str(tmp_path / "x") in capsys.readouterr().err
