"""Finds where each entry of a feed stands, byte for byte, so that only new ones need be read; it does not read them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from bot.errors import SourceError
from bot.sources.feeds.hints import Head, Hints

FEEDS = frozenset({"rss", "rdf", "feed"})
"""Elements that make a document a feed, without prefix and in small letters."""

_ENTRIES = frozenset({"item", "entry"})
_INHERITED = frozenset({"version", "xml:base", "xml:lang", "base", "lang"})
"""Attributes of what surrounds an entry that have a say in what it means, beside its namespaces."""

_DEEPEST = 500
"""Elements within elements: real feeds have some 30."""

_MOST_ATTRIBUTES = 250
"""Of one element: real feeds have some 40, nearly all of them namespaces."""

_MOST_ENTITIES = 300
"""Of a document whose entries are read one by one, each with all of them: HTML 4 has 252."""

_MOST_GROWN = 5_000_000
"""Bytes to which the entities of a document may grow."""

_NAME_ENDS = (b">", b" ", b"\t", b"\r", b"\n")
_BEHIND_THE_END = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_ANY_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&([\w.:-]+);")
_PREDEFINED = ("amp", "lt", "gt", "quot", "apos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One entry as it stands in its document."""

    digest: str
    """Of its bytes and of what it inherits: equal for equal entries, whatever else the document holds."""
    start: int
    end: int
    opening: bytes
    """What it inherits, as the beginning of a document."""
    closing: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The shape of a document: its entries in order, and what it says of itself."""

    root: str
    """The name of the element that makes it a feed, else of its outermost one, without prefix and in small letters."""
    slices: tuple[Slice, ...]
    count: int
    """Its entries, of which `slices` may be only the first."""
    hints: Hints
    fault: str = ""
    """Why it has no slices: it is not well-formed, or holds entries in one another."""


def outline(body: bytes, *, most: int) -> Outline:
    """Return the shape of a document in UTF-8, with at most `most` of its entries.

    Raises:
        SourceError: it is made to cost time and memory.
    """
    reader = _Reader(body, most)
    fault = reader.read()
    return Outline(
        root=reader.root,
        slices=() if fault else tuple(reader.slices),
        count=0 if fault else reader.count,
        hints=reader.head.hints(),
        fault=fault,
    )


def alone(body: bytes, entry: Slice) -> bytes:
    """Return a document that holds one entry alone, with all that it inherits: so neither neighbours nor order change it."""
    return entry.opening + body[entry.start : entry.end] + entry.closing


def digest_of(*parts: bytes) -> str:
    """Return the short name of an entry's bytes."""
    return base64.urlsafe_b64encode(hashlib.blake2b(b"".join(parts), digest_size=12).digest()).decode()


