"""Discord's limits on a message, counted anew and apart from the code: numbers from Discord's documentation of messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


def faults_of_embed(embed: Mapping[str, Any]) -> list[str]:
    """Name every limit that an embed breaks; none for one that Discord accepts."""
    fields: Sequence[Mapping[str, Any]] = embed.get("fields", [])
    author, footer = embed.get("author", {}).get("name", ""), embed.get("footer", {}).get("text", "")
    title, description = embed.get("title", ""), embed.get("description", "")
    texts = [title, description, author, footer, *(field[part] for field in fields for part in ("name", "value"))]
    checks = {
        "title": len(title) <= 256,
        "description": len(description) <= 4096,
        "author": len(author) <= 256,
        "footer": len(footer) <= 2048,
        "fields": len(fields) <= 25,
        "field name": all(len(field["name"].strip(" \n")) > 0 and len(field["name"]) <= 256 for field in fields),
        "field value": all(len(field["value"].strip(" \n")) > 0 and len(field["value"]) <= 1024 for field in fields),
        "total": sum(map(len, texts)) <= 6000,
        "colour": 0 <= embed.get("color", 0) <= 0xFFFFFF,
        "url": re.fullmatch(r"https?://[!-~]+", embed.get("url", "https://x")) is not None,
        "empty": any(texts),
        "encoding": all(text.encode("utf-8", "replace") == text.encode("utf-8", "ignore") for text in texts),
    }
    return [name for name, kept in checks.items() if not kept]


def faults_of_message(message: Mapping[str, Any]) -> list[str]:
    """Name every limit that the body of a message breaks."""
    controls = [control for row in message.get("components", []) for control in row["components"]]
    buttons = [control for control in controls if control["type"] == 2]
    options = [option for control in controls for option in control.get("options", [])]
    ids = [control["custom_id"] for control in controls if control.get("custom_id")]
    checks = {
        "content": len(message.get("content") or "") <= 2000,
        "rows": len(message.get("components", [])) <= 5
        and all(len(row["components"]) <= 5 for row in message.get("components", [])),
        "label": all(0 < len(button["label"]) <= 80 for button in buttons),
        "options": all(len(control.get("options", [])) <= 25 for control in controls)
        and all(0 < len(option["label"]) <= 100 and len(option["value"]) <= 100 for option in options)
        and all(len(option.get("description") or "") <= 100 for option in options),
        "custom_id": all(len(one) <= 100 for one in ids) and len(set(ids)) == len(ids),
        "link": all(re.fullmatch(r"https?://[!-~]{1,504}", button["url"]) for button in buttons if button.get("url")),
        "nonce": len(str(message.get("nonce", ""))) <= 25,
        "empty": bool(message.get("content") or message.get("embeds")),
    }
    faults = [fault for embed in message.get("embeds", []) for fault in faults_of_embed(embed)]
    return faults + [name for name, kept in checks.items() if not kept]
