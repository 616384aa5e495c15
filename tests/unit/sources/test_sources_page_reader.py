"""Reading the page behind an article: asked under the rules of feeds, and taken only where it gives more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest
from aiohttp import web

from bot.errors import BlockedAddress, ReadingError, SourceError
from bot.model import Article, Draft, Unread
from bot.settings import Http
from bot.sources.pages.article import FullText
from bot.sources.pages.reader import FeedTextOnly, WebPageReader, chosen
from bot.sources.web.answers import Response
from bot.sources.web.http import Client
from bot.workers import Workers
from tests.unit.sources.conftest import Serve

_P = ParamSpec("_P")
_R = TypeVar("_R")

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINK = "https://news.example/talks"
TEASER = "Envoys of both sides met in the harbour hall of Busan on Monday morning …"
SENTENCES = (
    "Envoys of both sides met in the harbour hall of Busan on Monday morning to talk about the radar data.",
    "They will share what their stations see of launches, a spokesman of the ministry told reporters after the meeting.",
    "The first exchange is planned for the spring, once the engineers have agreed on the form of the messages.",
)
ARTICLE = Article(id=1, source_id=1, url=LINK, title="Radar data shared", text=TEASER, collected=NOW)
HTML = """<html><head><title>Radar data shared | News</title>{head}</head><body><nav><a href=/>Home</a></nav><article>
<h1>Radar data shared</h1>{text}</article><footer>All rights reserved</footer></body></html>"""
PAGE = HTML.format(head="", text="".join(f"<p>{sentence}</p>" for sentence in SENTENCES))


class Web(Client):
    """Pages by address; what is not there is answered with 404."""

    def __init__(self, **pages: Response | SourceError) -> None:
        super().__init__(Http())
        self.pages = {LINK: pages["page"], "https://news.example/robots.txt": pages.get("robots", page(status=404))}
        self.pages |= {"https://other.example/robots.txt": pages.get("elsewhere", page(status=404))}
        self.asked: list[str] = []

    async def get(self, url: str, headers: Mapping[str, str] | None = None, **_more: object) -> Response:
        self.asked.append(url)
        answer = self.pages[url]
        if isinstance(answer, SourceError):
            raise answer
        return answer


class Inline(Workers):
    """Workers that run in this process; the first so many take too long."""

    def __init__(self, *, late: int = 0) -> None:
        super().__init__(timeout=timedelta(seconds=1))
        self.late = late

    async def run_within(self, limit: timedelta, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        if self.late:
            self.late -= 1
            raise ReadingError(f"it took longer than {limit.total_seconds():g} s and was given up.")
        return function(*args, **kwargs)


def page(body: str | bytes = PAGE, *, status: int = 200, kind: str = "text/html; charset=utf-8", url: str = LINK) -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response(status=status, headers={"content-type": kind} if kind else {}, body=raw, url=url)


async def read(site: Web, *, article: Article = ARTICLE, late: int = 0) -> Draft | Unread:
    return await WebPageReader(site, Inline(late=late), clock=lambda: NOW).read(article)


async def reason(site: Web, *, late: int = 0) -> str:
    found = await read(site, late=late)
    assert isinstance(found, Unread)
    return found.reason + (", again" if found.again else "")


async def test_a_page_gives_the_whole_text() -> None:
    """What is read is the article of the page under the feed's title, with nothing that surrounds it."""
    site = Web(page=page())

    found = await read(site)

    assert found == Draft(title="Radar data shared", text="\n\n".join(SENTENCES))
    assert site.asked == ["https://news.example/robots.txt", LINK]


