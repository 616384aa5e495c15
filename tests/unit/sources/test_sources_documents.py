"""Reading files of every kind into drafts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Draft, Precision
from bot.settings import Folders
from bot.sources.folders.documents import READERS, Document, read
from bot.sources.folders.origin import Origin

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

CAPTION = (
    "Trade Minister Han Ji-won (second from right) and Envoy Mori Aki (second from left) open the talks in the harbour hall "
    "of Busan on Tuesday. (Ministry of Trade)"
)
BODY = (
    "The two countries on Tuesday agreed to share their radar data within a month, the ministry in Seoul said.\n\n"
    "It is the first such agreement since talks broke off in spring. Envoys will sign it after the meeting."
)


def documents(name: str, body: str | bytes, *, max_records: int = 100) -> Document:
    origin = Origin(name=name, now=NOW, limits=Folders(max_records=max_records))
    return read(body.encode() if isinstance(body, str) else body, origin)


def only(name: str, body: str | bytes) -> Draft:
    found = documents(name, body)
    assert found.problems == ()
    (draft,) = found.drafts
    return draft


def reasons(found: Document) -> list[str]:
    return [problem.reason for problem in found.problems]


def test_a_text_file_with_date_and_caption_is_read_as_its_reader_would() -> None:
    """The date is a day, the caption is kept apart, the title is the first real sentence cut at a word, the footnote goes."""
    draft = only("000.txt", f" date 2024-02-29 {CAPTION}\n\n{BODY}1")

    assert draft.published is not None
    assert (draft.published.at, draft.published.precision) == (datetime(2024, 2, 29, tzinfo=UTC), Precision.DAY)
    assert draft.published.raw == "2024-02-29"
    assert draft.caption == CAPTION
    assert draft.text == BODY
    assert draft.title == "The two countries on Tuesday agreed to share their radar data within a month, the ministry in Seoul…"
    assert draft.headless


def test_a_caption_in_the_line_of_the_text_is_told_from_it() -> None:
    """The caption may be the first sentence of a paragraph only."""
    draft = only("000.txt", f" date 2024-02-29 {CAPTION} {BODY}")

    assert (draft.caption, draft.text) == (CAPTION, BODY)


@pytest.mark.parametrize(
    ("head", "at"),
    [
        ("date 2024-02-29\n\n", datetime(2024, 2, 29, tzinfo=UTC)),
        ("Date: 2024-02-29 ", datetime(2024, 2, 29, tzinfo=UTC)),
        ("date 2024-02-29 09:30 +09:00 ", datetime(2024, 2, 29, 0, 30, tzinfo=UTC)),
        ("date 2024-02-29T09:30:00Z\n", datetime(2024, 2, 29, 9, 30, tzinfo=UTC)),
        ("date 2024-02-31 ", None),
        ("date 2031-01-01 ", None),
        ("", None),
    ],
)
def test_a_leading_date_is_no_part_of_the_text(head: str, at: datetime | None) -> None:
    """It is taken off, on a line of its own or not; one that cannot be is none."""
    draft = only("a.txt", f"{head}{BODY}")

    assert (draft.published and draft.published.at) == at
    assert draft.text == BODY


def test_a_date_inside_a_sentence_stays() -> None:
    """Only the form of the head is taken for one."""
    assert only("a.txt", "date 2024-02-29th was a leap day.").text == "date 2024-02-29th was a leap day."


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_file_is_read_in_its_charset(charset: str) -> None:
    """UTF-8 with and without its mark, UTF-16 and national charsets are told apart."""
    text = "북한이 동해상으로 탄도미사일을 발사했다고 합동참모본부가 밝혔다. 한미 당국은 제원을 분석하고 있다."

    assert only("a.txt", text.encode(charset)).text == text


def test_a_markdown_file_is_read_by_its_front_matter() -> None:
    """Title, date, address and id come from the head, the text without signs from the body."""
    draft = only(
        "a.md",
        '---\ntitle: "Radar data"\ndate: 2024-02-29\nurl: https://x.example/a\nid: 7\ntags:\n  - a\n---\r\n'
        "# Radar data\n\nThey **agreed** on [radar](http://x.example) and _data_, says file_name_one.\n\n![map](m.png)\n\n"
        "## Next\n- sign\n- send\n\n---\n\n> Well `done`.\n",
    )

    assert (draft.guid, draft.url, draft.title, draft.headless) == ("7", "https://x.example/a", "Radar data", False)
    assert draft.published is not None
    assert draft.text == "They agreed on radar and data, says file_name_one.\n\nNext\n\nsign\n\nsend\n\nWell done."


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        ("# Radar *data*\n\nThey agreed.", "Radar data", "They agreed."),
        ("Radar data\n==========\n\nThey agreed.", "Radar data", "They agreed."),
        ("## Radar data\n\nThey agreed.", "Radar data", "They agreed."),
        ("They agreed at last.\n\n## Next\n\nMore.", "They agreed at last.", "They agreed at last.\n\nNext\n\nMore."),
        ("---\ntitle: Own\n---\n# Other\n\nThey agreed.", "Own", "Other\n\nThey agreed."),
        ("# Radar\n\n<p>They <b>agreed</b>.</p>", "Radar", "They agreed."),
    ],
)
def test_the_title_of_a_markdown_file_is_its_heading(body: str, title: str, text: str) -> None:
    """A heading of the first level or at the top is the title; a later one is a part of the text."""
    draft = only("a.md", body)

    assert (draft.title, draft.text) == (title, text)


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Korea's radar", "# Korea’s radar"),
        ("Radar data", "# Radar Data."),
        ('A "new" radar', "# A “new” radar"),
        ("Radar *data*", "# Radar *data*"),
        ("'It''s radar'", "# It's radar"),
        ("Radar data", "# Radar data {#radar}"),
        ("Radar data", "Radar data!\n==========="),
    ],
)
def test_a_title_that_stands_in_the_head_and_over_the_text_is_not_repeated(title: str, heading: str) -> None:
    """The heading is the title of the front matter again, however its signs and capitals are written."""
    draft = only("a.md", f"---\ntitle: {title}\n---\n{heading}\n\nThey agreed.")

    assert draft.text == "They agreed."
    assert "*" not in draft.title
    assert "''" not in draft.title


def test_a_title_over_several_lines_of_a_head_is_left_to_the_heading() -> None:
    """What only begins in the line of the title is none."""
    draft = only("a.md", "---\ntitle: >-\n  Radar\n  data\n---\n# Radar data\n\nThey agreed.")

    assert (draft.title, draft.text) == ("Radar data", "They agreed.")


@pytest.mark.parametrize("suffix", [".xml", ".rss", ".atom"])
def test_a_feed_in_a_file_is_read_entry_by_entry(suffix: str) -> None:
    """Each entry is an article under an id that is its site's, the oldest first, with what the file holds of it and the zone of its folder."""
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Wire</title>"
        "<entry><id>tag:x.example,2026:b</id><title>Sonar</title><link href='https://x.example/b'/><updated>2026-11-02T08:00:00Z</updated>"
        "<summary>They left…</summary></entry>"
        "<entry><id>7</id><title>Radar</title><link href='https://x.example/a'/><updated>2026-11-01T08:00:00Z</updated>"
        "<summary>They &lt;b&gt;agreed&lt;/b&gt;.</summary></entry></feed>"
    )

    found = documents(f"feed{suffix}", body)

    assert [(one.guid, one.url, one.title, one.text) for one in found.drafts] == [
        ("x.example#7", "https://x.example/a", "Radar", "They <b>agreed</b>."),
        ("tag:x.example,2026:b", "https://x.example/b", "Sonar", "They left…"),
    ]
    assert [(one.place, one.excerpt) for one in found.drafts] == [(f"feed{suffix}#{one.guid}", "") for one in found.drafts]
    assert [one.published and one.published.at.day for one in found.drafts] == [1, 2]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("<urlset><url/></urlset>", "XML of another kind (<urlset>)", id="a sitemap"),
        pytest.param("<html><body>Hi</body></html>", "a web page", id="a page"),
        pytest.param("not even XML", "neither RSS, Atom", id="a text"),
        pytest.param(
            f"<!DOCTYPE rss [<!ENTITY big '{'x' * 10_000}'>]><rss><channel><item><title>{'&big;' * 1000}</title></item></channel></rss>",
            "entities that grow",
            id="a bomb",
        ),
    ],
)
def test_a_file_that_is_no_feed_says_what_it_is(body: str, why: str) -> None:
    """What has the name of a feed and is none is listed with what came instead."""
    found = documents("a.xml", body)

    assert found.drafts == ()
    assert why in reasons(found)[0]
    assert reasons(found)[0].startswith("cannot be read as a feed: ")


