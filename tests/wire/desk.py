"""A config folder, a drop folder, a feed and a service, and the bot that stands between them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .fake import FakeDiscord
from .feeds import FeedServer, Item, rss
from .process import LAUNCHER, BotProcess
from .state import Channel, Message

ACTORS = {
    "north-korea": 'name = "North Korea"\nnames = ["DPRK"]\ndemonyms = ["North Korean"]\ncapitals = ["Pyongyang"]\n',
    "russia": 'name = "Russia"\ndemonyms = ["Russian"]\ncapitals = ["Moscow"]\n',
}
NO_MODEL = 'spacy_model = "none"'
WATCHES = '[[watch]]\nname = "North Korea"\nquery = "actor:north-korea"\n'


@dataclass(slots=True)
class Desk:
    """What a bot needs to work, in a folder of its own; nothing runs until `bot` is entered."""

    fake: FakeDiscord
    feeds: FeedServer
    home: Path
    env: Mapping[str, str] = field(default_factory=dict)
    """What every bot is given beside its token and its channel."""

    @property
    def inbox(self) -> Path:
        return self.home / "config" / "inbox"

    def furnish(self, *, watches: str = WATCHES, first_run: str = "latest", settings: str = "") -> None:
        """Write the config: one folder, one feed, and what keeps no test waiting: short intervals, and no model to be loaded."""
        config = self.home / "config"
        (config / "actors").mkdir(parents=True)
        self.inbox.mkdir()
        for name, text in ACTORS.items():
            (config / "actors" / f"{name}.toml").write_text(text)
        (config / "watches.toml").write_text(watches)
        (config / "sources.toml").write_text(
            '[[source]]\nname = "Inbox"\nfolder = "inbox"\n'
            f'[[source]]\nname = "Wire"\nurl = "{self.feeds.url("/feed")}"\nevery = "1 s"\nfirst_run = "{first_run}"\n'
        )
        (config / "settings.toml").write_text(
            f'[polling]\nevery = "1 s"\nleast_every = "1 s"\n[http]\nallow_hosts = ["{self.feeds.address}"]\n'
            f"[matching]\n{NO_MODEL}\n{settings}"
        )

    def choose_model(self) -> None:
        """Let the bot match with the usual model."""
        settings = self.home / "config" / "settings.toml"
        settings.write_text(settings.read_text().replace(NO_MODEL, ""))

    def bot(self, *arguments: str, launcher: Path = LAUNCHER, **env: str) -> BotProcess:
        given = {"DISCORD_TOKEN": self.fake.token, "DISCORD_CHANNEL_ID": str(self.fake.news.id), "SITREP_LOG": "info"}
        return BotProcess(
            self.fake, *(arguments or ("run",)), cwd=self.home, env={**given, **self.env, **env}, launcher=launcher
        )

    def drop(self, name: str, text: str) -> None:
        """Put a file that was finished a while ago into the drop folder, as a move does."""
        beside = self.home / name
        beside.write_text(text)
        finished = time.time() - 10
        os.utime(beside, (finished, finished))
        beside.rename(self.inbox / name)

    def publish(self, *numbers: int) -> None:
        items = [
            Item(title=f"Pyongyang statement {number}", text=f"North Korea issued statement {number}.", guid=f"g{number}")
            for number in numbers
        ]
        self.feeds.serve("/feed", rss("Wire", items))

    def titles(self, channel: Channel | None = None) -> list[str]:
        return [title_of(message) for message in self.fake.messages(channel or self.fake.news)]


def title_of(message: Message) -> str:
    return str(message.embeds[0]["title"])
