"""Look-ups whose pages can be turned, and notes."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Lookup
from tests.store.conftest import NOW, World


async def test_a_lookup_is_found_by_its_key_for_a_month(terminal: World) -> None:
    """A kept look-up comes back whole, and is forgotten after a month."""
    places = terminal.store.places
    lookup = Lookup(verb="search", words="North Korea", since=NOW, size=3)
    key = await places.keep_lookup(lookup, now=NOW)
    kept = await places.lookup(key)
    await places.keep_lookup(Lookup(verb="latest"), now=NOW + timedelta(days=31))

    assert (16, lookup, None) == (len(key), kept, await places.lookup(key))


async def test_the_same_lookup_has_the_same_key(terminal: World) -> None:
    """Asking the same again keeps one row."""
    keys = {await terminal.store.places.keep_lookup(Lookup(verb="latest", words="A"), now=NOW) for _ in range(2)}

    assert len(keys) == 1


async def test_a_note_is_what_was_noted_last(terminal: World) -> None:
    """A fact of the program is what was said of it last."""
    for value in ("one", "two"):
        await terminal.store.places.note("commands", value, now=NOW)

    assert (await terminal.store.places.noted("commands"), await terminal.store.places.noted("other")) == ("two", None)
