"""What servers change about actors, on both databases, with the real reader: each server has it for itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from bot import reading
from bot.errors import Unanswerable
from bot.judging import Sought
from bot.matching.queries.meanings import Meanings
from bot.model import (
    Actor,
    Alias,
    AliasKind,
    Article,
    Catalogue,
    Draft,
    FirstRun,
    Level,
    Match,
    Reading,
    Rules,
    Source,
    Trace,
    Viewer,
    Watch,
    WatchDraft,
)
from bot.questions import ActorDesk, NearMisses, Questions, WatchDesk, actors
from bot.reading import judge_batch, read_batch
from bot.store import doctor
from bot.store.schema import articles, deliveries, server_matches
from tests.store.conftest import NOW, World, draft, feed, folder, make_world

SEVEN, NINE, OPERATOR = Viewer(server=7), Viewer(server=9), Viewer()
CATALOGUE = Catalogue(
    actors=(
        Actor(
            id="north-korea",
            name="North Korea",
            aliases=(
                Alias(text="North Korea", kind=AliasKind.NAME),
                Alias(text="Pyongyang", kind=AliasKind.CAPITAL),
                Alias(text="the North", kind=AliasKind.WEAK),
            ),
            beside=("north-korea",),
        ),
        Actor(
            id="south-korea",
            name="South Korea",
            aliases=(Alias(text="South Korea", kind=AliasKind.NAME), Alias(text="Seoul", kind=AliasKind.CAPITAL)),
            decoys=("FC Seoul",),
        ),
    )
)
WATCHES = [Watch(name="North Korea", query="actor:north-korea", level=Level.MENTION)]


class HereReader:
    """Reads as the worker does, in this process."""

    async def read(self, found: Sequence[Article], rules: Rules, *, plainly: bool = False) -> Sequence[Reading]:
        readings = read_batch(rules.number, rules, "none", found, plainly)
        assert isinstance(readings, list)
        return readings

    async def judge(
        self,
        found: Sequence[Article],
        rules: Rules,
        query: str,
        *,
        server: int = 0,
        author: int | None = None,
        level: Level = Level.MENTION,
    ) -> Sequence[Match | None]:
        sought = Sought(query, server if author is None else author, server, level)
        verdicts = judge_batch(rules.number, rules, "none", found, sought)
        assert isinstance(verdicts, list)
        return verdicts


class NoExplainer:
    """Explains nothing: nobody asks for what nearly answers."""

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        raise AssertionError("a look asks for no near misses")


@dataclass(slots=True)
class Town:
    """Two servers, 7 and 9, each with a channel, over one folder."""

    world: World
    source: Source
    desk: ActorDesk
    orders: WatchDesk

    @property
    def answers(self) -> Questions:
        return self.desk.answers

    async def come(self, *texts: str) -> None:
        """Let articles come, and be read by the rules in force."""
        known = await self.world.store.archive.archive_size()
        drafts: list[Draft] = [draft(known + number, title="News", text=text) for number, text in enumerate(texts, 1)]
        await self.world.poll(self.source, *drafts, batch=f"after {known}")
        found, rules = await self.world.lease(), await self.world.store.analysis.rules()
        readings = await HereReader().read(found, rules)
        assert await self.world.store.analysis.record_readings(readings, rules.number, now=self.world.now)

    async def told(self) -> dict[str, list[str]]:
        """Return the texts that each channel is told."""
        query = sa.select(deliveries.c.destination, articles.c.text).join(articles, articles.c.story_id == deliveries.c.subject)
        rows = await self.world.store._database.read(lambda conn: conn.execute(query.order_by(articles.c.id)).all())
        found: dict[str, list[str]] = {}
        for destination, text in rows:
            found.setdefault(destination, []).append(text)
        return found

    async def latest(self, viewer: Viewer) -> int:
        return len((await self.answers.latest(viewer, watch=None, size=20)).headlines)

    async def found(self, viewer: Viewer, query: str) -> int:
        return len((await self.answers.search(viewer, query=query, since=None, size=20)).headlines)


@pytest.fixture
def _fresh() -> Iterator[None]:
    reading._desks.clear()
    yield
    reading._desks.clear()


@pytest.fixture
async def town(_fresh: None) -> Town:
    world = await make_world(discord=True, watches=WATCHES, catalogue=CATALOGUE)
    for server in (7, 9):
        await world.store.places.set_channel(server, server * 10, now=NOW)
    [source] = await world.follow(folder())
    answers = Questions(
        archive=world.store.archive,
        backlog=world.store.backlog,
        places=world.store.places,
        reader=HereReader(),
        rules=world.store.analysis.rules,
        meanings=Meanings(searches=True),
        clock=lambda: NOW,
    )
    desk = ActorDesk(
        answers=answers,
        archive=world.store.archive,
        overrides=world.store.overrides,
        reader=HereReader(),
        meanings=Meanings(),
        clock=lambda: NOW,
    )
    orders = WatchDesk(
        archive=world.store.archive,
        watches=world.store.watches,
        answers=answers,
        reader=HereReader(),
        near=NearMisses(
            archive=world.store.archive, explainer=NoExplainer(), rules=world.store.analysis.rules, clock=lambda: NOW
        ),
        meanings=Meanings(),
        clock=lambda: NOW,
        most=None,
    )
    return Town(world, source, desk, orders)


async def test_an_added_alias_alerts_in_its_server_alone(town: Town) -> None:
    """The config's watch, which both servers hear, takes the next article in one of them; so do look-ups and searches."""
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")

    await town.come("The Hermit Kingdom fell silent.")

    assert await town.told() == {"channel:70": ["The Hermit Kingdom fell silent."]}
    assert [await town.latest(viewer) for viewer in (SEVEN, NINE, OPERATOR)] == [1, 0, 0]
    assert [await town.found(viewer, "actor:north-korea") for viewer in (SEVEN, NINE, OPERATOR)] == [1, 0, 0]


