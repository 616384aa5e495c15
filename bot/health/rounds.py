"""Makes the rounds of the sources: who can mend one is told once when it dies, goes stale or gives less, and once when it is well."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from textwrap import shorten

import structlog

from bot.health.diagnosis import Diagnosis, diagnose, has_died, is_over, stamp
from bot.model import CONFIG_SERVER, Ailment, Chart, Noted, Round, SourceKind, Ward, Word, to_managers
from bot.ports import Clock, WardStore

log = structlog.get_logger(__name__)

AGAIN = timedelta(days=1)
"""Of a source that is ill again within so long nothing is said before."""
PACE = timedelta(hours=1)
"""So often somebody is told of sources that became ill, and so often of those that are well again; what comes between waits."""
NAMED = 15
"""One card names so many sources."""
_REASON = 160
"""Characters of a reason where one card names several sources."""

_HEADINGS = {
    Ailment.DEAD: ("is dead", "are dead"),
    Ailment.STALE: ("has gone stale", "have gone stale"),
    Ailment.QUIET: ("gives far less than usual", "give far less than usual"),
}

_Told = tuple[str, int]
"""Somebody who is told: a destination, and the server whose names for its sources are used there."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Looks after the sources, a share of them at a time."""

    store: WardStore
    clock: Clock
    operators: str
    """The destination of what concerns the config's sources; empty where only the log tells."""
    _turn: int = field(default=0)

    async def __call__(self) -> None:
        """Make one round, and note what it finds in one transaction."""
        now = self.clock()
        ward = await self.store.ward(now, turn=self._turn)
        self._turn += 1
        # With thousands of sources that takes a tenth of a second, for which nobody else should wait.
        found = await asyncio.to_thread(plan, ward, operators=self.operators, now=now)
        if found == Round():
            return
        await self.store.note_round(found, now=now)
        for word in found.ill:
            log.warning("sources are in trouble", what=word.title, why=word.text, told=word.destination or "nobody else")
        for word in found.well:
            log.warning("sources are well again", what=word.title, told=word.destination or "nobody else")


def plan(ward: Ward, *, operators: str, now: datetime) -> Round:
    """Decide what one round changes."""
    if ward.cut_off:
        return Round(cut_off=True)
    noted: dict[int, list[Noted]] = {}
    for one in ward.noted:
        noted.setdefault(one.source_id, []).append(one)
    ill: dict[_Told, list[tuple[Chart, Diagnosis]]] = {}
    well: dict[_Told, list[tuple[Chart, Noted]]] = {}
    charted = {chart.source.id for chart in ward.charts}
    over = [
        one for one in ward.noted if one.mended_at is None and one.source_id not in charted
    ]  # nobody follows these any more
    found = _diagnoses(ward)
    for chart in ward.charts:
        known, diagnosis = noted.get(chart.source.id, []), found.get(chart.source.id)
        for one in (one for one in known if one.mended_at is None):
            if _is_pointless(one, chart, diagnosis):
                over.append(one)
            elif is_over(chart, one.ailment, since=one.at):
                well.setdefault((one.destination, one.server), []).append((chart, one))
        if diagnosis is not None and _is_news(diagnosis.ailment, known, now):
            for told in _who_can_mend(chart, operators):
                ill.setdefault(told, []).append((chart, diagnosis))
    told_ill = _recent(((one.destination, one.at) for one in ward.noted), now)
    told_well = _recent(((one.destination, one.mended_at) for one in ward.noted if one.reached), now)
    return Round(
        ill=tuple(_ill(told, items) for told, items in ill.items() if told[0] not in told_ill),
        well=tuple(_well(told, items) for told, items in well.items() if told[0] not in told_well),
        over=tuple(over),
    )


def _diagnoses(ward: Ward) -> Mapping[int, Diagnosis]:
    """Return what is the matter with whom; a failure counts only if our own network was there."""
    charts = [chart for chart in ward.charts if _counts(chart, ward)]
    dead_hosts = {one.source.host for one in charts if one.source.given_up_at is None and has_died(one)}
    found = {chart.source.id: diagnose(chart, dead_hosts=dead_hosts) for chart in charts}
    return {number: one for number, one in found.items() if one is not None}


