"""The laws of the config that is shipped: it can be used, contradicts itself nowhere, and says where it comes from."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.config import load
from bot.language.folding import quick_fold
from bot.language.parsing import Parser
from bot.language.parsing import load as load_parser
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.queries.query import Interpreter
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Draft, Level, Root, SourceKind, Topic, Watch
from bot.settings import Settings
from bot.sources.folders.documents import read
from bot.sources.folders.origin import Origin

FOLDER = Path(__file__).parents[2] / "config"
SHIPPED = load(FOLDER, {})
ACTORS = SHIPPED.catalogue.actors
TOPICS = SHIPPED.catalogue.topics
SAMPLES = sorted((FOLDER / "samples").iterdir())

CHOSEN = {
    *("afghanistan", "argentina", "australia", "brazil", "canada", "china", "cuba", "egypt", "france", "germany"),
    *("greece", "india", "indonesia", "iran", "iraq", "ireland", "israel", "italy", "japan", "lebanon", "libya", "mexico"),
    *("mongolia", "netherlands", "nicaragua", "nigeria", "north-korea", "norway", "pakistan", "palestine", "philippines"),
    *("poland", "portugal", "russia", "saudi-arabia", "south-africa", "south-korea", "spain", "sweden", "switzerland"),
    *("syria", "taiwan", "thailand", "turkey", "ukraine", "united-kingdom", "united-states", "venezuela", "vietnam"),
}
"""The states that are known with their people and offices in full."""
HAN = re.compile(r"[\u4e00-\u9fff]")
KATAKANA = re.compile(r"[\u30a1-\u30fa]")
HANGUL = re.compile(r"[\uac00-\ud7a3]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def by_id(one: Actor | Topic) -> str:
    return one.id


@cache
def words(text: str) -> str:
    """Return a folded text with blanks around, so that `in` finds whole words only; East Asian words need none."""
    folded = re.sub(r"[,.']", " ", quick_fold(text))
    return folded if HANGUL.search(text) or KANA_OR_KANJI.search(text) else f" {folded} "


def kinds(actor: Actor) -> set[AliasKind]:
    return {alias.kind for alias in actor.aliases}


def counts_anywhere(alias: Alias) -> bool:
    return alias.kind is not AliasKind.WEAK and not alias.unsure


NAMES = {actor.id: [alias.text for alias in actor.aliases if counts_anywhere(alias)] for actor in ACTORS}
DECOYS = {actor.id: actor.decoys for actor in ACTORS}


def sample(path: Path) -> Draft:
    """Return the one article of a sample."""
    document = read(path.read_bytes(), Origin(name=path.name, now=datetime(2026, 12, 1, tzinfo=UTC)))
    assert not document.problems
    (draft,) = document.drafts
    return draft


# -- actors -------------------------------------------------------------------------------------------------------


def test_no_word_stands_for_two_actors() -> None:
    """Folded as the matching folds it, each alias that counts by itself belongs to one actor on any day.

    Of one that is unsure in all of them, what stands beside it decides whose it is.
    """
    owners: dict[str, list[tuple[date, date, str]]] = {}
    for actor in ACTORS:
        for alias in actor.aliases:
            if counts_anywhere(alias):
                days = (alias.since or date.min, alias.until or date.max, actor.id)
                owners.setdefault(quick_fold(alias.text), []).append(days)

    claimed = {text: sorted(days) for text, days in owners.items() if len({owner for _, _, owner in days}) > 1}

    assert {text: days for text, days in claimed.items() if any(one[1] >= other[0] for one, other in pairwise(days))} == {}


@pytest.mark.parametrize("actor", ACTORS, ids=by_id)
def test_an_alias_stands_once(actor: Actor) -> None:
    """Two aliases that fold to the same are one; only a name in capitals may have its British spelling beside it."""
    folded = [quick_fold(alias.text) for alias in actor.aliases if alias.text != "Nato"]

    assert sorted(folded) == sorted(set(folded))


@pytest.mark.parametrize("actor", ACTORS, ids=by_id)
def test_an_actor_is_named_in_four_scripts(actor: Actor) -> None:
    """Each actor has a name in English, Korean, Japanese or Chinese, and Russian, weak where it is a common word too."""
    names = [alias.text for alias in actor.aliases if alias.kind in {AliasKind.NAME, AliasKind.WEAK}]

    assert any(text.isascii() for text in names)
    assert any(HANGUL.search(text) for text in names)
    assert any(KANA_OR_KANJI.search(text) for text in names)
    assert any(CYRILLIC.search(text) for text in names)


@pytest.mark.parametrize("script", [HANGUL, KATAKANA, HAN], ids=["hangul", "katakana", "han"])
@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor.code], ids=by_id)
def test_a_state_whose_name_is_a_common_word_has_a_surer_one(actor: Actor, script: re.Pattern[str]) -> None:
    """What counts only beside surer names would never be found in a language that has none."""
    written = [alias for alias in actor.aliases if script.search(alias.text)]

    assert any(map(counts_anywhere, written)) or not written


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor.id in CHOSEN], ids=by_id)
def test_a_chosen_state_has_people_a_capital_and_a_government(actor: Actor) -> None:
    """Each of them is known by its demonym, its capital, who leads it, and what it is governed by."""
    wanted = {AliasKind.NAME, AliasKind.DEMONYM, AliasKind.CAPITAL, AliasKind.LEADER, AliasKind.INSTITUTION}

    assert wanted <= kinds(actor)


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor.code and actor.id != "san-marino"], ids=by_id)
def test_a_state_is_led_by_somebody(actor: Actor) -> None:
    """Each state is known by who leads or led it; only the captains regent of San Marino change twice a year."""
    assert AliasKind.LEADER in kinds(actor)


@pytest.mark.parametrize("path", sorted((FOLDER / "actors").glob("*.toml")), ids=lambda path: path.stem)
def test_the_people_of_an_actor_have_a_day(path: Path) -> None:
    """Who holds an office changes, so each file says on which day its people were looked through; later days are guesses."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))

    days = [day for leader in content.get("leader", ()) for key, day in leader.items() if key in {"from", "until"}]

    assert isinstance(content["as_of"], date)
    assert max(days, default=date.min) <= content["as_of"]