async def test_the_card_shows_what_its_server_calls_it(town: Town) -> None:
    """The evidence of the card is the alias that the server has added."""
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    await town.come("The Hermit Kingdom fell silent.")
    [due] = await town.world.due()

    card = await town.world.store.deliveries.card(due)
    [reason] = await town.answers.why(SEVEN, due.id)

    assert card is not None
    assert [term.words for term in reason.evidence.terms] == ["Hermit Kingdom"]
    assert "Hermit Kingdom" in reason.evidence.sentence


async def test_an_alias_that_is_taken_away_silences_its_server_alone(town: Town) -> None:
    """The others are told as before, and the archive keeps its shared mention."""
    await town.desk.remove(SEVEN, "north-korea", "pyongyang")

    await town.come("Nobody in Pyongyang spoke.")

    assert await town.told() == {"channel:90": ["Nobody in Pyongyang spoke."]}
    assert [await town.latest(viewer) for viewer in (SEVEN, NINE, OPERATOR)] == [0, 1, 1]
    assert [await town.found(viewer, "actor:north-korea") for viewer in (SEVEN, NINE, OPERATOR)] == [0, 1, 1]


async def test_a_decoy_hides_a_name_in_its_server_alone(town: Town) -> None:
    """A longer name that a server knows to be somebody else keeps its alerts away."""
    await town.desk.add(SEVEN, "North Korea", None, "Pyongyang Grill")

    await town.come("The Pyongyang Grill opened a second room.")

    assert list(await town.told()) == ["channel:90"]


