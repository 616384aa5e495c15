"""What can be watched: actors with their aliases, and topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.acts import Act


class AliasKind(StrEnum):
    """What an alias is of its actor."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    LEADER = "leader"
    INSTITUTION = "institution"
    REGION = "region"
    CITY = "city"
    CURRENCY = "currency"
    COMPANY = "company"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A written form of an actor; `unsure` ones may be vetoed by an entity label, a leader holds office `since` and `until`."""

    text: str
    kind: AliasKind
    unsure: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody or something that acts; weak aliases count only `beside` a strong alias of one of those actors.

    The `code` of a state is its ISO 3166-1 alpha-2 code; Kosovo, which has none, goes by XK. Others have no code.
    """

    id: str
    name: str
    aliases: tuple[Alias, ...]
    code: str | None = None
    beside: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    as_of: date | None = None
    """Until when what is said of it is known to hold."""

    @property
    def subject(self) -> str:
        """The name of this actor in mentions and queries."""
        return f"actor:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One word of each lemma set in one sentence, at most `within` words apart, beside `at_least` of `actors`, or of any.

    A lemma is written `sell|sold`: the lemma, then the irregular forms that call for a closer look. A sentence that holds one
    of the lemmas of `without` is none of this pattern.
    """

    lemmas: tuple[tuple[str, ...], ...]
    within: int | None = None
    actors: tuple[str, ...] = ()
    at_least: int = 0
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something that happens: found by a phrase that is not part of a decoy, or by a pattern of lemmas in one sentence.

    Weak phrases count only in an article that surely names `at_least` of the actors `beside`.
    """

    id: str
    name: str
    description: str = ""
    phrases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    at_least: int = 1
    decoys: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @property
    def subject(self) -> str:
        """The name of this topic in mentions and queries."""
        return f"topic:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be watched, and the words of what actors do to each other."""

    actors: tuple[Actor, ...] = ()
    topics: tuple[Topic, ...] = ()
    acts: tuple[Act, ...] = ()

    def name_of(self, subject: str) -> str:
        """Return the display name of `actor:…` or `topic:…`, or the subject itself where it is unknown."""
        everything: tuple[Actor | Topic, ...] = (*self.actors, *self.topics)
        return next((one.name for one in everything if one.subject == subject), subject)
