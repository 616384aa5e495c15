"""Reads the pages of a web archive (WARC, ISO 28500) record by record, in the worker process."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from bot.model import Draft, Problem
from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.reasons import UnreadableError
from bot.sources.folders.remembered import State, Tail
from bot.sources.folders.tails import Piece, before, place_of, resume
from bot.sources.folders.texts import read_saved_page, read_text, text_of
from bot.sources.text.drafts import web_address

PAGES = 50
"""Articles of an archive that one look reads: to find the text of a page takes some 20 ms."""
_RECORDS = 2_000
"""Records that one look passes, pictures and requests for the most part."""

_KINDS = re.compile(r"\s*(?:(?P<html>text/html|application/xhtml\+xml)|(?P<plain>text/plain))\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_FAULTS = (
    ArchiveLoadFailed,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    EOFError,
    OSError,
    zlib.error,
    RuntimeError,
    AssertionError,
)
"""What the library raises over archives that break the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A record that was passed: how many there were until now, where the next one begins, and the article in it, if any."""

    number: int
    next_offset: int
    draft: Draft | None


def read_archive(body: bytes, origin: Origin) -> Parts:
    """Yield the articles of an archive that is in memory as a whole."""
    name = place_of(origin.name, resume(BytesIO(body), None))
    yield from (record.draft for record in _records(BytesIO(body), origin, name, first=1) if record.draft)


def read_archive_on(file: BinaryIO, origin: Origin, known: Tail | None) -> Piece:
    """Read the next articles of an archive; what follows a broken record cannot be read, since nothing tells where it begins."""
    tail = resume(file, known)
    file.seek(tail.offset)
    drafts: list[Draft] = []
    problems: list[Problem] = []
    state = State.READ
    passed = 0
    try:
        for record in _records(file, origin, place_of(origin.name, tail), first=tail.records + 1):
            tail = replace(tail, offset=record.next_offset, records=record.number)
            drafts += [record.draft] if record.draft else []
            passed += 1
            if len(drafts) >= PAGES or passed >= _RECORDS:
                state = State.PART
                break
    except UnreadableError as error:
        state = State.READ if tail.records else State.FAILED
        problems.append(origin.problem(str(error)))
    if known is None and state is State.READ and not drafts and not problems:
        problems.append(origin.problem("has no article in it"))
    tail = replace(tail, before=before(file, tail.offset))
    return Piece(drafts=tuple(drafts), problems=tuple(problems), tail=tail, state=state)


def _records(file: BinaryIO, origin: Origin, place: str, *, first: int) -> Iterator[_Record]:
    number = first - 1
    try:
        with redirect_stderr(StringIO()):  # where the library writes what it finds strange
            archive = ArchiveIterator(file)
            for record in archive:
                number += 1
                draft = _article(record, origin)
                archive.read_to_end()
                if record.length and record.raw_stream.limit > 0:
                    raise UnreadableError(f"ends in the middle of record {number:,}, which is read when the rest is there")
                yield _Record(
                    number=number,
                    next_offset=max(archive.offset, 0),
                    draft=replace(draft, place=f"{place}#{number}") if draft else None,
                )
    except _FAULTS as error:
        if "non-chunked" in str(error):
            raise UnreadableError(
                "is packed as a whole, not record by record: unpack it, or pack it again with warcio"
            ) from None
        what = f"is broken after record {number:,}: what follows was not read" if number else "is no web archive (WARC)"
        raise UnreadableError(what) from None


def _article(record: ArcWarcRecord, origin: Origin) -> Draft | None:
    """Return the article that an answer holds; pictures, redirects and refusals hold none."""
    headers = record.http_headers
    if record.rec_type not in {"response", "resource"} or (headers is not None and headers.get_statuscode() != "200"):
        return None
    stated = (headers.get_header("content-type") if headers is not None else record.content_type) or ""
    kind = _KINDS.match(stated)
    body = record.content_stream().read(origin.limits.max_bytes) if kind else b""
    if kind is None or not body.strip():
        return None
    charset = _CHARSET.search(stated)
    try:
        text = text_of(body, declared=charset[1] if charset else "")
    except UnreadableError:
        return None
    reader = read_saved_page if kind["html"] else read_text
    part = next(reader(text, origin))
    if not isinstance(part, Draft):
        return None
    return replace(
        part,
        url=web_address(record.rec_headers.get_header("WARC-Target-URI") or "") or part.url,
        published=part.published or origin.dated(record.rec_headers.get_header("WARC-Date") or ""),
    )
