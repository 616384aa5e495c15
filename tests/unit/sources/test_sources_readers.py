"""Reading mail, PDF, Word and web archives, packed and unpacked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Draft
from bot.settings import Folders
from bot.sources.folders.documents import Document, read
from bot.sources.folders.origin import Origin
from tests.unit.sources import made_files as made

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DATED = datetime(2024, 2, 29, 9, 30, tzinfo=UTC)


def opened(name: str, body: bytes, *, zone: str = "", limits: Folders | None = None) -> Document:
    return read(body, Origin(name=name, now=NOW, zone=zone, limits=limits or Folders()))


def only(name: str, body: bytes) -> Draft:
    found = opened(name, body)
    assert found.problems == ()
    (draft,) = found.drafts
    return draft


def reason(name: str, body: bytes, limits: Folders | None = None) -> str:
    found = opened(name, body, limits=limits)
    assert found.drafts == ()
    (problem,) = found.problems
    return problem.reason


def test_a_mail_message_is_read_for_its_text() -> None:
    """Title, date and id are its headers'; the plain text counts, sender and attachments are named below it."""
    draft = only("a.eml", made.MAIL)

    assert (draft.title, draft.guid, draft.headless) == ("Radar data shared", "<1@ministry.example>", False)
    assert draft.published is not None
    assert draft.published.at == DATED
    assert draft.text == (
        "The two countries agreed to share their radar data. It is café talk.\n\n"
        "Sent by Mori Aki <mori@ministry.example>. Attached and not read: annex.pdf."
    )


def test_a_mail_message_of_html_alone_is_read_as_a_page() -> None:
    """Its tags are no text."""
    body = b"Subject: Radar\nContent-Type: text/html; charset=cp949\n\n<p>They <b>agreed</b>.</p><script>x</script>"

    assert only("a.eml", body).text == "They agreed."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "has no headers"),
        (b"No mail at all.", "has no headers"),
        (b"From: \n\n", "without subject and text"),
    ],
)
def test_what_is_no_mail_says_so(body: bytes, words: str) -> None:
    """A file with that suffix may be anything."""
    assert words in reason("a.eml", body)


@pytest.mark.parametrize(
    "header",
    [
        "From: éutf-8?q?<",
        "From: group:;]@",
        "From:  \r\n .charset=text/plainfilename1=?<",
        "Message-ID: <,aé",
        "Message-ID: <+utf-8?q?charset==?utf-8?b?//8=?=@[",
        "Date: Thu, 299999999999 Feb 2024 18:30:00 +0900",
        "Date: Thu, 29 Feb 2024 18:30:00 +09999999999900",
        "Content-Type: text/plain; charset=idna",
        "Content-Type: multipart/mixed; boundary=",
        "Content-Disposition: attachment; filename*0*=utf-8''%ff",
        "Content-Transfer-Encoding: message/rfc822=?",
    ],
)
def test_a_header_over_which_the_standard_library_stumbles_spoils_no_message(header: str) -> None:
    """Each of these made it raise; the header counts as it stands, the text is read all the same."""
    draft = only("a.eml", f"Subject: Radar\n{header}\n\nThey agreed.\n".encode())

    assert (draft.title, draft.text.partition("\n")[0]) == ("Radar", "They agreed.")


