"""Reads on where the last look stopped, in a file that grows at its end or is too large for one look."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import BinaryIO

from bot.model import Draft, Problem
from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.records import read_lines
from bot.sources.folders.remembered import State, Tail
from bot.sources.text.charsets import decode

PIECE = 1_000_000
"""Bytes of a file of lines that one look reads."""

LINES = 500
_PROOF = 1024
"""Bytes at the head of a file, and before the place where reading stopped, by which it is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one look read of a file."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    tail: Tail
    state: State


def resume(file: BinaryIO, tail: Tail | None) -> Tail:
    """Return where to go on: where reading stopped if it is the same file still, else at the beginning."""
    if tail is None or not tail.offset or _digest(file, 0, tail.head_size) != tail.head:
        start = file.seek(0, 2)
        size = min(start, _PROOF)
        return Tail(head_size=size, head=_digest(file, 0, size))
    if before(file, tail.offset) != tail.before:
        return Tail(head_size=tail.head_size, head=tail.head)  # the same file, cut or written anew
    return tail


def before(file: BinaryIO, offset: int) -> str:
    """Return the digest of the bytes before a place."""
    return _digest(file, max(offset - _PROOF, 0), min(offset, _PROOF))


def place_of(name: str, tail: Tail) -> str:
    """Return where the records of a file stand: another file of the same name, such as a log begun anew, is another place."""
    return f"{name}~{tail.head[:6]}"


def _digest(file: BinaryIO, start: int, size: int) -> str:
    file.seek(start)
    found = file.read(size)
    return hashlib.blake2b(found, digest_size=6).hexdigest() if len(found) == size else ""


def read_on(file: BinaryIO, origin: Origin, known: Tail | None, *, is_finished: bool) -> Piece:
    """Read the next lines of a file; its last one counts when it ends, or when it is whole and nobody writes any more."""
    tail = resume(file, known)
    data, at_end = _data(file, tail, origin.limits.max_bytes)
    *lines, rest = data.split(b"\n")
    if not lines and not at_end:
        return _pass_over(file, origin, tail, len(data))
    taken = lines[:LINES]
    at_end = at_end and len(taken) == len(lines)
    offset = tail.offset + sum(map(len, taken)) + len(taken)
    parts = list(_read(taken, origin, tail))
    records = tail.records + len(taken)
    if at_end and is_finished and rest.strip():
        last = list(read_lines(decode(rest), origin, first=records + 1, place=place_of(origin.name, tail)))
        parts += last
        if all(isinstance(part, Draft) for part in last):
            offset, records = offset + len(rest), records + 1
    waits = bool(rest.strip()) and not is_finished
    return Piece(
        drafts=tuple(part for part in parts if isinstance(part, Draft)),
        problems=tuple(part for part in parts if isinstance(part, Problem)),
        tail=replace(tail, offset=offset, records=records, before=before(file, offset), skipping=tail.skipping and not taken),
        state=State.PART if not at_end else State.OPEN if waits else State.READ,
    )


def _data(file: BinaryIO, tail: Tail, most: int) -> tuple[bytes, bool]:
    """Return the next bytes, with one whole line at least unless it is too long, and whether they are the last."""
    file.seek(tail.offset)
    data = file.read(min(PIECE, most))
    if b"\n" not in data:
        data += file.read(most - len(data))
    return data, not file.read(1)


def _read(taken: list[bytes], origin: Origin, tail: Tail) -> Parts:
    """Read whole lines; the first may be the end of one that is too long."""
    cut = 1 if tail.skipping else 0
    text = decode(b"\n".join(taken[cut:]))
    return read_lines(text, origin, first=tail.records + 1 + cut, place=place_of(origin.name, tail))


def _pass_over(file: BinaryIO, origin: Origin, tail: Tail, size: int) -> Piece:
    """Go on inside a line that is too long; it is told once."""
    most = origin.limits.max_bytes
    reason = f"line {tail.records + 1:,} is longer than {most:,} bytes: it was passed over; raise max_bytes under [folders]"
    offset = tail.offset + size
    return Piece(
        problems=() if tail.skipping else (origin.problem(reason),),
        tail=replace(tail, offset=offset, before=before(file, offset), skipping=True),
        state=State.PART,
    )
