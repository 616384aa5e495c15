"""What a name gains or loses by the names beside it: a city in a region, one name of two actors, weak names together. It is pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.language.folding import fold_name
from bot.matching.document import Document, Hit
from bot.model import AliasKind, Leaf, Place, Strength

_PLACES = frozenset({AliasKind.REGION, AliasKind.CITY})
"""Beside places of an actor, its regions are meant and not a state of the same name."""

_LIES_IN = frozenset({AliasKind.NAME, AliasKind.CAPITAL, AliasKind.CITY})
"""What may be called like a town elsewhere: Lebanon, Pennsylvania."""

_TOWNS = frozenset({AliasKind.CAPITAL, AliasKind.CITY})

_COMMA = re.compile(r",\s{1,2}")

_LIST_GOES_ON = re.compile(r",?\s+(?:and|or|&)\b")

_Spot = tuple[bool, int, int]
"""Whether in the title, and the span there."""


def settled(hits: Sequence[Hit], document: Document) -> list[Hit]:
    """Return the hits of a scan, with those weak that name another place, and unsure such weak ones as stand together."""
    spots: dict[_Spot, list[Hit]] = defaultdict(list)
    for hit in hits:
        spots[_spot(hit)].append(hit)
    towns = _of_towns(spots, document)
    readings = {**_of_shared_names(spots, hits), **towns}
    kept = _with_towns([_read_as(hit, readings.get(_spot(hit))) for hit in hits], _known_towns(hits, towns))
    together = set(_weak_together(kept, document))
    return [replace(hit, strength=Strength.UNSURE) if number in together else hit for number, hit in enumerate(kept)]


def _spot(hit: Hit) -> _Spot:
    return hit.place is Place.TITLE, hit.start, hit.end


def _read_as(hit: Hit, meant: Leaf | None) -> Hit:
    """Return a hit as one of what is meant at its place, or as a weak one."""
    if meant is None or hit.leaf == meant:
        return hit
    return replace(hit, strength=Strength.WEAK)


def _of_shared_names(spots: dict[_Spot, list[Hit]], hits: Sequence[Hit]) -> dict[_Spot, Leaf]:
    """Return who is meant where several actors have the same unsure name: who has more beside it, a region only its places."""
    shared = {spot: claims for spot, claims in spots.items() if len({one.leaf for one in claims if _is_unsure(one)}) > 1}
    if not shared:
        return {}
    sure = [hit for hit in hits if hit.strength is Strength.STRONG]
    all_of = Counter(hit.leaf for hit in sure)
    places_of = Counter(hit.leaf for hit in sure if hit.rule in _PLACES)

    def claim(hit: Hit) -> tuple[int, bool]:
        is_region = hit.rule in _PLACES
        return (places_of if is_region else all_of)[hit.leaf], not is_region

    return {spot: max(filter(_is_unsure, claims), key=claim).leaf for spot, claims in shared.items()}


def _is_unsure(hit: Hit) -> bool:
    return hit.strength in {Strength.UNSURE, Strength.CONTEXT} and hit.rule != AliasKind.WEAK


def _of_towns(spots: dict[_Spot, list[Hit]], document: Document) -> dict[_Spot, Leaf]:
    """Return what is meant by `Athens, Georgia`: a region, of which the name before the comma is a town."""
    regions = {
        spot[:2]: (spot, claims) for spot, claims in spots.items() if any(one.rule == AliasKind.REGION for one in claims)
    }
    readings: dict[_Spot, Leaf] = {}
    for spot, claims in spots.items() if regions else ():
        text = (document.title if spot[0] else document.text).text
        comma = _COMMA.match(text, spot[2])
        beside = regions.get((spot[0], comma.end())) if comma else None
        if beside is not None and not _LIST_GOES_ON.match(text, beside[0][2]) and (region := _region_of(claims, beside[1])):
            readings[spot] = readings[beside[0]] = region
    return readings


def _known_towns(hits: Sequence[Hit], towns: Mapping[_Spot, Leaf]) -> dict[str, Leaf]:
    """Return whose towns the article says where they lie: `Athens, Georgia`, as it reads that or as the catalogue has it."""
    read = {fold_name(hit.alias): towns[_spot(hit)] for hit in hits if hit.rule in _LIES_IN and _spot(hit) in towns}
    known = {
        fold_name(hit.alias.partition(",")[0]): hit.leaf for hit in hits if hit.rule == AliasKind.CITY and "," in hit.alias
    }
    return read | known


def _with_towns(hits: list[Hit], towns: Mapping[str, Leaf]) -> list[Hit]:
    """Return the hits with those weak that bear the name of such a town, where nothing else names the actor they are of."""
    if not towns:
        return hits
    bare = [hit.rule in _LIES_IN and fold_name(hit.alias) in towns for hit in hits]
    named = {hit.leaf for hit, is_bare in zip(hits, bare, strict=True) if not is_bare and hit.strength is Strength.STRONG}
    return [
        replace(hit, strength=Strength.WEAK)
        if is_bare and hit.leaf not in named and hit.leaf != towns[fold_name(hit.alias)]
        else hit
        for hit, is_bare in zip(hits, bare, strict=True)
    ]


def _region_of(claims: Sequence[Hit], beside: Sequence[Hit]) -> Leaf | None:
    """Return whose region stands behind a name, where all whose name that is are others."""
    names = {one.leaf for one in claims if one.rule in _LIES_IN}
    is_shared = len(beside) > 1
    if not names or names & {one.leaf for one in beside} or (is_shared and not all(one.rule in _TOWNS for one in claims)):
        return None
    return next(one.leaf for one in beside if one.rule == AliasKind.REGION)


def _weak_together(hits: Sequence[Hit], document: Document) -> Iterator[int]:
    """Yield the numbers of weak hits that stand in one sentence with another weak name of their actor: a model may promote them."""
    weak: dict[Leaf, list[int]] = defaultdict(list)
    for number, hit in enumerate(hits):
        if hit.rule == AliasKind.WEAK and hit.strength is Strength.WEAK:
            weak[hit.leaf].append(number)
    for numbers in weak.values():
        if len({hits[number].alias for number in numbers}) > 1:
            yield from _beside_another(numbers, hits, document)


def _beside_another(numbers: Iterable[int], hits: Sequence[Hit], document: Document) -> Iterator[int]:
    by_sentence: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        by_sentence[document.sentence_of(hits[number])].append(number)
    for group in by_sentence.values():
        if len({hits[number].alias for number in group}) > 1:
            yield from group
