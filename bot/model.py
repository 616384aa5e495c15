"""The types that flow from a source to a reader: frozen, keyword-only, with aware UTC times. It imports nothing of the bot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

CONFIG_SERVER = 0
"""The server id under which everything of the config folder is kept."""

TERMINAL = "terminal"
"""The destination of a bot that runs without a token."""


def require_aware(moment: datetime | None) -> None:
    """Refuse a time without a zone.

    Raises:
        ValueError: the time is naive.
    """
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")


# -- what can be watched ------------------------------------------------------------------------------------------


class AliasKind(StrEnum):
    """What an alias is of its actor."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    LEADER = "leader"
    INSTITUTION = "institution"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A written form of an actor; `unsure` ones may be vetoed by an entity label."""

    text: str
    kind: AliasKind
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody or something that acts; weak aliases count only `beside` a strong alias of one of those actors."""

    id: str
    name: str
    aliases: tuple[Alias, ...]
    beside: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The name of this actor in mentions and queries."""
        return f"actor:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One word of each lemma set in one sentence, at most `within` words apart, beside `at_least` of `actors`.

    A lemma is written `sell|sold`: the lemma, then the irregular forms that call for a closer look.
    """

    lemmas: tuple[tuple[str, ...], ...]
    within: int | None = None
    actors: tuple[str, ...] = ()
    at_least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something that happens: found by a phrase, or by a pattern of lemmas in one sentence."""

    id: str
    name: str
    description: str = ""
    phrases: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @property
    def subject(self) -> str:
        """The name of this topic in mentions and queries."""
        return f"topic:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be watched."""

    actors: tuple[Actor, ...] = ()
    topics: tuple[Topic, ...] = ()

    def name_of(self, subject: str) -> str:
        """Return the display name of `actor:…` or `topic:…`, or the subject itself where it is unknown."""
        everything: tuple[Actor | Topic, ...] = (*self.actors, *self.topics)
        return next((one.name for one in everything if one.subject == subject), subject)


# -- queries: what the watch language means -----------------------------------------------------------------------


class Scope(StrEnum):
    """The part of an article that a sub-query is held to."""

    TITLE = "title"
    LEAD = "lead"
    TEXT = "text"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Subject:
    """An actor or a topic of the catalogue, written `actor:north-korea` or `topic:sanctions`."""

    id: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, with at most `slop` other words between them."""

    words: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so; three letters or more."""

    stem: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each part must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class Within:
    """The part must hold inside one scope."""

    scope: Scope
    part: Query


Leaf = Subject | Phrase | Prefix
Query = Leaf | AllOf | AnyOf | Without | Within


def leaves(query: Query) -> Iterator[Leaf]:
    """Yield the leaves of a query, negated ones too, from left to right."""
    match query:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Without(part) | Within(_, part):
            yield from leaves(part)
        case Subject() | Phrase() | Prefix():
            yield query


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query as it was read: its meaning, the same written with all operators, and how plain text was taken."""

    query: Query
    written: str
    note: str = ""


# -- watches ------------------------------------------------------------------------------------------------------


class Level(IntEnum):
    """How much an article concerns what is watched."""

    MENTION = 1
    ABOUT = 2

    @property
    def label(self) -> str:
        """The word for a person and for a config file."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A query somebody wants to be told about, at least at `level`; its own channels go before all others."""

    id: int = 0
    revision: int = 1
    server: int = CONFIG_SERVER
    name: str
    query: str
    level: Level = Level.ABOUT
    channels: tuple[int, ...] = ()
    role: int | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A numbered snapshot of what is looked for; a change of any part makes a new number."""

    number: int
    catalogue: Catalogue
    watches: tuple[Watch, ...]


# -- sources ------------------------------------------------------------------------------------------------------


class SourceKind(StrEnum):
    """What a source is; samples are told to the terminal only."""

    FEED = "feed"
    FOLDER = "folder"
    SAMPLE = "sample"


class FirstRun(StrEnum):
    """What of the first poll is judged for alerts."""

    LATEST = "latest"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Who sees a source, under which name, how often: what `sources.toml` says of one source."""

    server: int = CONFIG_SERVER
    kind: SourceKind
    address: str
    """A feed's URL as it was written, or a folder's resolved path."""
    name: str
    every: timedelta
    first_run: FirstRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or folder as it is polled: once, whoever follows it, at the shortest interval asked for."""

    id: int
    kind: SourceKind
    address: str
    name: str
    every: timedelta
    first_run: FirstRun
    polled_at: datetime | None = None
    ok_at: datetime | None = None
    next_poll: datetime | None = None
    failures: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse naive times."""
        for moment in (self.polled_at, self.ok_at, self.next_poll):
            require_aware(moment)