@pytest.mark.parametrize("actor", ACTORS, ids=by_id)
def test_a_decoy_holds_an_alias(actor: Actor) -> None:
    """A decoy that holds no alias of its actor would protect nothing."""
    aliases = [words(form) for alias in actor.aliases for form in (alias.text, f"{alias.text}s")]

    assert [decoy for decoy in actor.decoys if not any(alias in words(decoy) for alias in aliases)] == []


@pytest.mark.parametrize("actor", ACTORS, ids=by_id)
def test_a_decoy_hides_nobody_else(actor: Actor) -> None:
    """What belongs to nobody must not swallow the plain name of another actor."""
    hidden = [
        (decoy, name)
        for decoy in actor.decoys
        for other, names in NAMES.items()
        if other != actor.id
        for name in names
        if words(name) in words(decoy) and not any(words(its) in words(decoy) for its in DECOYS[other])
    ]

    assert hidden == []


def test_no_alias_is_a_decoy() -> None:
    """The same words cannot belong to somebody and to nobody."""
    aliases = {quick_fold(alias.text) for actor in ACTORS for alias in actor.aliases}
    decoys = {quick_fold(decoy) for actor in ACTORS for decoy in actor.decoys}

    assert aliases & decoys == set()


@pytest.mark.parametrize("actor", ACTORS, ids=by_id)
def test_a_single_letter_names_nobody(actor: Actor) -> None:
    """One character, of whatever script, stands in too many words."""
    assert [alias.text for alias in actor.aliases if len(quick_fold(alias.text)) < 2] == []


# -- topics and watches -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS, ids=by_id)
def test_a_topic_says_what_it_is(topic: Topic) -> None:
    """Each topic has a sentence for people, and phrases in the three languages."""
    assert topic.description.endswith(".")
    assert any(phrase.isascii() for phrase in topic.phrases)
    assert any(HANGUL.search(phrase) for phrase in topic.phrases)
    assert any(KANA_OR_KANJI.search(phrase) for phrase in topic.phrases)


@pytest.mark.parametrize("topic", TOPICS, ids=by_id)
def test_a_phrase_stands_once(topic: Topic) -> None:
    """Two phrases that fold to the same are one phrase."""
    folded = [quick_fold(phrase) for phrase in topic.phrases]

    assert sorted(folded) == sorted(set(folded))


@pytest.mark.parametrize("watch", SHIPPED.watches, ids=lambda watch: watch.name)
def test_a_watch_asks_for_what_there_is(watch: Watch) -> None:
    """Each query can be read, is written with all its operators, and needs no explanation."""
    understood = Interpreter(SHIPPED.catalogue)(watch.query)

    assert (understood.written, understood.note) == (watch.query, "")


def test_the_watches_that_people_expect_are_there() -> None:
    """North Korea, the three together, North Korea with Russia in one sentence, and the alliance are watched."""
    queries = {watch.name: watch.query for watch in SHIPPED.watches}

    assert queries["North Korea"] == "actor:north-korea"
    assert queries["Trilateral cooperation"] == "topic:trilateral-cooperation"
    assert queries["North Korea with Russia"] == "sentence:(actor:north-korea AND actor:russia)"
    assert queries["US–South Korea alliance"] == "topic:us-south-korea-alliance"


# -- sources and settings -----------------------------------------------------------------------------------------


def test_the_first_start_has_something_to_read() -> None:
    """Samples and inbox are there, and six to ten feeds."""
    found = [(follow.kind, Path(follow.address).name) for follow in SHIPPED.follows if follow.kind is not SourceKind.FEED]
    feeds = [follow for follow in SHIPPED.follows if follow.kind is SourceKind.FEED]

    assert found == [(SourceKind.SAMPLE, "samples"), (SourceKind.FOLDER, "inbox")]
    assert all((FOLDER / name).is_dir() for _, name in found)
    assert 6 <= len(feeds) <= 10
    assert {urlsplit(follow.address).scheme for follow in feeds} == {"https"}


