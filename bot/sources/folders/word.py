"""Reads the text of a Word document, in the worker process, after its parts have been found small enough to be unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.opc.exceptions import OpcError
from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.reasons import UnreadableError
from bot.sources.text.drafts import compose

if TYPE_CHECKING:
    from docx.document import Document

_MOST_PARTS = 5_000
_FAULTS = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
    RuntimeError,
    EOFError,
    OSError,
    NotImplementedError,
)
"""What the library and what it stands on raise over packages that break the rules."""


def read_word(body: bytes, origin: Origin) -> Parts:
    """Yield the article of a Word document: its paragraphs and the cells of its tables, in order."""
    _check_size(body, origin.limits.max_bytes)
    try:
        document = docx.Document(BytesIO(body))
        text = "\n\n".join(_paragraphs(document))
        core = document.core_properties
        title, written = core.title, core.modified or core.created
    except _FAULTS as error:
        raise UnreadableError(f"is a broken Word document ({type(error).__name__}): save it again") from None
    draft = compose(title=title or "", text=text, published=origin.dated(f"{written:%Y-%m-%dT%H:%M:%SZ}" if written else ""))
    yield draft or origin.problem("has no text in it")


def _check_size(body: bytes, max_bytes: int) -> None:
    """Refuse what is no package, and one that would unpack to more than the limit; zipfile holds a part to the size it states."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            parts = package.infolist()
    except _FAULTS:
        raise UnreadableError("is no .docx file, or one that is locked by a password: save it again without") from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > max_bytes:
        raise UnreadableError(f"unpacks to more than {max_bytes:,} bytes: split it, or raise max_bytes under [folders]")


def _paragraphs(document: Document) -> Iterator[str]:
    for paragraph in document.element.body.iter("{*}p"):
        # Tabs and line breaks are elements of their own.
        text = "".join(_run(element) for element in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr"))
        if text.strip():
            yield text


def _run(element: etree._Element) -> str:
    return (element.text or "") if etree.QName(element).localname == "t" else " "