async def test_what_is_healthy_stays_healthy(town: Town) -> None:
    """What a server does not want told is no broken law, and what is only its own is none either."""
    await town.desk.remove(SEVEN, "north-korea", "Pyongyang")
    await town.desk.remove(NINE, "north-korea", "Pyongyang")
    await town.desk.add(NINE, "north-korea", AliasKind.NAME, "Hermit Kingdom")
    await town.come("Nobody in Pyongyang spoke.", "The Hermit Kingdom fell silent.")

    findings = doctor.examine(town.world.store._database, now=NOW, mend=False)

    assert await town.told() == {"channel:90": ["The Hermit Kingdom fell silent."]}
    assert [one.law for one in findings if one.broken] == []


async def test_a_new_reading_takes_the_place_of_what_differed(town: Town) -> None:
    """When an article is read again after the change was taken back, nothing of it is left."""
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    await town.come("The Hermit Kingdom fell silent.")

    await town.desk.reset(SEVEN, "North Korea")
    await town.come()

    left = await town.world.store._database.read(lambda conn: conn.execute(sa.select(server_matches)).all())
    assert left == []
    assert await town.latest(SEVEN) == 0


async def test_a_server_makes_an_actor_of_its_own(town: Town) -> None:
    """It can be watched and found there; in another server its name is an ordinary phrase, its id unknown."""
    made = await town.desk.define(SEVEN, "Acme Shipping")
    saved = await town.world.store.watches.save(7, WatchDraft(name="Acme", query="actor:acme-shipping"), most=None, now=NOW)

    await town.come("Acme Shipping lost a vessel. Acme Shipping gave no reason.")

    assert (made.own, made.actor.id, saved is not None) == (True, "acme-shipping", True)
    assert list(await town.told()) == ["channel:70"]
    assert await town.found(SEVEN, "actor:acme-shipping") == 1
    with pytest.raises(Unanswerable, match="acme"):
        await town.found(NINE, "actor:acme-shipping")
    with pytest.raises(Unanswerable, match="names Acme Shipping"):
        await town.desk.reset(SEVEN, "acme-shipping")


async def test_the_operator_is_told_why_by_the_names_of_the_server(town: Town) -> None:
    """The query of a watch is shown as its server reads it, also to who does not have the actor."""
    await town.desk.define(SEVEN, "Acme Shipping")
    await town.world.store.watches.save(7, WatchDraft(name="Acme", query="actor:acme-shipping"), most=None, now=NOW)
    await town.come("Acme Shipping lost a vessel. Acme Shipping gave no reason.")
    [alert] = await town.world.due()

    reasons = await town.answers.why(OPERATOR, alert.id)

    assert [(reason.watch, reason.query) for reason in reasons] == [("Acme", "actor:acme-shipping")]


async def test_a_watch_whose_actor_has_gone_can_still_be_seen_and_ended(town: Town) -> None:
    """It is shown as it stands, with the reason why it is read no more; a look at one made before is not saved."""
    await town.desk.define(SEVEN, "Acme Shipping")
    await town.world.store.watches.save(7, WatchDraft(name="Acme", query="actor:acme-shipping"), most=None, now=NOW)
    look = await town.orders.look(SEVEN, WatchDraft(name="Vessels", query="actor:acme-shipping AND vessel"))
    await town.world.store.overrides.reset(7, "acme-shipping", now=NOW)

    shown = {view.watch.name: view for view in await town.answers.watches(SEVEN)}
    with pytest.raises(Unanswerable, match="no actor"):
        await town.orders.save(SEVEN, look.key)
    await town.orders.remove(SEVEN, "Acme")

    assert shown["Acme"].written == "actor:acme-shipping"
    assert "no actor" in shown["Acme"].note
    assert await town.world.store.watches.own(7) == []


async def test_the_cap_of_a_watch_counts_what_its_server_was_told(town: Town) -> None:
    """Alerts that only a server's own names make fill the hour of a watch there, as all others do."""
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    capped = [replace(WATCHES[0], per_hour=1)]
    await town.world.store.copy_config([], capped, now=NOW)

    await town.come("The Hermit Kingdom fell silent.", "The Hermit Kingdom spoke again.")

    query = sa.select(deliveries.c.fold_id.is_not(None)).where(deliveries.c.destination == "channel:70", deliveries.c.seat)
    folded = await town.world.store._database.read(lambda conn: conn.scalars(query.where(deliveries.c.batch != "")).all())
    assert sorted(folded) == [False, True]


