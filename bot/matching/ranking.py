"""Finds the sentence that sounds most like the description of a topic: it marks “maybe” and ranks, and decides nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.matching.document import Document
from bot.model import Catalogue, Maybe, Stage, Topic, Trace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PACKAGE = "wordllama"

LEAST = 0.4
"""Below this a likeness says nothing. About three in five articles that are about a topic reach it, and of general news in
which it is not found, one in 300."""

_SHORTEST = 50
"""Characters of a sentence that can sound like anything."""

_LONGEST = 400
_SENTENCES = 60
_PHRASES = 15
"""So many phrases of a topic are read with its description."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Compares texts by their vectors; `encode` gives each a row of length one."""

    encode: Callable[[Sequence[str]], Vectors]

    def maybe(self, topic: Topic, document: Document) -> Maybe | None:
        """Return the sentence that sounds most like a topic, if one does."""
        sentences = [*_sentences(document)]
        if not sentences or not topic.description or not document.is_english:
            return None
        likeness = self.encode(sentences) @ self.encode([_said_of(topic)])[0]
        best = int(likeness.argmax())
        return Maybe(sentence=sentences[best], likeness=round(float(likeness[best]), 3)) if likeness[best] >= LEAST else None


def with_maybes(trace: Trace, document: Document, catalogue: Catalogue, load: Callable[[], Ranker | None]) -> Trace:
    """Return a trace with what may be of the topics that were found nowhere; the model is loaded only if there is one."""
    topics = {topic.subject: topic for topic in catalogue.topics if topic.description}
    missing = {one.part for one in trace.obstacles if one.stage is Stage.SCAN and one.part in topics}
    ranker = load() if missing else None
    if ranker is None:
        return trace
    found = {part: ranker.maybe(topics[part], document) for part in missing}
    return replace(trace, obstacles=tuple(replace(one, maybe=found.get(one.part)) for one in trace.obstacles))


def standing() -> str:
    """Say whether ranking can be had, without loading anything."""
    try:
        spec = find_spec(PACKAGE)
    except (ImportError, ValueError):
        spec = None
    return f"by {PACKAGE}, loaded when it is first needed" if spec else f"off: {PACKAGE} is not installed"


@cache
def load() -> Ranker | None:
    """Load the model from its package, once; None where that cannot be done. Nothing is ever downloaded."""
    try:
        with _its_logging_undone():
            # Imported late: it takes 40 MB that only the worker pays, and only for a topic that is found nowhere.
            import wordllama
        model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
        # It unpacks the half floats of its file into twice the memory; sums are full floats either way, to the same likeness.
        model.embedding = model.embedding.astype("float16")
    except (ImportError, OSError, ValueError) as error:
        logging.getLogger(__name__).warning("ranking is off: %s", error)
        return None
    return Ranker(lambda texts: _of_length_one(model.embed(list(texts))))


@contextmanager
def _its_logging_undone() -> Iterator[None]:
    """Keep a package from setting up the logging of the whole process while it is imported."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def _of_length_one(vectors: Vectors) -> Vectors:
    lengths = (vectors**2).sum(axis=1, keepdims=True) ** 0.5
    return vectors / lengths.clip(min=1e-9)  # type: ignore[no-any-return]  # numpy types a division as anything


def _said_of(topic: Topic) -> str:
    # Names in them would make every sentence on one of the actors sound like the topic.
    phrases = [phrase for phrase in (*topic.phrases, *topic.weak) if phrase.isascii() and phrase.islower()]
    return f"{topic.name}. {topic.description} {', '.join(phrases[:_PHRASES])}"


def _sentences(document: Document) -> Iterator[str]:
    """Yield the title and the first sentences that are long enough to sound like anything, each on one line."""
    texts = [document.title.text, *(document.text.text[start:end] for start, end in document.sentences[:_SENTENCES])]
    lines = (" ".join(text.split())[:_LONGEST] for text in texts)
    return (line for line in lines if len(line) >= _SHORTEST)
