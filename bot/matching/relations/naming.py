"""Names whoever takes part in an act as the sentence does: `British minister` of `a senior British minister`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.language.parsing import Entity
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import OFFICIALS, PEOPLE, PLACES, QUANTITIES

_NAMES = frozenset({"GPE", "NORP", "ORG", "PERSON", "LOC", "FAC"})
_BEFORE = ("compound", "amod", "nmod", "poss", "case", "npadvmod", "punct")

_TIMES = frozenset({"DATE", "TIME"})

_OF_NATIONS = ("an", "ese", "ish", "i")
"""Endings of adjectives made of names, where the first word of a sentence has a capital anyway."""

_ETHNIC = "ethnic"
"""Ethnic Albanians are no Albanians, so the word belongs to their name."""

Span = tuple[int, int]


class Naming:
    """Finds the words that name a party of one sentence."""

    def __init__(self, tree: Tree, text: str, entities: Iterable[Entity]) -> None:
        self._tree = tree
        self._text = text
        self._entity: dict[int, tuple[int, int, str]] = {}
        entities = list(entities)
        self._dated = {word for one in entities if one.label in _TIMES for word in tree.number_at(one.start, one.end)}
        for entity in entities:
            if entity.label in _NAMES:
                words = tree.number_at(entity.start, entity.end)
                while words and tree.tag(words[0]) in {"DT", "POS"}:
                    words = words[1:]
                while words and tree.tag(words[-1]) == "POS":
                    words = words[:-1]
                for word in words:
                    self._entity[word] = words[0], words[-1], entity.label

    def of(self, noun: int, *, nameless: bool = True) -> Span | None:
        """Return where the words stand that name a party, or None where nobody is named.

        A party that has no name is one only if it may be `nameless`: rebels, police.
        """
        tree = self._tree
        noun = self._counted(noun)
        first = self._first(noun)
        if noun in self._dated:
            return None
        if noun in self._entity:
            return self._span(first, max(self._entity[noun][1], self._of_place(noun)))
        if first < noun:
            return self._described(first, noun)
        if tree.tag(noun).startswith("NNP"):
            return self._span(noun, self._of_place(noun))
        return self._nameless(noun, alone=nameless) if tree.lemma(noun) in PEOPLE else None

    def _nameless(self, noun: int, *, alone: bool) -> Span | None:
        """Return who has no name, with what tells them apart; only with the name that tells, unless they may stand alone."""
        tree = self._tree
        last = self._further(noun)
        is_told = last > noun and tree.lemma(noun + 1) == "of" and any(map(self._is_name, range(noun + 1, last + 1)))
        if not alone and not is_told:
            return None
        first = next(one for one in self._before(noun) if tree.dep(one) != "punct" and tree.tag(one) != "PRP$")
        return self._span(first, last)

    def _described(self, first: int, noun: int) -> Span:
        """Return the name before a noun, with the noun where it is who or what is named."""
        tree = self._tree
        lemma = tree.lemma(noun)
        body = self._entity.get(first, (first, first, ""))
        if lemma in OFFICIALS and body[2] == "ORG":
            return self._span(*body[:2])
        if lemma in PEOPLE | PLACES or tree.tag(noun).startswith("NNP"):
            return self._span(first, self._called(noun))
        holder = next((one for one in tree.children(noun, *_BEFORE) if first in tree.below(one)), first)
        return self._span(first, max(holder, body[1]) if holder in self._entity or holder == first else body[1])

    def _counted(self, noun: int) -> int:
        """Return what there is a number of: Nigerians in `thousands of Nigerians`."""
        tree = self._tree
        for _ in range(3):
            of = [one for prep, one in tree.prepositions(noun) if prep == "of"]
            if tree.lemma(noun) not in QUANTITIES or not of:
                break
            noun = of[0]
        return noun

    def _first(self, noun: int) -> int:
        """Return the first name before a noun, or the noun itself: what stands before that only describes."""
        before = self._before(noun)
        first = next((number for number, one in enumerate(before) if self._is_name(one)), len(before) - 1)
        while first > 1 and self._tree.tag(before[first - 1]) == "HYPH":
            first -= 2
        is_ethnic = first > 0 and self._tree.lemma(before[first - 1]) == _ETHNIC
        return before[first - 1] if is_ethnic else before[first]

    def _before(self, noun: int) -> list[int]:
        words = [noun]
        for one in words:
            words += [child for child in self._tree.children(one, *_BEFORE) if child < noun]
        return sorted(words)

    def _is_name(self, word: int) -> bool:
        tag = self._tree.tag(word)
        start = self._tree.tokens[word].start
        capital = self._text[start].isupper()
        if word in self._entity and capital:
            return True
        if word == 0 and self._entity.get(1, (0, 0, ""))[2] == "NORP":
            return False
        if tag.startswith("NNP"):
            return True
        return tag == "JJ" and capital and (word > 0 or self._tree.lemma(word).endswith(_OF_NATIONS))

    def _of_place(self, noun: int) -> int:
        """Return the last word of a name that goes on: King Hassan of Morocco."""
        tree = self._tree
        for prep in tree.children(noun, "prep"):
            if prep == noun + 1 and tree.lemma(prep) == "of":
                return next((one for one in tree.children(prep, "pobj") if tree.tag(one).startswith("NNP")), noun)
        return noun

    def _called(self, noun: int) -> int:
        """Return the last word of the name that follows an office without a comma: Niger's ambassador Brah Mohamane."""
        names = self._tree.children(noun, "appos")
        return next((one for one in names if self._before(one)[0] == noun + 1), noun)

    def _further(self, noun: int) -> int:
        """Return the last word of what a nameless party is called by: `president of Armenia`."""
        tree = self._tree
        further = [one for one in tree.children(noun, "prep", "acl") if one == noun + 1]
        further = [one for one in further if tree.is_verb(one) or tree.lemma(one) in {"of", "in", "from"}]
        return max((word for one in further for word in tree.below(one) if tree.tag(word) not in {",", "."}), default=noun)

    def _span(self, first: int, last: int) -> Span:
        return self._tree.tokens[first].start, self._tree.tokens[last].end

    def is_party(self, noun: int) -> bool:
        """Tell whether a noun is itself somebody's name or somebody, and no thing of theirs."""
        noun = self._counted(noun)
        if self._tree.lemma(noun) in PEOPLE:
            return not any(self._tree.tag(one) == "PRP$" for one in self._tree.children(noun, "poss"))
        return noun in self._entity

    def first(self, nouns: Sequence[int], *, nameless: bool = True) -> tuple[int, str] | None:
        """Return the first of these nouns that names somebody, and what it is called."""
        found = ((noun, self.of(noun, nameless=nameless)) for noun in nouns)
        return next(((noun, self._text[span[0] : span[1]]) for noun, span in found if span is not None), None)
