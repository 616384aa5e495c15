"""The law of the names of states: what Unicode's locale data calls a state is a name of its actor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale

from bot.config import load
from bot.language.folding import quick_fold
from bot.matching.document import Document
from bot.matching.scanning.terms import Scanner
from bot.model import Strength, Subject

FOLDER = Path(__file__).parents[2] / "config"

LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "ru", "zh", "zh_Hant")

CATALOGUE = load(FOLDER, {}).catalogue
SCANNER = Scanner(CATALOGUE)
STATES = {actor.code: actor for actor in CATALOGUE.actors if actor.code is not None}
ORGANISATIONS = {"EU": "european-union", "EZ": "european-union", "UN": "united-nations"}

OWNERS = {
    "AU": "CC CX HM NF",
    "CN": "HK MO",
    "DK": "FO GL",
    "ES": "EA IC",
    "FI": "AX",
    "FR": "BL CP GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AC AI BM CQ DG FK GG GI GS IM IO JE KY MS PN SH TA TC VG",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}
"""Whose are the territories that are no states."""

AFTER_STATES = {"053", "057"}
"""Regions that are called after states that lie in them: Australia and New Zealand, Micronesia."""

OWNER = {code: state for state, codes in OWNERS.items() for code in codes.split()}


def written(name: str, language: str) -> set[str]:
    """Return how a name stands in texts: what is added in brackets is left out there, and in Korean the blanks often are."""
    plain = re.sub(r"\s*[(（][^)）]*[)）]", "", name)
    return {name, plain, plain.replace(" ", "") if language == "ko" else plain}


def surely_named(text: str) -> set[str]:
    """Return the actors that a text names whatever else it says."""
    hits = SCANNER.scan(Document(title="", text=text, headless=True, language="en"))
    return {
        hit.leaf.id.removeprefix("actor:") for hit in hits if hit.strength is Strength.STRONG and isinstance(hit.leaf, Subject)
    }


@pytest.mark.parametrize("code", STATES)
def test_what_a_state_is_called_is_an_alias(code: str) -> None:
    """In each language of the readers the usual name of a state finds it, if only beside a surer one."""
    actor = STATES[code]
    aliases = {quick_fold(alias.text) for alias in actor.aliases}

    missing = {
        language: name
        for language in LANGUAGES
        for name in written(Locale.parse(language).territories[code], language)
        if quick_fold(name) not in aliases
    }

    assert missing == {}


@pytest.mark.parametrize("code", ["EU", "UN"])
def test_what_an_organisation_is_called_is_an_alias(code: str) -> None:
    """The organisations that Unicode's locale data knows are named in each language too."""
    (actor,) = (one for one in CATALOGUE.actors if one.id == ORGANISATIONS[code])
    aliases = {quick_fold(alias.text) for alias in actor.aliases}

    names = {language: Locale.parse(language).territories[code] for language in LANGUAGES}

    assert {language: name for language, name in names.items() if quick_fold(name) not in aliases} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_place_is_called_like_a_state(language: str) -> None:
    """Continents, seas of islands and territories name nobody but whose they are, though many hold the name of a state."""
    names = Locale.parse(language).territories
    named = {*STATES, *ORGANISATIONS, *AFTER_STATES}
    others = {code: name for code, name in names.items() if code not in named}

    found = {name: surely_named(name) - {STATES[OWNER[code]].id if code in OWNER else ""} for code, name in others.items()}

    assert {name: actors for name, actors in found.items() if actors} == {}


def test_every_state_is_there() -> None:
    """The members of the United Nations, the Holy See, Palestine, Taiwan and Kosovo are 197 actors with a code."""
    assert len(STATES) == 197


def test_only_states_have_a_code() -> None:
    """Whoever has a code is a territory of Unicode's locale data, and no organisation is one."""
    assert STATES.keys() <= Locale.parse("en").territories.keys() - {*ORGANISATIONS, "QO"}
