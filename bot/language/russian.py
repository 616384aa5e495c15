"""Declines Russian names: the forms that a name takes in sentences, where its dictionary form hardly ever stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CYRILLIC = re.compile(r"[А-Яа-яЁё]+(?:[ -][А-Яа-яЁё]+)*")

_SHORTEST = 4
"""Letters: shorter names are often abbreviations, and their forms often other words."""

_HISSING = "гкхжчшщ"
"""After these letters и stands for ы."""

# By the end of the nominative: genitive, dative, accusative, instrumental and prepositional. The first that fits is taken.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ия", ("ии", "ии", "ию", "ией", "ии")),
    ("ая", ("ой", "ой", "ую", "ой", "ой")),
    ("яя", ("ей", "ей", "юю", "ей", "ей")),
    ("ое", ("ого", "ому", "ое", "ым", "ом")),
    ("ые", ("ых", "ым", "ые", "ыми", "ых")),
    ("ие", ("их", "им", "ие", "ими", "их")),
    ("ый", ("ого", "ому", "ый", "ым", "ом")),
    ("ский", ("ского", "скому", "ского", "ским", "ском")),
    ("цкий", ("цкого", "цкому", "цкого", "цким", "цком")),
    ("ий", ("ия", "ию", "ий", "ием", "ии")),
    ("ов", ("ова", "ову", "ова", "овым", "ове")),
    ("ин", ("ина", "ину", "ина", "иным", "ине")),
    ("во", ("ва", "ву", "во", "вом", "ве")),
    ("а", ("ы", "е", "у", "ой", "е")),
    ("я", ("и", "е", "ю", "ей", "е")),
    ("ы", ("ов", "ам", "ы", "ами", "ах")),
    ("й", ("я", "ю", "й", "ем", "е")),
    ("пет", ("пта", "пту", "пет", "птом", "пте")),
    ("вань", ("ваня", "ваню", "вань", "ванем", "ване")),
    ("ль", ("ля", "лю", "ль", "лем", "ле")),
    ("нь", ("ни", "ни", "нь", "нью", "ни")),
    ("сь", ("си", "си", "сь", "сью", "си")),
)

_UNCHANGED = ("е", "и", "о", "у", "ю", "э", "ё", "оа", "уа")
"""Names that end so are not declined: Чили, Перу, Конго, Самоа."""


def declined(name: str) -> Iterator[str]:
    """Yield the other forms of a Russian name; nothing for what is none, or is never declined."""
    if not _CYRILLIC.fullmatch(name) or len(name) < _SHORTEST or name.isupper():
        return
    words = name.split(" ")
    forms = [_forms(word) for word in words]
    whole = [" ".join(case) for case in zip(*forms, strict=True)]
    # A name beside the word for a state often stays as it is: Республики Корея.
    head = [" ".join((case, *words[1:])) for case in forms[0]]
    yield from (form for form in dict.fromkeys((*whole, *head)) if form != name)


def _forms(word: str) -> tuple[str, ...]:
    """Return a word in the five cases beside the nominative."""
    for ending, cases in _ENDINGS:
        if word.endswith(ending) and not word.endswith(_UNCHANGED[-2:]):
            stem = word[: -len(ending)]
            return tuple(_spelled(stem, case) for case in cases)
    if word.endswith(_UNCHANGED) or len(word) < _SHORTEST - 1:
        return (word,) * 5
    return tuple(word + case for case in ("а", "у", "", "ом", "е"))


def _spelled(stem: str, ending: str) -> str:
    return stem + ("и" + ending[1:] if ending[:1] == "ы" and stem[-1:] in _HISSING else ending)
