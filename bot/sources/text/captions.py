"""Tells a photo caption at the head of a text from the text; pure, and it never takes the whole of a text away."""

from __future__ import annotations

import re

from bot.language.sentences import paragraphs, sentences

_LONGEST = 700
"""Characters of a caption: a longer opening is a paragraph of the article, whatever stands in it."""

_NTH = r"(?:first|second|third|fourth|fifth|sixth|\d(?:st|nd|rd|th))"
_WHERE = r"(?:left|right|cent(?:er|re)|middle)"
_PLACES = (
    # (left), (second from right), (back row, far left)
    re.compile(
        rf"\((?:(?:{_NTH}|from|the|far|front|back|rear|top|bottom|row|at|in|on|standing|seated|pictured)[ ,]+)*{_WHERE}\)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_NTH} from (?:the )?(?:left|right)\b|\bfrom left(?: to right)?[:,]|\bfrom left (?:are|is)\b", re.IGNORECASE
    ),
    re.compile(rf"[A-Z][\w'’-]+, {_WHERE}, "),
    re.compile(r"\(L\).*\(R\)|\(R\).*\(L\)", re.DOTALL),
    re.compile(r"[(（](?:왼쪽|오른쪽|가운데|左|右|中央)[^()（）]{0,15}[)）]"),
)
_POLITICAL = re.compile(r"\((?:the )?far (?:left|right)\)|\(the (?:left|right)\)", re.IGNORECASE)

_CREDIT = re.compile(r"(?P<stop>[.!?。][\"”’]?)?\s*[(\[（](?P<inside>[^()\[\]（）]{2,80})[)\]）](?=\s|$)")
_PHOTO_WORDS = re.compile(
    r"\b(?:photos?|courtesy|credit|file|pool|handout|images?|getty|reuters|ap|afp|epa|yonhap|news1|newsis|kcna|kyodo|xinhua|tass|jiji)\b"
    r"|사진|연합뉴스|写真|共同|提供",
    re.IGNORECASE,
)
_PICTURE_WORDS = re.compile(r"\b(?:photos?|courtesy|credit|file|handout|images?|getty)\b|사진|写真|提供", re.IGNORECASE)
"""Those of the words above that no dateline has."""
_LONGEST_PLACE = 60
"""Characters of a place and a date: SEOUL, South Korea, Nov. 3, 2025"""
_DASH = re.compile(r"\s*(?:[–—―]|--?\s)")
_SMALL = re.compile(r"an?|and|at|by|courtesy|file|for|from|handout|in|of|on|photos?|pool|provided|the|via", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def split_caption(text: str) -> tuple[str, str]:
    """Return the caption at the head of a text, or "", and the text that follows it.

    A caption is the opening paragraph, or its first sentences, if it says who stands where ("second from right") or ends in
    the credit of a picture in brackets. What would leave no text behind is no caption.
    """
    end = _caption_end(text)
    caption, rest = text[:end].strip(), text[end:].strip()
    return (caption, rest) if caption and rest else ("", text)


def _caption_end(text: str) -> int:
    opening = _opening_end(text)
    cut = sentences(text[: min(opening, _LONGEST)])
    placed = max((end for start, end in cut[:3] if _says_where(text[start:end])), default=0)
    for credit in _CREDIT.finditer(text, 0, min(opening, _LONGEST)):
        if _is_dateline(text, credit):
            return placed
        before = sum(1 for start, _ in cut if start < credit.start())
        if before <= (3 if placed else 2) and _is_credit(credit, at_end=not text[credit.end() : opening].strip()):
            return credit.end()
    return placed


def _opening_end(text: str) -> int:
    """Return where the first paragraph ends, or the second where that is a credit alone."""
    spans = paragraphs(text[: 2 * _LONGEST])[:2]
    if len(spans) == 2 and (alone := _CREDIT.fullmatch(text, *spans[1])) and _is_photographer(alone["inside"]):
        return spans[1][1]
    return spans[0][1] if spans else 0


def _says_where(sentence: str) -> bool:
    without_politics = _POLITICAL.sub("", sentence)
    return any(place.search(without_politics) for place in _PLACES)


def _is_credit(found: re.Match[str], *, at_end: bool) -> bool:
    """Tell a credit from an aside: after a full stop by its capitals, elsewhere only at the end and by a word for pictures."""
    if found["stop"]:
        return _is_photographer(found["inside"])
    return at_end and _PHOTO_WORDS.search(found["inside"]) is not None


def _is_dateline(text: str, credit: re.Match[str]) -> bool:
    """Tell whether brackets name the agency behind the place of a report, or in the place of one."""
    if _PICTURE_WORDS.search(credit["inside"]):
        return False
    before = text[: credit.start("inside") - 1].strip()
    return not before or _is_place(before) or _DASH.match(text, credit.end()) is not None


def _is_place(line: str) -> bool:
    """Tell whether a line is the place of a report in capitals, perhaps with a country and a date."""
    place, _, others = line.partition(",")
    return len(line) <= _LONGEST_PLACE and place.isupper() and not any(word[0].islower() for word in _WORD.findall(others))


def _is_photographer(inside: str) -> bool:
    """Tell a name, as of a person, an agency or a ministry, from a remark: its words are written with capitals."""
    words = _WORD.findall(inside)
    names = [word for word in words if not _SMALL.fullmatch(word)]
    named = all(not word[0].islower() for word in names)
    return named and inside[-1] not in ".!?" and bool(names or _PHOTO_WORDS.search(inside))
