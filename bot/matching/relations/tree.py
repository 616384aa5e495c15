"""The grammar of one sentence as a tree: who depends on whom. It knows the marks of the parser, and nothing of acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from bot.language.parsing import Token

_OBJECTS = ("dobj", "dative", "oprd")
NOUN_PARTS = ("compound", "amod", "nmod", "poss", "nummod", "det", "quantmod")


class Tree:
    """The words of a sentence by their numbers, with what depends on each."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self._children: list[list[int]] = [[] for _ in tokens]
        for number, token in enumerate(tokens):
            if token.head != number:
                self._children[token.head].append(number)

    def __len__(self) -> int:
        return len(self.tokens)

    def lemma(self, number: int) -> str:
        """Return the lemma of a word."""
        return self.tokens[number].lemma

    def dep(self, number: int) -> str:
        """Return what a word is to the one it depends on."""
        return self.tokens[number].dep

    def head(self, number: int) -> int:
        """Return the word that a word depends on; a root is its own."""
        return self.tokens[number].head

    def tag(self, number: int) -> str:
        """Return the part of speech of a word."""
        return self.tokens[number].tag

    def is_verb(self, number: int) -> bool:
        """Tell whether a word is a verb."""
        return self.tokens[number].tag.startswith("VB")

    def is_noun(self, number: int) -> bool:
        """Tell whether a word is a noun or a name."""
        return self.tokens[number].tag.startswith("NN")

    def is_name(self, number: int) -> bool:
        """Tell whether a word is a name, or an adjective made of one, as far as its part of speech and its capital say."""
        return self.tokens[number].tag.startswith("NNP") or self.tokens[number].tag in {"JJ", "NN", "NNS"}

    def children(self, number: int, *deps: str) -> list[int]:
        """Return what depends on a word, all of it or only what is one of these to it."""
        if not deps:
            return self._children[number]
        return [child for child in self._children[number] if self.tokens[child].dep in deps]

    def lemmas(self, number: int, *deps: str) -> set[str]:
        """Return the lemmas of what depends on a word, of all of it or only of what is one of these to it."""
        return {self.lemma(child) for child in self.children(number, *deps)}

    def first(self, number: int, *deps: str) -> int | None:
        """Return the first word that is one of these to another."""
        return next((child for child in self._children[number] if self.tokens[child].dep in deps), None)

    def climb(self, number: int) -> Iterator[int]:
        """Yield the words above a word, the nearest first."""
        while self.tokens[number].head != number:
            number = self.tokens[number].head
            yield number

    def below(self, number: int) -> list[int]:
        """Return a word and all that hangs on it, in order."""
        found, waiting = [], [number]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting += self._children[one]
        return sorted(found)

    def has_relative(self, number: int, *deps: str) -> bool:
        """Tell whether a word that refers back, as `which` does, is one of these to another."""
        return any(self.tag(one).startswith("W") for one in self.children(number, *deps))

    def conjuncts(self, number: int) -> list[int]:
        """Return a word and those that are joined to it by `and`, but not by `but not`."""
        found = [number]
        for one in found:
            found += (other for other in self.children(one, "conj") if not self.children(other, "neg"))
        return found

    def prepositions(self, number: int) -> Iterator[tuple[str, int]]:
        """Yield what hangs on a word by prepositions, each with its preposition; `out of` is `of`, `according to` is `to`."""
        waiting = self.children(number, "prep", "agent", "dative")
        while waiting:
            prep = waiting.pop(0)
            waiting += self.children(prep, "prep")
            for noun in self.children(prep, "pobj"):
                for one in self.conjuncts(noun):
                    yield self.lemma(prep), one

    def is_infinitive(self, verb: int) -> bool:
        """Tell whether a verb has a `to` before it."""
        return "to" in self.lemmas(verb, "aux")

    def is_passive(self, verb: int) -> bool:
        """Tell whether the subject of a verb is who it is done to."""
        if self.children(verb, "auxpass", "nsubjpass", "agent"):
            return True
        token = self.tokens[verb]
        if token.tag != "VBN" or self.children(verb, "aux"):
            return False
        if token.dep == "conj":
            return self.is_passive(token.head) and not self.children(verb, "nsubj")
        return token.dep == "acl"

    def objects(self, verb: int) -> list[int]:
        """Return the objects of a verb, those joined to them too; who receives comes first."""
        found = [one for one in self.children(verb, *_OBJECTS) if not self.children(one, "pobj")]
        found.sort(key=lambda one: self.dep(one) != "dative")
        return [one for each in found for one in self.conjuncts(each)]

    def name_of(self, head: int) -> tuple[int, ...]:
        """Return the words that make up a noun with what stands before it."""
        words: list[int] = [head]
        for one in words:
            words += [child for child in self.children(one, *NOUN_PARTS, "case", "punct") if child < head]
        return tuple(sorted(words))

    @cached_property
    def roots(self) -> list[int]:
        """The words that depend on no other."""
        return [number for number, token in enumerate(self.tokens) if token.head == number]

    def words(self, numbers: Iterable[int], text: str) -> str:
        """Return words as they stand, a gap closed by one space."""
        return " ".join(text[self.tokens[one].start : self.tokens[one].end] for one in sorted(numbers))

    def span(self, number: int) -> tuple[int, int]:
        """Return where a word stands."""
        return self.tokens[number].start, self.tokens[number].end

    def number_at(self, start: int, end: int) -> list[int]:
        """Return the words that a span of the text touches."""
        return [number for number, token in enumerate(self.tokens) if token.start < end and start < token.end]