async def test_a_title_taken_from_a_teaser_is_taken_from_the_whole_text() -> None:
    """An article that its feed gives no title gets its headline from its text, as everywhere."""
    article = Article(id=1, source_id=1, url=LINK, title=TEASER, text=TEASER, collected=NOW, headless=True)

    found = await read(Web(page=page()), article=article)

    assert isinstance(found, Draft)
    assert found.headless
    assert SENTENCES[0].startswith(found.title.rstrip("…"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(status=401), "the page asks for a log-in"),
        (page(status=402), "the page is behind a paywall"),
        (page(status=403), "the site does not let bots read the page"),
        (page(status=404), "the page is not there"),
        (page(status=410), "the page is gone"),
        (page(status=429), "the site wants to be left alone for a while"),
        (page(status=503), "the site wants to be left alone for a while"),
        (page(status=500), "the site has a fault of its own, again"),
        (page(status=406), "the link leads to no page with a text"),
        (page(kind="application/pdf"), "the link leads to no page with a text"),
        (page("%PDF", kind=""), "the link leads to no page with a text"),
        (page("<p>x" * 1_000_001), "its page is too large to read"),
        (SourceError("busy", retry_after=timedelta(hours=1)), "the site wants to be left alone for a while"),
        (SourceError("offers no secure connection"), "the link leads to no page with a text"),
        (page(""), "no article stands out on its page"),
        (page("<html><body><script>x()</script></body></html>"), "no article stands out on its page"),
        (SourceError("no answer", unreachable=True), "its page could not be reached, again"),
        (BlockedAddress("private"), "the link leads to an address that is not public"),
    ],
)
async def test_a_page_that_cannot_be_read_is_told_in_words(answer: Response | SourceError, expected: str) -> None:
    """Every way in which a page is no page has words for the card, and only what may pass is tried again."""
    assert await reason(Web(page=answer)) == expected


async def test_a_page_of_no_stated_kind_is_known_by_its_first_sign() -> None:
    """What begins with a tag is a page, if nothing says otherwise."""
    assert isinstance(await read(Web(page=page(kind=""))), Draft)


async def test_a_page_is_read_in_its_own_charset() -> None:
    """What HTTP says of the charset holds, then what the page says of itself."""
    spanish = "El ministro Núñez habló en la reunión de Córdoba sobre el año próximo. " * 8
    body = HTML.format(head="", text=f"<p>{spanish}</p>").encode("latin-1")
    article = Article(id=1, source_id=1, url=LINK, title="Reunión", text="El ministro Núñez habló …", collected=NOW)

    found = await read(Web(page=page(body, kind="text/html; charset=iso-8859-1")), article=article)

    assert isinstance(found, Draft)
    assert found.text.startswith("El ministro Núñez habló en la reunión de Córdoba")


async def test_a_site_that_asks_bots_to_stay_away_is_left_alone() -> None:
    """A page that robots.txt refuses is not asked for."""
    site = Web(page=page(), robots=page("User-agent: *\nDisallow: /", kind="text/plain"))

    assert await reason(site) == "the site asks bots not to read the page (robots.txt)"
    assert LINK not in site.asked


async def test_a_site_that_cannot_say_is_asked_again() -> None:
    """While robots.txt is broken nothing may be read, which may pass."""
    expected = "the site cannot say whether bots may read the page (robots.txt), again"

    assert await reason(Web(page=page(), robots=page(status=500))) == expected


async def test_a_redirect_to_another_site_is_read_by_the_rules_of_that_site() -> None:
    """What a redirect leads to is not read where its own site refuses that."""
    elsewhere = page("User-agent: *\nDisallow: /", kind="text/plain")
    site = Web(page=page(url="https://other.example/talks"), elsewhere=elsewhere)

    assert await reason(site) == "the site asks bots not to read the page (robots.txt)"


async def test_a_page_that_takes_too_long_is_read_more_quickly() -> None:
    """What runs out of time is read again by the quick way; if that fails too, the article goes on without."""
    quick = await read(Web(page=page()), late=1)

    assert isinstance(quick, Draft)
    assert set(SENTENCES) <= set(quick.text.split("\n\n"))
    assert await reason(Web(page=page()), late=2) == "its page took too long to read"


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">[{"@graph": [{"isAccessibleForFree": "False"}]}];</script>',
        '<meta property="article:content_tier" content="locked">',
    ],
)
async def test_the_open_part_of_a_closed_page_is_no_whole(head: str) -> None:
    """A page that says it is closed gives what it shows, and the card says that there is more."""
    found = await read(Web(page=page(PAGE.replace("</head>", f"{head}</head>"))))

    assert isinstance(found, Draft)
    assert found.excerpt == "the rest of the page is behind a paywall"


