"""Laws of what is drawn of tests, looks, explanations and reports: nothing of it is left out without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cards import reasons_embed
from bot.chat.explanations import explanation_embed, report_embed
from bot.chat.watches import backtest_embed, look_embed
from bot.model import (
    Backtest,
    Clue,
    Evidence,
    Explanation,
    Level,
    Maybe,
    Obstacle,
    Place,
    Report,
    Stage,
    Suggestion,
    Term,
    TermShare,
    Trace,
    Watch,
    WatchDraft,
    WatchPreview,
    WatchTrace,
)
from tests.chat.limits import faults_of_embed
from tests.chat.samples import NOW, a_headline, a_reason, shown
from tests.chat.test_cards import few, headlines, long_texts

tests = st.builds(
    Backtest,
    written=long_texts.map(lambda text: f"walrus {text}"),
    note=long_texts,
    candidates=st.integers(0, 10**6),
    judged=st.integers(0, 10**6),
    bounded=st.booleans(),
    archive=st.integers(0, 10**6),
    per_day=st.lists(st.tuples(st.dates(), st.integers(1, 10**6)), max_size=5).map(lambda some: tuple(some) * 5),
    samples=st.lists(headlines, max_size=2).map(lambda some: tuple(some) * 5),  # many are cut as a few are, and slow to make up
    near=st.lists(st.tuples(headlines, long_texts), max_size=2).map(lambda some: tuple(some) * 5),
    overlap=st.lists(st.tuples(long_texts, st.integers(1, 10**6)), max_size=2).map(tuple),
    whole=st.booleans(),
)
obstacles = st.builds(
    Obstacle,
    part=long_texts,
    stage=st.sampled_from(Stage),
    seen=long_texts,
    mend=long_texts,
    maybe=st.none() | st.builds(Maybe, sentence=long_texts, likeness=st.floats(0, 1)),
)
traces = st.builds(
    Trace,
    written=long_texts,
    level=st.none() | st.sampled_from(Level),
    wanted=st.sampled_from(Level),
    matched=st.lists(
        st.builds(Clue, part=long_texts, words=st.lists(long_texts, max_size=2).map(tuple), count=st.integers(1, 99)),
        max_size=2,
    ).map(lambda some: tuple(some) * 3),
    obstacles=st.lists(obstacles, max_size=2).map(lambda some: tuple(some) * 3),
    lacks=long_texts,
)
explanations = st.builds(
    Explanation,
    title=long_texts,
    url=long_texts,
    watches=st.lists(st.builds(WatchTrace, watch=long_texts, trace=traces, telling=st.just("Told in <#7>.")), max_size=12).map(
        tuple
    ),
)


@few
@given(tests)
def test_discord_accepts_every_test_and_look(test: Backtest) -> None:
    """Whatever a query finds, both cards keep every limit."""
    draft = WatchDraft(name="Walrus", query=test.written, channels=(5,) * 5, role=7, per_hour=9)
    look = WatchPreview(key="k", draft=draft, test=test, clash=test.note)

    embeds = [backtest_embed(test), look_embed(look)]

    assert [faults_of_embed(embed.to_dict()) for embed in embeds] == [[], []]


@few
@given(explanations)
def test_discord_accepts_every_explanation(explanation: Explanation) -> None:
    """However many watches there are, and however much is to be said of each, the card keeps every limit."""
    assert faults_of_embed(explanation_embed(explanation).to_dict()) == []


@few
@given(
    st.lists(st.builds(TermShare, words=long_texts, false=st.integers(1, 9), relevant=st.integers(0, 9)), max_size=5),
    long_texts,
)
def test_discord_accepts_every_report(terms: list[TermShare], words: str) -> None:
    """Whatever the false alarms were found by, the card keeps every limit."""
    change = Suggestion(change=words, false_dropped=1, relevant_lost=0, matches_before=2, matches_after=1)
    report = Report(
        watch=Watch(name=words, query="…"),
        relevant=1,
        false=1,
        divided=1,
        low=0,
        high=1,
        terms=tuple(terms),
        suggestion=change,
        note=words,
    )

    assert faults_of_embed(report_embed(report).to_dict()) == []


SENTENCE = (
    "After a long night of talks in the old customs house by the harbour, and a breakfast that nobody touched, the three "
    "ministers said that trilateral cooperation would go on."
)


def test_a_test_shows_ten_samples_each_with_what_was_found() -> None:
    """All ten stand there with a link, and the sentence is cut around the words that were found, which are bold."""
    one = a_headline(
        title="Three ministers agree on a common answer to launches from the north",
        url="https://www.example.com/world/asia-pacific/three-ministers-agree-on-a-common-answer-2026-11-29/",
        evidence=shown(SENTENCE, "trilateral cooperation"),
    )
    test = Backtest(
        written="topic:trilateral-cooperation AND NOT title:football",
        found=40,
        candidates=60,
        judged=60,
        archive=5000,
        per_day=tuple((NOW.date() - timedelta(days=ago), 2) for ago in range(20)),
        samples=(one,) * 10,
        near=((one, 'only "football" is missing: it stands nowhere in the article'),) * 3,
        overlap=(("North Korea", 9), ("Japan", 3)),
        whole=True,
    )

    embed = backtest_embed(test)

    text = "\n".join(str(field.value) for field in embed.fields)
    assert text.count("> … ") == text.count("**trilateral cooperation**") == 10
    assert text.count("](https://www.example.com/world") == 13
    assert "and 6 earlier days" in text
    assert embed.fields[-1].name == "Also caught by"


def test_a_look_shows_what_was_found_in_bold() -> None:
    """The sentence is cut around what a watch would have been told for."""
    one = a_headline(evidence=shown(SENTENCE, "trilateral cooperation"))
    test = Backtest(written="topic:trilateral-cooperation", found=1, samples=(one,), whole=True)

    embed = look_embed(WatchPreview(key="k", draft=WatchDraft(name="Three", query="…"), test=test))

    assert "**trilateral cooperation**" in str({field.name: field.value for field in embed.fields}["Newest"])


def test_an_explanation_counts_the_watches_that_it_leaves_out() -> None:
    """Where much is to be said of each, fewer stand there, and the card says how many more there are."""
    obstacle = Obstacle(part="actor:russia", stage=Stage.SCAN, seen="it stands nowhere " * 12, mend="one of its names " * 12)
    trace = Trace(written="actor:russia", level=None, wanted=Level.ABOUT, obstacles=(obstacle,) * 4)
    watches = tuple(WatchTrace(watch=f"Watch {number}", trace=trace) for number in range(14))

    embed = explanation_embed(Explanation(title="Coal", url="", watches=watches))

    assert 2 < len(embed.fields) < 10
    assert embed.footer.text == f"and {14 - len(embed.fields)} more watches"


def test_what_became_of_a_match_is_said_however_much_was_found() -> None:
    """Where it was told goes before the words by which it was found."""
    clue = Clue(part="actor:north-korea", words=("Democratic People's Republic of Korea",) * 5, count=9)
    trace = Trace(written="actor:north-korea " * 8, level=Level.ABOUT, wanted=Level.ABOUT, matched=(clue,) * 4)
    explanation = Explanation(title="Coal", url="", watches=(WatchTrace(watch="North", trace=trace, telling="Told in <#7>."),))

    assert "Told in <#7>." in str(explanation_embed(explanation).fields[0].value)


def test_the_answer_to_why_counts_the_watches_that_it_leaves_out() -> None:
    """A card of many watches with long evidence says how many are not shown."""
    terms = tuple(Term(words=f"{'word ' * 11}{number}", subject="actor:north-korea", rule="capital") for number in range(5))
    evidence = Evidence(sentence="x" * 300, spans=(), place=Place.LEAD, terms=terms)
    reasons = [a_reason(watch=f"Watch {number}", query="q" * 300, said="s" * 200, evidence=evidence) for number in range(9)]

    embed = reasons_embed(reasons)

    assert embed.footer.text == f"and {9 - len(embed.fields)} more watches"


def test_a_phrase_with_a_colon_is_named_whole() -> None:
    """Only what says that it is an actor or a topic is left away before a name."""
    terms = (
        Term(words="ABC: News", subject='"ABC: News"', rule="phrase"),
        Term(words="Pyongyang", subject="actor:north-korea", rule="capital"),
    )

    embed = reasons_embed([a_reason(evidence=replace(shown(SENTENCE), terms=terms))])

    assert [line.partition(": ")[2] for line in str(embed.fields[0].value).splitlines()[1:2]] == ['News”: "ABC: News", phrase']
    assert "”: north-korea, capital" in str(embed.fields[0].value)


def test_who_saves_second_sees_all_that_would_be_undone() -> None:
    """What somebody else has changed stands there, be it no query; what is the same on both sides does not."""
    theirs = Watch(name="Coal", query="coal", level=Level.MENTION, channels=(5, 6), per_hour=3)
    draft = WatchDraft(name="Coal", query="coal OR coke", role=7, per_hour=3)
    preview = WatchPreview(key="k", draft=draft, test=Backtest(written="…"), clash="Somebody else was first.", theirs=theirs)

    fields = {field.name: field.value for field in look_embed(preview).fields}

    assert fields["Theirs"] == "Query: `coal`\nAlerts on: any mention\nChannels: <#5>, <#6>\nMentions: nobody"


def test_a_theirs_of_nothing_says_what_is_usual() -> None:
    """What somebody else has taken away is named by what holds instead."""
    theirs = Watch(name="Coal", query="coal")
    draft = WatchDraft(name="Coal", query="coal", level=Level.MENTION, channels=(5,), per_hour=3)

    fields = {
        field.name: field.value
        for field in look_embed(WatchPreview(key="k", draft=draft, test=Backtest(written="…"), clash="!", theirs=theirs)).fields
    }

    assert fields["Theirs"] == "Alerts on: about\nChannels: the usual one\nAlone an hour: no limit"
