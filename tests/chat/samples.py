"""Articles, alerts and answers for the tests of the chat: own writing, with what each test needs to vary."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Alert,
    Dated,
    Draft,
    Evidence,
    FirstRun,
    Fold,
    Headline,
    Level,
    Place,
    Preview,
    Probe,
    Proposal,
    Reason,
    Source,
    SourceKind,
    SourceState,
    Term,
    Told,
    Watch,
    WatchView,
)

NOW = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
PROPOSED = "00112233445566aa"
DELIVERY = "5d41402abc4b2a76b9719d911017c592"
SENTENCE = "Freight between Russia and North Korea makes up a third of what the railway carries."


def shown(sentence: str = SENTENCE, *words: str, terms: tuple[Term, ...] = ()) -> Evidence:
    """Return a sentence as evidence with every occurrence of the words marked."""
    spans = tuple(sorted((one.start(), one.end()) for word in words for one in re.finditer(re.escape(word), sentence)))
    return Evidence(sentence=sentence, spans=spans, place=Place.LEAD, terms=terms)


def a_headline(**changes: Any) -> Headline:
    """Return a headline, changed where a test says so."""
    usual: dict[str, Any] = {
        "article_id": 1,
        "title": "Port expansion is a year late",
        "url": "https://example.com/port",
        "source": "Harbour Example",
        "published": Dated(at=NOW - timedelta(hours=2), rule="feed"),
        "collected": NOW,
    }
    return Headline(**usual | changes)


def an_alert(**changes: Any) -> Alert:
    """Return an alert, changed where a test says so."""
    usual: dict[str, Any] = {
        "delivery_id": DELIVERY,
        "headline": a_headline(),
        "evidence": shown(SENTENCE, "North Korea"),
        "summary": ("The quay was to open last autumn.", "Steel is missing."),
        "watches": (Told(watch="North Korea", level=Level.ABOUT, score=0.9),),
    }
    return Alert(**usual | changes)


def a_fold(count: int = 12, shown_titles: int = 3) -> Fold:
    """Return the card of a burst."""
    headlines = tuple(a_headline(article_id=at, title=f"Launch number {at}") for at in range(shown_titles))
    return Fold(delivery_id=DELIVERY, count=count, headlines=headlines)


def a_reason(**changes: Any) -> Reason:
    """Return why a watch took an article."""
    term = Term(words="Pyongyang", subject="actor:north-korea", rule="capital", count=2)
    usual: dict[str, Any] = {
        "watch": "North Korea",
        "query": "actor:north-korea",
        "level": Level.ABOUT,
        "wanted": Level.ABOUT,
        "score": 0.91,
        "evidence": shown(SENTENCE, "North Korea", terms=(term,)),
    }
    return Reason(**usual | changes)


_OF_STATE = {one.name for one in fields(SourceState)} - {"source"}


def a_source(**changes: Any) -> SourceState:
    """Return a source as it stands."""
    usual: dict[str, Any] = {
        "id": 1,
        "kind": SourceKind.FEED,
        "address": "https://example.com/feed",
        "name": "Example Wire",
        "every": timedelta(minutes=15),
        "first_run": FirstRun.LATEST,
        "polled_at": NOW - timedelta(minutes=4),
        "ok_at": NOW - timedelta(minutes=4),
        "next_poll": NOW + timedelta(minutes=11),
    }
    state = {name: changes.pop(name) for name in _OF_STATE & changes.keys()}
    return SourceState(source=Source(**usual | changes), **{"today": 7, **state})


def a_probe(**changes: Any) -> Probe:
    """Return what stood at the address of a feed."""
    usual: dict[str, Any] = {
        "address": "https://harbour.example/feed",
        "status": 200,
        "title": "Harbour News",
        "entries": 30,
        "newest": tuple(
            Draft(
                title=title,
                url=f"https://harbour.example/{number}",
                text=title,
                published=Dated(at=NOW - timedelta(hours=number), rule="feed"),
            )
            for number, title in enumerate(("Quay opens", "Crane falls", "Ferry is late"), start=1)
        ),
    }
    return Probe(**usual | changes)


def a_preview(**changes: Any) -> Preview:
    """Return a feed as it would be followed."""
    proposal = Proposal(address="https://harbour.example/feed", name="Harbour", every=timedelta(minutes=30))
    return Preview(key=PROPOSED, proposal=proposal, probe=a_probe(**changes))


def a_view(name: str = "North Korea", **changes: Any) -> WatchView:
    """Return a watch as a person asks about it."""
    return WatchView(watch=Watch(name=name, query="…", **changes), written="actor:north-korea", matches=3)
