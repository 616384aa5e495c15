"""The verbs `why` and `report` in this process: what they print of an archive, and how they end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot import desks
from bot.model import (
    Collected,
    Draft,
    Evidence,
    FirstRun,
    Follow,
    Level,
    Match,
    Opinion,
    Place,
    Reading,
    Sent,
    SourceKind,
    Term,
    Viewer,
)
from tests.flow.conftest import Newsroom, Verb, item

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
INBOX = Follow(kind=SourceKind.FOLDER, address="/inbox", name="Inbox", every=timedelta(hours=1), first_run=FirstRun.ALL)
TERM = Term(words="North Korea", subject="actor:north-korea", rule="name")
GOOD = "North Korea launched a missile."
BAD = "North Korea won a football match."
WHO = ("A sailor", "Some farmers", "The captain", "Nobody")


async def judged(room: Newsroom, texts: Sequence[str]) -> None:
    """Have these articles matched and told in server 7, where one member finds those on football not relevant."""
    room.environ["DISCORD_TOKEN"] = "x"
    store = desks.open_store(room.load())
    try:
        await store.copy_config([INBOX], room.load().watches, now=NOW)
        await store.places.set_channel(7, 70, now=NOW)
        [source] = await store.sources.all_sources()
        drafts = tuple(Draft(guid=f"g{number}", title=f"Report {number}", text=text) for number, text in enumerate(texts))
        await store.polls.record_poll(source, Collected(drafts=drafts), now=NOW, next_poll=NOW, told_from=None, batch="b")
        articles = await store.analysis.lease_articles(NOW, lease=timedelta(hours=1), limit=99)
        readings = [
            Reading(article_id=article.id, revision=article.revision, matches=(_match(article.text),)) for article in articles
        ]
        await store.analysis.record_readings(readings, (await store.analysis.rules()).number, now=NOW)
        for number, _ in enumerate(texts):
            [due] = await store.deliveries.due_deliveries(NOW, 99)
            claimed = await store.deliveries.claim(due, NOW, lease=timedelta(minutes=1))
            assert claimed is not None
            await store.deliveries.settle(claimed, Sent(message_id=number), NOW)
            [reason] = await store.archive.reasons(Viewer(server=7), due.id)
            assert reason.evidence is not None
            relevant = "football" not in reason.evidence.sentence
            opinion = Opinion(server=7, watch_id=1, delivery_id=due.id, user=1, relevant=relevant)
            await store.feedback.keep(opinion, now=NOW)
    finally:
        store.close()
        del room.environ["DISCORD_TOKEN"]


def _match(text: str) -> Match:
    evidence = Evidence(sentence=text, spans=((0, 11),), place=Place.LEAD, terms=(TERM,))
    return Match(watch_id=1, level=Level.ABOUT, score=0.9, evidence=evidence, summary=())


async def test_why_says_of_each_watch_what_was_found_and_what_was_missing(room: Newsroom, verb: Verb) -> None:
    """A watch that was told names its terms and where; one that was not names the part, the stage and the mend."""
    room.follow(Wire="/feed")
    room.publish("/feed", item(1, GOOD, link="https://wire.example/1"))
    await room.once()

    code, said = await verb("why", "https://wire.example/1")

    told, _, missing = said.partition("\n\nWith Russia")
    assert code == 0
    assert told.startswith("Statement 1\n\nNorth Korea · about ")
    assert "Told in the terminal." in told
    assert "found actor:north-korea: “North Korea”" in told
    assert " · no match\n" in missing
    assert "missing actor:russia" in missing
    assert "would let it through: " in missing


async def test_why_of_what_is_not_there_is_one_sentence(room: Newsroom, verb: Verb) -> None:
    """A link that is in no archive is named, and the verb ends with 1."""
    await room.once()

    code, said = await verb("why", "https://wire.example/none")

    assert code == 1
    assert said.count("\n") == 1
    assert "https://wire.example/none" in said


async def test_report_counts_what_people_think_and_tries_a_change(room: Newsroom, verb: Verb) -> None:
    """From ten judged alerts on, the terms of false ones are named, and a change with its effect on all that was judged."""
    await asyncio.to_thread(
        asyncio.run,
        judged(
            room,
            [*(f"{GOOD} It flew {number}00 km." for number in range(1, 7)), *(f"{BAD} {number} scored." for number in WHO)],
        ),
    )

    code, said = await verb("report", "north korea", "--server", "7")

    assert code == 0
    assert "North Korea: 6 of 10 judged alerts are relevant: 60%, between 31% and 83%" in said
    assert "  “North Korea”: 4 false, 6 relevant\n" in said
    assert "NOT" in said
    assert "drops 4 of 4 false alarms and loses 0 of 6 relevant ones" in said


async def test_report_of_no_watch_is_one_sentence(room: Newsroom, verb: Verb) -> None:
    """A name that nothing watches is refused with the way to the names."""
    await room.once()

    code, said = await verb("report", "Walrus")

    assert (code, said.count("\n")) == (1, 1)
    assert "There is no watch “Walrus”" in said
