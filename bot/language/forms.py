"""The forms in which words and names may stand, for an index that knows only words as they are written."""

from __future__ import annotations

from bot.language.russian import declined

SHORTEST_PLURAL = 4
"""`US` and an s would be a ship's prefix."""


def with_plural(folded: str) -> tuple[str, ...]:
    """Return folded words as they are and, where they have four letters or more, with a final s."""
    return (folded, f"{folded}s") if len(folded) >= SHORTEST_PLURAL and not folded.endswith("s") else (folded,)


def written_forms(name: str) -> tuple[str, ...]:
    """Return a name and all that it is found under: itself, and in its Russian cases."""
    return (name, *declined(name))
