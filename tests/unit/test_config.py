"""The laws of reading the config folder: what is kept of it."""

from __future__ import annotations

import dataclasses
import os
import pickle
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config, Secret, load
from bot.config.values import read_duration, write_duration
from bot.errors import ConfigError
from bot.model import Act, Alias, AliasKind, Files, FirstRun, Follow, Level, Pattern, Root, SourceKind, Watch
from bot.settings import Settings

WATCH = '[[watch]]\nname = "A"\nquery = "actor:japan"\n'
JAPAN = 'name = "Japan"\n'


def put(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, environ: Mapping[str, str] | None = None, **files: str) -> Config:
    return load(put(folder, {f"{name}.toml": text for name, text in files.items()}), environ or {})


def test_an_empty_folder_is_the_defaults(tmp_path: Path) -> None:
    """A folder with nothing in it gives every default and nothing to watch."""
    config = load(tmp_path, {})

    assert config == Config(
        folder=tmp_path, settings=Settings(), catalogue=config.catalogue, follows=(), watches=(), origins=()
    )
    assert not config.catalogue.actors
    assert not config.catalogue.topics


def test_each_setting_can_be_written(tmp_path: Path) -> None:
    """Every setting is read from its section, in the types of its dataclass."""
    config = read(
        tmp_path,
        settings="""
        [polling]
        every = "1 h"
        least_every = "30 s"
        folder_every = "2 s"
        max_age = "2 weeks"
        at_once = 4
        [http]
        connect = "5s"
        timeout = "1.5 min"
        max_bytes = 1000
        max_hops = 1
        allow_hosts = ["localhost:8000", " feeds.example "]
        contact = "ops@example.org"
        [folders]
        max_bytes = 2000
        max_records = 3
        max_pages = 4
        polling = true
        [matching]
        spacy_model = "none"
        level = "Mention"
        timeout = "10 seconds"
        [telling]
        per_poll = 2
        per_hour = 5
        operators_channel = 1234567890
        [storage]
        path = "elsewhere/x.db"
        """,
    )

    settings = config.settings
    assert settings.polling.every == timedelta(hours=1)
    assert settings.polling.least_every == timedelta(seconds=30)
    assert settings.polling.folder_every == timedelta(seconds=2)
    assert settings.polling.max_age == timedelta(days=14)
    assert settings.polling.at_once == 4
    assert settings.http.timeout == timedelta(seconds=90)
    assert settings.http.allow_hosts == ("localhost:8000", "feeds.example")
    assert settings.http.contact == "ops@example.org"
    assert (settings.folders.max_records, settings.folders.max_pages, settings.folders.polling) == (3, 4, True)
    assert settings.matching.spacy_model == "none"
    assert settings.matching.level is Level.MENTION
    assert settings.telling.per_hour == 5
    assert settings.telling.operators_channel == 1234567890
    assert settings.storage.path == "elsewhere/x.db"
    assert {type(getattr(settings, one.name)) for one in dataclasses.fields(settings)} == {
        type(getattr(Settings(), one.name)) for one in dataclasses.fields(Settings)
    }


def test_a_source_has_the_defaults_of_its_kind(tmp_path: Path) -> None:
    """A feed is polled and begins as feeds do, a folder as folders do, and a relative folder lies in the config folder."""
    config = read(
        tmp_path,
        sources="""
        source = [
          {name = "Feed", url = "https://example.org/feed"},
          {name = "Inbox", folder = "inbox"},
          {name = "Samples", folder = "samples", kind = "sample"},
          {name = "Own", url = "http://example.org/other", every = "2 h", first_run = "silent", zone = "Asia/Seoul", per_poll = 3},
        ]
        """,
    )

    minute = timedelta(minutes=1)
    folder, sample = (str(tmp_path.resolve() / name) for name in ("inbox", "samples"))
    assert config.follows == (
        Follow(
            kind=SourceKind.FEED,
            address="https://example.org/feed",
            name="Feed",
            every=15 * minute,
            first_run=FirstRun.LATEST,
        ),
        Follow(kind=SourceKind.FOLDER, address=folder, name="Inbox", every=minute, first_run=FirstRun.ALL),
        Follow(kind=SourceKind.SAMPLE, address=sample, name="Samples", every=minute, first_run=FirstRun.ALL),
        Follow(
            kind=SourceKind.FEED,
            address="http://example.org/other",
            name="Own",
            every=120 * minute,
            first_run=FirstRun.SILENT,
            zone="Asia/Seoul",
            per_poll=3,
        ),
    )


def test_a_folder_may_lie_anywhere(tmp_path: Path) -> None:
    """An absolute folder is kept, and a folder may be scanned more often than any feed is polled."""
    config = read(tmp_path, sources=f"[[source]]\nname = 'N'\nfolder = '{tmp_path}/../news'\nevery = '1 s'")

    assert config.follows[0].address == str(tmp_path.resolve().parent / "news")
    assert config.follows[0].every == timedelta(seconds=1)


