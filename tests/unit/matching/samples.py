"""A small catalogue and a text of our own, for the tests of matching."""

from __future__ import annotations

from bot.matching.document import Document
from bot.model import Act, Actor, Alias, AliasKind, Catalogue, Pattern, Root, Topic


def aliases(kind: AliasKind, *texts: str, unsure: bool = False) -> tuple[Alias, ...]:
    return tuple(Alias(text=text, kind=kind, unsure=unsure) for text in texts)


NORTH_KOREA = Actor(
    id="north-korea",
    name="North Korea",
    aliases=(
        *aliases(AliasKind.NAME, "North Korea", "DPRK", "N. Korea", "北朝鮮", "북한"),
        *aliases(AliasKind.DEMONYM, "North Korean"),
        *aliases(AliasKind.CAPITAL, "Pyongyang"),
        *aliases(AliasKind.LEADER, "Kim Jong Un"),
        *aliases(AliasKind.INSTITUTION, "KCNA"),
        *aliases(AliasKind.WEAK, "the North", "Kim", "NK"),
    ),
    decoys=("Kim Kardashian",),
)
SOUTH_KOREA = Actor(
    id="south-korea",
    name="South Korea",
    aliases=(
        *aliases(AliasKind.NAME, "South Korea", "ROK", "S. Korea"),
        *aliases(AliasKind.DEMONYM, "South Korean"),
        *aliases(AliasKind.CAPITAL, "Seoul"),
        *aliases(AliasKind.WEAK, "the South"),
    ),
    beside=("south-korea", "north-korea"),
    decoys=("FC Seoul", "Seoul National University"),
)
UNITED_STATES = Actor(
    id="united-states",
    name="United States",
    aliases=(
        *aliases(AliasKind.NAME, "United States", "US", "USA"),
        *aliases(AliasKind.CAPITAL, "Washington", unsure=True),
        *aliases(AliasKind.DEMONYM, "American", unsure=True),
    ),
    decoys=("Washington Post", "Washington state", "Denzel Washington", "George Washington", "American Airlines"),
)
JAPAN = Actor(
    id="japan",
    name="Japan",
    aliases=(
        *aliases(AliasKind.NAME, "Japan"),
        *aliases(AliasKind.CAPITAL, "Tokyo"),
        *aliases(AliasKind.INSTITUTION, "Bank of Japan"),
    ),
    decoys=("Japan Tobacco",),
)
JORDAN = Actor(
    id="jordan",
    name="Jordan",
    aliases=(*aliases(AliasKind.NAME, "Jordan", unsure=True), *aliases(AliasKind.CAPITAL, "Amman")),
)
RUSSIA = Actor(
    id="russia",
    name="Russia",
    aliases=(*aliases(AliasKind.NAME, "Russia"), *aliases(AliasKind.DEMONYM, "Russian")),
)

TRILATERAL = Topic(
    id="trilateral-cooperation",
    name="Trilateral cooperation",
    phrases=("trilateral cooperation", "trilateral security cooperation", "security cooperation"),
    patterns=(
        Pattern(
            lemmas=(("cooperate", "drill", "meet|met"),),
            actors=("united-states", "south-korea", "japan"),
            at_least=3,
        ),
    ),
)
ARMS = Topic(
    id="arms-transfers",
    name="Arms transfers",
    patterns=(Pattern(lemmas=(("supply", "sell|sold", "export"), ("munition", "weapon", "shell")), within=6),),
)

ACTS = (
    Act(root=Root.CONSULT, verbs=("meet|met", "visit"), nouns=("talk", "visit"), both_ways=("meet|met", "talk")),
    Act(root=Root.AID, verbs=("send|sent", "give|gave|given"), nouns=("aid",)),
    Act(root=Root.SANCTION, verbs=("impose sanction",), nouns=("sanction",)),
)

CATALOGUE = Catalogue(
    actors=(NORTH_KOREA, SOUTH_KOREA, UNITED_STATES, JAPAN, JORDAN, RUSSIA), topics=(TRILATERAL, ARMS), acts=ACTS
)

MINISTERS = """The foreign ministers of South Korea and the United States agreed on Tuesday on a firm answer to any North Korean
provocation, the ministry in Seoul said. They met for the first time since January.

They spoke about the alliance, trilateral cooperation with Japan and the nuclear plans of North Korea.

"North Korea sold shells to Russia against several resolutions," the minister said before the talks. Trilateral cooperation
would go on in each field, the ministry said. Nobody spoke of a date for the next meeting."""


def document(text: str, title: str = "", *, headless: bool = False, language: str = "en") -> Document:
    return Document(title=title, text=text, headless=headless, language=language)
