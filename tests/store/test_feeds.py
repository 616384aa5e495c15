"""What people change about feeds, over a real archive, with a prober that answers from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.errors import SourceError, Unanswerable
from bot.model import Choice, FeedLink, Origin, Outline, Preview, Probe, Source, SourceKind, Viewer
from bot.questions import FeedDesk, FeedLimits
from bot.questions.times import read_span, write_span
from bot.settings import Polling, Servers
from bot.sources.feeds import opml
from tests.store.conftest import HOUR, NOW, World, draft, feed, folder, make_world

HERE, ELSEWHERE, OPERATOR = Viewer(server=7), Viewer(server=9), Viewer()
URL = "https://harbour.example/feed"
MINUTES = timedelta(minutes=1)


@dataclass(slots=True)
class Table:
    """Finds what stands in a table; whatever is not there is a feed of its own name."""

    found: dict[str, Probe | Sequence[FeedLink] | SourceError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def address(self, written: str) -> str:
        if not written.startswith("https://"):
            raise SourceError(f"{written} is no address of the web.")
        return written

    async def find(self, address: str) -> Probe | Sequence[FeedLink]:
        self.asked.append(address)
        found = self.found.get(address) or Probe(address=address, status=200, title="Harbour News", entries=30)
        if isinstance(found, SourceError):
            raise found
        return found

    async def check(self, source: Source, marks: Mapping[str, str]) -> Probe:
        found = await self.find(source.address)
        assert isinstance(found, Probe)
        return found


@dataclass(slots=True)
class Asking:
    """The desk for servers, with limits of its own, and that of the operator."""

    world: World
    web: Table
    desk: FeedDesk = field(init=False)
    operator: FeedDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self._desk(Servers(feeds=2, least_every=5 * MINUTES, looks_per_hour=4))
        self.operator = self._desk(None)

    def _desk(self, limits: Servers | None) -> FeedDesk:
        store = self.world.store
        return FeedDesk(
            archive=store.archive,
            follows=store.follows,
            prober=self.web,
            lists=opml,
            limits=FeedLimits(polling=Polling(every=15 * MINUTES, least_every=MINUTES), servers=limits),
            clock=lambda: self.world.now,
        )

    async def follow(self, viewer: Viewer = HERE, url: str = URL, *, every: str | None = None, name: str | None = None) -> str:
        """Look at a feed and confirm it; return what it is called."""
        look = await self.desk.look(viewer, url, every=every, name=name)
        assert isinstance(look, Preview)
        return (await self.desk.confirm(viewer, look.key)).name

    async def names(self, viewer: Viewer = HERE) -> list[str]:
        return [state.source.name for state in await self.world.store.archive.sources(viewer, now=NOW)]


@pytest.fixture
async def asking() -> Asking:
    world = await make_world(discord=True)
    await world.follow(feed("Wire"), folder())
    return Asking(world, Table())


async def test_looking_follows_nothing_and_confirming_does(asking: Asking) -> None:
    """A feed is proposed under its title and the usual interval, and followed once it is confirmed, by command."""
    look = await asking.desk.look(HERE, URL)
    assert isinstance(look, Preview)
    assert (look.proposal.name, look.proposal.every, await asking.names()) == ("Harbour News", 15 * MINUTES, ["Inbox", "Wire"])

    await asking.desk.confirm(HERE, look.key)

    [own] = await asking.world.store.follows.own(7)
    assert (own.address, own.name, own.origin, own.kind) == (URL, "Harbour News", Origin.COMMAND, SourceKind.FEED)
    assert (await asking.names(), await asking.names(ELSEWHERE)) == (["Harbour News", "Inbox", "Wire"], ["Inbox", "Wire"])


async def test_a_proposal_is_settled_once_and_by_its_server(asking: Asking) -> None:
    """What was confirmed, cancelled or another server's cannot be confirmed."""
    look = await asking.desk.look(HERE, URL)
    assert isinstance(look, Preview)

    with pytest.raises(Unanswerable, match="too old"):
        await asking.desk.confirm(ELSEWHERE, look.key)
    await asking.desk.cancel(HERE, look.key)
    with pytest.raises(Unanswerable, match="too old"):
        await asking.desk.confirm(HERE, look.key)


