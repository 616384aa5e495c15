"""Writes articles by chance: general news, the same words in another order each time, with or without what is asked for."""

from __future__ import annotations

import random
from collections.abc import Sequence

WHO = """the council|the port authority|a spokesman for the railway|the central bank|the farmers' union|the health service|
the ministry of transport|the weather office|a court in the capital|the national library|the football association|
engineers at the power station|the city's museum|residents of the valley|the shipping company|teachers at three schools|
the airline|the film festival|researchers at the institute|the opposition|the insurance company|the bakery on the corner"""
DID = """announced|postponed|welcomed|questioned|approved|presented|rejected|reviewed|published|opened|described|delayed|
extended|cancelled|defended|praised|repaired|expanded|inspected|considered"""
WHAT = """a new timetable for the coastal line|the plan to widen the bridge|a report on water quality|higher wages for nurses|
the budget for the coming year|an exhibition of early photographs|stricter rules for heating|the results of the harvest|
the programme of the spring season|a study of bird migration|the sale of the old harbour|repairs to the northern tunnel|
a loan for small companies|the design of the stadium|the opening hours of the swimming pool|a map of flood risks"""
WHEN = """on Monday|on Tuesday|on Wednesday|on Thursday|on Friday|last week|early this morning|after a long debate|
before the end of the session|at a meeting in the town hall|for the second time this year|despite several complaints"""
MORE = """according to figures released on Thursday|officials said|the company said in a statement|as planned|in a letter to members|
which had been expected for months|although the costs have doubled|without naming a date|in front of a large crowd"""

OPEN = (
    "Washington reviewed the plan to widen the bridge {when}, officials said, and American engineers inspected the northern tunnel.",
    "Officials said that Washington will hold a joint exercise with South Korea and Japan {when}.",
    "South Korea, Japan and American officials described how they coordinate {when}.",
)
"""Sentences on which only a parser can decide, for the shipped watches."""

CLEAR = (
    "North Korea fired a short-range missile towards the sea {when}, the military in Seoul said.",
    "Pyongyang rejected the offer of talks {when}, according to the Korean Central News Agency.",
    "The trilateral cooperation of Washington, Seoul and Tokyo was extended {when}.",
)
"""Sentences that match without a parser."""


def words(text: str) -> Sequence[str]:
    """Return the choices of a list."""
    return [choice.strip() for choice in text.split("|")]


def sentence(draw: random.Random) -> str:
    """Write one sentence of general news."""
    parts = [draw.choice(words(one)) for one in (WHO, DID, WHAT, WHEN)]
    end = f", {draw.choice(words(MORE))}" if draw.random() < 0.6 else ""
    text = " ".join(parts) + end + "."
    return text[0].upper() + text[1:]


def article(draw: random.Random, *, sentences: int = 26, special: Sequence[str] = ()) -> tuple[str, str]:
    """Write title and text of about 400 words; one of the special sentences stands in its lead."""
    body = [sentence(draw) for _ in range(sentences)]
    if special:
        body.insert(draw.randrange(2), draw.choice(special).format(when=draw.choice(words(WHEN))))
    paragraphs = [" ".join(body[start : start + 4]) for start in range(0, len(body), 4)]
    return sentence(draw).rstrip("."), "\n\n".join(paragraphs)
