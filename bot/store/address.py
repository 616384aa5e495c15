"""Where the archive is: the file of a SQLite database, or the address of a PostgreSQL one. A password in it is never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from bot.errors import StoreError

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg"}


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a database."""

    url: sa.URL = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `postgresql://user:password@host/name` (or `postgres://`, as some hosts write), `sqlite:///file`, or a path.

        Raises:
            StoreError: it is none of these; the message does not repeat it, since it may hold a password.
        """
        if "://" not in text:
            return cls(sa.URL.create("sqlite", database=text))
        try:
            url = sa.make_url(text)
        except (sa.exc.ArgumentError, ValueError):
            raise StoreError(
                "The address of the database cannot be read: write postgresql://user:password@host/name."
            ) from None
        if url.drivername == "sqlite" and url.database:
            return cls(url)
        if url.drivername not in _DRIVERS or not url.database:
            raise StoreError(
                "The address of the database is neither postgresql://user:password@host/name nor a path to a file."
            )
        return cls(url.set(drivername=_DRIVERS[url.drivername]))

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; none for any other."""
        return Path(self.url.database or "") if self.url.drivername == "sqlite" else None

    @property
    def name(self) -> str:
        """What messages call it: the path, or host and database."""
        if self.path is not None:
            return str(self.path)
        return f"{self.url.database} at {self.url.host or 'this machine'}"
