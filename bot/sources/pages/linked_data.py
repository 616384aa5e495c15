"""Reads what a web page says of its article for machines (schema.org, as JSON-LD): its text, and whether anybody may read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sources.text import markup, prose

_MOST = 20_000
"""Values of one page that are looked through; what holds more is no description of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a page states of its article; a page that states nothing is open."""

    body: str = ""
    is_open: bool = True


def stated(scripts: Iterator[str]) -> Statement:
    """Return what the scripts of type `application/ld+json` say: of several bodies the longest, of several doors the closed one."""
    body, is_open = "", True
    for node in _nodes(scripts):
        text = node.get("articleBody")
        if isinstance(text, str) and len(text) > len(body):
            body = text
        if str(node.get("isAccessibleForFree", "")).rpartition("/")[2].casefold() == "false":
            is_open = False
    text = markup.plain_text(body) if markup.has_tags(body) else prose.in_paragraphs(body)
    return Statement(body=text, is_open=is_open)


def _nodes(scripts: Iterator[str]) -> Iterator[dict[str, Any]]:
    waiting = [found for script in scripts if (found := _read(script)) is not None]
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _read(script: str) -> Any:  # whatever JSON holds
    try:
        return json.loads(script.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None