class _Reader:
    """Goes once through a document; inside of entries it only counts how deep it is."""

    def __init__(self, body: bytes, most: int) -> None:
        self.head = Head()
        self.slices: list[Slice] = []
        self.count = 0
        self.root = ""
        self._body = body
        self._most = most
        self._doubt = ""
        self._around: list[tuple[str, dict[str, str]]] = []
        self._entities: dict[str, str] = {}
        self._sizes = dict.fromkeys(_PREDEFINED, 1)
        self._frame: tuple[bytes, bytes] | None = None
        self._tag, self._begun, self._within = "", 0, 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.UseForeignDTD(True)  # so that an undeclared &nbsp; is no fault of the whole document
        parser.EntityDeclHandler = self._entity
        parser.EndDoctypeDeclHandler = self._weigh
        self._listen_outside()

    def read(self) -> str:
        """Go through the document; return why its entries could not be told apart."""
        try:
            self._parser.Parse(self._body, True)
        except expat.ExpatError as error:
            if error.code != _BEHIND_THE_END or _ANY_ENTRY.search(self._body, self._parser.ErrorByteIndex):
                return str(error)
        finally:
            self._parser.StartElementHandler = self._parser.EndElementHandler = self._parser.CharacterDataHandler = None
        return self._doubt

    def _listen_outside(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.head.text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if not self.root or (name in FEEDS and self.root not in FEEDS):
            self.root = name
        if name in _ENTRIES and self._around:
            _refuse_excess(1, attributes)
            self._tag, self._begun, self._within = tag, self._parser.CurrentByteIndex, 1
            self._parser.StartElementHandler = self._start_inside
            self._parser.EndElementHandler = self._end_inside
            self._parser.CharacterDataHandler = None
            return
        self._around.append((tag, attributes))
        self._frame = None
        _refuse_excess(len(self._around), attributes)
        self.head.start(name, attributes)

    def _end(self, _tag: str) -> None:
        self._around.pop()
        self._frame = None
        self.head.end()

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        self._within += 1
        _refuse_excess(self._within, attributes)
        if tag == self._tag:
            self._doubt = "it holds entries in one another"

    def _end_inside(self, tag: str) -> None:
        self._within -= 1
        if self._within:
            return
        at = self._parser.CurrentByteIndex  # of `</item>`; for `<item/>` already behind it
        closing = b"</" + tag.encode()
        behind = self._body[at + len(closing) : at + len(closing) + 1]
        # Compared with its own name: behind `<item/>` the end of the element around it may stand, such as `</items>`.
        is_closed = self._body.startswith(closing, at) and behind in _NAME_ENDS
        end = self._body.index(b">", at) + 1 if is_closed else at
        self.count += 1
        if self.count <= self._most:
            self.slices.append(self._slice(self._begun, end))
        self._listen_outside()

    def _slice(self, start: int, end: int) -> Slice:
        if self._frame is None:
            self._frame = _frame(self._around, self._entities)
        opening, closing = self._frame
        digest = digest_of(opening, self._body[start:end])
        return Slice(digest=digest, start=start, end=end, opening=opening, closing=closing)

    def _entity(self, name: str, is_parameter: int, value: str | None, *_outside: str | None) -> None:
        if is_parameter or value is None:
            return
        if "<" in value:
            self._doubt = "it declares elements as entities"
        if name not in self._entities:  # the first declaration binds (XML 1.0, section 4.2)
            self._entities[name] = value
            if len(self._entities) > _MOST_ENTITIES:
                self._doubt = f"it declares more than {_MOST_ENTITIES} entities"
            parts = sum(self._sizes.get(part, _MOST_GROWN) for part in _REFERENCE.findall(value))
            self._sizes[name] = min(len(value) + parts, _MOST_GROWN + 1)

    def _weigh(self) -> None:
        """Refuse entities that grow without bound: each reference counts with the whole of what it stands for."""
        if not self._entities:
            return
        used = Counter(_REFERENCE.findall(self._body.decode("utf-8", "replace")))
        if sum(used[name] * self._sizes[name] for name in self._entities) > _MOST_GROWN:
            raise SourceError("it declares entities that grow without bound, which was refused: tell its operator.")


def _refuse_excess(depth: int, attributes: Mapping[str, str]) -> None:
    if depth > _DEEPEST:
        raise SourceError(f"its elements are nested more than {_DEEPEST} deep, which was refused: tell its operator.")
    if len(attributes) > _MOST_ATTRIBUTES:
        raise SourceError(f"an element has more than {_MOST_ATTRIBUTES} attributes, which was refused: tell its operator.")


def _frame(around: list[tuple[str, dict[str, str]]], entities: Mapping[str, str]) -> tuple[bytes, bytes]:
    """Return the beginning and the end of a document for one entry: declared entities, and what of the feed surrounds it."""
    feed = next((at for at, (tag, _) in enumerate(around) if _local(tag) in FEEDS), 0)
    passed_on = {name: value for _, attributes in around[:feed] for name, value in attributes.items()}
    inner = [(around[feed][0], {**passed_on, **around[feed][1]}), *around[feed + 1 :]]
    # One to a line, which is how feedparser looks for them.
    declared = "".join(f'<!ENTITY {name} "{_as_value(value)}">\n' for name, value in entities.items())
    doctype = f"<!DOCTYPE {inner[0][0]} [\n{declared}]>\n" if declared else ""
    opening = "".join(f"<{tag}{_inherited(attributes)}>" for tag, attributes in inner)
    closing = "".join(f"</{tag}>" for tag, _ in reversed(inner))
    return (doctype + opening).encode("utf-8", "replace"), closing.encode("utf-8", "replace")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _as_value(value: str) -> str:
    return value.replace("%", "&#37;").replace('"', "&#34;")


def _inherited(attributes: Mapping[str, str]) -> str:
    return "".join(
        f" {name}={quoteattr(value)}"
        for name, value in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:") or name in _INHERITED
    )
