"""Reads a Markdown file: its front matter, the heading that is its title, and its text without the signs."""

from __future__ import annotations

import re

from bot.sources.folders.origin import Origin, Parts
from bot.sources.text import markup
from bot.sources.text.drafts import compose

_FRONT_MATTER = re.compile(r"\s*---[^\S\n]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(?P<level>#{1,6})[^\S\n]+(?P<atx>[^\n]+)$|^(?P<setext>\S[^\n]*)\n=+[^\S\n]*$", re.MULTILINE)
_NAME = re.compile(r"\s*\{[#.][^{}\n]{0,100}\}\s*$")
"""Of a heading, for links that lead to it."""
_WORD = re.compile(r"\w+")
_SIGNS = (
    (re.compile(r"^(?:```|~~~)[^\n]*$|^[^\S\n]*(?:[-*_][^\S\n]*){3,}$|^=+$", re.MULTILINE), ""),  # fences, rules
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^)\n]{0,2000}\)"), ""),  # pictures
    (re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\[\]\n]{0,500}\])"), r"\1"),  # links
    (re.compile(r"^#{1,6}[^\S\n]+([^\n]+)$", re.MULTILINE), "\n\\1\n"),  # headings
    (re.compile(r"^[^\S\n]*[-*+][^\S\n]+", re.MULTILINE), "\n"),  # lists
    (re.compile(r"^[^\S\n]*>[^\S\n]?", re.MULTILINE), ""),  # quotes
    (re.compile(r"(\*\*|__|`)(?=\S)([^\n]{1,500}?)(?<=\S)\1"), r"\2"),  # bold, code
    (re.compile(r"(?<![\w*])([*_])(?=\S)([^\n*_]+?)(?<=\S)\1(?![\w*])"), r"\2"),  # italics
)


def read_markdown(text: str, origin: Origin) -> Parts:
    """Yield the article of a Markdown file; its title is in the front matter, or it is the heading at the top."""
    body = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(body)
    fields = _fields(front["fields"]) if front else {}
    body = body[front.end() :] if front else body
    heading, below = _heading(body)
    title = _plain(fields.get("title", ""))
    if not title or _words(title) == _words(heading):
        title, body = title or heading, below
    draft = compose(
        guid=fields.get("id", ""),
        url=fields.get("url") or fields.get("link", ""),
        title=title,
        text=markup.plain_text(_plain(body)) if markup.has_tags(body) else _plain(body),
        published=origin.dated(fields.get("date") or fields.get("published", "")),
    )
    yield draft or origin.problem("has no text in it")


def _fields(front_matter: str) -> dict[str, str]:
    """Read simple `key: value` lines; what is nested, a list or goes over several lines is left alone."""
    pairs = (line.partition(":") for line in front_matter.split("\n") if line[:1].isalpha())
    return {key.strip().lower(): _value(value.strip()) for key, _, value in pairs}


def _value(written: str) -> str:
    if written[:1] in {"|", ">"}:
        return ""
    return written.strip("'").replace("''", "'") if written[:1] == "'" else written.strip('"')


def _heading(body: str) -> tuple[str, str]:
    """Return the heading that names the whole, of the first level or above all text, and the text without it."""
    found = _HEADING.search(body)
    if found is None or (found["level"] not in {None, "#"} and body[: found.start()].strip()):
        return "", body
    return _plain(_NAME.sub("", found["atx"] or found["setext"]).rstrip(" #")), body[: found.start()] + body[found.end() :]


def _words(line: str) -> list[str]:
    """Return what tells two titles apart: neither capitals nor signs do."""
    return _WORD.findall(line.casefold())


def _plain(text: str) -> str:
    for sign, meaning in _SIGNS:
        text = sign.sub(meaning, text)
    return text.strip()
