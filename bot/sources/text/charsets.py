"""Decodes bytes of unknown charset: what is certain goes before what is declared, and that before a guess. It never fails."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""What is meant by a charset as it is declared in practice (WHATWG Encoding, section 4.2)."""

_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Charsets whose bytes look like ASCII, so that valid UTF-8 proves nothing against them."""

_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})

_SAMPLE = 50_000


def decode(body: bytes, *, declared: Sequence[str] = ()) -> str:
    """Return the text of a body; `declared` are the charsets it is said to have, the most trusted first."""
    for mark, certain in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(certain, "replace")
    if wide := _wide(body):
        return body.decode(wide, "replace")
    charsets = [charset for name in declared if (charset := _known(name))]
    seven_bit = [charset for charset in charsets if charset.startswith(_SEVEN_BIT)]
    for wanted in (*seven_bit, "utf-8", *charsets):
        try:
            return body.decode(wanted)
        except UnicodeDecodeError:
            continue
    return body.decode(charsets[0] if charsets else _guessed(body), "replace")


def _wide(body: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark by the zero byte beside the first character of markup or JSON."""
    if len(body) > 3 and body[0] and not body[1] and body[2] and not body[3]:
        return "utf-16-le"
    if len(body) > 3 and not body[0] and body[1] and not body[2] and body[3]:
        return "utf-16-be"
    return None


def _known(name: str) -> str | None:
    """Return the codec of a declared charset; None where there is none, or where the bytes have shown that it is not meant."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    # A wide charset has zero bytes or a byte order mark, which were looked for before.
    return None if found in _NOT_CHARSETS or found.startswith(("utf-16", "utf-32")) else _WIDER.get(found, found)


def _guessed(body: bytes) -> str:
    from charset_normalizer import from_bytes  # only what declares nothing needs it

    # Cut at white space, so that no character is cut in two.
    sample = body if len(body) <= _SAMPLE else body[:_SAMPLE].rpartition(b" ")[0] or body[:_SAMPLE]
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