async def test_what_waits_for_its_page_goes_on_waiting(town: Town) -> None:
    """New rules let articles be read again whose alerts wait, but none before its page is there."""
    await town.come("North Korea fell silent.")
    teaser = sa.update(articles).values(state="teaser")
    await town.world.store._database.write(lambda conn: conn.execute(teaser))

    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")

    states = await town.world.store._database.read(lambda conn: conn.scalars(sa.select(articles.c.state)).all())
    assert states == ["teaser"]


async def test_a_name_is_tried_on_what_its_server_sees(town: Town) -> None:
    """What stands in the feeds of other servers neither refuses a name here nor is told."""
    [private] = [one for one in await town.world.follow(feed(server=9, first_run=FirstRun.ALL)) if one.id != town.source.id]
    await town.world.poll(private, *(draft(number, text=f"Walrus {number}.") for number in range(100, 160)))
    await town.world.read()

    view = await town.desk.add(SEVEN, "South Korea", AliasKind.COMPANY, "Walrus")
    with pytest.raises(Unanswerable, match="stands in 100%"):
        await town.desk.add(NINE, "South Korea", AliasKind.COMPANY, "Walrus")

    assert [one.text for one in view.changes] == ["Walrus"]


async def test_what_the_operator_changes_holds_in_every_server(town: Town) -> None:
    """A change for the bot itself is like one in the files; a server may still take it away for itself."""
    await town.desk.add(OPERATOR, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    await town.desk.remove(NINE, "North Korea", "Hermit Kingdom")

    await town.come("The Hermit Kingdom fell silent.")

    assert list(await town.told()) == ["channel:70"]
    assert [await town.found(viewer, "actor:north-korea") for viewer in (SEVEN, NINE, OPERATOR)] == [1, 0, 1]


async def test_what_was_taken_away_can_be_given_back(town: Town) -> None:
    """Removing and adding, and a reset, leave the actor as it is for everybody."""
    await town.desk.remove(SEVEN, "North Korea", "Pyongyang")
    back = await town.desk.add(SEVEN, "North Korea", AliasKind.CAPITAL, "Pyongyang")
    await town.desk.remove(SEVEN, "North Korea", "Pyongyang")

    reset = await town.desk.reset(SEVEN, "North Korea")

    assert back.changes == ()
    assert reset is not None
    assert replace(reset.actor) == CATALOGUE.actors[0]


@pytest.mark.parametrize(
    ("kind", "alias", "said"),
    [
        pytest.param(AliasKind.NAME, "NK", "fewer than 3 letters", id="two letters"),
        pytest.param(AliasKind.NAME, "北", "fewer than 2 letters", id="one character"),
        pytest.param(AliasKind.NAME, "SEOUL", "is an alias of South Korea (actor:south-korea)", id="of another actor"),
        pytest.param(AliasKind.NAME, "fc seoul", "is a decoy of South Korea", id="a decoy of another actor"),
        pytest.param(AliasKind.CAPITAL, "pyongyang", "already", id="known already"),
        pytest.param(AliasKind.NAME, " \u200b ", "visible characters", id="nothing to see"),
        pytest.param(AliasKind.NAME, "x" * 101, "at most 100 characters", id="too long"),
    ],
)
async def test_a_name_that_would_mean_too_much_is_refused(town: Town, kind: AliasKind, alias: str, said: str) -> None:
    """The sentence says why, and nothing is changed."""
    with pytest.raises(Unanswerable) as refused:
        await town.desk.add(SEVEN, "North Korea", kind, alias)

    assert said in str(refused.value)
    assert (await town.desk.show(SEVEN, "North Korea")).changes == ()


async def test_a_weak_name_may_be_shared_by_weak_ones(town: Town) -> None:
    """The company that a weak name keeps decides whose it is, if it is weak in both."""
    view = await town.desk.add(SEVEN, "South Korea", AliasKind.WEAK, "the North")

    assert [one.text for one in view.changes] == ["the North"]
    with pytest.raises(Unanswerable, match="weak in both"):
        await town.desk.add(SEVEN, "South Korea", AliasKind.NAME, "the North")


async def test_two_east_asian_characters_are_a_name(town: Town) -> None:
    """`北韓` is as long as a name in its script is."""
    view = await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "北韓")

    assert [one.text for one in view.changes] == ["北韓"]


