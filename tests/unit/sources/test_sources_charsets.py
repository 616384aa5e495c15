"""Decoding bytes of unknown charset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.text.charsets import decode

KOREAN = "북한이 동해상으로 탄도미사일을 발사했다고 합동참모본부가 밝혔다. 한미 당국은 제원을 분석하고 있다. "
RUSSIAN = "Министры иностранных дел обсудили вопросы безопасности на Корейском полуострове и договорились о встрече. "


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        ("é".encode(), [], "é"),
        ("é".encode("utf-8-sig"), [], "é"),
        ("<é>".encode("utf-16"), [], "<é>"),
        ("<é>".encode("utf-32"), [], "<é>"),
        ("<a>é".encode("utf-16-le"), ["utf-8"], "<a>é"),
        ("<a>é".encode("utf-16-be"), [], "<a>é"),
        ("é".encode("latin-1"), ["iso-8859-1"], "é"),
        ("“é”".encode("cp1252"), ["iso-8859-1"], "“é”"),
        ("é".encode(), ["iso-8859-1"], "é"),
        ("한".encode("cp949"), ["euc-kr"], "한"),
        ("똠".encode("cp949"), ["ks_c_5601-1987"], "똠"),
        ("髙".encode("cp932"), ["shift_jis"], "髙"),
        ("镕".encode("gb18030"), ["gb2312"], "镕"),
        ("日本".encode("iso-2022-jp"), ["iso-2022-jp"], "日本"),
        ("é".encode("latin-1"), ["ascii", "utf-8"], "é"),
        ("é".encode("latin-1"), ["no-such-charset", "latin-1"], "é"),
        ("é".encode("latin-1"), ["unicode_escape", "idna", "latin-1"], "é"),
        ("é".encode(), ["utf-16"], "é"),
        (b"", [], ""),
    ],
)
def test_what_is_certain_goes_before_what_is_declared(body: bytes, declared: list[str], expected: str) -> None:
    """A byte order mark and valid UTF-8 win; a declared charset is read as it is meant in practice."""
    assert decode(body, declared=declared) == expected


def test_a_declared_charset_goes_before_the_next() -> None:
    """The first of the declared charsets that decodes the body is used."""
    assert decode("한".encode("cp949"), declared=["euc-kr", "iso-8859-1"]) == "한"


def test_a_declared_charset_with_faults_in_the_body_keeps_what_can_be_read() -> None:
    """A few broken bytes do not make a Korean page Latin."""
    assert decode("한국".encode("cp949") + b"\xff!", declared=["euc-kr"]) == "한국\ufffd!"


@pytest.mark.parametrize(("text", "charset"), [(KOREAN, "cp949"), (RUSSIAN, "cp1251")], ids=["Korean", "Russian"])
@pytest.mark.parametrize("times", [2, 2_000], ids=["short", "long"])
def test_a_charset_that_nothing_declares_is_found_from_the_text(text: str, charset: str, times: int) -> None:
    """Text in a national charset is recognised without a declaration."""
    assert decode((text * times).encode(charset)) == text * times


@given(st.binary(max_size=300), st.lists(st.text(max_size=12), max_size=2))
def test_no_bytes_and_no_declaration_make_decoding_fail(body: bytes, declared: list[str]) -> None:
    """Decoding always ends with a text."""
    assert isinstance(decode(body, declared=declared), str)