def _counts(chart: Chart, ward: Ward) -> bool:
    source = chart.source
    if source.given_up_at is not None or not source.failures:
        return True
    return ward.cut_off_at is None or source.polled_at is None or source.polled_at > ward.cut_off_at


def _is_pointless(one: Noted, chart: Chart, diagnosis: Diagnosis | None) -> bool:
    """Tell whether a note ends without a word: nobody is there to hear it, or it was not told yet, or the source has died since."""
    if one.server not in dict(chart.followers):
        return True
    if not one.reached and one.destination and is_over(chart, one.ailment, since=one.at):
        return True
    return one.ailment is not Ailment.DEAD and diagnosis is not None and diagnosis.ailment is Ailment.DEAD


def _is_news(ailment: Ailment, known: Sequence[Noted], now: datetime) -> bool:
    """Tell whether an ailment is to be told: none is known, nor was within a day; a death is, whatever it was before."""
    rivals = [one for one in known if one.ailment is Ailment.DEAD or ailment is not Ailment.DEAD]
    return not any(one.mended_at is None or now - AGAIN < one.at <= now for one in rivals)


def _who_can_mend(chart: Chart, operators: str) -> Iterable[_Told]:
    """Return who is told of a source: the operators of one that stands in the config, else who manages the servers that follow it."""
    servers = [server for server, _ in chart.followers]
    return [(operators, CONFIG_SERVER)] if CONFIG_SERVER in servers else [(to_managers(server), server) for server in servers]


def _recent(moments: Iterable[tuple[str, datetime | None]], now: datetime) -> frozenset[str]:
    """Return the destinations that were told of late."""
    return frozenset(told for told, at in moments if at is not None and now - PACE < at <= now)


def _ill(told: _Told, items: Sequence[tuple[Chart, Diagnosis]]) -> Word:
    names = _names(told, [chart for chart, _ in items])
    ailments = {diagnosis.ailment for _, diagnosis in items}
    one, many = _HEADINGS[min(ailments)] if len(ailments) == 1 else ("is in trouble", "are in trouble")
    if len(items) == 1:
        title, lines = f"{names[0]} {one}", [items[0][1].reason]
    else:
        title = f"{_group([chart for chart, _ in items])} {many}"
        lines = _listed(
            [
                f"{name}: {shorten(found.reason, _REASON, placeholder='…')}"
                for name, (_, found) in zip(names, items, strict=True)
            ]
        )
    if any(chart.source.given_up_at is not None for chart, _ in items):
        lines.append(_mend(told))
    noted = tuple((chart.source.id, diagnosis.ailment, diagnosis.reason) for chart, diagnosis in items)
    return Word(destination=told[0], server=told[1], title=title, text="\n".join(lines), sources=noted)


def _well(told: _Told, items: Sequence[tuple[Chart, Noted]]) -> Word:
    names = _names(told, [chart for chart, _ in items])
    said = [f"{one.ailment} since {stamp(one.at)}" for _, one in items]
    if len(items) == 1:
        title, lines = f"{names[0]} is well again", [f"It was noted as {said[0]}."]
    else:
        title = f"{_group([chart for chart, _ in items])} are well again"
        lines = _listed([f"{name}: {was}" for name, was in zip(names, said, strict=True)])
    noted = tuple((one.source_id, one.ailment, was) for (_, one), was in zip(items, said, strict=True))
    return Word(destination=told[0], server=told[1], title=title, text="\n".join(lines), sources=noted)


def _names(told: _Told, charts: Sequence[Chart]) -> list[str]:
    return [dict(chart.followers).get(told[1]) or chart.source.name for chart in charts]


def _group(charts: Sequence[Chart]) -> str:
    hosts = {chart.source.host for chart in charts}
    place = f" of {hosts.pop()}" if len(hosts) == 1 and all(one.source.kind is SourceKind.FEED for one in charts) else ""
    return f"{len(charts):,} sources{place}"


def _listed(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - NAMED
    return [*lines[:NAMED], *([f"and {rest:,} more: /feed list names them"] if rest > 0 else [])]


def _mend(told: _Told) -> str:
    if told[1] == CONFIG_SERVER:
        return "Correct the address in sources.toml or take it out; “python -m bot feed resume” asks it again as it is."
    return "/feed resume asks it again, /feed remove lets it go."