async def test_who_misspells_an_actor_is_told_the_nearest(town: Town) -> None:
    """An unknown actor is refused with the names that are most like it."""
    with pytest.raises(Unanswerable, match="did you mean North Korea or South Korea"):
        await town.desk.add(SEVEN, "North Koera", AliasKind.NAME, "Hermit Kingdom")
    with pytest.raises(Unanswerable, match="list names them all"):
        await town.desk.show(SEVEN, "Quux")


async def test_a_name_that_stands_everywhere_is_refused_with_its_share(town: Town) -> None:
    """From fifty articles on, over 5 % of the archive is too much; how the words are written counts."""
    texts = [f"Report {number}: {'a bank rose' if number < 46 else 'Bank fell'} again." for number in range(48)]
    await town.come(*texts)
    early = await town.desk.add(SEVEN, "South Korea", AliasKind.COMPANY, "Report")
    await town.come("Report 48: nothing.", "Report 49: nothing.")

    with pytest.raises(Unanswerable) as refused:
        await town.desk.add(NINE, "South Korea", AliasKind.COMPANY, "Report")
    view = await town.desk.add(NINE, "South Korea", AliasKind.COMPANY, "Bank")

    assert len(early.changes) == 1
    assert "“Report” stands in 100% of the newest 50 articles" in str(refused.value)
    assert [one.text for one in view.changes] == ["Bank"]


