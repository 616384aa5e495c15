"""Laws of companies: their form and the exchange of their share are weak evidence of a country."""

from __future__ import annotations

import pytest

from bot.matching.aboutness import weight_of
from bot.matching.scanning.listings import LISTING
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Catalogue
from tests.unit.matching.samples import document

_STATES = {"GB": "Britain", "DE": "Germany", "JP": "Japan", "SE": "Sweden", "AU": "Australia"}

SCANNER = Scanner(
    Catalogue(
        actors=tuple(
            Actor(id=code.lower(), name=name, code=code, aliases=(Alias(text=name, kind=AliasKind.NAME),))
            for code, name in _STATES.items()
        )
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Marlow Boats Plc raised its offer.", {"gb"}, id="a form"),
        pytest.param("MARLOW BOATS GMBH RAISES OFFER", set(), id="a form in other letters"),
        pytest.param("Marlow Boats (Holdings) plc raised its offer.", {"gb"}, id="behind brackets"),
        pytest.param("Tools of Adler & Sohn GmbH are dear.", {"de"}, id="behind the last of several words"),
        pytest.param("Adler AB said so.", {"se"}, id="a form of two letters"),
        pytest.param("Adler AG said so.", set(), id="a form of several states"),
        pytest.param("She bought a GmbH.", set(), id="no name before it"),
        pytest.param("Lund AB Maria rode ashore.", set(), id="a name that goes on"),
        pytest.param("The new AB Maria rode ashore.", set(), id="no name before it, and one behind"),
        pytest.param("Calgary, AB is cold.", set(), id="behind a comma"),
        pytest.param("Marlow Boats <MARL.L> raised its offer.", {"gb"}, id="a share in angles"),
        pytest.param("Toyama Tools (7203.T) rose.", {"jp"}, id="a share in brackets"),
        pytest.param("Toyama Tools (7203.T), opens new tab, rose.", {"jp"}, id="a share of today's wires"),
        pytest.param("Adler GmbH <ADLR.ST> fell.", {"se"}, id="the exchange says more than the form"),
        pytest.param("He paid it (see chapter 4.T).", set(), id="no share"),
        pytest.param("He shouted (WELL.L", set(), id="an open bracket"),
        pytest.param("Quarry Wines Pty Ltd grew.", {"au"}, id="a form of two words"),
    ],
)
def test_companies_are_found_by_form_and_share(text: str, expected: set[str]) -> None:
    """A form counts behind a name that ends there, a suffix at the end of a share; nothing else does."""
    found = {hit.leaf.id.removeprefix("actor:") for hit in SCANNER.scan(document(text)) if hit.rule == LISTING}  # type: ignore[union-attr]  # subjects all

    assert found == expected


def test_a_listing_weighs_less_than_the_name() -> None:
    """A company is less about its country than the country's name."""
    article = document("Britain spoke."), document("Marlow Plc spoke.")

    name, listing = (weight_of(SCANNER.scan(one), one) for one in article)

    assert 0 < listing < name


def test_only_states_have_companies() -> None:
    """Without a code nothing is taken for a company."""
    club = Actor(id="club", name="Club", aliases=(Alias(text="Club", kind=AliasKind.NAME),))

    assert Scanner(Catalogue(actors=(club,))).scan(document("Marlow Plc <MARL.L> spoke.")) == []
