"""Keeps the bot in Discord: logs in, takes the channel of the environment, stays connected. It posts nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.chat.client import SitrepClient
from bot.errors import SitrepError, StoreError
from bot.ports import Clock, PlaceStore

log = structlog.get_logger(__name__)

RETRY_LOGIN = timedelta(seconds=15)
RETRY_SOON = timedelta(seconds=5)
RETRY_CHANNEL = timedelta(minutes=1)
_TAKEN = "channel of the environment"
"""The note that keeps which channel has been taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A client with the token it logs in with, and the channel that the environment names."""

    client: SitrepClient
    token: str
    channel: int | None
    places: PlaceStore
    clock: Clock

    async def begin(self) -> None:
        """Log in over REST for one round, without the gateway.

        Raises:
            TokenError: Discord refuses the token.
            SitrepError: Discord cannot be reached.
        """
        try:
            await self.client.login(self.token)
            await self._take_channel()
        except ConnectionError as error:
            raise SitrepError(f"{error}. Is there a network?") from error

    async def stay(self, *, placed: asyncio.Event, online: asyncio.Event) -> None:
        """Log in and stay connected, for as long as it takes.

        `placed` is set once it is known where the environment wants alerts: before, there would be nobody to tell.
        `online` is set once messages can be posted.

        Raises:
            TokenError: Discord refuses the token, now or later.
        """
        if self.channel is None or await self._was_taken():
            placed.set()
        await self._login()
        taking = asyncio.ensure_future(self._keep_taking_channel(placed=placed, online=online))
        try:
            await self.client.connect(reconnect=True)
        finally:
            taking.cancel()

    async def _was_taken(self) -> bool:
        try:
            return await self.places.noted(_TAKEN) == str(self.channel)
        except StoreError:
            return False  # taking it again tells

    async def _login(self) -> None:
        said = ""
        while True:
            try:
                return await self.client.login(self.token)
            except (ConnectionError, StoreError) as error:
                pause = RETRY_LOGIN.total_seconds()
                if said != str(error):  # a network that is away for hours is said once
                    said = str(error)
                    log.warning("not logged in to Discord, trying again", reason=said, again_in_s=pause)
                await asyncio.sleep(pause)

    async def _keep_taking_channel(self, *, placed: asyncio.Event, online: asyncio.Event) -> None:
        """Take the channel of the environment, and try again while it cannot be used: the bot may be invited later."""
        taken = await self._patiently_take_channel()
        placed.set()
        online.set()
        while not taken:
            await asyncio.sleep(RETRY_CHANNEL.total_seconds())
            taken = await self._patiently_take_channel()

    async def _patiently_take_channel(self) -> bool:
        while True:
            try:
                return await self._take_channel()
            except (ConnectionError, StoreError) as error:
                log.warning("the channel of the environment is not taken yet, trying again", reason=str(error))
                await asyncio.sleep(RETRY_SOON.total_seconds())

    async def _take_channel(self) -> bool:
        if self.channel is None:
            return True
        taken = await self.client.adopt_default(self.channel)
        if taken:
            await self.places.note(_TAKEN, str(self.channel), now=self.clock())
        return taken
