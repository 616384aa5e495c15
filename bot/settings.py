"""What `settings.toml` sets, with its defaults. Plain values: reading the file is the business of `config.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often sources are asked."""

    every: timedelta = timedelta(minutes=15)
    quiet_every: timedelta = timedelta(hours=1)
    """A feed at the interval above that has fallen silent is asked less and less often, down to this."""
    least_every: timedelta = timedelta(minutes=5)
    """No source is asked more often than this, whatever it says."""
    folder_every: timedelta = timedelta(seconds=60)
    """Folders are scanned this often; a change in them wakes the scan at once."""
    max_age: timedelta = timedelta(days=7)
    """Entries of feeds that are older are stored but not told."""
    at_once: int = 64
    """How many sources are asked at the same time."""
    full_text: bool = True
    """Where a feed gives only a part of an article, its page is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Limits on fetching; the defaults suit the open internet."""

    connect: timedelta = timedelta(seconds=10)
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 10_000_000
    max_hops: int = 5
    host_pause: timedelta = timedelta(seconds=1)
    """Between two requests to one host; hosts of the operator's own need none."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts of the operator's own, `name` or `name:port`, that may be private; all others must be public."""
    contact: str = ""
    """An address or page for the operators of feeds, sent with every request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """How folders are watched, and limits on their files."""

    max_bytes: int = 20_000_000
    """Of one file, packed and unpacked; of what is read in pieces, one line or record."""
    max_records: int = 50_000
    """Of one file that is not read in pieces."""
    max_pages: int = 300
    polling: bool = False
    """All folders are looked through again and again: the system tells nothing of changes in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What the reading of articles is done with."""

    spacy_model: str = ""
    """The package of the model; empty tries the usual ones, `none` switches disambiguation off."""
    level: Level = Level.ABOUT
    """The level of a watch that names none."""
    timeout: timedelta = timedelta(seconds=60)
    """How long a worker may take over a batch before it is ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Caps per destination, above which alerts are folded into one card; and who hears of sources in trouble."""

    per_poll: int = 10
    per_hour: int = 30
    operators_channel: int | None = None
    """The channel that is told when a source dies, goes stale or gives less, and when it is well again; without one, the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """What the people of one server may follow by themselves; the operator's own commands are not limited."""

    feeds: int = 50
    least_every: timedelta = timedelta(minutes=5)
    """A server may have no feed asked more often than this, nor than `[polling] least_every`."""
    watches: int = 50
    looks_per_hour: int = 60
    """So many addresses an hour may be looked at for a server: to add them, check them, or take them in from a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where the archive is."""

    path: str = "var/sitrep.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSub:
    """Where hubs push what is new; polling goes on beside it."""

    public_url: str = ""
    """The address under which the internet reaches `listen`; empty leaves hubs alone."""
    listen: str = "127.0.0.1:8080"
    """Where the bot listens for hubs, as `address:port`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole of `settings.toml`."""

    polling: Polling = field(default_factory=Polling)
    http: Http = field(default_factory=Http)
    folders: Folders = field(default_factory=Folders)
    matching: Matching = field(default_factory=Matching)
    telling: Telling = field(default_factory=Telling)
    servers: Servers = field(default_factory=Servers)
    storage: Storage = field(default_factory=Storage)
    websub: WebSub = field(default_factory=WebSub)