def test_a_feed_names_its_home_page() -> None:
    """Each feed has the page that it comes from in its comment, so that anybody can see what it is."""
    blocks = (FOLDER / "sources.toml").read_text(encoding="utf-8").split("[[source]]")[1:]

    homeless = [
        block
        for block in blocks
        if re.search(r"^url = ", block, re.MULTILINE) and not re.search(r"# .*Home page: https://\S+/", block)
    ]

    assert homeless == []


def test_each_setting_stands_in_the_file_with_its_default(tmp_path: Path) -> None:
    """Without its comment signs, settings.toml sets everything, to what it is anyway, and each setting has its sentence.

    What is not set unless somebody sets it stands there with an example.
    """
    lines = (FOLDER / "settings.toml").read_text(encoding="utf-8").splitlines()
    plain = [re.sub(r"^# (?=\w+ = )", "", line) for line in lines]
    defaults = {
        one.name: getattr(getattr(Settings(), section.name), one.name)
        for section in fields(Settings)
        for one in fields(getattr(Settings(), section.name))
    }
    sets = [line for line in plain if defaults.get(line.split(" = ")[0], "") is not None]
    (tmp_path / "settings.toml").write_text("\n".join(sets), encoding="utf-8")

    names = [
        name for section in fields(Settings) for name in sorted(one.name for one in fields(getattr(Settings(), section.name)))
    ]
    written = [(before, line.split(" = ")[0]) for before, line in pairwise(plain) if re.match(r"\w+ = ", line)]

    assert load(tmp_path, {}).settings == Settings()
    assert sorted(name for _, name in written) == sorted(names)
    assert [name for before, name in written if not re.fullmatch(r"# .*\.", before)] == []


# -- samples ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_says_that_it_is_one(path: Path) -> None:
    """Nobody who reads a sample can take it for news, and nobody is quoted in it."""
    draft = sample(path)

    assert "This article is a sample." in draft.text
    assert not re.search('[“”"«»]', draft.text)
    assert draft.published is not None
    assert draft.title


def test_the_samples_show_every_kind_of_file() -> None:
    """Each kind of file that a folder may hold is among the samples."""
    assert {path.suffix for path in SAMPLES} == {".txt", ".md", ".html", ".json", ".jsonl"}


def test_a_sample_shows_what_a_caption_is() -> None:
    """The text sample begins as archives do: a date, then a photo caption on the same line, which is not its text."""
    draft = sample(FOLDER / "samples" / "trilateral-talks.txt")

    assert draft.caption.startswith("The meeting hall in Seoul")
    assert draft.text.startswith("Senior officials of South Korea")
    assert draft.title.startswith("Senior officials of South Korea")


@pytest.fixture(scope="module")
def parser() -> Parser | None:
    return load_parser()


def levels(draft: Draft, parser: Parser | None) -> dict[str, Level]:
    """Return the level at which an article answers each watch that it answers."""
    interpreter = Interpreter(SHIPPED.catalogue)
    wanted = [Wanted(query=interpreter(watch.query).query, level=watch.level) for watch in SHIPPED.watches]
    cascade = Cascade(Scanner(SHIPPED.catalogue), wanted, parser)
    document = Document(title=draft.title, text=draft.text, headless=draft.headless, language="en")
    (hits,) = cascade.read([document])
    found = zip(SHIPPED.watches, cascade.verdicts(hits, document), strict=True)
    return {watch.name: verdict.level for watch, verdict in found if verdict is not None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("trilateral-talks.txt", {"North Korea", "Trilateral cooperation"}),
        ("ammunition-trains.json", {"North Korea", "North Korea with Russia", "Arms transfers"}),
        ("alliance-meeting.md", {"US–South Korea alliance"}),
        ("tanker-transfer.jsonl", {"North Korea", "Sanctions evasion"}),
        ("busan-port.html", set()),
        ("mill-library.md", set()),
    ],
    ids=["trilateral", "ammunition", "alliance", "tanker", "port", "library"],
)
def test_a_sample_is_told_to_the_watches_it_was_written_for(name: str, expected: set[str], parser: Parser | None) -> None:
    """Each sample is about what it should be about, and about nothing else that is watched."""
    found = levels(sample(FOLDER / "samples" / name), parser)

    assert {watch for watch, level in found.items() if level is Level.ABOUT} == expected


def test_a_passing_mention_is_shown_by_a_sample(parser: Parser | None) -> None:
    """One sample names North Korea once and late: it is found, and not told."""
    found = levels(sample(FOLDER / "samples" / "busan-port.html"), parser)

    assert found == {"North Korea": Level.MENTION}


def test_every_act_has_words() -> None:
    """Whatever root or class a relation asks for, some verb stands for it."""
    assert {act.root for act in SHIPPED.catalogue.acts if act.verbs} == set(Root)
