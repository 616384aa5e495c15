"""Reads and writes the lists of feeds that readers exchange (OPML 2.0), whose outlines may be nested and are hostile until read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bot.errors import SourceError
from bot.model import Outline, OutlineList
from bot.sources.text.charsets import decode

MOST = 5_000
"""Feeds that are taken of one list."""
_DEEPEST = 64
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read(body: bytes) -> OutlineList:
    """Return the feeds of a list, each once, wherever in its groups they stand.

    Raises:
        SourceError: it is no such list, or breaks a limit.
    """
    declared = _DECLARED.match(body.lstrip()[:1024])
    text = _ILLEGAL.sub("", decode(body, declared=[declared[1].decode("ascii")] if declared else []))
    reader = _Reader()
    try:
        reader.parse(_DECLARATION.sub("", text))
    except expat.ExpatError as error:
        raise SourceError(f"It is no list of feeds that can be read ({error}): export it again as OPML.") from error
    if not reader.is_opml:
        raise SourceError("It is XML, but no list of feeds: export it from the other reader as OPML.")
    return OutlineList(outlines=tuple(reader.found.values()), repeated=reader.repeated, without_address=reader.without_address)


def write(title: str, outlines: Sequence[Outline]) -> bytes:
    """Return a list of feeds as a file."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = _legal(title)
    body = ET.SubElement(root, "body")
    for one in outlines:
        name = _legal(one.title)
        ET.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_legal(one.address))
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


class _Reader:
    """Goes through the tags of a list; it builds no tree, and takes no entities."""

    def __init__(self) -> None:
        self.is_opml = False
        self.found: dict[tuple[str, str, str], Outline] = {}
        self.repeated = self.without_address = 0
        self._depth = 0
        self._groups: list[bool] = []
        """Of each open outline, whether it is a feed or holds others."""

    def parse(self, text: str) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.EntityDeclHandler = _refuse_entity
        parser.Parse(text, True)  # the whole text at once

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SourceError(f"Its groups are nested more than {_DEEPEST} deep: flatten the list.")
        self.is_opml = self.is_opml or (self._depth == 1 and tag.lower() == "opml")
        if tag.lower() != "outline":
            return
        if self._groups:
            self._groups[-1] = True
        named = {name.lower(): value.strip() for name, value in given.items()}
        address = named.get("xmlurl", "")
        self._groups.append(bool(address))
        if address:
            self._take(Outline(address=address, title=named.get("title") or named.get("text", "")))

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag.lower() == "outline" and not self._groups.pop():
            self.without_address += 1  # neither a feed nor a group of them

    def _take(self, outline: Outline) -> None:
        if len(self.found) >= MOST:
            raise SourceError(f"It names more than {MOST:,} feeds: split it into several lists.")
        key = _identity(outline.address)
        self.repeated += key in self.found
        self.found.setdefault(key, outline)


def _refuse_entity(*_declared: object) -> None:
    raise SourceError("It declares entities of its own, which no list of feeds needs: export it again.")


def _identity(address: str) -> tuple[str, str, str]:
    """Return what is the same for two spellings of an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, "", ""
    return parts.netloc.casefold(), parts.path.rstrip("/"), parts.query


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
