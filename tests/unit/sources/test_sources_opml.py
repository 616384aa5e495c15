"""Lists of feeds that readers exchange: nested, repeated, hostile, and written back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.model import Outline
from bot.sources.feeds import opml


def listed(body: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<opml version="2.0"><head><title>Mine</title></head><body>{body}</body></opml>'.encode()


def test_feeds_are_found_in_groups_of_any_depth() -> None:
    """Nested groups are gone through, and a feed may be a group at once."""
    found = opml.read(
        listed(
            '<outline text="Asia"><outline text="Korea"><outline text="Wire" xmlUrl="https://wire.example/feed"/></outline>'
            '<outline title="Port" text="x" xmlUrl="https://port.example/rss">'
            '<outline text="Bay" XMLURL=" https://bay.example/rss "/></outline></outline>'
        )
    )

    assert [(one.title, one.address) for one in found.outlines] == [
        ("Wire", "https://wire.example/feed"),
        ("Port", "https://port.example/rss"),
        ("Bay", "https://bay.example/rss"),
    ]
    assert (found.repeated, found.without_address) == (0, 0)


def test_the_same_feed_in_two_groups_is_one() -> None:
    """A feed that stands twice counts once, however it is spelled; the rest is counted as repeated."""
    found = opml.read(
        listed(
            '<outline text="A"><outline text="One" xmlUrl="https://Wire.example/feed/"/></outline>'
            '<outline text="B"><outline text="Two" xmlUrl="http://wire.example/feed"/></outline>'
        )
    )

    assert ([one.title for one in found.outlines], found.repeated) == (["One"], 1)


def test_an_entry_without_an_address_is_counted() -> None:
    """What is neither a feed nor a group of them is left out and counted."""
    found = opml.read(listed('<outline text="A link" url="https://x.example"/><outline text="Empty" xmlUrl=" "/>'))

    assert (found.outlines, found.without_address) == ((), 2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", "no list of feeds that can be read", id="empty"),
        pytest.param(b"Not XML at all", "no list of feeds that can be read", id="no XML"),
        pytest.param(b"<rss/>", "no list of feeds: export it", id="another kind of XML"),
        pytest.param(listed("<outline"), "no list of feeds that can be read", id="cut off"),
        pytest.param(
            listed("&a;", '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
            "declares entities",
            id="entity bomb",
        ),
        pytest.param(listed("<outline>" * 100 + "</outline>" * 100), "nested more than 64 deep", id="nesting"),
        pytest.param(
            listed("".join(f'<outline xmlUrl="https://x.example/{n}"/>' for n in range(opml.MOST + 1))),
            "more than 5,000 feeds",
            id="too many",
        ),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    """A list that breaks a limit, or is none, says what to do."""
    with pytest.raises(SourceError, match=said):
        opml.read(body)


def test_an_external_entity_is_not_fetched() -> None:
    """A list reads no file and asks nobody."""
    head = '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]>'

    with pytest.raises(SourceError, match="entities"):
        opml.read(listed('<outline text="&f;" xmlUrl="https://x.example"/>', head))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1251"])
def test_a_list_is_read_in_the_charset_that_it_declares(charset: str) -> None:
    """Lists of older readers come in other charsets."""
    body = listed('<outline text="Вести" xmlUrl="https://x.example/"/>', f'<?xml version="1.0" encoding="{charset}"?>').decode()

    assert opml.read(body.encode(charset)).outlines[0].title == "Вести"


@given(
    st.lists(
        st.builds(
            Outline,
            address=st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9?&=;]{0,12}", fullmatch=True),
            title=st.text(max_size=30),
        ),
        max_size=8,
        unique_by=lambda one: opml._identity(one.address),
    )
)
def test_what_is_written_is_read_again(outlines: list[Outline]) -> None:
    """Whatever is in titles and addresses, a list that was written names the same feeds."""
    found = opml.read(opml.write("Feeds", outlines))

    assert [one.address for one in found.outlines] == [one.address for one in outlines]


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_sentence(body: bytes) -> None:
    """Whatever somebody uploads is a list or a refusal."""
    for tried in (body, listed(body.decode("latin-1"))):
        with suppress(SourceError):
            opml.read(tried)
