"""Reads a saved mail message: its text, its date, and who sent it; what is attached is named and not read."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default

from bot.model import Dated
from bot.sources.folders.origin import Origin, Parts
from bot.sources.text import markup
from bot.sources.text.charsets import decode
from bot.sources.text.drafts import compose

_FAULTS = (
    MessageError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
    NameError,
    AssertionError,
    RecursionError,
)
"""What the standard library raises over headers and parts that break the rules (its tests show each)."""


def read_mail(body: bytes, origin: Origin) -> Parts:
    """Yield the article of a message; one whose text is HTML is read as that."""
    message = message_from_bytes(body, policy=default)
    if not message.keys():
        yield origin.problem("has no headers, so it is no mail message")
        return
    text = _text(message)
    closing = " ".join(_closing(message))
    draft = compose(
        guid=_header(message, "message-id"),
        title=_header(message, "subject"),
        text=f"{text}\n\n{closing}" if closing else text,
        published=_sent(message, origin),
    )
    yield draft or origin.problem("is a message without subject and text")


def _text(message: EmailMessage) -> str:
    """Return the text that a person reads first: the plain one, else the HTML one, else whatever follows broken headers."""
    for subtype in ("plain", "html", ""):
        try:
            part = message.get_body(preferencelist=(subtype,)) if subtype else message
            is_text = subtype or message.get_content_maintype() in {"text", "multipart"}
            content = part.get_payload(decode=True) if part is not None and is_text else None
            charset = part.get_content_charset() if part is not None else None
        except _FAULTS:
            continue
        if not isinstance(content, bytes):
            continue
        text = decode(content, declared=[charset] if charset else [])
        if text.strip():
            return markup.plain_text(text) if subtype == "html" else text
    return ""


def _closing(message: EmailMessage) -> Iterator[str]:
    """Yield the sentences that end the text: who sent it, and what came with it."""
    if sender := _header(message, "from"):
        yield f"Sent by {sender}."
    try:
        names = [name for part in message.iter_attachments() if (name := part.get_filename())]
    except _FAULTS:
        names = []
    if names:
        yield f"Attached and not read: {', '.join(names)}."


def _header(message: EmailMessage, name: str) -> str:
    """Return a header, decoded; one that breaks the rules as it stands."""
    try:
        return str(message.get(name, "")).strip()
    except _FAULTS:
        return next(str(value).strip() for key, value in message.raw_items() if key.lower() == name)


def _sent(message: EmailMessage, origin: Origin) -> Dated | None:
    return origin.dated(_header(message, "date"))
