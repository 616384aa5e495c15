"""What may go wrong on the way: faults that a test queues for the next requests, and the buckets of the rate limit."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import rules


class Break(StrEnum):
    """How a connection fails."""

    RESET = "reset before anything is stored"
    LOST_REPLY = "stored, and reset before the answer"
    HANG = "no answer until the service closes"
    HANG_STORED = "stored, and no answer until the service closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: a status with its Discord code, or a broken connection."""

    status: int = 0
    code: int = 0
    message: str = ""
    retry_after: float = 0.0
    scope: str = "user"
    broken: Break | None = None
    stored: bool = False
    """An answer that says it failed although it was done."""
    errors: Mapping[str, Any] | None = None
    """The nested reasons of a 400, by path."""


RESET = Fault(broken=Break.RESET)
LOST_REPLY = Fault(broken=Break.LOST_REPLY)
HANG = Fault(broken=Break.HANG)
HANG_STORED = Fault(broken=Break.HANG_STORED)
UNAUTHORIZED = Fault(status=401, message="401: Unauthorized")
MISSING_PERMISSIONS = Fault(status=403, code=50013, message="Missing Permissions")
TITLE_TOO_LONG = Fault(
    status=400,
    code=50035,
    message="Invalid Form Body",
    errors=rules.nested([rules.Breach(("embeds", 0, "title"), "Must be 256 or fewer in length.")]),
)
SERVER_ERROR = Fault(status=500, message="500: Internal Server Error")
BAD_GATEWAY = Fault(status=502, message="502: Bad Gateway")
UNAVAILABLE = Fault(status=503, message="503: Service Unavailable")
DONE_ALL_THE_SAME = Fault(status=502, message="502: Bad Gateway", stored=True)


def too_many(retry_after: float, *, scope: str = "user") -> Fault:
    """Make the 429 that asks for a pause in seconds; scope is user, global or shared."""
    return Fault(status=429, message="You are being rate limited.", retry_after=retry_after, scope=scope)


Weather = Callable[[str, str], Fault | None]
"""Says of a request, by its method and route, what goes wrong with it."""


class Faults:
    """Queues of faults by method and route; each is used up by one request. What meets none is left to the weather."""

    def __init__(self) -> None:
        self.weather: Weather | None = None
        self._queues: dict[tuple[str, str], deque[Fault]] = defaultdict(deque)

    def add(self, method: str, template: str, *faults: Fault) -> None:
        """Let the next requests of a route fail, one fault each."""
        self._queues[method, template].extend(faults)

    def take(self, method: str, template: str) -> Fault | None:
        """Return the fault of this request, if one is queued or in the weather."""
        if queue := self._queues[method, template]:
            return queue.popleft()
        return self.weather(method, template) if self.weather else None

    def clear(self) -> None:
        """Take back what is queued; the weather stays."""
        self._queues.clear()

    def waiting(self) -> int:
        """Return how many faults have not been met yet."""
        return sum(map(len, self._queues.values()))


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests a bucket takes in a window of seconds."""

    requests: int
    window_s: float


@dataclass(slots=True)
class _Bucket:
    limit: Limit
    resets_at: float = -math.inf
    used: int = 0


class Buckets:
    """The rate limits by route and major parameter, as Discord counts them."""

    GENEROUS = Limit(1_000, 1.0)
    """Tests are not slowed down unless they ask for it."""

    def __init__(self) -> None:
        self.limits: dict[tuple[str, str], Limit] = {}
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def count(self, method: str, template: str, major: str) -> tuple[dict[str, str], float]:
        """Count a request; return the headers of its answer, and the pause in seconds when it is one too many."""
        now = time.monotonic()
        limit = self.limits.get((method, template), self.GENEROUS)
        bucket = self._buckets.setdefault((method, template, major), _Bucket(limit))
        if now >= bucket.resets_at or bucket.limit != limit:
            bucket.limit, bucket.used, bucket.resets_at = limit, 0, now + limit.window_s
        bucket.used += 1
        reset_after = bucket.resets_at - now
        headers = {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(0, limit.requests - bucket.used)),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": f"{method}:{template}",
        }
        return headers, reset_after if bucket.used > limit.requests else 0.0


def too_many_headers(fault: Fault) -> dict[str, str]:
    """Return what marks a 429 as Discord's own: without `Via` it reads as a ban."""
    headers = {"Via": "1.1 google", "Retry-After": str(math.ceil(fault.retry_after)), "X-RateLimit-Scope": fault.scope}
    return headers | ({"X-RateLimit-Global": "true"} if fault.scope == "global" else {})


def fault_body(fault: Fault) -> dict[str, Any]:
    """Return the body of a refused request."""
    body: dict[str, Any] = {"message": fault.message, "code": fault.code}
    if fault.status == 429:
        body |= {"retry_after": fault.retry_after, "global": fault.scope == "global"}
    return body | ({"errors": fault.errors} if fault.errors else {})
