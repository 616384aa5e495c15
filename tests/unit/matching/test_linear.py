"""Laws of cost: no query over no text takes more than in proportion to the text, from the scan to the evidence of each match."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest

from bot.language.parsing import OFF, Depth, Entity, Parsed
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import Article, Level, Rules, Watch
from bot.reading import read_batch
from tests.unit.matching.samples import CATALOGUE

QUERIES = (
    "actor:japan",
    "actor:united-states OR actor:jordan",
    "actor:jordan AND NOT actor:russia",
    "sentence:(actor:japan AND actor:russia)",
    "paragraph:(actor:japan AND NOT sentence:(actor:russia AND actor:north-korea))",
    "title:actor:japan OR lead:(actor:united-states OR actor:north-korea)",
    "topic:arms-transfers OR topic:trilateral-cooperation",
    '"alpha alpha alpha alpha"~50',
    '"beta alpha beta alpha beta"~50',
    "alph* AND NOT text:omega",
    "relation:(source=actor:japan target=actor:russia)",
    "relation:(source=actor:japan act=consult)",
    " OR ".join(f"alpha{number}" for number in range(100)),
)

TEXTS: dict[str, Callable[[int], str]] = {
    "one name": lambda n: "Japan " * n,
    "a name a sentence": lambda n: "Japan rose. " * n,
    "many names": lambda n: "Japan and Russia met North Korea. " * n,
    "unsure names without a full stop": lambda n: "Washington " * n,
    "unsure names": lambda n: "Jordan said so. " * n,
    "weak names": lambda n: "the North " * n + "Pyongyang",
    "decoys": lambda n: "Washington Post Washington " * n,
    "one word": lambda n: "alpha " * n,
    "two words in turn": lambda n: "alpha beta " * n,
    "a word without end": lambda n: "alpha" * n,
    "a topic a sentence": lambda n: "They sold shells. " * n,
    "a topic without a full stop": lambda n: "sold shells " * n,
    "abbreviations": lambda n: "U.S. " * n,
    "numbers": lambda n: "No. 5. " * n,
    "marks": lambda n: "“.” " * n,
    "nothing": lambda n: " \n\n " * n + "Japan",
    "no spaces": lambda n: "北朝鮮" * n,
    "accents": lambda n: "Jãpan " * n,
}

SMALL, TIMES = 60, 4
STEPS_GROW = 4.6
"""So many times the steps for four times the text: quadratic would be 16."""
LARGE = 800
"""Long enough for what is done in C to weigh."""
TIME_GROWS = 9.0
ENOUGH_S = 0.005
TRIES = 5
"""A busy machine takes longer now and then; what grows faster takes longer each time."""


class _LabelsAll:
    """Finds a place in every tenth of a text."""

    name = "fake"
    has_grammar = False

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        del depth
        return [
            Parsed(entities=tuple(Entity(start=at, end=at + 10, label="GPE") for at in range(0, len(one), 11))) for one in texts
        ]


_RULES = Rules(
    number=987_654,
    catalogue=CATALOGUE,
    watches=tuple(Watch(id=n, name=str(n), query=query, level=Level.MENTION) for n, query in enumerate(QUERIES, start=1)),
)
_understand = Interpreter(CATALOGUE)
_CASCADE = Cascade(Scanner(CATALOGUE), [Wanted(query=_understand(query).query) for query in QUERIES], _LabelsAll())


def read(text: str) -> None:
    article = Article(id=1, source_id=1, title="A title", text=text, collected=datetime(2026, 11, 1, tzinfo=UTC))
    read_batch(_RULES.number, _RULES, OFF, [article], False)


def judge(text: str) -> None:
    document = Document(title="A title", text=text, language="en")
    [hits] = _CASCADE.read([document])
    list(_CASCADE.answers(hits, document))


@pytest.mark.parametrize("work", [pytest.param(read, id="by the exact scan"), pytest.param(judge, id="with a parser")])
@pytest.mark.parametrize("text", [pytest.param(make, id=name) for name, make in TEXTS.items()])
def test_reading_takes_in_proportion_to_the_text(work: Callable[[str], None], text: Callable[[int], str]) -> None:
    """Four times the text is about four times the steps, and nothing that is done in one step grows faster either."""
    work(text(1))

    steps = [_steps(work, text(SMALL * times)) for times in (1, TIMES)]
    short, long = text(LARGE), text(LARGE * TIMES)

    assert steps[1] <= STEPS_GROW * steps[0]
    assert any(_cpu_s(work, long) <= TIME_GROWS * max(ENOUGH_S, _cpu_s(work, short)) for _ in range(TRIES))


def _steps(work: Callable[[str], None], text: str) -> int:
    """Count the lines of Python that run."""
    counted = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal counted
        del frame, argument
        counted += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(text)
    finally:
        sys.settrace(before)
    return counted


def _cpu_s(work: Callable[[str], None], text: str) -> float:
    before = time.thread_time()
    work(text)
    return time.thread_time() - before
