"""Reads the page behind an article of which its feed gives only a part: asked politely, extracted in a worker process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.errors import BlockedAddress, ReadingError, SourceError
from bot.model import Article, Draft, Unread, now_utc
from bot.ports import Clock
from bot.sources.pages.article import FullText, read_full, read_full_quickly
from bot.sources.web.answers import Response
from bot.sources.web.http import Client
from bot.sources.web.robots import Permission, Robots
from bot.workers import Workers

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})

LIMIT = timedelta(seconds=10)
SHORT_LIMIT = timedelta(seconds=3)
"""What took longer than the limit is read again, more quickly, by a fresh process."""

MAX_BYTES = 4_000_000
"""Bytes of a page that is read: pages of news have some 200,000, and what reads them needs a hundred times as much memory."""

HARDLY = 1.2
"""A page whose text is no longer than this, measured by the feed's, gives nothing that the feed does not."""
_KIN = 0.3
"""A page that has fewer of the feed's words shows something else."""

_ALONE = Unread(reason="the site wants to be left alone for a while")
_REFUSALS: Mapping[int, Unread] = {
    401: Unread(reason="the page asks for a log-in"),
    402: Unread(reason="the page is behind a paywall"),
    403: Unread(reason="the site does not let bots read the page"),
    404: Unread(reason="the page is not there"),
    410: Unread(reason="the page is gone"),
    429: _ALONE,
    451: Unread(reason="the page is not to be had from here"),
    503: _ALONE,
}
_FAULT = Unread(reason="the site has a fault of its own", again=True)
_NO_ANSWER = Unread(reason="its page could not be reached", again=True)
_NO_PAGE = Unread(reason="the link leads to no page with a text")
_FORBIDDEN = Unread(reason="the site asks bots not to read the page (robots.txt)")
_CANNOT_SAY = Unread(reason="the site cannot say whether bots may read the page (robots.txt)", again=True)
_BLOCKED = Unread(reason="the link leads to an address that is not public")
_TOO_LARGE = Unread(reason="its page is too large to read")
_TOO_LONG = Unread(reason="its page took too long to read")
_NO_TEXT = Unread(reason="no article stands out on its page")
_ELSE = Unread(reason="its page shows something else, such as a request to log in")
_WALL = Unread(reason="the page is behind a paywall")
_NO_MORE = Unread(reason="its page shows no more than the feed")
_OPEN_PART = "the rest of the page is behind a paywall"

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = "\u2e80"
"""From here on are the scripts that put no spaces between words."""

log = structlog.get_logger(__name__)


class WebPageReader:
    """Reads pages under the rules by which feeds are read (the protocol `ports.PageReader`)."""

    def __init__(
        self,
        client: Client,
        workers: Workers,
        *,
        clock: Clock = now_utc,
        limit: timedelta = LIMIT,
        short_limit: timedelta = SHORT_LIMIT,
    ) -> None:
        self._client = client
        self._workers = workers
        self._clock = clock
        self._limit = limit
        self._short_limit = short_limit
        self._robots = Robots(client, clock)

    async def read(self, article: Article) -> Draft | Unread:
        """Return the article with the text of its page, or why that gives no more than is known."""
        try:
            answer = await self._fetched(article.url)
        except BlockedAddress:
            return _BLOCKED
        except SourceError as error:
            log.info("no page", article=article.id, reason=str(error))
            return _ALONE if error.retry_after else _NO_ANSWER if error.unreachable else _NO_PAGE
        if isinstance(answer, Unread):
            return answer
        try:
            return chosen(article, await self._extracted(answer, "" if article.headless else article.title))
        except ReadingError as error:
            log.warning("page cannot be read", article=article.id, reason=str(error))
            return _TOO_LONG

    async def _fetched(self, url: str) -> Response | Unread:
        if refused := await self._refused(url):
            return refused
        answer = await self._client.get(url, {"Accept": _ACCEPT})
        if answer.status != 200:
            return _REFUSALS.get(answer.status, _FAULT if answer.status >= 500 else _NO_PAGE)
        if not _is_page(answer):
            return _NO_PAGE
        if len(answer.body) > MAX_BYTES:
            return _TOO_LARGE
        # A redirect may have led to another site, whose own rules hold there.
        return await self._refused(answer.url) or answer

    async def _refused(self, url: str) -> Unread | None:
        match await self._robots.permission(url):
            case Permission.GIVEN:
                return None
            case Permission.REFUSED:
                return _FORBIDDEN
            case Permission.UNKNOWN:
                return _CANNOT_SAY

    async def _extracted(self, answer: Response, title: str) -> FullText:
        content_type = answer.headers.get("content-type", "")
        now = self._clock()
        try:
            return await self._workers.run_within(
                self._limit, read_full, answer.body, content_type=content_type, title=title, now=now
            )
        except ReadingError as error:
            log.info("page read quickly", address=answer.url, reason=str(error))
        return await self._workers.run_within(
            self._short_limit, read_full_quickly, answer.body, content_type=content_type, title=title, now=now
        )


class FeedTextOnly:
    """Reads no pages, where the operator wants none read (the protocol `ports.PageReader`)."""

    async def read(self, article: Article) -> Draft | Unread:
        """Say what the feed gave."""
        return Unread(reason=article.excerpt or "the feed gives only a part")


def chosen(article: Article, found: FullText) -> Draft | Unread:
    """Decide whether a page gives more of an article than its feed, and whether that is the whole."""
    draft = found.draft
    if draft is None:
        return _NO_TEXT
    if not _is_kin(article, draft):
        return _ELSE if found.is_open else _WALL
    if len(draft.text) <= HARDLY * len(article.text):
        return _NO_MORE if found.is_open else _WALL
    return draft if found.is_open else replace(draft, excerpt=_OPEN_PART)


def _is_kin(article: Article, draft: Draft) -> bool:
    """Tell whether a page is about what the feed is: a consent form or a log-in shares no words with it."""
    given = _words(f"{article.title} {article.text}")
    return not given or len(given & _words(f"{draft.caption} {draft.text}")) >= _KIN * len(given)


def _words(text: str) -> set[str]:
    """Return the words of a text that say something, or pairs of characters where a script has no spaces."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if word[0] >= _UNSPACED:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) > 3:
            found.add(word)
    return found


def _is_page(answer: Response) -> bool:
    stated = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return stated in _PAGES or (not stated and answer.body.lstrip()[:1] == b"<")
