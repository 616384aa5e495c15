"""What the form of a company, or the exchange it is listed at, says of its country: weak evidence by rule, for every state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.language.sentences import Span

LISTING = "listing"
"""The rule of a hit by the form of a company or by the suffix of a share."""

_EXCHANGES: Mapping[str, str] = {
    "AE": "AD DU",
    "AR": "BA",
    "AT": "VI",
    "AU": "AX",
    "BE": "BR",
    "BR": "SA",
    "CA": "TO V",
    "CH": "S Z VX",
    "CL": "SN",
    "CN": "SS SZ",
    "CO": "CN",
    "CZ": "PR",
    "DE": "F DE D",
    "DK": "CO",
    "EG": "CA",
    "ES": "MC",
    "FI": "HE",
    "FR": "PA",
    "GB": "L",
    "GR": "AT",
    "HU": "BU",
    "ID": "JK",
    "IE": "I",
    "IL": "TA",
    "IN": "NS BO",
    "IT": "MI",
    "JP": "T OS",
    "KR": "KS KQ",
    "KW": "KW",
    "MX": "MX",
    "MY": "KL",
    "NL": "AS",
    "NO": "OL",
    "NZ": "NZ",
    "PE": "LM",
    "PH": "PS",
    "PL": "WA",
    "PT": "LS",
    "QA": "QA",
    "RU": "MM ME",
    "SA": "SE",
    "SE": "ST",
    "SG": "SI",
    "TH": "BK",
    "TR": "IS",
    "TW": "TW TWO",
    "US": "N O OQ K A",
    "VN": "HM HN",
    "ZA": "J JO",
}
"""The ends of share codes as the wires write them, `<BARC.L>` or `(7203.T)`, by the state of the exchange."""

_FORMS: Mapping[str, tuple[str, ...]] = {
    "AU": ("Pty Ltd",),
    "DE": ("GmbH", "KGaA"),
    "FI": ("Oyj", "Oy"),
    "FR": ("SARL",),
    "GB": ("Plc", "plc"),
    "ID": ("Tbk",),
    "IT": ("SpA", "S.p.A."),
    "JP": ("KK", "Kabushiki Kaisha"),
    "MY": ("Bhd", "Berhad"),
    "NO": ("ASA",),
    "SE": ("AB",),
    "SG": ("Pte",),
}
"""What companies of a state are called behind their name; forms that several large states share (SA, AG) are left out, and PLC,
as companies are written that trade in New York."""

_OPENING = "<("
_CLOSING = ">)"

_LOOK_BACK = 40
"""Characters before a form in which the name of a company, or of its share, is looked for."""

_BEFORE_SUFFIX = re.compile(rf"[{_OPENING}][A-Z0-9]{{1,8}}[a-z]?\Z")
_BEFORE_FORM = re.compile(r"[A-Z][\w&'’-]*\)? \Z")
_BEHIND_FORM = re.compile(rf"\s+(?:[A-Z][a-z]|[{_OPENING}][A-Z0-9]{{1,8}}[a-z]?\.[A-Z]{{1,3}}[{_CLOSING}])")
"""A name goes on, or the share is named: then its exchange says more."""


def forms_of(code: str | None) -> Iterator[str]:
    """Yield what is looked for as evidence of the state of that code: forms of companies, and suffixes with their bracket."""
    if code is None:
        return
    yield from _FORMS.get(code, ())
    for suffix in _EXCHANGES.get(code, "").split():
        yield from (f".{suffix}{bracket}" for bracket in _CLOSING)


def is_listing(form: str, text: str, span: Span) -> bool:
    """Tell whether a form stands at a span of a text as it does behind the name of a company, or behind that of its share."""
    start, end = span
    before = text[max(0, start - _LOOK_BACK) : start]
    if form[-1] in _CLOSING:
        return text[start:end] == form and _BEFORE_SUFFIX.search(before) is not None
    written = " ".join(text[start:end].split())
    return written == form and _BEFORE_FORM.search(before) is not None and _BEHIND_FORM.match(text, end) is None
