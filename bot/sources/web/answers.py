"""What a server answered, and what an answer says beside its body: a pause it asks for, a guard that stands before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = timedelta(hours=24)

_GUARD_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("server", "ddos-guard", "DDoS-Guard"),
)
"""A header, a word in its value, and whose challenge it shows."""

_GUARD_WORDS = (
    (b"<title>just a moment...", "Cloudflare"),
    (b"/cdn-cgi/challenge-platform/", "Cloudflare"),
    (b"attention required! | cloudflare", "Cloudflare"),
    (b"_incapsula_resource", "Imperva"),
    (b"/.well-known/sgcaptcha/", "SiteGround"),
    (b"sucuri website firewall", "Sucuri"),
    (b"captcha-delivery.com", "DataDome"),
    (b"making sure you&#39;re not a bot", "Anubis"),
    (b"making sure you're not a bot", "Anubis"),
    (b"px-captcha", "HUMAN"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect: its status, and from where to where."""

    status: int
    origin: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server answered; header names are in small letters, the body is unpacked.

    The body is whole where the status is 2xx; of a refusal it is the beginning of its page, else nothing.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    """The address that answered, after all redirects."""
    hops: tuple[Hop, ...] = ()


def challenger(response: Response) -> str:
    """Return who stands before a server and wants a proof of being human; empty where nobody does."""
    for header, word, name in _GUARD_HEADERS:
        if header in response.headers and word in response.headers[header].lower():
            return name
    start = response.body[:32_768].lower()
    return next((name for words, name in _GUARD_WORDS if words in start), "")


def pause_asked(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After, which is seconds or a date by the server's own clock (RFC 9110, section 10.2.3); a day at most."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal():
        return min(timedelta(seconds=int(given[:9])), LONGEST_PAUSE)
    until, server_now = http_date(given), http_date(headers.get("date", "")) or now
    return max(timedelta(), min(until - server_now, LONGEST_PAUSE)) if until else None


def http_date(value: str) -> datetime | None:
    """Read a date of HTTP, in UTC; None if it is none, or names no zone."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