def test_a_folder_says_which_of_its_files_are_read(tmp_path: Path) -> None:
    """Patterns are kept as they were written, and so is how the folder is watched."""
    config = read(
        tmp_path,
        sources="""
        [[source]]
        name = "Inbox"
        folder = "inbox"
        include = [" *.md ", "reports/**"]
        exclude = ["drafts/"]
        polling = true
        """,
    )

    assert config.follows[0].files == Files(include=("*.md", "reports/**"), exclude=("drafts/",), polling=True)


def test_a_watch_is_kept_as_it_was_written(tmp_path: Path) -> None:
    """The query is not read here; level, channels and role are, and the level that is not written is the setting's."""
    config = read(
        tmp_path,
        settings='matching.level = "mention"',
        watches="""
        watch = [
          {name = " One ", query = "((", channel = 5, role = 7},
          {name = "Two", query = "x", level = "about", channels = [5, 6, 5]},
        ]
        """,
    )

    assert config.watches == (
        Watch(name="One", query="((", level=Level.MENTION, channels=(5,), role=7),
        Watch(name="Two", query="x", level=Level.ABOUT, channels=(5, 6)),
    )


def test_a_fault_in_a_query_is_told_like_every_other(tmp_path: Path) -> None:
    """Whoever reads a query later can name the file and the watch it stands in."""
    config = read(tmp_path, watches=WATCH + '[[watch]]\nname = "B"\nquery = "(("\n')

    error = config.query_fault("B", "There is no actor “japn”: did you mean japan?")

    assert isinstance(error, ConfigError)
    assert str(error) == f"{tmp_path}/watches.toml: watch 2 (B): query: There is no actor “japn”: did you mean japan?"


def test_an_actor_is_its_file(tmp_path: Path) -> None:
    """The file's name is the id, the name is an alias, each list gives its kind, and unsure marks what stands in them."""
    put(
        tmp_path,
        {
            "actors/us.toml": """
            name = "United States"
            as_of = 2026-11-01
            names = ["US", "United States"]
            demonyms = ["American"]
            capitals = ["Washington"]
            leaders = ["Donald Trump"]
            institutions = ["Pentagon"]
            weak = ["Trump"]
            unsure = ["Washington", "American"]
            decoys = ["Washington Post"]
            """,
            "actors/n1.toml": 'name = "N"\nbeside = ["us"]\nweak = ["the North"]',
        },
    )

    north, states = load(tmp_path, {}).catalogue.actors

    assert (north.id, north.beside) == ("n1", ("us",))
    assert (states.id, states.name, states.beside, states.decoys) == ("us", "United States", ("us",), ("Washington Post",))
    assert states.aliases == (
        Alias(text="United States", kind=AliasKind.NAME),
        Alias(text="US", kind=AliasKind.NAME),
        Alias(text="American", kind=AliasKind.DEMONYM, unsure=True),
        Alias(text="Washington", kind=AliasKind.CAPITAL, unsure=True),
        Alias(text="Donald Trump", kind=AliasKind.LEADER),
        Alias(text="Pentagon", kind=AliasKind.INSTITUTION),
        Alias(text="Trump", kind=AliasKind.WEAK),
    )


def test_a_leader_has_the_days_of_an_office(tmp_path: Path) -> None:
    """Who held an office twice is dated from the first day to the last, and without an end while in office."""
    put(
        tmp_path,
        {
            "actors/a.toml": """
                name = "A"
                regions = ["Upper A"]
                cities = ["A Port"]
                currencies = ["A crown"]
                companies = ["A Steel"]
                [[leader]]
                names = ["Ann Old"]
                office = "president"
                from = 2001-02-03
                until = 2005-02-03
                [[leader]]
                names = ["Ann Old", "Bob New"]
                from = 2009-02-03
            """
        },
    )

    (actor,) = load(tmp_path, {}).catalogue.actors

    assert actor.aliases == (
        Alias(text="Ann Old", kind=AliasKind.LEADER, since=date(2001, 2, 3)),
        Alias(text="Bob New", kind=AliasKind.LEADER, since=date(2009, 2, 3)),
        Alias(text="A", kind=AliasKind.NAME),
        Alias(text="Upper A", kind=AliasKind.REGION),
        Alias(text="A Port", kind=AliasKind.CITY),
        Alias(text="A crown", kind=AliasKind.CURRENCY),
        Alias(text="A Steel", kind=AliasKind.COMPANY),
    )


def test_two_actors_may_share_a_leader_at_different_times(tmp_path: Path) -> None:
    """Who led one of them and later the other is decided by the day of an article."""
    term = "[[leader]]\nnames = ['Ann Old']\n"
    put(
        tmp_path,
        {
            "actors/a.toml": f"name = 'A'\n{term}from = 2005-02-04",
            "actors/b.toml": f"name = 'B'\n{term}from = 2001-02-03\nuntil = 2005-02-03",
        },
    )

    actors = load(tmp_path, {}).catalogue.actors

    assert [actor.aliases[0].text for actor in actors] == ["Ann Old", "Ann Old"]


def test_two_actors_may_share_a_weak_alias(tmp_path: Path) -> None:
    """Words that are weak in both are decided by the company they keep."""
    put(tmp_path, {"actors/a.toml": 'name = "A"\nweak = ["Kim"]', "actors/b.toml": 'name = "B"\nweak = ["Kim"]'})

    assert len(load(tmp_path, {}).catalogue.actors) == 2