PAGE = """<html lang=en><head><title>Radar data | Site</title>{head}</head><body><nav><a href=/>Home</a></nav><article>
<h1>Radar data shared</h1><p>{text}</p><p>Envoys will sign it in the harbour hall of Busan.</p></article><footer>All rights</footer></body></html>"""
LONG = "The two countries agreed to share their radar data within a month. " * 4


def test_a_page_is_read_for_its_article() -> None:
    """Title, address and text are the article's; what surrounds it is left out."""
    draft = only("a.html", PAGE.format(head='<link rel="canonical" href="https://x.example/a">', text=LONG))

    assert (draft.title, draft.url) == ("Radar data shared", "https://x.example/a")
    assert draft.text == f"{LONG.strip()}\n\nEnvoys will sign it in the harbour hall of Busan."


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-02-29T09:30:00+09:00">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-02-29T00:30:00Z"}</script>',
        '<meta itemprop="datePublished" content="2024-02-29T00:30:00Z">',
    ],
)
def test_the_date_of_a_page_is_read_to_the_second(head: str) -> None:
    """What a page states of its publication is read as it stands."""
    draft = only("a.htm", PAGE.format(head=head, text=LONG))

    assert draft.published is not None
    assert draft.published.at == datetime(2024, 2, 29, 0, 30, tzinfo=UTC)


