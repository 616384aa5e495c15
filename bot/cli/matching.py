"""The verbs that ask what matches: of the config, of files, of the archive."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import app, config, oneshot
from bot.chat.harmless import clean
from bot.cli.frame import HERE, ConfigFolder, Format, cli, load, wait

SMALL = 50
"""An archive of fewer articles says nothing about a watch."""


class Measure(StrEnum):
    """What can be measured against gold data."""

    ABOUT = "about"
    GEO = "geo"
    EVENTS = "events"


@cli.command()
def check(folder: ConfigFolder = HERE) -> None:
    """Check the whole config, and say how many archived articles each watch matches."""
    loaded = load(folder)
    wait(app.with_readable_queries(loaded))
    coverage = wait(oneshot.coverage(loaded, least=SMALL))
    catalogue = loaded.catalogue
    print(f"{folder} is well: {len(loaded.follows)} sources, {len(loaded.watches)} watches,")
    print(f"{len(catalogue.actors)} actors and {len(catalogue.topics)} topics that can be watched.")
    for line in app.advice(loaded):
        print(clean(line))
    if coverage.archived < SMALL:
        articles = "1 article" if coverage.archived == 1 else f"{coverage.archived} articles"
        print(f"The archive is still small ({articles}): nothing can be said of the watches yet.")
        return
    for name, count in coverage.matches:
        print(f"{count:6d} of {coverage.archived} archived articles match {clean(name)}")
    for said in coverage.broad:
        print(f"{clean(said)}: make it narrower in its file.")


@cli.command()
def match(
    files: Annotated[list[Path], typer.Argument(metavar="FILES…", help="Articles, as a folder source reads them.")],
    folder: ConfigFolder = HERE,
    form: Annotated[Format, typer.Option("--format", help="text for people, jsonl for programs.")] = Format.TEXT,
    measure: Annotated[
        Measure | None,
        typer.Option(
            "--eval",
            help="Print one JSON line a record: how strongly it is about each actor, which countries it names, or its event.",
        ),
    ] = None,
) -> None:
    """Say which watches articles match, and why; nothing is kept, and the archive is asked only for actors that no file names."""
    loaded = load(folder)
    loaded = wait(app.with_readable_queries(loaded))
    wait(_MEASURES[measure](loaded, files) if measure else _match(loaded, files, form))


async def _match(loaded: config.Config, files: list[Path], form: Format) -> None:
    async for found in oneshot.match_files(loaded, files):
        print(json.dumps(_record(found)) if form is Format.JSONL else _line(found))


def _record(found: oneshot.Matched) -> dict[str, object]:
    match = found.match
    if match is None:
        return {"id": found.id, "title": found.title, "watch": None}
    shown = {"sentence": match.evidence.sentence, "spans": match.evidence.spans, "place": match.evidence.place}
    terms = [{"words": one.words, "of": one.subject, "rule": one.rule, "count": one.count} for one in match.evidence.terms]
    about = {"watch": found.watch, "score": round(match.score, 4), "level": match.level.label, "reason": match.reason}
    return {"id": found.id, "title": found.title, **about, "evidence": {**shown, "terms": terms}}


def _line(found: oneshot.Matched) -> str:
    match = found.match
    head = clean(f"{found.id}: {found.title}")
    if match is None:
        return f"{head}\n  matches no watch"
    verdict = clean(f"{found.watch}: {match.level.label} {match.score:.2f}, {match.reason}")
    return f"{head}\n  {verdict}\n  “{clean(match.evidence.sentence)}”"


async def _measure_about(loaded: config.Config, files: list[Path]) -> None:
    async for record_id, actors in oneshot.measure_about(loaded, files):
        print(json.dumps({"id": record_id, "actors": actors}))


async def _measure_geo(loaded: config.Config, files: list[Path]) -> None:
    async for record_id, countries in oneshot.measure_geo(loaded, files):
        print(json.dumps({"id": record_id, "countries": countries}))


async def _measure_events(loaded: config.Config, files: list[Path]) -> None:
    async for record_id, event in oneshot.measure_events(loaded, files):
        root = event.root
        act = {"root": root.upper(), "quad": root.quad} if root else {"root": None, "quad": None}
        print(json.dumps({"id": record_id, "source": event.source, "target": event.target, **act}))


_MEASURES = {Measure.ABOUT: _measure_about, Measure.GEO: _measure_geo, Measure.EVENTS: _measure_events}


@cli.command()
def search(
    query: Annotated[
        str, typer.Argument(help='The watch language, or plain words: "actor:north-korea AND missile", "North Korea".')
    ],
    folder: ConfigFolder = HERE,
    since: Annotated[str | None, typer.Option(help="Not before: 3 days, 12h or 2026-11-01.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 10,
) -> None:
    """Search the archive, newest first."""
    page = wait(oneshot.search(load(folder), query, since=since, limit=limit))
    print(clean(page.title))
    if page.note:
        print(clean(page.note))
    for one in page.headlines:
        when = f"{one.published.at:%Y-%m-%d}" if one.published else f"{one.collected:%Y-%m-%d}"
        print(f"\n{clean(one.title)}\n  {when} · {clean(one.source)} · {clean(one.url) or 'no link'}")
        if one.evidence:
            print(f"  {clean(one.evidence.sentence)}")
