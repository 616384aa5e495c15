"""Reads queries as each server means them: over the catalogue with what that server has changed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.matching.queries.names import Names
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.overrides import catalogue_of, changed_actors, widening
from bot.model import CONFIG_SERVER, Catalogue, Rules, Understood
from bot.ports import Understand

_KEPT = 100
"""Readers of queries are kept for so many servers."""


class Meanings:
    """Makes readers of queries (the protocol `ports.Meanings`)."""

    def __init__(self, *, searches: bool = False) -> None:
        self._searches = searches
        self._number: int | None = None
        self._shared = Catalogue()
        self._names = Names(self._shared)
        self._kept: OrderedDict[int, Interpreter] = OrderedDict()

    def catalogue(self, rules: Rules, server: int) -> Catalogue:
        """Return the actors and topics that a server can watch, as it has them."""
        return catalogue_of(rules, server)

    def understand(self, rules: Rules, server: int, *, author: int | None = None) -> Understand:
        """Return what reads queries by the names that their author has, by default the server itself, and looks as the server does."""
        interpret = self.interpreter(rules, server if author is None else author)
        widen = widening(rules, server)

        def understand(text: str) -> Understood:
            understood = interpret(text)
            return replace(understood, sought=widen(understood.query))

        return understand

    def interpreter(self, rules: Rules, author: int) -> Interpreter:
        """Return what reads queries by the names that a server has, where nobody looks for candidates."""
        if rules.number != self._number:
            self._number = rules.number
            self._shared = catalogue_of(rules, CONFIG_SERVER)
            self._names = Names(self._shared)
            self._kept.clear()
        overrides = () if author == CONFIG_SERVER else rules.overrides_of(author)
        key = author if overrides else CONFIG_SERVER
        interpreter = self._kept.pop(key, None)
        if interpreter is None:
            names = self._names.laid_over(changed_actors(self._shared, overrides)) if overrides else self._names
            interpreter = Interpreter(self._shared, searches=self._searches, names=names)
        self._kept[key] = interpreter
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return interpreter
