"""`parse`: what feed files and saved web pages yield, read from their bytes alone; it touches neither store nor network."""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bot.chat.harmless import clean
from bot.errors import SourceError
from bot.model import Dated, Draft, Precision
from bot.sources.feeds import parse
from bot.sources.feeds.entries import Entry, Setting
from bot.sources.folders import documents
from bot.sources.folders.origin import Origin
from bot.sources.text import dates

STANDARD_INPUT = "-"

_MOST_BYTES = 50_000_000
_PAGE_OPENING = 2_000
_PAGE = re.compile(rb"<!doctype\s+html|<(?:html|head|body|title|meta|div|article|main|h1|p)[\s>]", re.IGNORECASE)


class Task(StrEnum):
    """What can be measured against gold data, by the names of the evaluation kit."""

    FEEDS = "feeds"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What one file yielded."""

    name: str
    about: str = ""
    """One line on the whole file."""
    drafts: tuple[Draft, ...] = ()
    error: str = ""


def yields(
    names: Sequence[str], *, headers: Mapping[str, str], url: str = "", zone: str = "", now: datetime
) -> Iterator[Yield]:
    """Yield what each file holds as the bot would take it in; one that cannot be read says why, and the next one follows."""
    for name in names:
        try:
            yield _read(name, _bytes_of(name), headers=headers, url=url, zone=zone, now=now)
        except SourceError as error:
            yield Yield(name=name, error=str(error))


def _read(name: str, body: bytes, *, headers: Mapping[str, str], url: str, zone: str, now: datetime) -> Yield:
    """Read a file as a feed, or as a web page where its content shows that it is one."""
    base = url or _field(headers, "content-location")
    try:
        feed = parse.parse(body, url=base, headers=headers, known=frozenset(), zone=zone, now=now)
    except SourceError:
        if not is_page(body):
            raise
        return Yield(name=name, about="a web page", drafts=tuple(_articles_of_page(name, body, now)))
    rest = f"rests {feed.rest}" if feed.rest else ""
    hub = f"pushed by {feed.hub}" if feed.hub else ""
    said = [feed.title, feed.language, f"{len(feed.drafts)} articles", rest, hub, feed.trouble]
    return Yield(name=name, about="a feed: " + ", ".join(filter(None, said)), drafts=feed.drafts)


def is_page(body: bytes) -> bool:
    """Tell a web page by how it begins."""
    return _PAGE.search(body[:_PAGE_OPENING].replace(b"\0", b"")) is not None


def _articles_of_page(name: str, body: bytes, now: datetime) -> Iterator[Draft]:
    found = documents.read(body, Origin(name="page.html", now=now))
    for problem in found.problems:
        raise SourceError(f"{name} {problem.reason}.")
    yield from found.drafts


def evaluated(task: Task, inputs: str, folder: Path | None, *, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield a prediction for each line of inputs, as the evaluation kit scores them.

    Raises:
        SourceError: the inputs cannot be read, or a file that they name.
    """
    root = folder or (Path() if inputs == STANDARD_INPUT else Path(inputs).parent)
    for number, line in enumerate(_bytes_of(inputs).decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            key, file, headers = row["id"], str(row["file"]), dict(row.get("headers") or {})
        except (ValueError, TypeError, KeyError) as error:
            raise SourceError(f'{inputs} line {number} is no JSON object with "id" and "file".') from error
        yield {"id": key, **_prediction(task, _found(root, file), headers, now)}


def _prediction(task: Task, body: bytes, headers: Mapping[str, str], now: datetime) -> dict[str, Any]:
    try:
        if task is Task.EXTRACT:
            return {"text": "\n\n".join(draft.text for draft in _articles_of_page("it", body, now))}
        # Links as far as the feed itself makes them whole: the address of an input is none that it was asked at.
        setting = Setting(url=_field(headers, "content-location"), zone="", now=now)
        reading = parse.read(body, headers=headers, setting=setting)
        return {"entries": [_entry(entry) for _, entry in reading.entries if entry]}
    except SourceError as error:
        return {"error": str(error)}


def _entry(entry: Entry) -> dict[str, Any]:
    published = entry.published if dates.is_stated(entry.published) else None
    return {"title": entry.title, "link": entry.link, "id": entry.guid, "published": published and published.at.isoformat()}


def headers_of(path: str) -> dict[str, str]:
    """Return the HTTP headers in a file: a JSON object, or lines of `Name: value` as HTTP writes them.

    Raises:
        SourceError: it cannot be read.
    """
    text = _bytes_of(path).decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            return {str(name): str(value) for name, value in json.loads(text).items()}
        except ValueError as error:
            raise SourceError(f"{path} is broken JSON: write an object of headers, or lines of Name: value.") from error
    lines = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _field(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _bytes_of(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(_MOST_BYTES)
        with Path(name).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror}.") from error


def _found(root: Path, name: str) -> bytes:
    """Return the bytes of a file that inputs name: plain, `x.gz`, or `files.tar.gz:member`."""
    archive, colon, member = name.partition(":")
    path = (root / (archive if colon else name)).resolve()
    if not path.is_relative_to(root.resolve()):
        raise SourceError(f"{name} leads out of {root}: inputs name files below it.")
    try:
        if colon:
            return _members(path)[member]
        with path.open("rb") as file:
            return gzip.GzipFile(fileobj=file).read(_MOST_BYTES) if path.suffix == ".gz" else file.read(_MOST_BYTES)
    except (OSError, EOFError, KeyError, tarfile.TarError) as error:
        raise SourceError(f"{name} is not in {root}: give the folder of the files with --files.") from error


@cache
def _members(path: Path) -> Mapping[str, bytes]:
    with tarfile.open(path) as archive:
        files = ((member.name, archive.extractfile(member)) for member in archive if member.isfile())
        return {name: file.read(_MOST_BYTES) for name, file in files if file}


def records(found: Yield) -> Iterator[dict[str, Any]]:
    """Yield what a file yielded as one object for each article, or one that says why there is none."""
    if found.error:
        yield {"file": found.name, "error": found.error}
    for draft in found.drafts:
        yield {
            "file": found.name,
            "title": draft.title,
            "link": draft.url,
            "id": draft.guid,
            "published": _shown(draft.published),
            "date_rule": draft.published.rule if draft.published else "",
            "date_text": draft.published.raw if draft.published else "",
            "text": draft.text,
            "caption": draft.caption,
            "excerpt": draft.excerpt,
        }


def told(found: Yield) -> Iterator[str]:
    """Yield what a file yielded in lines for people."""
    if found.error:
        yield clean(f"{found.name}: {found.error}")
        return
    yield clean(f"{found.name} is {found.about}")
    for draft in found.drafts:
        dated = draft.published
        yield f"  {_shown(dated) or 'no date'}  {clean(draft.title)}"
        id_and_date = (f"id {draft.guid}" if draft.guid else "", f"date by {dated.rule}: {dated.raw}" if dated else "")
        details = (draft.url, *id_and_date, f"{len(draft.text)} characters", draft.excerpt)
        yield "    " + clean(", ".join(filter(None, details)))


def _shown(dated: Dated | None) -> str:
    if dated is None:
        return ""
    return dated.at.date().isoformat() if dated.precision is Precision.DAY else dated.at.isoformat()