def test_a_page_without_an_article_is_all_that_is_visible() -> None:
    """Where nothing stands out, the visible text is the text."""
    draft = only("a.html", "<title>Note</title><body>tiny<script>x()</script>")

    assert (draft.title, draft.text) == ("Note", "tiny")


def test_a_page_is_read_in_the_charset_of_its_head() -> None:
    """A page that declares its charset is read by it."""
    body = f'<head><meta charset="euc-kr"><title>회담</title></head><p>{"양국은 자료를 공유하기로 했다. " * 20}'

    assert only("a.html", body.encode("cp949")).title == "회담"


RECORD = {
    "id": 7,
    "title": "Radar data",
    "text": BODY,
    "url": "https://x.example/a",
    "published": "2024-02-29",
    "caption": "Harbour",
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.json", json.dumps(RECORD)),
        ("a.json", json.dumps([RECORD], indent=1)),
        ("a.jsonl", "\n" + json.dumps(RECORD) + "\r\n\n"),
        ("A.JSONL", json.dumps(RECORD)),
    ],
    ids=["object", "array", "lines", "capitals"],
)
def test_a_record_is_read_by_its_fields(name: str, body: str) -> None:
    """An object, an array and lines give the same draft, and the id is kept."""
    draft = only(name, body)

    assert (draft.guid, draft.title, draft.text) == ("7", "Radar data", BODY)
    assert (draft.url, draft.caption, draft.headless) == ("https://x.example/a", "Harbour", False)
    assert draft.published is not None
    assert draft.published.precision is Precision.DAY


@pytest.mark.parametrize("field", ["text", "body", "content", "summary"])
def test_the_text_of_a_record_goes_by_several_names(field: str) -> None:
    """The usual names of a field are known, and markup in it is read."""
    draft = only(
        "a.json",
        json.dumps({"link": "https://x.example/", field: "<p>They agreed.</p><p>They left.</p>", "created": 1795000000}),
    )

    assert (draft.text, draft.url) == ("They agreed.\n\nThey left.", "https://x.example/")
    assert draft.published is not None


