"""Cuts a text into paragraphs and sentences by rule, in one pass; it needs no model and changes nothing in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Start and end of a piece of text, as offsets into it."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSING = "\"'”’»›)\\]」』）】"
_STOP = re.compile(rf"(?P<stops>[.!?…。！？．।॥؟۔]+)[{_CLOSING}]*")
_NEXT_WORD = re.compile(r"\s*[\"'“‘«‹(\[「『（【—–-]*(\w*)")

_WORD_START = re.compile(r"[\s(\[“‘\"'—–/-]")

_EAST_ASIAN = frozenset("。！？．")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    "mr mrs ms mx dr prof rev hon messrs gen lt col maj capt cmdr cdr brig adm sgt cpl pvt supt sen rep gov pres amb sec dep "
    "asst insp det st mt ft"
)
"""Written with a capital they always stand before a name."""

_NEVER_LAST = _words("vs approx e.g i.e cf")
"""However they are written, something follows."""

_BEFORE_NUMBER = _words("no nos nr art arts fig figs vol p pp ch sec para est")
"""Before a number they do not end a sentence."""

_SELDOM_LAST = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "jr sr inc corp ltd co cos bros dept univ assn al ave blvd rd"
)
"""Written with a capital they end a sentence only where what follows can hardly be anything but the beginning of one."""

_BEGINNERS = _words(
    "a after all also although an and another any as at because before both but by despite during each earlier even few for "
    "from he her here his how however i if in instead it its last later many meanwhile more most my neither no nor nobody "
    "not nothing now of on once one only or other others our she since so some still such that the their then there these "
    "they this those though thus to two under unless until we what when where whether which while who why with yet you your"
)

_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
"""`U.S`, `N.K`, `a.m`, without the last full stop."""


def paragraphs(text: str) -> tuple[Span, ...]:
    """Return the spans of the paragraphs, which blank lines part, without white space at their ends."""
    return tuple(_each_paragraph(text))


def sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences in order; a blank line ends one, a single line break does not."""
    return tuple(each_sentence(text))


def each_sentence(text: str) -> Iterator[Span]:
    """Yield the same spans one by one, for whoever needs only the first."""
    return (span for start, end in _each_paragraph(text) for span in _in_paragraph(text, start, end))


def _each_paragraph(text: str) -> Iterator[Span]:
    at = 0
    for blank in _BLANK_LINE.finditer(text):
        start, end = _stripped(text, at, blank.start())
        if start < end:
            yield start, end
        at = blank.end()
    start, end = _stripped(text, at, len(text))
    if start < end:
        yield start, end


def _in_paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    for stop in _STOP.finditer(text, start, end):
        if _is_last(text, start, stop, end):
            yield _stripped(text, start, stop.end())
            start = stop.end()
    start, end = _stripped(text, start, end)
    if start < end:
        yield start, end


def _is_last(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Tell whether a full stop or its like ends the sentence that began at `start`."""
    after = stop.end()
    if after == end:
        return True
    if stop["stops"][-1] in _EAST_ASIAN:
        return after == stop.end("stops") or text[after].isspace()
    if not text[after].isspace():
        return False
    following = _NEXT_WORD.match(text, after, end)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    return stop["stops"] != "." or _may_follow(text, start, stop.start(), word)


def _may_follow(text: str, start: int, dot: int, word: str) -> bool:
    """Tell whether a word can begin a sentence after the full stop at `dot`, which may be that of an abbreviation."""
    # No abbreviation is longer than 16 characters: a short look back keeps the whole cut linear.
    written = _WORD_START.split(text[max(start, dot - 16) : dot])[-1]
    before, is_capital = written.casefold(), written[:1].isupper()
    if before in _NEVER_LAST or (is_capital and before in _TITLES):
        return False
    if word[:1].isdigit() and before in _BEFORE_NUMBER:
        return False
    if before.isdigit() and text[start:dot].strip() == before:
        return False  # the number of a list
    if (is_capital and (before in _SELDOM_LAST or len(before) == 1)) or _LETTERS.fullmatch(before):
        return word.casefold() in _BEGINNERS
    return True


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
