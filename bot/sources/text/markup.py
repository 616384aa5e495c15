"""Turns HTML into plain text with its paragraphs, and picks the captions of its pictures out; it follows no link."""

from __future__ import annotations

import re

from bot.sources.text.prose import in_paragraphs, one_line

_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|table|blockquote|figure|img)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_LOOKS_LIKE = re.compile(r"</?[a-z][^<>]*>|<!--|&#?\w+;", re.IGNORECASE)


def _tags(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SKIPPED = _tags("head script style noscript template svg math iframe select textarea button form nav audio video")
_BLOCKS = _tags(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr li main ol p pre section table td th tr ul"
)
_LINE_ENDS = frozenset('.!?…。:”"\n')
"""What makes a line break the end of a paragraph: a whole sentence or another line break before it."""


def has_tags(text: str) -> bool:
    """Tell whether a text of unknown kind is HTML: whether it has one of the tags that texts are set with."""
    return _TAG.search(text) is not None


def plain_text(html: str) -> str:
    """Return the visible text of HTML, paragraphs parted by blank lines, without the captions of pictures."""
    return read(html)[0]


def plain_line(html: str) -> str:
    """Return the visible text of HTML as one line."""
    return one_line(plain_text(html))


def read(html: str) -> tuple[str, str]:
    """Return the visible text of HTML and the captions of its pictures, which are no part of it."""
    from lxml import etree  # type: ignore[import-untyped]  # it ships no types; only what has markup needs it

    if not _LOOKS_LIKE.search(html):
        return in_paragraphs(html), ""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(b"<body>" + html.replace("\0", "").encode("utf-8", "replace"), parser)
    text, captions = _Sheet(), _Sheet()
    sheet = text
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "start":
            if tag in _SKIPPED:
                walk.skip_subtree()
                continue
            sheet = captions if tag == "figcaption" else sheet
            sheet.begin(tag)
            sheet.write(element.text)
        else:
            sheet.end(tag)
            sheet = text if tag == "figcaption" else sheet
            sheet.write(element.tail)
    return text.paragraphs(), one_line(captions.paragraphs())


class _Sheet:
    """Paper that text is written on, run by run; white space in HTML means nothing, blocks and line breaks do."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._runs: list[str] = []
        self._last = ""

    def write(self, run: str | None) -> None:
        if run:
            self._runs.append(run)
            self._last = run.rstrip()[-1:] or self._last

    def begin(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._close()

    def end(self, tag: str) -> None:
        if tag in _BLOCKS or (tag == "br" and self._last in _LINE_ENDS):
            self._close()
        elif tag == "br":
            self.write(" ")
            self._last = "\n"

    def paragraphs(self) -> str:
        self._close()
        return "\n\n".join(self._done)

    def _close(self) -> None:
        if line := one_line("".join(self._runs)):
            self._done.append(line)
        self._runs, self._last = [], ""
