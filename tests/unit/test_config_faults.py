"""The laws of refusing a config folder: each thing that can be wrong has its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.errors import ConfigError


def put(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    """Return why a folder is refused, or nothing where it is not."""
    try:
        load(folder, {})
    except ConfigError as error:
        return str(error)
    return ""


FEED = '[[source]]\nname = "A"\nurl = "https://example.org/feed"\n'
FOLDER = '[[source]]\nname = "A"\nfolder = "inbox"\n'
SIGNS = "the only signs in a pattern are *, ** and ?, and / between folders."
WATCH = '[[watch]]\nname = "A"\nquery = "actor:japan"\n'
JAPAN = 'name = "Japan"\n'
DURATION = 'write a number and its unit in quotes, like "15 min", "2 h" or "7 days".'
COPY_ID = "write the number that “Copy ID” gives in Discord, without quotes."
ANOTHER_FEED = '[[source]]\nname = "B"\nurl = "HTTPS://EXAMPLE.org/feed/"\n'
FORM = 'a form is a lemma in small letters, its irregular forms after bars, then what it stands with, like "send|sent troop".'
LEAST = "raise the one or lower the other."

FAULTS = [
    # settings
    ("settings.toml", "poling.every = '1 h'", ": poling is no known key; did you mean polling?"),
    ("settings.toml", "polling.evry = '1 h'", ": polling.evry is no known key; did you mean polling.every?"),
    ("settings.toml", "storage.url = 'x'", ": storage.url is no known key; known are path."),
    ("settings.toml", "polling = 3", ": polling must be a table; begin it with [polling]."),
    ("settings.toml", "polling.at_once = '16'", ": polling.at_once must be a whole number; write it without quotes."),
    ("settings.toml", "polling.at_once = true", ": polling.at_once must be a whole number; write it without quotes."),
    ("settings.toml", "polling.at_once = 1.5", ": polling.at_once must be a whole number; write it without quotes."),
    ("settings.toml", "telling.per_hour = 0", ": telling.per_hour is 0; it must be 1 or more."),
    (
        "settings.toml",
        "telling.operators_channel = [1]",
        ": telling.operators_channel is [1]; write the number that “Copy ID” gives in Discord, without quotes.",
    ),
    (
        "settings.toml",
        'telling.operators_channel = "news"',
        ": telling.operators_channel is “news”; write the number that “Copy ID” gives in Discord, without quotes.",
    ),
    ("settings.toml", "http.contact = 3", ": http.contact must be text; write it in quotes."),
    (
        "settings.toml",
        'http.contact = "a\\nX: y"',
        ": http.contact has a line break or another invisible character; write it in one line.",
    ),
    ("settings.toml", f"x = {'[' * 5000}", ": is nested too deeply; write the lists in it flat."),
    ("settings.toml", "http.allow_hosts = 'a'", ': http.allow_hosts must be a list; write it like ["one", "two"].'),
    ("settings.toml", "http.allow_hosts = ['a', 2]", ": http.allow_hosts item 2 must be text; write it in quotes."),
    (
        "settings.toml",
        "http.allow_hosts = ['http://a']",
        ": http.allow_hosts has “http://a”; write only the host, or host:port.",
    ),
    ("settings.toml", "polling.every = 'soon'", f": polling.every is “soon”; {DURATION}"),
    ("settings.toml", "polling.every = 15", f": polling.every is 15; {DURATION}"),
    ("settings.toml", "polling.every = '15'", f": polling.every is “15”; {DURATION}"),
    ("settings.toml", f"polling.every = '{'x' * 99}'", f": polling.every is “{'x' * 78}…; {DURATION}"),
    (
        "settings.toml",
        "polling.max_age = '0 s'",
        ": polling.max_age is “0 s”; it must be longer than nothing and at most 10 years.",
    ),
    (
        "settings.toml",
        "polling.max_age = '999999 weeks'",
        ": polling.max_age is “999999 weeks”; it must be longer than nothing and at most 10 years.",
    ),
    (
        "settings.toml",
        "polling.least_every = '1 h'",
        f": polling.every is below polling.least_every (1 h); {LEAST}",
    ),
    ("settings.toml", "matching.level = 'high'", ': matching.level is “high”, which is no level; write "about" or "mention".'),
    ("settings.toml", "storage.path = ' '", ": storage.path is empty; name a file, like var/sitrep.db."),
    (
        "settings.toml",
        'storage.path = "a\\u0000b"',
        ": storage.path has a NUL in it, which no path may have; name a file, like var/sitrep.db.",
    ),
    ("watches.toml", '[[watch]]\nname = "a\\u0000"', ": watch 1 (a ): name has a NUL in it; take it out."),
    ("watches.toml", '[[watch]]\nname = "a\\u001b[2J"', ": watch 1 (a [2J): query is missing; add it."),
    (
        "settings.toml",
        "[polling]\nevery = 15 min",
        (
            ": is no TOML: Expected newline or end of document after a statement (at line 2, column 12); "
            "text stands in quotes, lists in square brackets."
        ),
    ),
    # sources
    ("sources.toml", "[[sorce]]\nname = 'A'", ": sorce is no known key; did you mean source?"),
    ("sources.toml", "[source]\nname = 'A'", ": source must be a list of tables; begin each one with [[source]]."),
    ("sources.toml", FEED + "evry = '1 h'", ": source 1 (A): evry is no known key; did you mean every?"),
    (
        "sources.toml",
        FEED + "colour = 'red'",
        (
            ": source 1 (A): colour is no known key; known are name, url, folder, kind, every, first_run, zone, per_poll, include, "
            "exclude, polling."
        ),
    ),
    (
        "sources.toml",
        FEED + "[[source]]\nnmae = 'B'\nurl = 'https://b.org'",
        ": source 2: nmae is no known key; did you mean name?",
    ),
    ("sources.toml", "[[source]]\nurl = 'https://b.org'", ": source 1: name is missing; add it."),
    ("sources.toml", "[[source]]\nname = ' '", ": source 1: name is empty; write something, or take it out."),
    (
        "sources.toml",
        f"[[source]]\nname = '{'n' * 101}'",
        f": source 1 ({'n' * 60}…): name has more than 100 characters; shorten it.",
    ),
    ("sources.toml", "source = [3]", ": source item 1 must be a table; begin it with [[source]]."),
    ("sources.toml", "[[source]]\nname = 'A'", ": source 1 (A): has neither url nor folder; add the one it is read from."),
    ("sources.toml", FEED + "folder = 'inbox'", ": source 1 (A): has both url and folder; make two sources of it."),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nurl = 'ftp://a.org'",
        ": source 1 (A): url is “ftp://a.org”; it must begin with https:// or http://.",
    ),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nurl = 'example.org'",
        ": source 1 (A): url is “example.org”; it must begin with https:// or http://.",
    ),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nurl = 'https:///feed'",
        ": source 1 (A): url is “https:///feed”, which is no address; copy it again from the feed's page.",
    ),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nurl = 'https://a.org:port/'",
        ": source 1 (A): url is “https://a.org:port/”, which is no address; copy it again from the feed's page.",
    ),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nurl = 'https://me:pass@a.org/'",
        ": source 1 (A): url holds a user name or password, which does not belong into a file; use an address without.",
    ),
    (
        "sources.toml",
        FEED + "kind = 'rss'",
        ': source 1 (A): kind is “rss”; the only kind to write is "sample", for a folder of samples.',
    ),
    (
        "sources.toml",
        FEED + "kind = 'sample'",
        ": source 1 (A): kind is “sample”, but samples are a folder; write folder instead of url, or leave kind out.",
    ),
    ("sources.toml", FEED + "every = '1'", f": source 1 (A): every is “1”; {DURATION}"),
    ("sources.toml", FEED + "every = '4 min'", f": source 1 (A): every is 4 min, but polling.least_every is 5 min; {LEAST}"),
    (
        "sources.toml",
        FEED + "zone = 'Mars/Olympus'",
        ': source 1 (A): zone is “Mars/Olympus”, which is no time zone; write its IANA name, like "Asia/Seoul".',
    ),
    (
        "sources.toml",
        FEED + "zone = 'Asia'",
        ': source 1 (A): zone is “Asia”, which is no time zone; write its IANA name, like "Asia/Seoul".',
    ),
    ("sources.toml", FEED + "first_run = 'new'", ': source 1 (A): first_run is “new”; write "latest", "all" or "silent".'),
    (
        "sources.toml",
        FEED + FEED.replace('"A"', '"a"'),
        ": source 2 (a): name is taken by source 1; choose another.",
    ),
    ("sources.toml", FEED + ANOTHER_FEED, ": source 2 (B): url is that of source 1 (A); keep one of them."),
    (
        "sources.toml",
        FEED + "[[source]]\nname = 'B'\nfolder = 'x'\n[[source]]\nname = 'C'\nfolder = 'x/y'",
        ": source 3 (C): folder is, holds or lies in that of source 2 (B); keep one of them.",
    ),
    (
        "sources.toml",
        "[[source]]\nname = 'A'\nfolder = 'sources.toml'",
        ": source 1 (A): folder is “sources.toml”, which is a file; name the folder that it lies in.",
    ),
    (
        "sources.toml",
        '[[source]]\nname = "A"\nfolder = "a\\u0000b"',
        ": source 1 (A): folder has a NUL in it; take it out.",
    ),
    # watches
    ("watches.toml", WATCH + "levl = 'about'", ": watch 1 (A): levl is no known key; did you mean level?"),
    ("watches.toml", "[[watch]]\nname = 'A'", ": watch 1 (A): query is missing; add it."),
    ("watches.toml", WATCH + "level = 2", ': watch 1 (A): level is 2, which is no level; write "about" or "mention".'),
    ("watches.toml", WATCH + "channel = '12'", f": watch 1 (A): channel is “12”; {COPY_ID}"),
    ("watches.toml", WATCH + "channel = true", f": watch 1 (A): channel is True; {COPY_ID}"),
    ("watches.toml", WATCH + "channels = [1, -2]", f": watch 1 (A): channels item 2 is -2; {COPY_ID}"),
    ("watches.toml", WATCH + "role = '@here'", f": watch 1 (A): role is “@here”; {COPY_ID}"),
    (
        "watches.toml",
        WATCH + "channel = 1\nchannels = [2]",
        ": watch 1 (A): has both channel and channels; put all of them into channels.",
    ),
    (
        "watches.toml",
        WATCH + WATCH.replace('"A"', '" a"'),
        ": watch 2 (a): name is taken by watch 1; choose another.",
    ),
    # actors
    ("actors/japan.toml", "names = ['Japan']", ": name is missing; add it."),
    (
        "actors/japan.toml",
        JAPAN + "alias = ['J']",
        (
            ": alias is no known key; known are name, code, as_of, names, demonyms, "
            "capitals, leaders, institutions, regions, cities, currencies, companies, weak, beside, unsure, decoys, leader."
        ),
    ),
    (
        "actors/japan.toml",
        JAPAN + "[[leader]]\nnames = ['Ann Old']\nfrom = 2005-01-02\nuntil = 2001-01-02",
        ": leader “Ann Old” is in office until 2001-01-02, before 2005-01-02; swap the two.",
    ),
    ("actors/japan.toml", JAPAN + "name_s = ['J']", ": name_s is no known key; did you mean names?"),
    (
        "actors/japan.toml",
        JAPAN + "as_of = '2026-11-01'",
        ": as_of must be a day; write it like 2026-11-01, without quotes.",
    ),
    (
        "actors/japan.toml",
        JAPAN + "code = 'jp'",
        ': code is “jp”; write the two capital letters that ISO 3166 gives the state, like "JP".',
    ),
    ("actors/japan.toml", JAPAN + "names = ['']", ": names item 1 is empty; write something, or take it out."),
    (
        "actors/japan.toml",
        JAPAN + "unsure = ['Japann']",
        ": unsure has “Japann”, which is no alias of this actor; did you mean Japan?",
    ),
    (
        "actors/japan.toml",
        JAPAN + "beside = ['japann']",
        ": beside names “japann”, an unknown actor; did you mean japan?",
    ),
    (
        "actors/japan.toml",
        JAPAN + "beside = ['mars']",
        ": beside names “mars”, an unknown actor; write the name of a file there, without .toml.",
    ),
    (
        "actors/japan.toml",
        JAPAN + "demonyms = ['Japanese']\ndecoys = ['japanese']",
        ": decoys has “japanese”, which is an alias of this actor too, so that it would never be found; take it out of one.",
    ),
    (
        "actors/japan.toml",
        JAPAN + "decoys = ['Tokyo Drift']",
        ": decoys has “Tokyo Drift”, in which no alias of this actor stands; write a longer expression around one of them.",
    ),
    (
        "actors/North Korea.toml",
        JAPAN,
        ": its name is used in queries; rename it to small letters, digits and hyphens.",
    ),
    # topics
    (
        "topics/arms.toml",
        "name = 'Arms'",
        ": has neither phrases nor a [[pattern]], so nothing could ever be found; add one.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nwithin = 3",
        ': pattern 1: lemmas is missing; add sets of words that must stand together, like [["sell|sold"], ["missile"]].',
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [[]]",
        ": pattern 1: lemmas item 1 is empty; write something, or take it out.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['arms deal']]",
        (
            ": pattern 1: lemmas item 1 item 1 has “arms deal”; a lemma is one word with its irregular forms after bars, "
            'like "sell|sold".'
        ),
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['sell']]\nactors = ['mars']",
        ": pattern 1: actors names “mars”, an unknown actor; write the name of a file in actors, without .toml.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['sell', 'say']]",
        (
            ": pattern 1: lemmas has “say” and no set without such words, which stand in nearly every article; "
            "leave them out of one set, or name actors."
        ),
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['sell']]\nwithin = 5",
        ": pattern 1: within is 5, but lemmas has one set; add another set, or take within out.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['sell|sold'], ['shell', 'Sell']]",
        ": pattern 1: lemmas has “sell” in two sets, so one word would do for both; take it out of one.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\n[[pattern]]\nlemmas = [['sell']]\nwithout = ['Sell|sold']",
        ": pattern 1: without has “sell”, which lemmas has too; take it out of one.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['said on Monday']",
        ": phrases has “said on Monday”, which stands in nearly every article; add a word that tells more.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['A.B.']",
        ": phrases has “A.B.”, which is too short; write at least 3 letters.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['arms-deal', 'Arms deal']",
        ": phrases has “arms deal” twice, in whatever case or with whatever hyphens; keep one of them.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['arms deal']\ndecoys = ['card deal']",
        ": decoys has “card deal”, in which no phrase stands; write a longer expression around one of the phrases.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nweak = ['arms deal']",
        ": beside is missing: weak phrases count only beside actors; add it, or take weak out.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['arms deal']\nweak = ['deal']\nbeside = ['mars']",
        ": beside names “mars”, an unknown actor; write the name of a file in actors, without .toml.",
    ),
    (
        "topics/arms.toml",
        "name = 'Arms'\nphrases = ['arms deal']\n[[pattern]]\nlemas = [['sell']]",
        ": pattern 1: lemas is no known key; did you mean lemmas?",
    ),
    # files of folders
    ("sources.toml", f"{FOLDER}include = '*.md'", ': source 1 (A): include must be a list; write it like ["one", "two"].'),
    (
        "sources.toml",
        f"{FOLDER}include = ['/srv/*.md']",
        ': source 1 (A): include item 1 is “/srv/*.md”; write it as seen from the folder, like "*.md" or "reports/**".',
    ),
    (
        "sources.toml",
        f"{FOLDER}exclude = ['a', '../b']",
        ': source 1 (A): exclude item 2 is “../b”; write it as seen from the folder, like "*.md" or "reports/**".',
    ),
    ("sources.toml", f"{FOLDER}include = ['[ab].md']", f": source 1 (A): include item 1 is “[ab].md”; {SIGNS}"),
    (
        "sources.toml",
        f"{FOLDER}exclude = ['/']",
        ': source 1 (A): exclude item 1 is “/”; write it as seen from the folder, like "*.md" or "reports/**".',
    ),
    (
        "sources.toml",
        f"{FOLDER}exclude = ['  /']",
        ': source 1 (A): exclude item 1 is “/”; write it as seen from the folder, like "*.md" or "reports/**".',
    ),
    ("sources.toml", f"{FOLDER}polling = 'yes'", ": source 1 (A): polling must be true or false; write it without quotes."),
    ("settings.toml", "folders.polling = 1", ": folders.polling must be true or false; write it without quotes."),
    *(
        (
            "sources.toml",
            f"{FEED}{key}",
            f": source 1 (A): {key[:7]} is about the files of a folder, and this is a feed; take it out.",
        )
        for key in ("include = ['*.md']", "exclude = ['*.md']", "polling = true")
    ),
    # files
    ("watch.toml", "", ": is no file of the config; did you mean watches?"),
    ("other.toml", "", ": is no file of the config; known are acts, settings, sources, watches."),
    # acts
    ("acts.toml", "aids.verbs = ['x']", ": aids is no known key; did you mean aid?"),
    ("acts.toml", "yield.verb = ['x']", ": yield.verb is no known key; did you mean yield.verbs?"),
    ("acts.toml", "yield = ['x']", ": yield must be a table; begin it with [yield]."),
    ("acts.toml", "aid.verbs = 'give'", ': aid.verbs must be a list; write it like ["one", "two"].'),
    ("acts.toml", "aid.verbs = ['Give']", f": aid.verbs item 1 has “Give”; {FORM}"),
    ("acts.toml", "aid.verbs = ['give 2']", f": aid.verbs item 1 has “give 2”; {FORM}"),
    ("acts.toml", "aid.nouns = ['a b c d e']", f": aid.nouns item 1 has “a b c d e”; {FORM}"),
    ("acts.toml", "aid.verbs = ['give aid|aids']", f": aid.verbs item 1 has “give aid|aids”; {FORM}"),
    (
        "acts.toml",
        "aid.verbs = ['give|gave']\nyield.verbs = ['give|gave|given']",
        ": yield.verbs has “give”, which aid.verbs has too; take it out of one.",
    ),
    (
        "acts.toml",
        "consult.verbs = ['meet|met']\nconsult.both_ways = ['meet']",
        ": consult.both_ways has “meet”, which is no word of this act; did you mean meet|met?",
    ),
]


@pytest.mark.parametrize(("name", "text", "said"), FAULTS, ids=[f"{name}-{said[:60]}" for name, _, said in FAULTS])
def test_a_fault_is_one_line_that_names_file_key_and_mend(tmp_path: Path, name: str, text: str, said: str) -> None:
    """Each thing that can be wrong in a file has its sentence."""
    with pytest.raises(ConfigError) as caught:
        load(put(tmp_path, {name: text}), {})

    assert str(caught.value) == f"{tmp_path / name}{said}"
    assert caught.value.exit_code == 78


def test_words_that_two_actors_claim_are_refused(tmp_path: Path) -> None:
    """An alias of two actors would count for either; case and hyphens do not make a difference."""
    put(tmp_path, {"actors/a.toml": "name = 'Far East'", "actors/b.toml": "name = 'B'\nweak = ['far-east']"})

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert str(caught.value) == (
        f"{tmp_path}/actors/b.toml: “far-east” is an alias of a too; take it out of one, make it weak or unsure in both, "
        "or date both as leaders of different days."
    )


def test_a_leader_of_two_actors_at_once_is_refused(tmp_path: Path) -> None:
    """On a day in both offices nothing would decide between them."""
    term = "[[leader]]\nnames = ['Ann Old']\n"
    put(
        tmp_path,
        {
            "actors/a.toml": f"name = 'A'\n{term}until = 2005-02-03",
            "actors/b.toml": f"name = 'B'\n{term}from = 2005-02-03",
        },
    )

    with pytest.raises(ConfigError, match="“Ann Old” is an alias of a too;"):
        load(tmp_path, {})


def test_a_code_that_two_actors_claim_is_refused(tmp_path: Path) -> None:
    """The code of a state is read back as that state, so it belongs to one."""
    put(tmp_path, {"actors/a.toml": "name = 'A'\ncode = 'JP'", "actors/b.toml": "name = 'B'\ncode = 'JP'"})

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert str(caught.value) == f"{tmp_path}/actors/b.toml: code JP is that of a too; it belongs to one state."


@pytest.mark.parametrize("there", [False, True], ids=["missing", "a file"])
def test_a_config_folder_is_needed(tmp_path: Path, *, there: bool) -> None:
    """Without the folder nothing can be known, and the way to name another is told."""
    if there:
        (tmp_path / "conf").touch()

    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "conf", {})

    assert str(caught.value) == f"there is no config folder {tmp_path}/conf: name yours with --config."


@pytest.mark.parametrize("text", ["general", "-1", "0", "12.5", "٤٢", "9" * 30])
def test_the_channel_of_the_environment_is_a_number(tmp_path: Path, text: str) -> None:
    """A channel's name is not its number, and the sentence says where the number is found."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {"DISCORD_CHANNEL_ID": text})

    assert str(caught.value) == (
        f"environment: DISCORD_CHANNEL_ID is “{text}”; it must be the number that “Copy Channel ID” gives in Discord."
    )


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Guessing an encoding would give names that match nothing."""
    (tmp_path / "watches.toml").write_bytes("name = 'Corée'".encode("latin-1"))

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert str(caught.value) == f"{tmp_path}/watches.toml: is not in UTF-8; save it as UTF-8."


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder in the place of a file is a fault of that file."""
    (tmp_path / "settings.toml").mkdir()

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert str(caught.value) == (f"{tmp_path}/settings.toml: is no ordinary file; make it a file that the bot may read.")


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_sentence(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever stands in a file, it is read or refused in one line."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "watches.toml").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")

    assert "\n" not in refusal(folder)
