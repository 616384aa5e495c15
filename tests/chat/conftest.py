"""A newsroom with people in it, and how generated texts are tried here: however busy the machine is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import discord
import pytest
import simcord
from hypothesis import HealthCheck, settings

from bot.chat.client import SitrepClient
from tests.chat.fakes import ActorDesk, Archive, FeedDesk, Histories, Insights, Places, WatchDesk, a_client
from tests.chat.limits import faults_of_message
from tests.chat.newsroom import Newsroom
from tests.chat.samples import NOW, a_headline, a_reason, a_source, a_view

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def archive() -> Archive:
    return Archive(
        headlines=[a_headline(article_id=number, title=f"Headline {number}") for number in range(12)],
        views=[a_view("North Korea"), a_view("Trilateral cooperation")],
        states=[a_source()],
        reasons=[a_reason()],
    )


@pytest.fixture
def places() -> Places:
    return Places()


@pytest.fixture
def feeds(archive: Archive) -> FeedDesk:
    return FeedDesk(states=archive.states)


@pytest.fixture
def histories() -> Histories:
    return Histories()


@pytest.fixture
def orders() -> WatchDesk:
    return WatchDesk()


@pytest.fixture
def actors() -> ActorDesk:
    return ActorDesk()


@pytest.fixture
def insights() -> Insights:
    return Insights()


@pytest.fixture
def client(
    *,
    archive: Archive,
    feeds: FeedDesk,
    histories: Histories,
    insights: Insights,
    places: Places,
    orders: WatchDesk,
    actors: ActorDesk,
) -> SitrepClient:
    return a_client(
        answers=archive,
        feeds=feeds,
        watches=orders,
        actors=actors,
        articles=histories,
        insights=insights,
        places=places,
        clock=lambda: NOW,
    )


@pytest.fixture
def simcord_bot(client: SitrepClient) -> SitrepClient:
    return client


@pytest.fixture
def newsroom(simcord_env: simcord.Env) -> Iterator[Newsroom]:
    env = simcord_env
    guild = env.create_guild("Newsroom")
    editor = guild.create_role("Editor", permissions=discord.Permissions(manage_guild=True))
    yield Newsroom(
        env=env,
        guild=guild,
        room=guild.create_text_channel("alerts"),
        manager=guild.add_member(env.create_user("ann"), roles=[editor]),
        member=guild.add_member(env.create_user("ben")),
    )
    bodies = [entry.json for entry in env.http_requests if isinstance(entry.json, Mapping)]
    messages = [body.get("data", body) for body in bodies if "embeds" in body or "embeds" in (body.get("data") or {})]
    assert [faults_of_message(message) for message in messages] == [[] for _ in messages]