def test_values_of_another_kind_are_read_as_far_as_they_are_text() -> None:
    """Paragraphs in a list are joined; what is no text is as if it were not there."""
    draft = only(
        "a.json", json.dumps({"id": True, "title": None, "headline": "<b>Radar</b>", "text": ["One.", 2, "Two."], "url": {}})
    )

    assert (draft.guid, draft.url, draft.title, draft.text) == ("", "", "Radar", "One.\n\nTwo.")


def test_a_broken_line_is_named_and_the_rest_go_on() -> None:
    """A problem names the line, and no other line suffers."""
    found = documents("a.jsonl", '{"title": "One"}\n{broken\n[1]\n{"x": 1}\n' + "[" * 100_000 + '\n{"title": "Two\u2028still"}')

    assert [draft.title for draft in found.drafts] == ["One", "Two still"]
    assert [reason.split(" is ")[0].split(" has ")[0] for reason in reasons(found)] == ["line 2", "line 3", "line 4", "line 5"]
    assert {problem.part for problem in found.problems} == {"a.jsonl"}


def test_a_line_separator_inside_a_string_does_not_end_a_record() -> None:
    """Only a line feed parts records."""
    assert len(documents("a.jsonl", '{"title": "One\x85two\u2028three"}').drafts) == 1


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.json", '{"title": "One"', "line 1 is no JSON"),
        ("a.json", '\n\n{"a": }', "line 3 is no JSON"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"id": ' + "1" * 5_000 + "}", "a number that is too long"),
        ("a.json", "[1]", "record 1 is no object"),
        ("a.json", "{}", "record 1 has neither title nor text"),
        ("a.txt", "", "no text"),
        ("a.txt", " \n\ufeff", "no text"),
        ("a.txt", " date 2024-02-29 ", "no text"),
        ("a.md", "---\ndate: 2024-02-29\n---\n", "no text"),
        ("a.html", "<html><body><script>x</script></body></html>", "without text"),
        ("a.exe", "MZ", "no kind that can be read"),
        ("noname", "text", "no kind that can be read"),
    ],
)
def test_what_cannot_be_read_is_a_problem_in_words(name: str, body: str, words: str) -> None:
    """A file without an article says why it has none."""
    found = documents(name, body)

    assert found.drafts == ()
    (reason,) = reasons(found)
    assert words in reason


def test_halves_of_characters_and_unseen_ones_reach_no_draft() -> None:
    """What a database would refuse is taken out of a record."""
    draft = only("a.json", '{"id": "a\\u0000b", "title": "x\\ud800y", "text": "q\\u0000\\udfffz"}')

    assert (draft.guid, draft.title, draft.text) == ("ab", "xy", "qz")


def test_of_a_file_with_too_many_records_the_first_are_read() -> None:
    """The cap holds and is told."""
    found = documents("a.jsonl", "\n".join(f'{{"title": "Number {number}"}}' for number in range(30)), max_records=10)

    assert len(found.drafts) == 10
    assert reasons(found) == ["has more than 10 records: split it, or raise max_records under [folders]"]


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([name for name in READERS if "htm" not in name]),
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
)
def test_no_bytes_make_a_reader_fail(suffix: str, body: bytes) -> None:
    """Any file is read, or is a problem; it is never silent."""
    found = documents(f"a{suffix}", body)

    assert found.drafts or found.problems


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*RECORD, "x"]), inner),
    max_leaves=8,
)


@given(st.lists(json_values, min_size=1, max_size=4))
def test_every_record_is_a_draft_or_a_problem(records: list[object]) -> None:
    """No record is lost without a word."""
    found = documents("a.jsonl", "\n".join(json.dumps(record) for record in records))

    assert len(found.drafts) + len(found.problems) == len(records)
