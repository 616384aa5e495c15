"""What is said of the health of an archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one law of the archive stands: how often it is broken, how often that was mended, and what else is to be done."""

    law: str
    broken: int = 0
    mended: int = 0
    advice: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing of it is left broken."""
        return self.broken == self.mended
