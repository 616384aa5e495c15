"""What sites let bots read: their rules as RFC 9309 has them, asked for once and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress, SourceError
from bot.settings import Http
from bot.sources.web.answers import Response
from bot.sources.web.http import Client
from bot.sources.web.robots import Permission, Robots, is_allowed, read_rules

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = "https://news.example/talks/1?print=no"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("", "/a", True, id="nothing"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="everybody"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty rule is none"),
        pytest.param("User-agent: Sitrep/2.0\nDisallow: /a", "/a", False, id="by name and version"),
        pytest.param("User-agent: sitrep\nDisallow: /a", "/a/b", False, id="a prefix"),
        pytest.param("User-agent: other\nDisallow: /", "/a", True, id="another bot"),
        pytest.param("User-agent: *\nDisallow: /\nUser-agent: Sitrep\nAllow: /", "/a", True, id="its own group alone"),
        pytest.param(
            "User-agent: sitrep\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: sitrep\nDisallow: /c",
            "/c",
            False,
            id="groups of one name are one",
        ),
        pytest.param("User-agent: x\nUser-agent: sitrep\n\nDisallow: /a", "/a", False, id="a group of two"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True, id="the longest decides"),
        pytest.param("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True, id="of two as long the one that allows"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False, id="a wildcard and an end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True, id="not the end"),
        pytest.param("User-agent: *\nDisallow: /a$", "/ab", True, id="only the end"),
        pytest.param("User-agent: *\nDisallow: /*print=", "/a?print=yes", False, id="the query counts"),
        pytest.param("User-agent: *\nDisallow: /a*b*c", "/axbxc", False, id="several wildcards"),
        pytest.param("User-agent: *\nDisallow: /a*b*c", "/axcxb", True, id="in their order"),
        pytest.param("User-agent: *\nDisallow: /a*b$", "/ab/ab", False, id="the last may come again"),
        pytest.param("User-agent: *\nDisallow: /ab*b$", "/ab", True, id="nothing counts twice"),
        pytest.param("User-agent: *\nDisallow: /caf%c3%a9", "/café", False, id="escaped"),
        pytest.param("User-agent: *\nDisallow: /%61", "/a", False, id="escaped without need"),
        pytest.param("User-agent: *\nDisallow: /a%2fb", "/a/b", True, id="an escaped slash is none"),
        pytest.param("User-agent: * # all\nDisallow: /a # this", "/a", False, id="comments"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False, id="a mark and foreign line ends"),
        pytest.param("Disallow: /a", "/a", True, id="a rule of no group"),
        pytest.param("User-agent: *\nSitemap: /s\nDisallow: /a", "/a", False, id="lines of other kinds"),
        pytest.param("User-agent: *\nDisallow: /", "/robots.txt", True, id="the file itself"),
        pytest.param("<html>no such page</html>", "/a", True, id="something else"),
    ],
)
def test_the_rules_of_a_site_say_what_may_be_read(text: str, path: str, expected: bool) -> None:
    """A path is allowed as RFC 9309 has it, whatever the order of the rules."""
    assert is_allowed(read_rules(text), f"https://a.example{path}") is expected


@given(st.text(), st.text(alphabet="ab*$/%?", max_size=40))
def test_no_rules_and_no_path_can_break_the_matching(text: str, pattern: str) -> None:
    """Whatever a site writes, the answer is yes or no."""
    rules = read_rules(f"User-agent: *\nDisallow: /{pattern}\n{text}")

    assert is_allowed(rules, f"https://a.example/{pattern}") in {True, False}


def test_a_rule_made_to_keep_the_bot_busy_does_not() -> None:
    """Hundreds of wildcards against a long path are matched in one go through it."""
    rules = read_rules("User-agent: *\nDisallow: /" + "*a" * 500 + "*b$")

    assert is_allowed(rules, "https://a.example/" + "a" * 4000)


class Site(Client):
    """A site that answers for its robots.txt, and counts how often it is asked."""

    def __init__(self, answer: Response | SourceError) -> None:
        super().__init__(Http())
        self.answer = answer
        self.asked: list[str] = []

    async def get(self, url: str, headers: Mapping[str, str] | None = None, **_more: object) -> Response:
        self.asked.append(url)
        await asyncio.sleep(0)
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


def says(status: int, text: str = "") -> Response:
    return Response(status=status, headers={}, body=text.encode(), url="https://news.example/robots.txt")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(says(200, "User-agent: *\nDisallow: /talks"), Permission.REFUSED, id="refused"),
        pytest.param(says(200, "User-agent: *\nDisallow: /x"), Permission.GIVEN, id="not refused"),
        pytest.param(says(404), Permission.GIVEN, id="no rules"),
        pytest.param(says(403), Permission.GIVEN, id="rules that nobody may see"),
        pytest.param(says(500), Permission.UNKNOWN, id="broken"),
        pytest.param(says(503), Permission.UNKNOWN, id="away"),
        pytest.param(says(429), Permission.UNKNOWN, id="too often"),
        pytest.param(SourceError("no answer", unreachable=True), Permission.UNKNOWN, id="unreachable"),
    ],
)
async def test_a_site_is_asked_before_its_pages(answer: Response | SourceError, expected: Permission) -> None:
    """Where there are no rules all may be read; where the site is broken, nobody knows."""
    site = Site(answer)

    permission = await Robots(site, lambda: NOW).permission(PAGE)

    assert (permission, site.asked) == (expected, ["https://news.example/robots.txt"])


async def test_a_site_that_may_not_be_asked_has_no_rules() -> None:
    """A private address stays refused."""
    with pytest.raises(BlockedAddress):
        await Robots(Site(BlockedAddress("private")), lambda: NOW).permission(PAGE)


async def test_a_site_is_asked_once_a_day() -> None:
    """An answer holds for a day, also for those who ask at the same moment; then it is asked for again."""
    site, now = Site(says(404)), [NOW]
    robots = Robots(site, lambda: now[0])

    await asyncio.gather(*(robots.permission(PAGE) for _ in range(3)))
    now[0] += timedelta(hours=23)
    await robots.permission(PAGE)
    first = len(site.asked)
    now[0] += timedelta(hours=1)
    await robots.permission(PAGE)

    assert (first, len(site.asked)) == (1, 2)


async def test_a_site_that_could_not_answer_is_asked_again_soon() -> None:
    """What nobody knows is asked for again after minutes."""
    site, now = Site(says(500)), [NOW]
    robots = Robots(site, lambda: now[0])
    await robots.permission(PAGE)
    site.answer = says(404)

    now[0] += timedelta(minutes=11)

    assert await robots.permission(PAGE) is Permission.GIVEN


async def test_only_so_many_sites_are_remembered() -> None:
    """The site that was asked for longest ago is forgotten first."""
    site = Site(says(404))
    robots = Robots(site, lambda: NOW)

    for number in range(501):
        await robots.permission(f"https://{number}.example/")
    await robots.permission("https://500.example/")
    await robots.permission("https://0.example/")

    assert len(site.asked) == 502
