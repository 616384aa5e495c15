"""The law of the names of states: what Unicode's locale data calls a state is a name of its actor."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale

from bot.config import load
from bot.language.folding import quick_fold

FOLDER = Path(__file__).parents[2] / "config"

LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "ru", "zh", "zh_Hant")

EXCEPTIONS = {
    ("india", "ko"): "it is the word for a pavement too",
}
"""Names that are not aliases, with the reason."""

STATES = {actor.code: actor for actor in load(FOLDER, {}).catalogue.actors if actor.code is not None}


@pytest.mark.parametrize("code", STATES)
def test_what_a_state_is_called_is_an_alias(code: str) -> None:
    """In each language of the readers the usual name of a state finds it, if only beside a surer one."""
    actor = STATES[code]
    aliases = {quick_fold(alias.text) for alias in actor.aliases}

    missing = {
        language: name
        for language in LANGUAGES
        if (name := Locale.parse(language).territories[code])
        if quick_fold(name) not in aliases and (actor.id, language) not in EXCEPTIONS
    }

    assert missing == {}


def test_every_state_is_there() -> None:
    """The members of the United Nations, the Holy See, Palestine, Taiwan and Kosovo are 197 actors with a code."""
    assert len(STATES) == 197


def test_only_states_have_a_code() -> None:
    """Whoever has a code is a territory of Unicode's locale data, and no organisation is one."""
    organisations = {"EU", "UN", "EZ", "QO"}

    assert STATES.keys() <= Locale.parse("en").territories.keys() - organisations
