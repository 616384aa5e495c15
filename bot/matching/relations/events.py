"""Reads the main event of a text: who does what to whom, whoever they are, by the grammar of its first sentence that tells one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.language.parsing import Depth, Parsed, Parser
from bot.language.sentences import sentences
from bot.matching.relations.claims import Claim, Claims
from bot.matching.relations.finding import LONGEST
from bot.matching.relations.lexicon import Lexicon
from bot.matching.relations.naming import Naming
from bot.matching.relations.tree import Tree
from bot.matching.relations.words import OBJECT_CONTROL, PLACING, RAISING, SAYING
from bot.model import COOPERATION, Act, Root

_ASIDE = frozenset({"relcl", "advcl", "appos"})
"""What is told in passing is not the main event."""

_MEANWHILE = frozenset({"since", "before", "until", "despite", "following", "ahead"})
"""Prepositions of what was another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who does what to whom, in the words of the text; what nobody names is None."""

    source: str | None = None
    target: str | None = None
    root: Root | None = None


class Events:
    """Finds the main event of texts."""

    def __init__(self, acts: Sequence[Act], parser: Parser) -> None:
        self._lexicon = Lexicon(acts)
        self._parser = parser

    def of(self, texts: Sequence[str]) -> list[Event]:
        """Return the main event of each text."""
        cut = [[text[start:end] for start, end in sentences(text) if end - start <= LONGEST] for text in texts]
        parsed = iter(self._parser.parse([one for each in cut for one in each], Depth.GRAMMAR))
        return [self._main([self._event(sentence, next(parsed)) for sentence in each]) for each in cut]

    def _main(self, events: Iterable[Event]) -> Event:
        return max(events, key=lambda event: sum(map(bool, (event.source, event.target, event.root))), default=Event())

    def _event(self, text: str, parsed: Parsed) -> Event:
        tree = Tree(parsed.tokens)
        claims = Claims(tree, self._lexicon)
        naming = Naming(tree, text, parsed.entities)
        found: dict[int, Event] = {}
        for claim in claims:
            event = _named(claim, tree, naming)
            known = found.get(claim.word)
            if known is None or (event.source and not (known.source and known.target)):
                found[claim.word] = event
        for word in _by_depth(tree):
            if word in found and found[word].source:
                return found[word]
            if tree.is_verb(word) and tree.dep(word) not in {"aux", "auxpass"} and not claims.only_says(word):
                return self._without_source(word, claims, naming, found)
        return Event()

    def _without_source(self, verb: int, claims: Claims, naming: Naming, found: Mapping[int, Event]) -> Event:
        """Return the event of a verb that no claim gives a source: by the act it stands in, or one end of it."""
        tree = claims.tree
        if not tree.is_passive(verb) and claims.subjects.doing(verb) and verb in found:
            return found[verb]
        deeper = (found[word] for word in tree.below(verb) if word in found and not _is_in_passing(tree, word, verb))
        told = next((event for event in deeper if event.source), None)
        if told is not None:
            return told
        if tree.lemma(verb) == "be":
            return Event()
        if claims.subjects.is_bare_passive(verb):
            root = found[verb].root if verb in found else None
            is_against = root is not None and root.quad not in COOPERATION and tree.children(verb, "nsubjpass")
            undergoing = naming.first(claims.subjects.undergoing(verb), nameless=False) if is_against else None
            return Event(target=undergoing[1] if undergoing and naming.is_party(undergoing[0]) else None, root=root)
        source = naming.first(claims.subjects.doing(verb))
        return Event(source=source[1] if source else None)


def _named(claim: Claim, tree: Tree, naming: Naming) -> Event:
    """Return an event by the words of its claim; a target only where the act itself is aimed at somebody who is named."""
    source = naming.first(claim.sources)
    said = source[1] if source else None
    found = (naming.first(tier, nameless=nameless) for nameless in (False, True) for tier in claim.aims)
    target = next((one for one in found if one and one[1] != said), None)
    is_sure = (
        target is not None and naming.is_party(target[0]) and target[0] not in claim.distant and not _is_place(tree, target[0])
    )
    return Event(source=said, target=target[1] if target and is_sure else None, root=claim.meaning.root)


def _is_place(tree: Tree, noun: int) -> bool:
    """Tell whether a noun may only say where something is or happens: Syria in `troops in Syria`."""
    return tree.dep(noun) == "pobj" and tree.lemma(tree.head(noun)) in PLACING


def _by_depth(tree: Tree) -> list[int]:
    """Return the words from the main verb down; what is said goes before that it is said."""
    order: list[int] = []
    waiting = list(tree.roots)
    while waiting:
        word = waiting.pop(0)
        order.append(word)
        said = tree.children(word, "ccomp") if tree.lemma(word) in SAYING else []
        waiting = [*said, *waiting, *(one for one in tree.children(word) if one not in said and not _is_aside(tree, one, word))]
    return order


def _is_in_passing(tree: Tree, word: int, verb: int) -> bool:
    """Tell whether a word below a verb belongs to what is told in passing."""
    for above in tree.climb(word):
        if _is_aside(tree, word, above) or tree.dep(word) in {"pcomp", "acl"} or tree.lemma(word) in _MEANWHILE:
            return True
        if above == verb:
            return False
        word = above
    return False


def _is_aside(tree: Tree, word: int, above: int) -> bool:
    """Tell whether a word leads to what is told in passing, or to what somebody is only made or let do."""
    if not tree.is_verb(above):
        return False
    is_made = tree.is_passive(above) and tree.lemma(above) in OBJECT_CONTROL - RAISING and not tree.children(above, "agent")
    return tree.dep(word) in _ASIDE or (tree.dep(word) == "xcomp" and is_made)