def test_a_topic_is_its_file(tmp_path: Path) -> None:
    """Phrases and patterns are kept; all actors of a pattern are wanted unless it says how many."""
    put(
        tmp_path,
        {
            "actors/japan.toml": JAPAN,
            "topics/arms.toml": """
            name = "Arms"
            description = '''Weapons
              change hands.'''
            phrases = ["arms deal"]
            [[pattern]]
            lemmas = [["sell|sold", "ship"], ["missile"]]
            within = 8
            [[pattern]]
            lemmas = [["sell|sold"]]
            actors = ["japan"]
            """,
        },
    )

    (topic,) = load(tmp_path, {}).catalogue.topics

    assert (topic.id, topic.name, topic.description, topic.phrases) == (
        "arms",
        "Arms",
        "Weapons change hands.",
        ("arms deal",),
    )
    assert topic.patterns == (
        Pattern(lemmas=(("sell|sold", "ship"), ("missile",)), within=8),
        Pattern(lemmas=(("sell|sold",),), actors=("japan",), at_least=1),
    )


def test_the_environment_is_what_is_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Token, channel and database come from the mapping alone, stripped, and blank means none."""
    monkeypatch.setitem(os.environ, "DISCORD_TOKEN", "from the process")

    nothing = load(tmp_path, {"DISCORD_TOKEN": " \n", "DISCORD_CHANNEL_ID": "", "DATABASE_URL": " "})
    all_three = load(tmp_path, {"DISCORD_TOKEN": " abc\n", "DISCORD_CHANNEL_ID": " 42 ", "DATABASE_URL": "postgresql://h/d"})

    assert (nothing.token, nothing.channel_id, nothing.database_url) == (None, None, None)
    assert all_three.token is not None
    assert all_three.token.reveal() == "abc"
    assert (all_three.channel_id, all_three.database_url) == (42, "postgresql://h/d")


def test_a_secret_shows_itself_nowhere(tmp_path: Path) -> None:
    """Neither the token nor the database's password stands in any text made of the config."""
    config = load(tmp_path, {"DISCORD_TOKEN": "s3cret", "DATABASE_URL": "postgresql://me:s3cret@h/d"})
    secret = Secret("s3cret")

    texts = [repr(config), str(config), repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", "%s" % secret]  # noqa: UP031
    texts.append(repr(dataclasses.replace(config, database_url=None)))

    assert not [text for text in texts if "s3cret" in text]


def test_a_secret_stays_in_its_process() -> None:
    """A secret cannot be sent to a worker process by mistake."""
    with pytest.raises(TypeError, match="stays in its process"):
        pickle.dumps(Secret("s3cret"))


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    """A byte order mark and its line ends change nothing."""
    (tmp_path / "watches.toml").write_bytes(b"\xef\xbb\xbf" + WATCH.replace("\n", "\r\n").encode())

    assert load(tmp_path, {}).watches[0].name == "A"


@given(st.integers(min_value=1, max_value=999_999))
def test_a_duration_is_written_as_it_is_read(seconds: int) -> None:
    """What write_duration writes, read_duration reads."""
    duration = timedelta(seconds=seconds)

    assert read_duration(write_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 s", 30),
        ("1 second", 1),
        ("15 min", 900),
        ("15min", 900),
        ("1 Minute", 60),
        ("5m", 300),
        ("2 h", 7200),
        ("1.5 hours", 5400),
        ("7 days", 604_800),
        ("1 d", 86_400),
        (" 2 weeks ", 1_209_600),
    ],
)
def test_a_duration_names_its_unit(text: str, seconds: int) -> None:
    """Seconds to weeks are understood, short or long, with or without a space."""
    assert read_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({}, ""),
        ({"DYNO": "worker.1"}, "Heroku"),
        ({"RENDER": "true"}, "Render"),
        ({"RAILWAY_ENVIRONMENT": "production"}, "Railway"),
        ({"FLY_APP_NAME": "sitrep"}, "Fly.io"),
        ({"K_SERVICE": "sitrep"}, "Cloud Run"),
        ({"DYNO": ""}, ""),
    ],
)
def test_a_host_whose_disk_is_emptied_is_known(tmp_path: Path, environ: Mapping[str, str], platform: str) -> None:
    """Hosts that give each deploy an empty disk are known by what they put into the environment."""
    assert read(tmp_path, environ).platform == platform


def test_acts_are_read_by_their_roots(tmp_path: Path) -> None:
    """Each root that has words is an act of the catalogue, in the order of the ontology; without the file there are none."""
    text = """
    [yield]
    verbs = ["give|gave|given  in"]
    [consult]
    nouns = ["talk", "visit"]
    both_ways = ["talk"]
    """

    assert read(tmp_path, acts=text).catalogue.acts == (
        Act(root=Root.CONSULT, nouns=("talk", "visit"), both_ways=("talk",)),
        Act(root=Root.YIELD, verbs=("give|gave|given in",)),
    )
    assert read(tmp_path, acts="").catalogue.acts == ()
