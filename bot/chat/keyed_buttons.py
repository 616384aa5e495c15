"""Buttons under what is not settled yet: each carries the key of what it is for, which the store keeps for a day."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

import discord

KEY = r"(?P<key>[0-9a-f]{16})"
"""The key in the custom id of such a button."""


class KeyedButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=KEY):
    """A button whose custom id is its `action` and a key, so that it works after a restart."""

    action: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle]

    def __init__(self, key: str) -> None:
        super().__init__(discord.ui.Button(label=self.label, style=self.style, custom_id=f"{self.action}:{key}"))
        self.key = key

    @classmethod
    async def from_custom_id(
        cls, _asked: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what it carries."""
        return cls(match["key"])
