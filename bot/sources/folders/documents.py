"""Reads the bytes of one file into drafts; what cannot be read becomes a problem, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.model import Draft, Problem
from bot.sources.folders.mail import read_mail
from bot.sources.folders.markdown import read_markdown
from bot.sources.folders.origin import Origin, Parts, Read
from bot.sources.folders.packed import kind_of, unpack
from bot.sources.folders.reasons import UnreadableError
from bot.sources.folders.records import read_json, read_lines
from bot.sources.folders.texts import read_saved_page, read_text, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one file held: its articles as they stand in it, and what of it could not be read."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(body: bytes, origin: Origin) -> Document:
    """Return the articles in a file of one of the kinds in `READERS`; each problem says which line or record it is about."""
    kind, packing = kind_of(origin.name)
    reader = READERS.get(kind)
    if reader is None:
        return Document(problems=(origin.problem(f"is of no kind that can be read ({' '.join(READERS)})"),))
    most = origin.limits.max_records
    parts: list[Draft | Problem] = []
    try:
        bare = unpack(body, packing, max_bytes=origin.limits.max_bytes) if packing else body
        for part in islice(reader(bare, origin), most + 1):
            parts.append(part)  # noqa: PERF402  # what came before a fault counts
    except UnreadableError as error:
        parts.append(origin.problem(str(error)))
    if not parts:
        parts.append(origin.problem("has no article in it"))
    if len(parts) > most:
        parts[most:] = [origin.problem(f"has more than {most:,} records: split it, or raise max_records under [folders]")]
    return Document(
        drafts=_placed([part for part in parts if isinstance(part, Draft)], origin.name),
        problems=tuple(part for part in parts if isinstance(part, Problem)),
    )


def _placed(drafts: Sequence[Draft], name: str) -> tuple[Draft, ...]:
    """Give each article its place: the file, and in a file of several its number."""
    if len(drafts) == 1:
        return tuple(draft if draft.place else replace(draft, place=name) for draft in drafts)
    return tuple(draft if draft.place else replace(draft, place=f"{name}#{n}") for n, draft in enumerate(drafts, start=1))


def _decoded(reader: Callable[[str, Origin], Parts]) -> Read:
    return lambda body, origin: reader(text_of(body), origin)


def _read_pdf(body: bytes, origin: Origin) -> Parts:
    from bot.sources.folders.pdf import read_pdf  # what is heavy is loaded where it is needed

    return read_pdf(body, origin)


def _read_word(body: bytes, origin: Origin) -> Parts:
    from bot.sources.folders.word import read_word

    return read_word(body, origin)


def _read_archive(body: bytes, origin: Origin) -> Parts:
    from bot.sources.folders.archives import read_archive

    return read_archive(body, origin)


def _read_feed(body: bytes, origin: Origin) -> Parts:
    from bot.sources.folders.feed_files import read_feed

    return read_feed(body, origin)


READERS: dict[str, Read] = {
    ".txt": _decoded(read_text),
    ".md": _decoded(read_markdown),
    ".html": _decoded(read_saved_page),
    ".htm": _decoded(read_saved_page),
    ".json": _decoded(read_json),
    ".jsonl": _decoded(read_lines),
    ".eml": read_mail,
    ".pdf": _read_pdf,
    ".docx": _read_word,
    ".warc": _read_archive,
    ".xml": _read_feed,
    ".rss": _read_feed,
    ".atom": _read_feed,
}
"""The kinds of file that are read, by suffix; each may be packed, too."""

PLAIN = frozenset({".txt", ".md", ".json", ".jsonl", ".eml"})
"""Kinds that can neither crash nor hang a process: where they are small they are read on the spot."""
