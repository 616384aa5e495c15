"""The forms in which a name may stand, for an index that knows only words as they are written."""

from __future__ import annotations

from bot.language.russian import declined

_SHORTEST_PLURAL = 4


def written_forms(name: str) -> tuple[str, ...]:
    """Return a name and all that it is found under: with a final s where it has four letters or more, and in its Russian cases."""
    plural = (f"{name}s",) if len(name) >= _SHORTEST_PLURAL and name[-1] not in "sS" else ()
    return (name, *plural, *declined(name))