def test_a_pdf_file_is_read_for_its_text() -> None:
    """Its lines are joined to paragraphs, page after page; title and date are the document's."""
    lines = ["The two countries agreed on Tuesday to share their radar data within", "a month, the ministry in Seoul said."]
    info = {"Title": "Radar data shared", "CreationDate": "D:20240229183000+09'00'"}

    draft = only("a.pdf", made.pdf([lines, ["Envoys will sign it."]], info=info))

    assert draft.text == f"{' '.join(lines)}\n\nEnvoys will sign it."
    assert draft.title == "Radar data shared"
    assert draft.published is not None
    assert draft.published.at == DATED


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - radar.docx", "radar data.indd", "Document1"])
def test_a_title_that_a_program_gave_a_pdf_file_is_none(title: str) -> None:
    """Then the first sentence is the title."""
    draft = only("a.pdf", made.pdf([["They agreed on radar."]], info={"Title": title}))

    assert (draft.title, draft.headless) == ("They agreed on radar.", True)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("D:20240229", datetime(2024, 2, 29, tzinfo=UTC)),
        ("D:20240229093000Z", DATED),
        ("D:202402290930", datetime(2024, 2, 29, 0, 30, tzinfo=UTC)),
        ("D:20240229093000", datetime(2024, 2, 29, 0, 30, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_the_date_of_a_pdf_file_is_read_in_the_zone_of_its_source(written: str, at: datetime | None) -> None:
    """A date that names a zone keeps it, a mere day is a day."""
    found = opened("a.pdf", made.pdf([["They agreed."]], info={"CreationDate": written}), zone="Asia/Seoul")

    assert [draft.published and draft.published.at for draft in found.drafts] == [at]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is no PDF file"),
        (b"%PDF-1.4 and nothing", "is no PDF file"),
        (made.pdf([[], []]), "only pictures of pages"),
        (made.pdf([["They agreed."]], locked=True), "is locked by a password"),
    ],
    ids=["empty", "broken", "scanned", "locked"],
)
def test_a_pdf_file_that_cannot_be_read_says_why(body: bytes, words: str) -> None:
    """Each reason has its sentence."""
    assert words in reason("a.pdf", body)


def test_of_a_long_pdf_file_the_first_pages_are_read() -> None:
    """The cap holds and is told beside the article."""
    body = made.pdf([[f"Page {number} agreed."] for number in range(5)])

    found = opened("a.pdf", body, limits=Folders(max_pages=2))

    assert [draft.text for draft in found.drafts] == ["Page 0 agreed.\n\nPage 1 agreed."]
    assert [problem.reason for problem in found.problems] == [
        "has 5 pages, of which the first 2 were read: split it, or raise max_pages under [folders]"
    ]


def test_a_word_document_is_read_with_its_tables() -> None:
    """Paragraphs and cells in order, under the title that it has been given."""
    draft = only("a.docx", made.word(["They agreed.", "", "Envoys will sign."], title="Radar", cells=["Seoul", "Tokyo"]))

    assert (draft.title, draft.text) == ("Radar", "They agreed.\n\nEnvoys will sign.\n\nSeoul\n\nTokyo")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is no .docx file"),
        (b"PK\x03\x04 and nothing", "is no .docx file"),
        (made.word([]), "has no text in it"),
    ],
    ids=["empty", "broken", "blank"],
)
def test_a_word_document_that_cannot_be_read_says_why(body: bytes, words: str) -> None:
    """Each reason has its sentence."""
    assert words in reason("a.docx", body)


def test_a_word_document_is_unpacked_up_to_the_limit() -> None:
    """Its parts say beforehand how large they are."""
    assert "unpacks to more than 1,000 bytes" in reason("a.docx", made.word(["x"]), Folders(max_bytes=1_000))


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_an_archive_is_read_page_by_page(packing: str) -> None:
    """Each page is an article with its address and date; pictures are passed over."""
    answers = [
        ("https://x.example/a", "text/html; charset=utf-8", made.page()),
        ("https://x.example/b.png", "image/png", b"\x89PNG"),
        ("https://x.example/c.txt", "text/plain", b"They agreed.\n"),
    ]
    body = made.warc(answers, packed=packing == ".gz")

    found = opened(f"a.warc{packing}", zstd.compress(body) if packing == ".zst" else body)

    assert [(draft.url, draft.title) for draft in found.drafts] == [
        ("https://x.example/a", "Radar data shared"),
        ("https://x.example/c.txt", "They agreed."),
    ]
    assert [draft.published and draft.published.at for draft in found.drafts] == [DATED, DATED]
    assert [draft.place.rpartition("#")[2] for draft in found.drafts] == ["1", "3"]
    assert found.problems == ()


def test_an_answer_that_is_no_page_is_no_article() -> None:
    """What a server refused is in archives, too."""
    assert "no article" in reason("a.warc", made.warc([("https://x.example/a", "text/html", made.page())], status="404 Gone"))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_packed_file_is_read_as_what_is_in_it(suffix: str) -> None:
    """Each kind may be packed, in several parts too."""
    pack = gzip.compress if suffix == ".gz" else zstd.compress

    draft = only(f"a.TXT{suffix}", pack(b"They agreed ") + pack(b"on radar."))

    assert (draft.text, draft.place) == ("They agreed on radar.", f"a.TXT{suffix}")


