"""Near misses that sound like a topic, over a real archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.matching.queries.query import Interpreter
from bot.model import Article, Catalogue, Level, Maybe, Obstacle, Rules, Stage, Topic, Trace, Viewer, Watch
from bot.questions import NearMisses
from bot.questions.near_misses import without_one
from tests.store.conftest import NOW, World
from tests.store.test_questions import world

__all__ = ["world"]

HERE = Viewer(server=7)
TIDES = Catalogue(topics=(Topic(id="tides", name="Tides", description="The sea rises and falls.", phrases=("high tide",)),))


@dataclass(slots=True)
class Ear:
    """Hears a likeness in the articles of some titles, and the same part missing in all (`ports.Explainer`)."""

    likeness: dict[str, float]
    lacks: str
    heard: list[str] = field(default_factory=list)

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        self.heard.append(article.title)
        like = self.likeness.get(article.title)
        maybe = Maybe(sentence=f"Like it: {article.title}.", likeness=like) if like else None
        missing = Obstacle(part="topic:tides", stage=Stage.SCAN, seen="it stands nowhere", mend="its words", maybe=maybe)
        return [Trace(written="", level=None, wanted=Level.ABOUT, obstacles=(missing,), lacks=self.lacks)]


async def missed(world: World, ear: Ear, query: str) -> list[tuple[str, str]]:
    near = NearMisses(archive=world.store.archive, explainer=ear, rules=world.store.analysis.rules, clock=lambda: NOW)
    understood = Interpreter(TIDES)(query)
    found = await near.find(HERE, understood, query, since=NOW - timedelta(days=30))
    return [(one.title, why) for one, why in found]


async def test_what_may_be_it_goes_before_what_is_new(world: World) -> None:
    """Of many that lack the topic those are shown that sound like it, with the sentence."""
    ear = Ear({"Title 6": 0.5, "Title 5": 0.7}, lacks="topic:tides")

    near = await missed(world, ear, "topic:tides AND walrus")

    assert near == [
        ("Title 5", "only topic:tides is missing, but maybe it is there: “Like it: Title 5.”"),
        ("Title 6", "only topic:tides is missing, but maybe it is there: “Like it: Title 6.”"),
        ("Title 7", "only topic:tides is missing: it stands nowhere"),
    ]


async def test_a_topic_alone_is_nearly_answered_by_what_sounds_like_it(world: World) -> None:
    """Where nothing but a topic is asked for, the newest articles are listened to, and only those that sound like it are named."""
    ear = Ear({"Title 2": 0.6}, lacks="")

    near = await missed(world, ear, "topic:tides")

    assert near == [("Title 2", "its words are missing, but maybe it is there: “Like it: Title 2.”")]
    assert len(ear.heard) == 7


@pytest.mark.parametrize("query", ["walrus", "walrus OR topic:tides"])
def test_words_alone_sound_like_nothing(query: str) -> None:
    """Only a topic has a description that something can be like."""
    assert list(without_one(Interpreter(TIDES)(query).query)) == []