async def test_one_of_several_feeds_is_picked_and_confirmed(asking: Asking) -> None:
    """Each feed of a page can be looked at under its key, with the name and interval that were asked for."""
    asking.web.found["https://harbour.example/"] = (FeedLink(address=URL, title="News"), FeedLink(address=f"{URL}/sport"))
    choice = await asking.desk.look(HERE, "https://harbour.example/", every="1 h", name="Port")
    assert isinstance(choice, Choice)

    look = await asking.desk.pick(HERE, choice.offers[0][0])

    assert isinstance(look, Preview)
    assert (look.proposal.address, look.proposal.name, look.proposal.every) == (URL, "Port", HOUR)


async def test_a_name_that_is_taken_gets_a_number_or_is_refused(asking: Asking) -> None:
    """A title makes way for what is there; a name that somebody gives is refused instead."""
    asking.web.found[URL] = Probe(address=URL, status=200, title="WIRE")

    with pytest.raises(Unanswerable, match="There is a “wire” already"):
        await asking.desk.look(HERE, URL, name="wire ")

    assert await asking.follow() == "WIRE 2"


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        pytest.param("/news/inbox", {}, "no address of the web", id="a folder"),
        pytest.param(URL, {"every": "1 min"}, "no feed may be asked more often than every 5 min", id="too often"),
        pytest.param(URL, {"every": "often"}, "write it as 15 min", id="no interval"),
        pytest.param(URL, {"every": "90 days"}, "at most 30 days", id="too seldom"),
        pytest.param(URL, {"name": "\u200b\n"}, "at least one visible character", id="no name"),
        pytest.param("https://wire.example/feed", {}, "followed already, as “Wire”", id="the bot follows it"),
        pytest.param("https://broken.example/", {}, "It is no feed", id="nothing there"),
    ],
)
async def test_a_refusal_is_a_sentence(asking: Asking, url: str, more: dict[str, str], said: str) -> None:
    """What cannot be followed says which rule refuses it, and nothing is kept."""
    asking.web.found["https://broken.example/"] = SourceError("It is no feed.")

    with pytest.raises(Unanswerable, match=said):
        await asking.desk.look(HERE, url, **more)

    assert await asking.names() == ["Inbox", "Wire"]


async def test_a_server_follows_as_many_feeds_as_it_may(asking: Asking) -> None:
    """One more than the limit is refused with what to do; another server has a limit of its own."""
    for number in (1, 2):
        await asking.follow(url=f"{URL}/{number}")

    with pytest.raises(Unanswerable, match="follows 2 feeds, as many as it may: remove one first"):
        await asking.follow(url=f"{URL}/3")

    assert await asking.follow(ELSEWHERE, f"{URL}/3") == "Harbour News"


async def test_addresses_are_looked_at_so_often_an_hour(asking: Asking) -> None:
    """Looks are counted for each server, and free again after an hour; a check is one, too."""
    await asking.follow()
    for number in range(2):
        await asking.desk.look(HERE, f"{URL}/{number}")
    await asking.desk.check(HERE, "Harbour News")

    with pytest.raises(Unanswerable, match="4 addresses looked at within an hour"):
        await asking.desk.look(HERE, f"{URL}/9")
    await asking.desk.look(ELSEWHERE, f"{URL}/9")
    asking.world.now += HOUR

    assert await asking.desk.look(HERE, f"{URL}/9")


async def test_a_server_removes_only_its_own(asking: Asking) -> None:
    """What the bot follows is paused instead; what stands in the file is taken out there."""
    await asking.follow(name="Port")

    with pytest.raises(Unanswerable, match="is the bot's own and cannot be removed here: pause it"):
        await asking.desk.remove(HERE, "Wire")
    with pytest.raises(Unanswerable, match=r"stands in sources\.toml: take it out there"):
        await asking.operator.remove(OPERATOR, "Wire")
    with pytest.raises(Unanswerable, match="is server 7's"):
        await asking.operator.remove(OPERATOR, "Port")
    await asking.desk.remove(HERE, "port")

    assert await asking.names() == ["Inbox", "Wire"]


async def test_pausing_and_resuming_say_when_there_is_nothing_to_do(asking: Asking) -> None:
    """A pause is begun once and ended once, and the operator's only by the operator; folders may be paused, too."""
    await asking.desk.pause(HERE, "inbox")
    with pytest.raises(Unanswerable, match="paused already"):
        await asking.desk.pause(HERE, "Inbox")
    await asking.desk.resume(HERE, "Inbox")
    with pytest.raises(Unanswerable, match="neither paused nor given up"):
        await asking.desk.resume(HERE, "Inbox")

    await asking.operator.pause(OPERATOR, "Wire")
    with pytest.raises(Unanswerable, match="by the bot's operator"):
        await asking.desk.resume(HERE, "Wire")
    await asking.operator.resume(OPERATOR, "Wire")

    assert not any(state.paused for state in await asking.world.store.archive.sources(HERE, now=NOW))


