"""Laws of the cascade: a parser is asked only where an answer hangs on it, and then about those sentences alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.language.parsing import Depth, Entity, Parsed, Parser, Token, load
from bot.matching.cascade import Cascade, Wanted
from bot.matching.evidence import best_sentence, evidence_of
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.mentions import mentions_of
from bot.matching.scanning.terms import Scanner
from bot.model import Level, Mention, Strength
from tests.unit.matching.samples import CATALOGUE, document

interpret = Interpreter(CATALOGUE)
SCANNER = Scanner(CATALOGUE)


@dataclass
class ParserOfPersons:
    """Takes every word it is given as a lemma, and some of them for persons; remembers what it was asked."""

    persons: Sequence[str] = ()
    name: str = "fake"
    asked: list[str] = field(default_factory=list)
    has_grammar: bool = False

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        self.asked += texts
        return [self._parsed(text) for text in texts]

    def _parsed(self, text: str) -> Parsed:
        entities = [(text.index(name), name) for name in self.persons if name in text]
        words = [(text.index(word), word) for word in text.strip(".").split()]
        return Parsed(
            tokens=tuple(Token(start=at, end=at + len(word), lemma=word.casefold()) for at, word in words),
            entities=tuple(Entity(start=at, end=at + len(name), label="PERSON") for at, name in entities),
        )


def cascade(parser: Parser | None, *queries: str, level: Level = Level.MENTION) -> Cascade:
    return Cascade(SCANNER, [Wanted(query=interpret(query).query, level=level) for query in queries], parser)


def test_sentences_with_unsure_names_are_parsed_and_no_others() -> None:
    """Only the sentences on which an answer hangs go to the parser."""
    parser = ParserOfPersons(persons=["Jordan"])
    article = document("It rained. Jordan was tired. Then it stopped.")

    hits = cascade(parser, "actor:jordan").read([article])[0]

    assert parser.asked == ["Jordan was tired."]
    assert [hit.strength for hit in hits] == [Strength.WEAK]


@pytest.mark.parametrize(
    ("query", "text", "level"),
    [
        pytest.param("actor:japan", "Jordan was tired.", Level.MENTION, id="nobody asks"),
        pytest.param("actor:jordan", "Jordan was tired in Amman.", Level.MENTION, id="a sure name settles it"),
        pytest.param("actor:jordan OR actor:japan", "Japan met Jordan.", Level.MENTION, id="answered without it"),
        pytest.param("actor:jordan AND actor:japan", "Jordan was tired.", Level.MENTION, id="refused without it"),
        pytest.param(
            "actor:jordan",
            "A day. A week. " + "It rained all day. " * 12 + "Jordan was tired.",
            Level.ABOUT,
            id="too little for the level wanted",
        ),
    ],
)
def test_a_parser_is_not_asked_where_it_decides_nothing(query: str, text: str, level: Level) -> None:
    """Where both bounds agree, what is unsure stays so."""
    parser = ParserOfPersons()

    cascade(parser, query, level=level).read([document(text)])

    assert parser.asked == []


def test_not_is_open_where_the_excluded_is_unsure() -> None:
    """What must not be there is decided too."""
    parser = ParserOfPersons(persons=["Jordan"])
    reader = cascade(parser, "actor:japan AND NOT actor:jordan")
    article = document("Jordan was tired of Japan.")

    verdicts = reader.verdicts(reader.read([article])[0], article)

    assert parser.asked
    assert verdicts[0] is not None


def test_patterns_are_confirmed_by_lemmas() -> None:
    """A pattern that may hold is a mention once the parser has agreed, and nothing where it has not."""
    reader = cascade(ParserOfPersons(), "topic:arms-transfers")
    articles = [document("They sell one shell."), document("They sold many shells.")]

    verdicts = [reader.verdicts(hits, article)[0] for hits, article in zip(reader.read(articles), articles, strict=True)]

    assert [verdict is not None for verdict in verdicts] == [True, False]


def test_unsure_actors_are_decided_before_patterns() -> None:
    """A pattern beside an actor that turns out to be a person lacks that actor."""
    text = "Japan South Korea and Washington drill."
    reader = cascade(ParserOfPersons(persons=["Washington"]), "topic:trilateral-cooperation")
    trusting = cascade(ParserOfPersons(), "topic:trilateral-cooperation")
    article = document(text)

    assert reader.verdicts(reader.read([article])[0], article) == [None]
    assert trusting.verdicts(trusting.read([article])[0], article) != [None]


@pytest.mark.parametrize(
    ("parser", "language"),
    [
        pytest.param(None, "en", id="no parser"),
        pytest.param(ParserOfPersons(persons=["Jordan"]), "ja", id="another language"),
    ],
)
def test_without_labels_unsure_names_count(parser: Parser | None, language: str) -> None:
    """Where nothing can veto, an unsure name counts, whether somebody asks for it or not."""
    hits = cascade(parser, "actor:japan").read([document("Jordan was tired.", language=language)])[0]

    assert [hit.strength for hit in hits] == [Strength.CONTEXT]


def test_nothing_stays_unsure_in_a_candidate() -> None:
    """Once an article is looked at closely, all of it is decided."""
    article = document("Jordan was tired. American shells were sold. Washington slept.")

    hits = cascade(ParserOfPersons(), "actor:jordan").read([article])[0]

    assert all(hit.strength is not Strength.UNSURE for hit in hits)


def test_a_batch_is_parsed_in_one_call() -> None:
    """All unsure sentences of a batch are parsed together, and each article gets its own answers."""
    parser = ParserOfPersons(persons=["Jordan was"])
    articles = [document("Jordan was tired."), document("It rained."), document("Jordan said so.")]

    found = cascade(parser, "actor:jordan").read(articles)

    assert [[hit.strength for hit in hits] for hits in found] == [[Strength.WEAK], [], [Strength.CONTEXT]]


def test_endless_sentences_are_parsed_to_a_limit() -> None:
    """What has no full stop for pages is cut before it reaches the parser."""
    parser = ParserOfPersons()

    cascade(parser, "actor:jordan").read([document("Jordan " + "was tired and " * 2_000)])

    assert [len(text) for text in parser.asked] == [10_000]


def test_hard_cases_with_the_real_model() -> None:
    """A player named like a state is no state, an air line no nation; a government is named by its capital."""
    reader = cascade(load(), "actor:jordan OR actor:united-states")
    texts = ["Jordan said he was retiring from basketball", "Washington urged Tokyo to act", "An American official left"]
    articles = [document(text) for text in texts]

    verdicts = [reader.verdicts(hits, article)[0] for hits, article in zip(reader.read(articles), articles, strict=True)]

    assert [verdict is not None for verdict in verdicts] == [False, True, True]


def test_mentions_sum_up_the_whole_catalogue() -> None:
    """Every actor and topic that was found is a mention, watched or not, with its places; what does not count is weak."""
    article = document("Japan rose. Tokyo fell. The North won. In Japan they met.", title="Japan and Jordan")

    mentions = mentions_of(cascade(ParserOfPersons(), "met OR rose").read([article])[0], article)

    assert mentions == (
        Mention(subject="actor:japan", strength=Strength.STRONG, title=1, lead=2, body=1, positions=(0, 12, 42)),
        Mention(subject="actor:jordan", strength=Strength.UNSURE, title=1),
        Mention(subject="actor:north-korea", strength=Strength.WEAK, body=1, positions=(24,)),
    )


def test_a_copied_title_is_counted_once_in_mentions() -> None:
    """What stands in the words that a title was taken from counts as title alone."""
    article = document("Japan rose. Tokyo fell.", title="Japan rose.", headless=True)

    (mention,) = mentions_of(SCANNER.scan(article), article)

    assert (mention.title, mention.lead, mention.body) == (1, 1, 0)


AID = "relation:(source=actor:north-korea target=actor:russia act=aid)"
SENT = "It rained. North Korea sent shells to Russia. Then it stopped."


@dataclass
class Grammarian:
    """Parses with the real model, and remembers what it was asked and how much of it."""

    has_grammar: bool = True
    name: str = "real"
    asked: list[tuple[str, Depth]] = field(default_factory=list)

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        self.asked += [(text, depth) for text in texts]
        parser = load()
        assert parser is not None
        return parser.parse(texts, depth)


@pytest.mark.parametrize(
    ("query", "text", "depth"),
    [
        pytest.param("actor:jordan", "Jordan was tired.", Depth.LABELS, id="a name"),
        pytest.param("topic:arms-transfers", "They sold shells to Jordan.", Depth.LEMMAS, id="a pattern"),
        pytest.param(AID, SENT, Depth.GRAMMAR, id="a relation"),
    ],
)
def test_no_more_is_asked_of_the_parser_than_is_needed(query: str, text: str, depth: Depth) -> None:
    """A name needs its label, a pattern lemmas, a relation grammar; each takes longer than the one before."""
    parser = Grammarian()

    cascade(parser, query).read([document(text)])

    assert {one for _, one in parser.asked} == {depth}


@pytest.mark.parametrize(
    ("query", "text", "asked"),
    [
        pytest.param(AID, SENT, ["North Korea sent shells to Russia."], id="both and a word for the act"),
        pytest.param(AID, "North Korea sent shells. Russia slept.", [], id="never together"),
        pytest.param(AID, "North Korea and Russia slept.", [], id="no word for the act"),
        pytest.param(f"{AID} AND oil", SENT, [], id="refused without it"),
        pytest.param(f"{AID} OR shells", SENT, [], id="answered without it"),
        pytest.param(AID, "North Korea sent shells to Russia " + "and slept " * 200 + ".", [], id="no sentence any more"),
    ],
)
def test_grammar_is_asked_only_where_a_relation_hangs_on_it(query: str, text: str, asked: list[str]) -> None:
    """Only sentences that may state a relation are parsed, and only while the rest of the query is open."""
    parser = Grammarian()

    cascade(parser, query).read([document(text)])

    assert parser.asked == [(sentence, Depth.GRAMMAR) for sentence in asked]


def test_sentences_that_need_no_grammar_get_none() -> None:
    """Beside a relation, an unsure name elsewhere is decided by labels alone."""
    parser = Grammarian()

    cascade(parser, AID, "actor:jordan").read([document(f"{SENT} Jordan was tired.")])

    assert sorted(parser.asked) == [("Jordan was tired.", Depth.LABELS), ("North Korea sent shells to Russia.", Depth.GRAMMAR)]


@pytest.mark.parametrize(
    ("parser", "language"),
    [
        pytest.param(None, "en", id="no parser"),
        pytest.param(Grammarian(has_grammar=False), "en", id="a parser without grammar"),
        pytest.param(Grammarian(), "ja", id="another language"),
    ],
)
def test_without_grammar_nobody_guesses(parser: Grammarian | None, language: str) -> None:
    """Where grammar cannot be read a relation neither holds nor counts as absent, and nothing is parsed for it."""
    reader = cascade(parser, AID, f"actor:russia AND NOT {AID}", "actor:russia")
    article = document(SENT, language=language)

    verdicts = reader.verdicts(reader.read([article])[0], article)

    assert [verdict is not None for verdict in verdicts] == [False, False, True]
    assert parser is None or parser.asked == []


def test_a_relation_is_about_what_its_actors_are_about() -> None:
    """A relation is judged as a whole: it is about where the article is about one of its actors, else a mention."""
    reader = cascade(load(), AID)
    early = document("North Korea sent shells to Russia.", title="North Korea at war")
    late = document("The harbour is new. " * 60 + "North Korea sent shells to Russia.")

    verdicts = [reader.verdicts(hits, one)[0] for hits, one in zip(reader.read([early, late]), [early, late], strict=True)]

    assert [verdict and verdict.level for verdict in verdicts] == [Level.ABOUT, Level.MENTION]


def test_the_sentence_that_states_a_relation_is_the_evidence() -> None:
    """However much else was found elsewhere, the evidence is the sentence that says who does what to whom."""
    reader = cascade(load(), f"{AID} AND oil AND coal AND gas")
    article = document("The oil, coal and gas came late. Then North Korea sent shells to Russia.")
    [verdict] = reader.verdicts(reader.read([article])[0], article)

    assert verdict is not None
    sentence = best_sentence(verdict.hits, article)
    shown = evidence_of(verdict.hits, article, sentence)
    assert shown.sentence == "Then North Korea sent shells to Russia."
    assert [shown.sentence[start:end] for start, end in shown.spans] == ["North Korea sent", "Russia"]


def test_relations_inside_other_parts_hold_there_alone() -> None:
    """A relation in the title is no relation in the text, and beside a word of its sentence it is found with it."""
    reader = cascade(load(), f"title:{AID}", f"text:{AID}", f"sentence:({AID} AND shells)", f"sentence:({AID} AND rained)")
    article = document(SENT)

    verdicts = reader.verdicts(reader.read([article])[0], article)

    assert [verdict is not None for verdict in verdicts] == [False, True, True, False]
