"""What makes a delivery the same one however often it is made: its identity and its nonce."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Kind
from bot.store.database import upsert
from bot.store.schema import deliveries, notes
from bot.store.telling.audience import Destination

SALT = "salt"
"""The note that keeps what makes the identities of this archive's deliveries its own."""


def delivery_id(salt: str, kind: Kind, subject: int, destination: str) -> str:
    """Return the identity of a delivery, 32 hexadecimal digits: the same thing to tell always has the same.

    The salt is the archive's own: another archive that tells the same channel counts its stories from one, too.
    """
    return hashlib.blake2b(f"{salt} {kind} {subject} {destination}".encode(), digest_size=16).hexdigest()


def nonce_of(delivery: str) -> str:
    """Return the 24 characters under which Discord recognises a repeat (its limit is 25)."""
    return hashlib.blake2b(delivery.encode(), digest_size=12).hexdigest()


def new_delivery(conn: sa.Connection, kind: Kind, subject: int, destination: Destination, now: datetime) -> Any:
    """Return the INSERT of a delivery, without its state; it knows ON CONFLICT."""
    salt = conn.scalar(sa.select(notes.c.value).where(notes.c.key == SALT)) or ""
    key = delivery_id(salt, kind, subject, destination.address)
    return upsert(conn, deliveries).values(
        id=key,
        kind=kind,
        subject=subject,
        destination=destination.address,
        server=destination.server,
        seat=destination.seat,
        nonce=nonce_of(key),
        created_at=now,
    )
