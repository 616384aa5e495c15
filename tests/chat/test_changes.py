"""A card says what its source has changed."""

from __future__ import annotations

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.chat.cards import alert_embed
from bot.chat.changes import change_lines
from bot.chat.console import TerminalCourier
from bot.model import Change, Edit, Fate
from tests.chat.samples import NOW, an_alert

STAYS, GOES, COMES = Fate.STAYS, Fate.GOES, Fate.COMES
TWO_TO_THREE: Edit = (("It fired ", STAYS), ("two", GOES), ("three", COMES), (" missiles.", STAYS))


def fields(**changes: object) -> dict[str | None, str | None]:
    return {field.name: field.value for field in alert_embed(an_alert(**changes)).fields}


def test_a_changed_article_shows_what_went_and_what_came() -> None:
    """What went is struck out, what came is bold, and the number of further changes stands below."""
    change = Change(at=NOW, title=((("Two", GOES), ("Three", COMES), (" missiles", STAYS))), sentences=(TWO_TO_THREE,) * 3)

    assert fields(change=change)["Changed"] == (
        "Title: ~~Two~~ **Three** missiles\nIt fired ~~two~~ **three** missiles.\nand 2 more changes: /article shows all"
    )


def test_an_unchanged_article_says_nothing_of_changes() -> None:
    """Where nothing has changed there is no such field."""
    assert {"Changed", "Withdrawn"}.isdisjoint(fields())


def test_a_withdrawn_article_says_so() -> None:
    """What its source has deleted is marked on the card."""
    assert fields(withdrawn=True)["Withdrawn"] == "Its source has deleted this article."


def test_what_no_longer_stands_in_an_article_is_said() -> None:
    """A card whose evidence has gone says that before all changes."""
    change = Change(at=NOW, sentences=(TWO_TO_THREE,))

    assert (fields(change=change, lapsed=True)["Changed"] or "").startswith("What was told here no longer stands")


@given(st.lists(st.tuples(st.text(max_size=400), st.sampled_from(Fate)), max_size=8).map(tuple))
def test_no_change_breaks_the_markup_of_a_card(edit: Edit) -> None:
    """Whatever stands in the versions, marks come in pairs and the lines keep to their length."""
    lines = change_lines(Change(at=NOW, sentences=(edit,)), most=2, limit=600)

    unescaped = re.sub(r"\\.", "", "\n".join(lines))
    assert len("\n".join(lines)) <= 700
    assert unescaped.count("~~") % 2 == 0
    assert unescaped.count("**") % 2 == 0


async def test_the_terminal_names_the_change_under_the_line() -> None:
    """A card that was printed stays; what changed is told below it."""
    shown = io.StringIO()
    change = Change(at=NOW, sentences=(TWO_TO_THREE, TWO_TO_THREE))

    await TerminalCourier(Console(file=shown, width=120)).edit(an_alert(change=change), "terminal", 1)

    assert "changed: It fired [-two-]{+three+} missiles. (and 1 more)" in shown.getvalue()
