"""Reads the text of a PDF file, page by page, in the worker process: the library is C++ and the files are anybody's."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from bot.sources.folders.origin import Origin, Parts
from bot.sources.folders.reasons import UnreadableError
from bot.sources.text.drafts import compose

_MOST_CHARACTERS = 5_000_000
_BROKEN_WORD = re.compile("(?:\ufffe|\u00ad)\\s*")
"""How the library marks a hyphen that is there only because the line ends."""
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?")
"""ISO 32000-1, section 7.9.4."""
_WRITTEN_BY_PROGRAM = re.compile(
    r"^(?:microsoft word|untitled|powerpoint|slide \d)|\.(?:docx?|pdf|pptx?|indd|odt|tex|dvi)$", re.IGNORECASE
)


def read_pdf(body: bytes, origin: Origin) -> Parts:
    """Yield the article of a PDF file; one that is only pictures of pages has no text."""
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        raise UnreadableError(_reason(error)) from None
    try:
        pages = len(document)
        most = origin.limits.max_pages
        text = _text(document, min(pages, most))
        facts = document.get_metadata_dict()
    except (pdfium.PdfiumError, ValueError) as error:
        raise UnreadableError(f"is a broken PDF file: {error}") from None
    finally:
        document.close()
    if not text.strip():
        raise UnreadableError(
            "has no text in it, only pictures of pages: put a version there that went through text recognition"
        )
    title = facts.get("Title", "").strip()
    draft = compose(
        title="" if " " not in title or _WRITTEN_BY_PROGRAM.search(title) else title,
        text=text,
        published=origin.dated(_date(facts.get("CreationDate", ""))),
    )
    yield draft or origin.problem("has no text in it")
    if pages > most:
        yield origin.problem(
            f"has {pages:,} pages, of which the first {most:,} were read: split it, or raise max_pages under [folders]"
        )


def _text(document: pdfium.PdfDocument, pages: int) -> str:
    written: list[str] = []
    size = 0
    for number in range(pages):
        page = document[number]
        sheet = page.get_textpage()
        text = sheet.get_text_bounded()
        sheet.close()
        page.close()
        size += len(text)
        written.append(_BROKEN_WORD.sub("", text))
        if size > _MOST_CHARACTERS:
            break
    return "\n\n".join(written)


def _date(written: str) -> str:
    """Write the date of a PDF as ISO 8601."""
    found = _DATE.match(written)
    if not found:
        return ""
    year, month, day, hour, minute, second, zulu, hours, minutes = found.groups()
    if not hour:
        return f"{year}-{month}-{day}"
    zone = "Z" if zulu else f"{hours}:{minutes or '00'}" if hours else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"


def _reason(error: pdfium.PdfiumError) -> str:
    if "password" in str(error).lower():
        return "is locked by a password: put a version there that opens without"
    return "is no PDF file, or a broken one"
