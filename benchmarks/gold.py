"""The program over gold data: what articles are about, in which countries they are, and who does what to whom in them."""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONFIG = HERE.parent / "config"

Row = dict[str, Any]
"""A record of the kit, or what it says of a set, as it stands in JSON."""

SETS: Mapping[str, Sequence[str]] = {
    "about": ("reuters21578", "allsides_topics"),
    "geo": ("geowebnews",),
    "events": ("plover_gsr",),
}
"""By which sets each measure of `match --eval` is judged."""

STAND_ASIDE: Mapping[str, Sequence[str]] = {"reuters21578": ("russia", "germany")}
"""For whom the actors made for a set stand in, so that no name is claimed twice."""


def main() -> None:
    """Run the program over the sets of a measure, and let the kit judge what it says."""
    reader = argparse.ArgumentParser(description=main.__doc__)
    reader.add_argument("measure", choices=SETS)
    reader.add_argument("kit", type=Path, help="the folder with score.py and data/")
    asked = reader.parse_args()
    for name in SETS[asked.measure]:
        with tempfile.TemporaryDirectory() as scratch:
            _judge(asked.measure, asked.kit, name, Path(scratch))


def _judge(measure: str, kit: Path, name: str, scratch: Path) -> None:
    said = scratch / "said.jsonl"
    articles = scratch / "articles.jsonl"
    articles.write_bytes(_run(kit / "score.py", "inputs", name))
    said.write_bytes(_run("-m", "bot", "match", "--eval", measure, "--config", _config(scratch, name), articles))
    golds: list[str | Path] = [
        name,
        *(_other_reading(kit / "data" / name, scratch / title, title, by) for title, by in READINGS.get(name, ())),
    ]
    for gold in golds:
        print(_run(kit / "score.py", measure, "--gold", gold, "--pred", said).decode())


def _config(scratch: Path, name: str) -> Path:
    """Make a config of the actors and acts that come with the bot, and the actors made for a set."""
    folder = scratch / "config"
    shutil.copytree(CONFIG / "actors", folder / "actors")
    shutil.copy(CONFIG / "acts.toml", folder)
    for actor in STAND_ASIDE.get(name, ()):
        (folder / "actors" / f"{actor}.toml").unlink()
    made = HERE / "actors" / name
    if made.exists():
        shutil.copytree(made, folder / "actors", dirs_exist_ok=True)
    return folder


def _run(*words: str | Path) -> bytes:
    return subprocess.run([sys.executable, *words], check=True, stdout=subprocess.PIPE).stdout


def _without_uk(row: Row) -> None:
    row["gold"] = {kind: [one for one in named if one != "uk"] for kind, named in row["gold"].items()}


def _strictly(row: Row) -> None:
    row["gold"]["open"] = False


READINGS: Mapping[str, Sequence[tuple[str, Callable[[Row], None]]]] = {
    "reuters21578": (("without the UK, whose labels follow datelines", _without_uk),),
    "geowebnews": (("every country without a label counts as wrong", _strictly),),
}
"""How else the labels of a set can be read; each reading is judged too."""


def _other_reading(data: Path, folder: Path, title: str, change: Callable[[Row], None]) -> Path:
    """Write a set down with its labels read in another way."""
    folder.mkdir()
    about = json.loads((data / "set.json").read_text("utf-8"))
    about |= {"name": f"{about['name']}, {title}", "baselines": {}}
    if "actors" in about:
        about["actors"] = [one for one in about["actors"] if change is not _without_uk or one != "uk"]
    (folder / "set.json").write_text(json.dumps(about), "utf-8")
    with gzip.open(data / "items.jsonl.gz", "rt", encoding="utf-8") as rows:
        changed = [json.loads(row) for row in rows]
    for row in changed:
        change(row)
    with gzip.open(folder / "items.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in changed)
    return folder


if __name__ == "__main__":
    main()
