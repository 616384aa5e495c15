"""Laws of the answers to commands: what they say, and that Discord accepts them whatever is in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.limits import EMBED
from bot.chat.replies import (
    help_embed,
    page_embed,
    place,
    sources_embed,
    standing_embed,
    watch_embed,
    watches_embed,
    welcome,
)
from bot.model import (
    Ailment,
    Level,
    Page,
    Problem,
    Route,
    SourceBrief,
    SourceKind,
    SourcePage,
    SourceState,
    Standing,
    State,
    WatchView,
)
from bot.questions.source_pages import laid_out
from tests.chat.limits import faults_of_embed
from tests.chat.samples import NOW, SENTENCE, a_headline, a_source, a_view, shown
from tests.chat.test_cards import few, headlines, long_texts
from tests.chat.test_harmless import texts

pages = st.builds(
    Page,
    headlines=st.lists(headlines, max_size=10).map(tuple),
    title=long_texts,
    key=st.just("k"),
    number=st.integers(0, 99),
    more=st.booleans(),
    note=long_texts,
)
views = st.builds(
    lambda name, written, note, matches: replace(a_view(name), written=written, note=note, matches=matches),
    long_texts,
    long_texts,
    long_texts,
    st.integers(0, 10**6),
)
states = st.builds(
    lambda name, reason, **more: a_source(name=name, reason=reason, complaint=reason, **more),
    long_texts,
    long_texts,
    failures=st.integers(0, 99),
    problems=st.lists(st.builds(Problem, part=texts, reason=long_texts), max_size=5).map(tuple),
    ailment=st.none() | st.sampled_from(Ailment),
    given_up_at=st.none() | st.just(NOW),
    paused=st.booleans(),
    lately=st.none() | st.floats(0, 10**6),
    usual=st.none() | st.floats(0, 10**6),
)
standings = st.builds(
    Standing,
    sources=st.integers(60, 10**4),
    unwell=st.lists(states, max_size=60).map(tuple),
    deliveries=st.lists(st.tuples(st.sampled_from(State), texts, st.integers(1, 999)), max_size=30).map(tuple),
    disambiguation=long_texts,
    ranking=long_texts,
)


@few
@given(pages)
def test_discord_accepts_every_page(page: Page) -> None:
    """Whatever is found, a page keeps every limit."""
    assert faults_of_embed(page_embed(page).to_dict()) == []


@few
@given(st.lists(views, max_size=60))
def test_discord_accepts_every_list_of_watches(found: list[WatchView]) -> None:
    """However many watches there are, their list and each of them keeps every limit."""
    embeds = [watches_embed(found), *map(watch_embed, found[:3])]

    assert [faults_of_embed(embed.to_dict()) for embed in embeds] == [[] for _ in embeds]


@few
@given(standings)
def test_discord_accepts_every_standing(standing: Standing) -> None:
    """However many sources are in trouble, the status and each page of their list keep every limit."""
    embeds = [standing_embed(standing), *(sources_embed(page) for page in source_pages(standing.unwell))]

    assert [faults_of_embed(embed.to_dict()) for embed in embeds] == [[] for _ in embeds]


@few
@given(st.lists(views, max_size=60), st.lists(states, max_size=60))
def test_a_welcome_fits_into_a_message(found: list[WatchView], sources: list[SourceState]) -> None:
    """What is said where there is no test alert fits into the 2,000 characters of a message, with room for a channel."""
    assert len(welcome(found, sources)) < 1900


def source_pages(states: Sequence[SourceState]) -> list[SourcePage]:
    """Lay sources out on pages, as they are asked for."""
    briefs = [
        SourceBrief(id=number, paused=one.paused, healthy=one.healthy, has_problems=bool(one.problems))
        for number, one in enumerate(states)
    ]
    pages, asked = laid_out(briefs), [one for one in states if not one.paused]
    return [
        SourcePage(
            states=tuple(states[one] for one in page),
            healthy=sum(one.healthy for one in asked),
            asked=len(asked),
            number=number,
            pages=len(pages),
        )
        for number, page in enumerate(pages, start=1)
    ]


def test_a_full_page_of_ordinary_headlines_keeps_its_evidence() -> None:
    """Five headlines with long addresses still show why each was found."""
    headline = a_headline(url="https://example.com/" + "a" * 200, evidence=shown(SENTENCE, "Russia"))

    embed = page_embed(Page(headlines=(headline,) * 5, title="Latest"))

    texts_shown = [str(embed.description), *(str(field.value) for field in embed.fields)]
    assert len(texts_shown) == 5
    assert all("**Russia**" in text and "](https://example.com/aaa" in text for text in texts_shown)
    assert len(embed) <= EMBED


def test_a_headline_says_where_when_and_for_which_watch() -> None:
    """A line under each headline names source, time and watches."""
    embed = page_embed(Page(headlines=(a_headline(watches=("North Korea", "Russia")),), title="Latest"))

    assert embed.description == (
        "**[Port expansion is a year late](https://example.com/port)**\n"
        f"Harbour Example · <t:{int(NOW.timestamp()) - 7200}:R> · North Korea, Russia"
    )


def test_an_address_too_long_for_its_page_makes_no_link() -> None:
    """A title stays readable where its address would take the room of the others."""
    embed = page_embed(Page(headlines=(a_headline(url="https://example.com/" + "a" * 600),), title="Latest"))

    assert str(embed.description).startswith("**Port expansion is a year late**\n")


def test_nothing_found_is_said() -> None:
    """An empty answer is a sentence, not an empty card."""
    assert page_embed(Page(headlines=(), title="0 found for x")).description == "No article answers this yet."


@pytest.mark.parametrize(
    ("page", "footer"),
    [
        pytest.param(Page(headlines=()), None, id="the only page has no number"),
        pytest.param(Page(headlines=(), more=True), "Page 1", id="the first of several"),
        pytest.param(Page(headlines=(), number=2), "Page 3", id="the last of several"),
    ],
)
def test_pages_are_numbered_where_there_are_several(page: Page, footer: str | None) -> None:
    """The footer counts pages as people do, from one."""
    assert page_embed(page).footer.text == footer


def test_how_plain_words_were_read_is_said() -> None:
    """The note on a query stands under what was found."""
    embed = page_embed(Page(headlines=(a_headline(),), note="the comma is OR"))

    assert (embed.fields[-1].name, embed.fields[-1].value) == ("How it was read", "the comma is OR")


def test_the_list_of_watches_names_query_level_and_catch() -> None:
    """Each watch stands with what it asks and has found, and says if it is paused."""
    embed = watches_embed([a_view(), a_view("Russia", level=Level.MENTION, paused=True)])

    assert embed.title == "Watches: 2"
    assert embed.description == (
        "**North Korea** · about · 3\u00a0matched\n`actor:north-korea`\n\n"
        "**Russia** · mention · 3\u00a0matched · paused\n`actor:north-korea`"
    )


def test_a_watch_of_the_config_that_is_paused_here_says_so() -> None:
    """Who has paused it in their server reads so in their list; elsewhere nobody does."""
    view = a_view(routes=(Route(server=5, paused=True),))

    said = [str(watches_embed([view], server=server).description) for server in (5, 6)]

    assert ["paused" in one for one in said] == [True, False]


def test_a_long_list_of_watches_has_pages() -> None:
    """Every watch is on a page, each once, however long its name and query, and each page says how to turn to another."""
    views = [replace(a_view(f"{number:02} {'*' * 90}"), written="x" * 500, matches=10**6) for number in range(53)]

    pages = [watches_embed(views, page=number) for number in range(1, 6)]

    named = [line[2:4] for page in pages for line in str(page.description).splitlines() if line.startswith("**")]
    assert named == [f"{number:02}" for number in range(53)]
    assert pages[0].footer.text == "Page 1 of 5 · /watch list page:2 shows another"
    assert watches_embed(views, page=99).footer.text == "Page 5 of 5 · /watch list page:1 shows another"
    assert watches_embed(views[:2]).footer.text is None


def test_an_empty_list_says_what_to_do() -> None:
    """Nothing watched and nothing followed are hints of what can be done here, not empty cards."""
    assert "/watch add" in str(watches_embed([]).description)
    assert "/feed add" in str(sources_embed(SourcePage()).description)


def test_a_watch_shows_where_it_tells_and_whom_it_calls() -> None:
    """Own channels and the role are shown, and a pause is said."""
    embed = watch_embed(replace(a_view(server=5, channels=(7, 8), role=9, paused=True, level=Level.MENTION), note="one phrase"))

    assert {field.name: field.value for field in embed.fields} == {
        "How it was read": "one phrase",
        "Alerts on": "any mention",
        "Matches so far": "3",
        "Kept in": "this server",
        "Channels": "<#7>, <#8>",
        "Mentions": "<@&9>",
    }
    assert embed.footer.text == "Paused: it tells nobody here"


def test_a_watch_of_the_config_says_so() -> None:
    """People learn where a watch can be changed."""
    fields = {field.name: field.value for field in watch_embed(a_view()).fields}

    assert fields == {"Alerts on": "about", "Matches so far": "3", "Kept in": "the config files"}


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (timedelta(minutes=15), "every 15 min"),
        (timedelta(hours=2), "every 2 h"),
        (timedelta(days=1), "every 1 d"),
        (timedelta(seconds=90), "every 90 s"),
    ],
)
def test_intervals_are_said_in_the_largest_whole_unit(every: timedelta, said: str) -> None:
    """An interval reads as it was written in the config."""
    assert said in str(sources_embed(SourcePage(states=(a_source(every=every),))).description)


ASKED = int(NOW.timestamp()) - 240
NEXT = int(NOW.timestamp()) + 660


def test_sources_in_trouble_come_first_and_paused_ones_last() -> None:
    """What needs somebody is at the top, and each says when it was and will be asked."""
    states = [
        a_source(name="Paused", paused=True, failures=3),
        a_source(name="Well", kind=SourceKind.FOLDER),
        a_source(name="Partly", problems=(Problem(part="a.txt", reason="no text in it"),)),
        a_source(name="Gone", failures=2, given_up_at=NOW, reason="It is gone (410)."),
        a_source(name="Unwell", failures=1, reason="no answer"),
        a_source(name="Silent", failures=2, ok_at=None),
        a_source(name="Stale", ailment=Ailment.STALE, complaint="nothing new since Monday"),
    ]

    [page] = source_pages(states)
    embed = sources_embed(page)

    assert embed.title == "Sources: 2 of 6 healthy"
    assert str(embed.description).splitlines() == [
        "🔴 **Gone** · given up",
        "It is gone (410).",
        f"well <t:{ASKED}:R>",
        "🟠 **Unwell** · 1 failure",
        "no answer",
        f"well <t:{ASKED}:R>, next <t:{NEXT}:R>",
        "🟠 **Silent** · 2 failures",
        "no reason was given",
        f"never well yet, next <t:{NEXT}:R>",
        "🟠 **Stale** · stale",
        "nothing new since Monday",
        f"well <t:{ASKED}:R>, next <t:{NEXT}:R>",
        "🟢 **Partly** · every 15 min · 7 today",
        f"well <t:{ASKED}:R>, next <t:{NEXT}:R>",
        "⚠️ a.txt: no text in it",
        "🟢 **Well** (folder) · every 15 min · 7 today",
        f"well <t:{ASKED}:R>, next <t:{NEXT}:R>",
        "⏸️ **Paused** · paused here",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"today": 1234}, "1,234 today", id="too new for a rate"),
        pytest.param({"lately": 12.4, "usual": 15.2}, "12 a day, usually 15", id="both"),
        pytest.param({"lately": 12.4}, "12 a day", id="what is usual is not known yet"),
        pytest.param({"lately": 0.0, "usual": 0.43}, "0 a day, usually 0.4", id="a slow one"),
        pytest.param({"lately": 2.0, "usual": 2.04}, "2 a day, usually 2", id="whole numbers stay whole"),
    ],
)
def test_a_source_says_what_it_gives_and_what_is_usual(given: dict[str, float], said: str) -> None:
    """A drop can be seen before it alarms anybody."""
    first, *_ = str(sources_embed(SourcePage(states=(a_source(**given),))).description).splitlines()

    assert first == f"🟢 **Example Wire** · every 15 min · {said}"


def test_a_long_list_has_pages() -> None:
    """Every source of hundreds is on a page, each once, and each page says how to turn to another."""
    found = [a_source(name=f"Source {number:03}") for number in range(300)]

    pages = [sources_embed(page) for page in source_pages(found)]

    named = [line.split("**")[1] for page in pages for line in str(page.description).splitlines() if "**" in line]
    assert named == [state.source.name for state in found]
    assert pages[0].footer.text == f"Page 1 of {len(pages)} · /feed list page:2 shows another"
    assert pages[-1].footer.text == f"Page {len(pages)} of {len(pages)} · /feed list page:1 shows another"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"paused": True}, id="paused"),
        pytest.param({"lately": 123456.7, "usual": 123456.7, "kind": SourceKind.FOLDER}, id="well"),
        pytest.param({"problems": tuple(Problem(part="ä" * 99, reason="*" * 300) for _ in range(9))}, id="partly read"),
        pytest.param({"failures": 123456, "reason": "*" * 300}, id="failing"),
        pytest.param({"given_up_at": NOW, "reason": "*" * 300}, id="given up"),
    ],
)
def test_a_page_of_the_list_holds_all_that_is_laid_out_on_it(given: dict[str, Any]) -> None:
    """However long the names and reasons of its sources are, none is cut off a page."""
    page, *_ = source_pages([a_source(name="*" * 99, **given)] * 99)

    embed = sources_embed(page)

    assert str(embed.description).count("\\*…**") == len(page.states)
    assert len(str(embed.description)) <= 3900


def test_the_status_says_how_the_bot_stands() -> None:
    """Counts, ages, what waits and what is wrong, in one card."""
    standing = Standing(
        sources=43,
        unwell=(a_source(name="Unwell", failures=1, reason="no answer"), a_source(name="Gone", given_up_at=NOW)),
        watches=4,
        articles=1469,
        waiting_articles=1,
        last_article=NOW,
        deliveries=((State.HELD, "the hour is full", 2), (State.DEAD, "", 1)),
        disambiguation="on",
        ranking="off",
    )

    embed = standing_embed(standing)

    assert embed.description == f"**41 of 43 sources** healthy, last article <t:{int(NOW.timestamp())}:R>"
    assert {field.name: field.value for field in embed.fields} == {
        "Watches": "4",
        "Archive": "1,469 articles",
        "Still to read": "1 article",
        "Last alert": "never",
        "In trouble": (
            f"🟠 **Unwell** · 1 failure\nno answer\nwell <t:{ASKED}:R>, next <t:{NEXT}:R>\n"
            f"🔴 **Gone** · given up\nno reason was given\nwell <t:{ASKED}:R>"
        ),
        "Deliveries": "2 held: the hour is full\n1 dead",
        "Disambiguation": "on",
        "Likeness to topics": "off",
    }


def test_the_colour_of_the_status_tells_whether_all_is_well() -> None:
    """A glance is enough to see that nobody is needed."""
    well, unwell = Standing(sources=1), Standing(sources=1, unwell=(a_source(failures=1),))

    assert standing_embed(well).colour != standing_embed(unwell).colour


def test_the_status_names_the_channel_or_how_to_choose_one() -> None:
    """First contact is not silence."""
    assert place(7) == "Alerts go to <#7>."
    assert "/setup channel" in place(None)


def test_a_welcome_says_what_is_watched_and_when_the_next_poll_is() -> None:
    """Without an article to show, the bot says what it is waiting for."""
    sources = [a_source(next_poll=NOW + timedelta(minutes=9)), a_source(next_poll=NOW), a_source(next_poll=None)]

    assert welcome([a_view()], sources) == (
        f"No article matches yet. Watched: North Korea. The next poll is <t:{int(NOW.timestamp())}:R>."
    )
    assert welcome([], []) == "No article matches yet. Watched: nothing yet. No poll is planned."


def test_the_help_fits() -> None:
    """The help keeps every limit and names every kind of question."""
    embed = help_embed()

    assert faults_of_embed(embed.to_dict()) == []
    assert "/search" in str(embed.fields[0].value)
