"""The store as the program opens it: one database, and the parts that keep each step's share of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from bot.model import Catalogue, Follow, Rules, Watch
from bot.store.articles.archive import Archive
from bot.store.articles.definitions import Definitions
from bot.store.articles.histories import Histories
from bot.store.articles.recognition import Fingerprints
from bot.store.articles.reindexing import Reindexing
from bot.store.articles.teasers import Teasers
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.sources.follows import Follows
from bot.store.sources.polls import Polls
from bot.store.sources.sources import Sources
from bot.store.sources.subscriptions import Subscriptions
from bot.store.sources.ward import SourceWard
from bot.store.telling.audience import Audience
from bot.store.telling.backlog import Backlog
from bot.store.telling.deliveries import Deliveries
from bot.store.telling.places import Places
from bot.store.vitals import VitalSigns
from bot.store.watches.analysis import Analysis
from bot.store.watches.feedback import Feedback
from bot.store.watches.overrides import Overrides
from bot.store.watches.server_watches import ServerWatches
from bot.store.watches.watches import Watches
from bot.store.watches.why import Explanations


class Store:
    """An open, migrated store; each attribute keeps one protocol of `ports.py`."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Catalogue,
        audience: Audience,
        fingerprints: Fingerprints,
        full_text: bool = False,
    ) -> None:
        self._database = database
        definitions = Definitions(catalogue)
        self._watches = Watches(database, catalogue, definitions)
        self.sources = Sources(database, canonical=fingerprints.canonical_url)
        self.teasers = Teasers(database, fingerprints)
        self.follows = Follows(database, canonical=fingerprints.canonical_url)
        self.polls = Polls(database, fingerprints, full_text=full_text)
        self.analysis = Analysis(database, self._watches, audience)
        self.deliveries = Deliveries(database, audience)
        self.backlog = Backlog(database, audience)
        self.archive = Archive(database, definitions)
        self.reindexing = Reindexing(database)
        self.histories = Histories(database, canonical=fingerprints.canonical_url)
        self.explanations = Explanations(database, canonical=fingerprints.canonical_url)
        self.feedback = Feedback(database)
        self.places = Places(database, audience)
        self.subscriptions = Subscriptions(database)
        self.watches = ServerWatches(database, self._watches)
        self.overrides = Overrides(database, self._watches)
        self.vitals = VitalSigns(database)
        self.ward = SourceWard(database)

    @classmethod
    def open(
        cls,
        database: Database,
        *,
        catalogue: Catalogue,
        audience: Audience,
        fingerprints: Fingerprints,
        full_text: bool = False,
    ) -> Self:
        """Migrate a database and open it; with `full_text` a teaser that may be told waits for the page behind it.

        Raises:
            StoreError: the database cannot be used.
        """
        migrate(database)
        return cls(database, catalogue=catalogue, audience=audience, fingerprints=fingerprints, full_text=full_text)

    async def copy_config(self, follows: Sequence[Follow], watches: Sequence[Watch], *, now: datetime) -> Rules:
        """Make the config's sources and watches those of the store; return the rules now in force."""
        await self.sources.follow(follows, now=now)
        return await self._watches.copy_config(watches, now=now)

    def close(self) -> None:
        """Close the database."""
        self._database.close()
