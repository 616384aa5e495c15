"""Asks the robots.txt of a site whether a page may be read (RFC 9309), and remembers the answer for a while.

The standard library takes the first rule instead of the longest and knows no wildcards, and rules turned into regular
expressions can be written so that matching never ends; here it is linear.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from urllib.parse import quote, urlsplit

import structlog

from bot.errors import BlockedAddress, SourceError
from bot.ports import Clock
from bot.sources.web.http import Client

AGENT = "sitrep"
"""The name by which a site can address the bot: the first part of its User-Agent."""

_KEPT = timedelta(hours=24)
_KEPT_UNKNOWN = timedelta(minutes=10)
_SITES = 500
_MOST_BYTES = 512_000
"""A longer file is read so far (section 2.5)."""
_MOST_RULES = 5_000

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")

log = structlog.get_logger(__name__)


class Permission(Enum):
    """Whether a page may be read; where a site cannot say, nobody knows."""

    GIVEN = auto()
    REFUSED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line that allows or disallows the paths it matches."""

    pattern: str
    allows: bool


Rules = tuple[Rule, ...]


def read_rules(text: str, agent: str = AGENT) -> Rules:
    """Return the rules of a robots.txt that concern an agent: those of its own groups, else those for everybody."""
    groups: dict[str, list[Rule]] = {}
    agents: list[str] = []
    is_open = False
    for line in text.lstrip("\ufeff").splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().casefold(), value.strip()
        if name == "user-agent":
            agents = agents if is_open else []
            is_open = True
            if token := _TOKEN.match(value):
                agents.append(token[0].casefold())
                groups.setdefault(token[0].casefold(), [])
        elif name in {"allow", "disallow"}:
            is_open = False
            if value:
                rule = Rule(pattern=_normal(value), allows=name == "allow")
                for one in agents:
                    groups[one].append(rule)
    return tuple(groups.get(agent, groups.get("*", []))[:_MOST_RULES])


def is_allowed(rules: Iterable[Rule], url: str) -> bool:
    """Tell what rules say of an address: the longest that matches decides, and of two as long the one that allows."""
    parts = urlsplit(url)
    path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    if path == "/robots.txt":
        return True
    found = [(len(rule.pattern), rule.allows) for rule in rules if _matches(rule.pattern, path)]
    return max(found, default=(0, True))[1]


def _normal(path: str) -> str:
    """Write a path in one way: escaped where it must be, and only there (section 2.2.2)."""

    def written(found: re.Match[str]) -> str:
        plain = chr(int(found[1], 16))
        return plain if plain in _PLAIN else found[0].upper()

    return _ESCAPE.sub(written, quote(path, safe="%/*$?&=:@!'(),;+~#[]"))


def _matches(pattern: str, path: str) -> bool:
    """Tell whether a path begins as a pattern says; `*` stands for anything, and a `$` at the end for the end."""
    whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return at == len(path) or not whole
    for part in others[:-1]:  # each as early as it comes leaves the most room for the next
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    last = others[-1]
    return path.endswith(last) and len(path) - len(last) >= at if whole else path.find(last, at) >= 0


@dataclass(slots=True)
class _Site:
    """What a site has answered, and until when that holds; None says that it could not answer."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    until: datetime | None = None


class Robots:
    """Knows what the sites that were asked lately let the bot read."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def permission(self, url: str) -> Permission:
        """Ask the site of an address whether the bot may read it; once a day, or soon again if it could not answer.

        Raises:
            BlockedAddress: the site is not for a bot to ask.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".casefold()
        site = self._sites.setdefault(origin, _Site())
        self._sites.move_to_end(origin)
        async with site.lock:
            if site.until is None or site.until <= self._clock():
                site.rules = await self._ask(origin)
                site.until = self._clock() + (_KEPT_UNKNOWN if site.rules is None else _KEPT)
        self._forget()
        if site.rules is None:
            return Permission.UNKNOWN
        return Permission.GIVEN if is_allowed(site.rules, url) else Permission.REFUSED

    async def _ask(self, origin: str) -> Rules | None:
        """Fetch the rules of a site: where there are none all is allowed, where it is broken nobody knows (section 2.3.1)."""
        try:
            answer = await self._client.get(f"{origin}/robots.txt", {"Accept": "text/plain, */*;q=0.1"})
        except BlockedAddress:
            raise
        except SourceError as error:
            log.info("no robots.txt", site=origin, reason=str(error))
            return None
        if answer.status == 429 or answer.status >= 500:
            return None
        if not 200 <= answer.status < 300:
            return ()
        return read_rules(answer.body[:_MOST_BYTES].decode("utf-8", "replace"))

    def _forget(self) -> None:
        """Let go of the sites that were asked for longest ago, beyond a number."""
        while len(self._sites) > _SITES:
            self._sites.popitem(last=False)
