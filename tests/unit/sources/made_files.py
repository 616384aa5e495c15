"""Files of each kind, made here and nowhere taken from."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from io import BytesIO

import docx

TITLE = "Radar data shared"
LONG = "The two countries agreed to share their radar data within a month. " * 4
TEXT = f"{LONG.strip()}\n\nEnvoys will sign it in the harbour hall of Busan."
PAGE = (
    "<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p>"
    "<p>Envoys will sign it in the harbour hall of Busan.</p></article></body></html>"
)


def page(title: str = TITLE) -> bytes:
    """Make a web page with an article."""
    return PAGE.format(title=title, text=LONG).encode()


def pdf(pages: Sequence[Sequence[str]], *, info: Mapping[str, str] | None = None, locked: bool = False) -> bytes:
    """Make a PDF file with lines of text (ISO 32000-1, section 7.5); a locked one wants a password that nobody has."""
    fonts = "/Resources << /Font << /F1 3 0 R >> >>"
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    facts = " ".join(f"/{key} ({value})" for key, value in (info or {}).items())
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {facts} >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
        stream = f"BT /F1 11 Tf 40 740 Td {shown}ET"
        parts.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {fonts} /Contents {6 + 2 * number} 0 R >>")
        parts.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    key = f"<{'00' * 32}>"
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >> /ID [{key} {key}] " if locked else ""
    body = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R /Info 4 0 R {lock}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def word(paragraphs: Sequence[str], *, title: str = "", cells: Sequence[str] = ()) -> bytes:
    """Make a Word document."""
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        for cell, text in zip(document.add_table(1, len(cells)).rows[0].cells, cells, strict=True):
            cell.text = text
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def warc(answers: Sequence[tuple[str, str, bytes]], *, packed: bool = False, status: str = "200 OK") -> bytes:
    """Make a web archive of answers: address, type and body (ISO 28500, section 5 and 6.3)."""
    records: list[bytes] = []
    for url, kind, body in answers:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(records):012}>\r\n"
            f"WARC-Date: 2024-02-29T09:30:00Z\r\nWARC-Target-URI: {url}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        records.append(gzip.compress(record, mtime=0) if packed else record)
    return b"".join(records)


MAIL = b"""\
From: =?utf-8?q?Mori_Aki?= <mori@ministry.example>
To: desk@news.example
Subject: =?utf-8?b?UmFkYXIgZGF0YSBzaGFyZWQ=?=
Date: Thu, 29 Feb 2024 18:30:00 +0900
Message-ID: <1@ministry.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

The two countries agreed to share their radar data. It is caf=C3=A9 talk.
--inner
Content-Type: text/html; charset=utf-8

<p>The two countries <b>agreed</b>.</p>
--inner--
--outer
Content-Type: application/pdf
Content-Disposition: attachment; filename="annex.pdf"
Content-Transfer-Encoding: base64

AAAA
--outer--
"""


def bomb(size: int) -> bytes:
    """Make a gzip file that unpacks to so many spaces."""
    return gzip.compress(b" " * size)


def rss(*entries: tuple[str, str, str]) -> bytes:
    """Return a feed of entries with guid, title and text, the newest first, as feeds are."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><description>{text}</description></item>"
        for guid, title, text in entries
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()