def test_padding_after_a_packed_file_is_nothing() -> None:
    """As tapes leave it."""
    assert only("a.txt.gz", gzip.compress(b"They agreed.", mtime=0) + b"\0" * 600).text == "They agreed."


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.txt.gz", made.bomb(5_000_000), "as only a bomb does"),
        ("a.txt.zst", zstd.compress(b" " * 5_000_000), "as only a bomb does"),
        ("a.txt.gz", b"They agreed.", "is no gzip file"),
        ("a.txt.zst", b"They agreed.", "is no Zstandard file"),
        ("a.txt.gz", gzip.compress(b"They agreed. " * 50, mtime=0)[:-12], "is cut short"),
        ("a.txt.zst", zstd.compress(b"They agreed. " * 50)[:-12], "is cut short"),
        ("a.docx.gz", gzip.compress(b"no", mtime=0), "is no .docx file"),
        ("a.png.gz", gzip.compress(b"no", mtime=0), "no kind that can be read"),
        ("a.gz", gzip.compress(b"no", mtime=0), "no kind that can be read"),
    ],
)
def test_a_packed_file_that_cannot_be_read_says_why(name: str, body: bytes, words: str) -> None:
    """A bomb is cut off, what is broken is named."""
    assert words in reason(name, body)


def test_a_packed_file_is_unpacked_up_to_the_limit() -> None:
    """The limit is that of every file."""
    assert "unpacks to more than 100 bytes" in reason(
        "a.txt.gz", gzip.compress(b"They agreed. " * 50, mtime=0), Folders(max_bytes=100)
    )


SEEDS = {
    ".eml": made.MAIL,
    ".pdf": made.pdf([["They agreed on radar."], ["Envoys will sign."]], info={"Title": "Radar data"}),
    ".docx": made.word(["They agreed.", "Envoys will sign."], title="Radar", cells=["Seoul", "Tokyo"]),
    ".warc": made.warc([("https://x.example/a", "text/html", made.page()), ("https://x.example/c", "text/plain", b"Yes.")]),
    ".warc.gz": made.warc([("https://x.example/a", "text/html", made.page())] * 2, packed=True),
    ".txt.gz": gzip.compress(b"They agreed. " * 50, mtime=0),
    ".txt.zst": zstd.compress(b"They agreed. " * 50),
    ".html": made.page(),
    ".jsonl": b'{"title": "Radar", "text": "They <b>agreed</b>.", "date": "2024-02-29"}\n' * 3,
    ".xml": made.rss(("1", "Radar", "They agreed."), ("2", "Sonar", "They left.")),
    ".md": b"---\ntitle: Radar\n---\n# Radar\n\nThey **agreed**.\n",
}

edits = st.lists(
    st.tuples(st.integers(0, 2**20), st.sampled_from(["put", "cut", "copy", "flip"]), st.binary(min_size=1, max_size=6)),
    max_size=8,
)


def mutated(body: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    """Change bytes here and there, as a bad disk or a bad mind would."""
    for where, how, put in changes:
        at = where % (len(body) + 1)
        end = min(at + put[0], len(body))
        match how:
            case "put":
                body = body[:at] + put + body[at + len(put) :]
            case "cut":
                body = body[:at] + body[end:]
            case "copy":
                body = body[:end] + body[at:]
            case "flip":
                body = body[:at] + bytes(byte ^ put[0] for byte in body[at : at + 1]) + body[at + 1 :]
    return body


@settings(deadline=None, max_examples=300)
@given(suffix=st.sampled_from(list(SEEDS)), changes=edits)
def test_no_damage_to_a_file_makes_a_reader_fail(suffix: str, changes: list[tuple[int, str, bytes]]) -> None:
    """A real file with bytes changed, cut or doubled is read, or is a problem."""
    found = opened(f"a{suffix}", mutated(SEEDS[suffix], changes))

    assert found.drafts or found.problems