def extract(text: str, *, is_open: bool = True) -> FullText:
    return FullText(draft=Draft(title="Radar data shared", text=text) if text else None, is_open=is_open)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (extract(TEASER + " Read on."), "its page shows no more than the feed"),
        (extract(TEASER + " Read on.", is_open=False), "the page is behind a paywall"),
        (
            extract("We value your privacy. Accept all cookies to go on. " * 20),
            "its page shows something else, such as a request to log in",
        ),
        (extract("Subscribe now to go on reading this story. " * 20, is_open=False), "the page is behind a paywall"),
        (extract(""), "no article stands out on its page"),
    ],
)
def test_a_page_that_gives_nothing_more_is_not_taken(found: FullText, expected: str) -> None:
    """A page must say more than the feed, and speak of the same."""
    assert chosen(ARTICLE, found) == Unread(reason=expected)


def test_a_script_without_spaces_is_compared_by_pairs_of_characters() -> None:
    """What a page has in common with a teaser shows in Japanese, too."""
    article = Article(id=1, source_id=1, title="釜山で会談", text="両国の代表が月曜日、釜山で会談した。", collected=NOW)
    whole = "両国の代表が月曜日の朝、釜山の港で会談した。レーダーの情報を共有することで合意した。" * 2

    same = chosen(article, extract(whole))
    other = chosen(article, extract("このサイトはクッキーを使用しています。同意してください。" * 3))

    assert (isinstance(same, Draft), isinstance(other, Unread)) == (True, True)


async def test_an_operator_who_wants_no_pages_gets_the_words_of_the_feed() -> None:
    """Where pages are switched off, the reason is the feed's own, or that it gives only a part."""
    marked = Article(id=1, source_id=1, title="A", text="b", collected=NOW, excerpt="the feed gives only a teaser")

    assert await FeedTextOnly().read(marked) == Unread(reason="the feed gives only a teaser")
    assert await FeedTextOnly().read(ARTICLE) == Unread(reason="the feed gives only a part")


async def test_a_real_site_is_read_by_a_real_process(serve: Serve) -> None:
    """From the socket to the text: asked over HTTP, extracted in a process of its own."""

    async def handler(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /private\n")
        return web.Response(text=PAGE, content_type="text/html")

    server = await serve(handler)
    workers = Workers(timeout=timedelta(seconds=60))
    article = Article(
        id=1, source_id=1, url=str(server.make_url("/talks")), title="Radar data shared", text=TEASER, collected=NOW
    )

    try:
        async with Client(Http(allow_hosts=(f"127.0.0.1:{server.port}",))) as client:
            found = await WebPageReader(client, workers, clock=lambda: NOW, limit=timedelta(seconds=60)).read(article)
    finally:
        workers.close()

    assert found == Draft(title="Radar data shared", text="\n\n".join(SENTENCES))


async def test_a_page_made_to_keep_the_bot_busy_ends_at_the_limit() -> None:
    """A page that takes a reader far longer than its limit costs one process, and the quick way still reads it."""
    hostile = page(PAGE.replace("<footer>", "<form><input>" * 150_000))
    workers = Workers(timeout=timedelta(seconds=60))
    reader = WebPageReader(
        Web(page=hostile), workers, clock=lambda: NOW, limit=timedelta(seconds=1), short_limit=timedelta(seconds=60)
    )

    try:
        found = await reader.read(ARTICLE)
    finally:
        workers.close()

    assert isinstance(found, Draft)
    assert SENTENCES[0] in found.text