class Precision(StrEnum):
    """How exactly a date is known: a mere day is shown as a day."""

    DAY = "day"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When an article says it was published, with the rule that found it and the raw text it stood in."""

    at: datetime
    precision: Precision = Precision.SECOND
    rule: str
    raw: str = ""

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One article as a source gives it, before the archive knows it."""

    guid: str = ""
    url: str = ""
    title: str
    text: str
    caption: str = ""
    published: Dated | None = None
    headless: bool = False
    """The title was taken from the text, where it stands again."""

    def __post_init__(self) -> None:
        """Refuse an article without a title."""
        if not self.title.strip():
            raise ValueError("an article has a title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One fact a source remembers between polls (a validator, a file it has seen); None forgets it."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a source that could not be read, and why; told once and tried again when it changes."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one poll brought: drafts newest first, the marks that changed, and when to look again if sooner than planned."""

    drafts: tuple[Draft, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    look_again: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How one poll ended: what it brought, or why it failed."""

    source: Source
    new: int = 0
    look_again: timedelta | None = None
    trouble: str = ""
    unreachable: bool = False


# -- articles -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of the archive at one revision."""

    id: int
    source_id: int
    revision: int = 1
    url: str = ""
    title: str
    text: str
    caption: str = ""
    published: Dated | None = None
    collected: datetime
    headless: bool = False

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_aware(self.collected)


class Place(StrEnum):
    """Where in an article something stands; the lead is the first two sentences after the caption."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


class Strength(IntEnum):
    """How far a mention can be trusted; from CONTEXT up it counts."""

    WEAK = 1
    UNSURE = 2
    CONTEXT = 3
    STRONG = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An actor or topic in one article: how often in which place, and the character offsets in the text."""

    subject: str
    strength: Strength
    title: int = 0
    lead: int = 0
    body: int = 0
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A form that was found: the words as they stand, what they stand for, the rule that took them, and how often."""

    words: str
    subject: str
    rule: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that shows a match, with the spans to set in bold (offsets into it), and every term that counted."""

    sentence: str
    spans: tuple[tuple[int, int], ...]
    place: Place
    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        """Refuse a span that does not lie in the sentence."""
        if any(not 0 <= start < end <= len(self.sentence) for start, end in self.spans):
            raise ValueError(f"a span of {self.spans} is outside the sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that an article revision answers, how strongly (score 0 to 1, about from .5), with its evidence."""

    watch_id: int
    watch_revision: int = 1
    level: Level
    score: float
    evidence: Evidence
    summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found in one article revision; `trouble` says why only the exact scan was used."""

    article_id: int
    revision: int
    language: str = ""
    mentions: tuple[Mention, ...] = ()
    matches: tuple[Match, ...] = ()
    trouble: str = ""


# -- telling ------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What is told: an alert on a story, or the card that a burst was folded into."""

    ALERT = "alert"
    FOLD = "fold"


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    IN_DOUBT = "in doubt"
    SENT = "sent"
    GONE = "gone"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be told to one destination; an edit is due whenever `wanted` differs from `shown`."""

    id: str
    kind: Kind
    subject: int
    """The story of an alert, the number of a fold."""
    destination: str
    state: State
    nonce: str
    wanted: int = 1
    shown: int = 0
    attempts: int = 0
    message_id: int | None = None
    attempted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One watch on a card, with the role it mentions."""

    watch: str
    level: Level
    score: float
    role: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One article in a list: enough to recognise and open it."""

    article_id: int
    title: str
    url: str
    source: str
    published: Dated | None
    collected: datetime
    watches: tuple[str, ...] = ()
    level: Level = Level.MENTION
    evidence: Evidence | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What the card of one story says in one destination; the strongest watch comes first."""

    delivery_id: str
    headline: Headline
    evidence: Evidence
    summary: tuple[str, ...]
    watches: tuple[Told, ...]
    more_sources: tuple[str, ...] = ()
    test: bool = False
    """A test alert, posted once to show that a channel works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The card that stands for the alerts above a cap: how many, and the newest of them."""

    delivery_id: str
    count: int
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The message is there."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: try again after the pause (None: by back-off)."""

    reason: str
    pause: timedelta | None = None
    unsure: bool = True
    """The message may be there all the same: the answer was lost, or Discord broke while it worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Never: what was sent cannot be posted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The destination cannot be reached until somebody changes it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The message was deleted; it is not posted again."""

    reason: str


Outcome = Sent | Later | Refused | Broken | Gone


def now_utc() -> datetime:
    """Return the present moment; only the composition root calls it, everybody else is given a clock."""
    return datetime.now(UTC)


# -- answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: a server sees the config's articles and its own; None is the operator, who sees all."""

    server: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What somebody looked up: enough to make any page of the answer again."""

    verb: str
    """`latest` or `search`."""
    words: str = ""
    """The watch's name, or the query."""
    since: datetime | None = None
    size: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of headlines, the number of the page (from 0), whether more follow, and a line on how far was looked."""

    headlines: tuple[Headline, ...]
    title: str = ""
    key: str = ""
    """The kept look-up, for turning pages."""
    number: int = 0
    more: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """A watch as a person asks about it: its query with all operators, how plain text was read, and what it has caught."""

    watch: Watch
    written: str
    note: str = ""
    matches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as a person asks about it."""

    source: Source
    articles: int
    problems: tuple[Problem, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether the last poll went well."""
        return not self.source.failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one watch took an article: for the private answer behind `Why?`."""

    watch: str
    query: str
    level: Level
    wanted: Level
    score: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the bot stands, for `/status`: counts, ages and what waits."""

    sources: tuple[SourceState, ...] = ()
    watches: int = 0
    articles: int = 0
    waiting_articles: int = 0
    last_article: datetime | None = None
    last_alert: datetime | None = None
    deliveries: tuple[tuple[State, str, int], ...] = field(default=())
    """State, reason and number of what is not simply sent."""
    channel: int | None = None
    disambiguation: str = ""