async def test_a_server_changes_no_more_than_it_may(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one too many is refused; changing what is changed already is no more."""
    monkeypatch.setattr(actors, "MOST", 2)
    for name in ("Hermit Kingdom", "Chosun Land"):
        await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, name)

    with pytest.raises(Unanswerable, match="2 names of actors have been changed here"):
        await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Juche State")
    await town.desk.add(SEVEN, "North Korea", AliasKind.REGION, "Chosun Land")
    await town.desk.add(NINE, "North Korea", AliasKind.NAME, "Juche State")

    assert len((await town.desk.show(SEVEN, "North Korea")).changes) == 2


async def test_an_actor_of_ones_own_keeps_a_name(town: Town) -> None:
    """Its last name is not taken; an id that queries cannot name, and one that is known, are refused."""
    await town.desk.define(SEVEN, "Acme")
    with pytest.raises(Unanswerable, match="the only name"):
        await town.desk.remove(SEVEN, "Acme", "acme")
    with pytest.raises(Unanswerable, match="small letters"):
        await town.desk.define(SEVEN, "에크미 상사")
    with pytest.raises(Unanswerable, match="already"):
        await town.desk.define(SEVEN, "Somebody", key="north-korea")

    kept = await town.desk.define(SEVEN, "에크미 상사", key="acme-trade")

    assert kept.actor.name == "에크미 상사"
    assert await town.desk.reset(SEVEN, "acme-trade") is None
    names = {one.id: one for one in await town.desk.names(SEVEN)}
    assert (names["acme"].own, "acme-trade" in names, len(await town.desk.names(NINE))) == (True, False, 2)


async def test_an_actor_says_which_watches_name_it(town: Town) -> None:
    """Who looks at an actor sees the watches that hang on it, and is told where none does."""
    north = await town.desk.show(SEVEN, "actor:north-korea")
    south = await town.desk.add(SEVEN, "South Korea", AliasKind.NAME, "Han State")

    assert (north.watches, south.watches, south.hint) == (("North Korea",), (), "No watch names it yet.")


async def test_a_relation_is_looked_for_by_the_names_of_its_server(town: Town) -> None:
    """An actor that a server calls otherwise is an end of a relation there, and the actor says that the watch names it."""
    query = "relation:(source=actor:north-korea target=actor:south-korea)"
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    await town.world.store.watches.save(7, WatchDraft(name="Talks", query=query), most=None, now=NOW)

    await town.come("The Hermit Kingdom met South Korea for talks. They agreed on nothing.")
    view = await town.desk.show(SEVEN, "South Korea")

    sought = Meanings().understand(await town.world.store.analysis.rules(), 7)(query).wide
    candidates = await town.world.store.archive.candidates(SEVEN, sought, since=None, limit=5)
    assert len(candidates) == 1
    assert view.watches == ("Talks",)


async def test_a_change_makes_new_rules(town: Town) -> None:
    """The next article is read by a new number, so that whoever reads takes the change up; one that changes nothing makes none."""
    numbers = [(await town.world.store.analysis.rules()).number]
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    numbers.append((await town.world.store.analysis.rules()).number)
    await town.world.store.overrides.drop(9, "north-korea", "Hermit Kingdom", now=NOW)
    numbers.append((await town.world.store.analysis.rules()).number)

    assert numbers[0] < numbers[1] == numbers[2]


async def test_what_still_waits_to_be_told_is_read_by_the_new_names(town: Town) -> None:
    """A name that is taken away before its alert was posted takes the alert along, in that server alone."""
    await town.come("Nobody in Pyongyang spoke.")

    await town.desk.remove(SEVEN, "North Korea", "Pyongyang")
    await town.come()

    store = town.world.store.deliveries
    cards = {one.destination: await store.card(one) for one in await town.world.due()}
    assert {where: card is not None for where, card in cards.items()} == {"channel:70": False, "channel:90": True}


@pytest.mark.parametrize("text", ["The Hermit Kingdom fell silent.", "Hermit Kingdoms are rare."], ids=["as it is", "plural"])
async def test_a_search_finds_what_was_read_before_the_name_was_known(town: Town, text: str) -> None:
    """What was collected earlier is found by the new name at once, and told to nobody."""
    await town.come(text)

    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")

    assert [await town.found(viewer, "actor:north-korea") for viewer in (SEVEN, NINE)] == [1, 0]
    assert await town.told() == {}


async def test_a_russian_name_is_found_in_its_cases(town: Town) -> None:
    """What a server adds is declined as a name of the files is, in articles to come and in searches."""
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Чосония")

    await town.come("Посол Чосонии молчит.")

    assert list(await town.told()) == ["channel:70"]
    assert await town.found(SEVEN, "actor:north-korea") == 1


async def test_a_watch_is_tried_by_the_names_of_its_server(town: Town) -> None:
    """The look before it is saved, the test of a query, and what is offered while somebody types know the server's own names."""
    await town.come("The Hermit Kingdom fell silent.", "Acme Shipping lost a vessel.")
    await town.desk.add(SEVEN, "North Korea", AliasKind.NAME, "Hermit Kingdom")
    await town.desk.define(SEVEN, "Acme Shipping")
    wanted = WatchDraft(name="Both", query="North Korea, Acme Shipping", level=Level.MENTION)

    looks = [await town.orders.look(viewer, wanted) for viewer in (SEVEN, NINE)]
    offered = [await town.orders.subjects(viewer) for viewer in (SEVEN, NINE)]

    assert [look.test.written for look in looks] == [
        "actor:north-korea OR actor:acme-shipping",
        'actor:north-korea OR "Acme Shipping"',
    ]
    assert [look.test.found for look in looks] == [2, 1]
    assert ["actor:acme-shipping" in one for one in offered] == [True, False]