@pytest.mark.parametrize(("name", "hint"), [("wirr", "Did you mean “Wire”"), ("zzz", "names them all")])
async def test_a_name_that_is_not_there_is_answered_with_the_nearest(asking: Asking, name: str, hint: str) -> None:
    """An unknown source is answered with the nearest name, or where to find all."""
    with pytest.raises(Unanswerable, match=hint):
        await asking.desk.pause(HERE, name)


async def test_a_check_changes_nothing(asking: Asking) -> None:
    """Whatever a feed answers, the archive is as it was: no article, no mark, no failure, no poll."""
    [source, *_] = await asking.world.store.sources.all_sources()
    await asking.world.poll(source, draft(1))
    asking.web.found["https://wire.example/feed"] = Probe(address="https://wire.example/feed", status=200, newest=(draft(2),))
    before = await asking.world.store.archive.sources(HERE, now=NOW)

    good = await asking.desk.check(HERE, "Wire")
    asking.web.found["https://wire.example/feed"] = SourceError("It answers 429.", retry_after=90 * MINUTES)
    bad = await asking.desk.check(HERE, "Wire")

    assert good.probe is not None
    assert ([one.title for one in good.probe.newest], good.state.source.name) == (["Title 2"], "Wire")
    assert (bad.probe, bad.trouble) == (None, "It answers 429. It asks for a pause of 90 min.")
    assert await asking.world.store.archive.sources(HERE, now=NOW) == before


async def test_a_folder_is_not_checked(asking: Asking) -> None:
    """Only feeds are asked."""
    with pytest.raises(Unanswerable, match="is a folder"):
        await asking.desk.check(HERE, "Inbox")


async def test_an_import_says_of_every_feed_what_became_of_it(asking: Asking) -> None:
    """One is added, one was there, one breaks a limit, one is no address; nobody is asked meanwhile."""
    body = opml.write(
        "x",
        [
            Outline(address="https://wire.example/feed", title="My Wire"),
            Outline(address="ftp://x.example/", title="Files"),
            Outline(address=URL, title="Wire"),
            Outline(address=f"{URL}/2"),
            Outline(address=f"{URL}/3", title="Third"),
        ],
    )

    imported = await asking.desk.take_in(HERE, body)

    assert (imported.added, imported.known) == (("Wire 2", "harbour.example"), ("Wire",))
    assert [(name, why.partition(":")[0]) for name, why in imported.refused] == [
        ("Files", "ftp"),
        ("Third", "This server follows 2 feeds, as many as it may"),
    ]
    assert asking.web.asked == []


async def test_the_operator_has_no_limits_but_the_shortest_interval(asking: Asking) -> None:
    """What the operator adds is the bot's own, which every server sees."""
    for number in range(6):
        look = await asking.operator.look(OPERATOR, f"{URL}/{number}", every="2 min")
        assert isinstance(look, Preview)
        await asking.operator.confirm(OPERATOR, look.key)

    with pytest.raises(Unanswerable, match="more often than every 1 min"):
        await asking.operator.look(OPERATOR, f"{URL}/9", every="30 s")
    assert len(await asking.names(ELSEWHERE)) == 8


async def test_an_export_is_taken_in_again(asking: Asking) -> None:
    """A server gives out its own feeds, and another takes them in as they were."""
    await asking.follow(name="Port")

    body, count = await asking.desk.export(HERE)
    imported = await asking.desk.take_in(ELSEWHERE, body)

    assert (count, imported.added) == (1, ("Port",))
    with pytest.raises(Unanswerable, match="none to export"):
        await asking.desk.export(Viewer(server=8))


async def test_a_list_that_cannot_be_read_is_explained(asking: Asking) -> None:
    """What is no list of feeds is answered with a sentence."""
    with pytest.raises(Unanswerable, match="no list of feeds"):
        await asking.desk.take_in(HERE, b"hello")


@pytest.mark.parametrize(
    ("words", "span", "written"),
    [
        ("15 min", 15 * MINUTES, "15 min"),
        ("2H", 2 * HOUR, "2 h"),
        (" 1 day ", 24 * HOUR, "1 day"),
        ("90 seconds", 1.5 * MINUTES, "90 s"),
        ("1 week", 168 * HOUR, "7 days"),
    ],
)
def test_intervals_are_read_and_written(words: str, span: timedelta, written: str) -> None:
    """An interval is a number and a unit."""
    assert (read_span(words), write_span(span)) == (span, written)
