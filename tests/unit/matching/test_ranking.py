"""Laws of what only sounds like a topic: it is marked where nothing was found, and nothing hangs on it."""

from __future__ import annotations

import builtins
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.matching import ranking
from bot.matching.ranking import Ranker, with_maybes
from bot.model import Catalogue, Level, Obstacle, Stage, Topic, Trace
from tests.unit.matching.samples import document

ARMS = Topic(id="arms", name="Arms", description="Weapons that change hands.", phrases=("arms deal",))
PLAIN = replace(ARMS, id="plain", description="")
CATALOGUE = Catalogue(topics=(ARMS, PLAIN))
TEXT = "A long sentence about the weather today. Howitzers were handed over to the army late at night. It rained for many days."


def encode(texts: Sequence[str]) -> Any:
    """Point every text with weapons one way, all others another."""
    return np.array([(1.0, 0.0) if "owitzer" in text or "Weapons" in text else (0.0, 1.0) for text in texts], dtype=np.float32)


def obstacle(part: str = "topic:arms", stage: Stage = Stage.SCAN) -> Obstacle:
    return Obstacle(part=part, stage=stage, seen="it stands nowhere", mend="its words")


def trace(*obstacles: Obstacle) -> Trace:
    return Trace(written="topic:arms", level=None, wanted=Level.ABOUT, obstacles=obstacles)


class Loading:
    """Counts how often the model is asked for."""

    def __init__(self, ranker: Ranker | None) -> None:
        self._ranker, self.count = ranker, 0

    def __call__(self) -> Ranker | None:
        self.count += 1
        return self._ranker


def test_the_sentence_most_like_a_topic_is_marked() -> None:
    """Where a topic was found nowhere, the sentence that sounds like it stands beside the reason."""
    marked = with_maybes(trace(obstacle()), document(TEXT), CATALOGUE, Loading(Ranker(encode)))

    [one] = marked.obstacles
    assert one.maybe is not None
    assert (one.maybe.sentence, one.maybe.likeness) == ("Howitzers were handed over to the army late at night.", 1.0)
    assert not marked.holds


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("It rained all day long in the valley. It rained all night too.", "en", id="nothing like it"),
        pytest.param("Howitzers!", "en", id="too short"),
        pytest.param(TEXT, "ko", id="another language"),
    ],
)
def test_what_is_not_like_a_topic_is_not_marked(text: str, language: str) -> None:
    """Without a sentence that is like it nothing is said."""
    article = document(text, language=language)

    marked = with_maybes(trace(obstacle()), article, CATALOGUE, Loading(Ranker(encode)))

    assert [one.maybe for one in marked.obstacles] == [None]


@pytest.mark.parametrize(
    "obstacles",
    [
        pytest.param((), id="nothing is missing"),
        pytest.param((obstacle("actor:japan"),), id="an actor"),
        pytest.param((obstacle("topic:plain"),), id="a topic without a description"),
        pytest.param((obstacle(stage=Stage.PATTERN),), id="a topic that was found and refused"),
    ],
)
def test_the_model_is_loaded_only_for_a_described_topic_that_is_missing(obstacles: tuple[Obstacle, ...]) -> None:
    """Its memory is paid by nobody who does not need it."""
    loading = Loading(Ranker(encode))

    assert with_maybes(trace(*obstacles), document(TEXT), CATALOGUE, loading) == trace(*obstacles)
    assert loading.count == 0


def test_without_a_model_nothing_is_marked() -> None:
    """A trace stays as it is where the model cannot be loaded."""
    assert with_maybes(trace(obstacle()), document(TEXT), CATALOGUE, Loading(None)) == trace(obstacle())


@pytest.fixture
def _unloaded() -> Iterator[None]:
    ranking.load.cache_clear()
    yield
    ranking.load.cache_clear()


@pytest.mark.usefixtures("_unloaded")
def test_a_package_that_cannot_be_imported_is_no_ranker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no package for it has everything else."""
    real = builtins.__import__

    def refuse(name: str, *more: Any, **named: Any) -> Any:
        if name == "wordllama":
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)

    assert ranking.load() is None


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standing is told without loading anything."""
    assert ranking.standing() == "by wordllama, loaded when it is first needed"
    monkeypatch.setattr(ranking, "PACKAGE", "nothing_of_that_name")
    assert ranking.standing() == "off: nothing_of_that_name is not installed"


@pytest.mark.usefixtures("_unloaded")
def test_the_real_model_hears_what_is_meant() -> None:
    """With its weights from the package it tells a sale of ammunition from the weather, and leaves the logging alone."""
    handlers = list(logging.getLogger().handlers)
    arms = replace(ARMS, description="Weapons and ammunition that change hands between states: sales, gifts, shipments.")
    ranker = ranking.load()

    assert ranker is not None
    assert logging.getLogger().handlers == handlers
    said = "The kingdom bought ammunition from its ally, and shipments of old weapons went to other states."
    maybe = ranker.maybe(arms, document(f"The weather was fine for most of the week. {said} Farmers hope for rain in spring."))
    assert maybe is not None
    assert maybe.sentence == said
    assert ranker.maybe(arms, document("The baker won a prize for his bread. The choir will sing on Sunday.")) is None


def test_half_the_memory_gives_the_vectors_of_the_package() -> None:
    """What is kept as the half floats that its file holds gives the very same vectors."""
    import wordllama

    texts = ["North Korea sent shells to Russia.", "Trilateral cooperation, deepened.", "한국과 일본"]
    ranker = ranking.load()
    packaged = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True).embed(
        texts, norm=True
    )

    assert ranker is not None
    assert np.allclose(ranker.encode(texts), packaged, atol=1e-6)


def test_the_main_process_never_loads_it() -> None:
    """Importing what the bot imports loads no model, and neither does asking how ranking stands."""
    script = "import sys, bot.app, bot.matching.ranking as r; r.standing(); print('wordllama' in sys.modules, 'tokenizers' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
