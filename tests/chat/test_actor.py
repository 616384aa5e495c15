"""Laws of `/actor`, driven as a person in a server drives it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import simcord
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.actors import actor_embed, actor_text, actors_embed, is_cut
from bot.errors import Unanswerable
from bot.model import Actor, ActorView, Alias, AliasKind, NamedActor, Override
from tests.chat.fakes import NORTH_KOREA, ActorDesk
from tests.chat.limits import faults_of_embed
from tests.chat.newsroom import Newsroom, answered


async def test_an_actor_shows_what_it_is_made_of(newsroom: Newsroom, actors: ActorDesk) -> None:
    """Names by kind, days of office, beside whom weak names count, decoys, what was changed here, and until when it holds."""
    added = Override(actor="north-korea", text="Hermit Kingdom", kind=AliasKind.NAME)
    gone = Override(actor="north-korea", text="DPRK", kind=AliasKind.NAME, taken=True)
    actors.view = replace(actors.view, changes=(added, gone), watches=("Missiles",))

    [embed] = answered(await newsroom.member.slash(newsroom.room, "actor show", actor="north-korea")).embeds

    fields = {field.name: field.value for field in embed.fields}
    assert fields == {
        "Names": "North Korea",
        "Capital": "Pyongyang?",
        "Leaders": "Kim Jong Un (2011-12-17 to now)",
        "Weak names, beside north-korea or south-korea only": "the North",
        "Decoys, which are none of it": "Pyongyang Grill",
        "Added here": "Hermit Kingdom (name)",
        "Taken away here": "DPRK (name)",
        "Watches": "Missiles",
    }
    assert "actor:north-korea" in str(embed.description)
    assert embed.footer.text == "As of 30 June 2025"


async def test_a_long_list_comes_as_a_file_too(newsroom: Newsroom, actors: ActorDesk) -> None:
    """What the card cuts with a count stands in the file, all of it."""
    many = tuple(Alias(text=f"Institution {number}", kind=AliasKind.INSTITUTION) for number in range(100))
    actors.view = ActorView(actor=replace(NORTH_KOREA, aliases=(*NORTH_KOREA.aliases, *many)))

    answer = answered(await newsroom.member.slash(newsroom.room, "actor show", actor="north-korea"))

    fields = {field.name: str(field.value) for field in answer.embeds[0].fields}
    assert fields["Institutions"].endswith("more")
    assert [one.filename for one in answer.attachments] == ["north-korea.txt"]
    assert "Institution 99" in actor_text(actors.view)


@pytest.mark.parametrize(("kind", "asked"), [("leader", AliasKind.LEADER), ("decoy", None)], ids=["an alias", "a decoy"])
async def test_a_manager_adds_a_name(newsroom: Newsroom, actors: ActorDesk, kind: str, asked: AliasKind | None) -> None:
    """The answer says as what it counts, and from when on."""
    answer = answered(
        await newsroom.manager.slash(newsroom.room, "actor add", actor="north-korea", kind=kind, alias="Hermit Kingdom")
    )

    assert actors.asked == [("add", newsroom.viewer, "north-korea", asked, "Hermit Kingdom")]
    assert answer.content == (f"“Hermit Kingdom” counts as {kind} of **North Korea** here, in what is read from now on.")


async def test_a_manager_takes_a_name_away(newsroom: Newsroom, actors: ActorDesk) -> None:
    """The answer says that it no longer counts."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "actor remove", actor="north-korea", alias="DPRK"))

    assert actors.asked == [("remove", newsroom.viewer, "north-korea", "DPRK")]
    assert "“DPRK” no longer counts for **North Korea** here" in str(answer.content)


@pytest.mark.parametrize(("own", "said"), [(True, "no actor of this server any more"), (False, "as it is for everybody again")])
async def test_a_reset_says_what_is_left(newsroom: Newsroom, actors: ActorDesk, *, own: bool, said: str) -> None:
    """An actor of the server's own ends, any other is what it was."""
    actors.view = replace(actors.view, own=own)

    answer = answered(await newsroom.manager.slash(newsroom.room, "actor reset", actor="north-korea"))

    assert said in str(answer.content)


async def test_a_server_defines_an_actor(newsroom: Newsroom, actors: ActorDesk) -> None:
    """What was made is shown."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "actor define", name="Acme", key="acme"))

    assert actors.asked == [("define", newsroom.viewer, "Acme", "acme")]
    assert answer.embeds


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("actor add", {"actor": "north-korea", "kind": "name", "alias": "Hermit Kingdom"}),
        ("actor remove", {"actor": "north-korea", "alias": "DPRK"}),
        ("actor define", {"name": "Acme"}),
        ("actor reset", {"actor": "north-korea"}),
    ],
)
async def test_members_change_nothing(newsroom: Newsroom, actors: ActorDesk, command: str, options: dict[str, str]) -> None:
    """Only who manages the server changes what actors are called in it."""
    result = await newsroom.member.slash(newsroom.room, command, **options)

    simcord.assert_error(newsroom.env, app_commands.MissingPermissions)
    assert "Manage Server" in str(answered(result).content)
    assert actors.asked == []


async def test_a_refusal_is_told_as_it_is(newsroom: Newsroom, actors: ActorDesk) -> None:
    """The sentence of the desk reaches the person."""
    actors.trouble = Unanswerable("“NK” has fewer than 3 letters.")

    result = await newsroom.manager.slash(newsroom.room, "actor add", actor="x", kind="name", alias="NK")

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "“NK” has fewer than 3 letters."


async def test_actors_and_their_names_are_offered(newsroom: Newsroom, actors: ActorDesk) -> None:
    """While somebody types, actors are offered by their names, and forms of the one that was chosen, its own first."""
    added = Override(actor="north-korea", text="Hermit Kingdom", kind=AliasKind.NAME)
    actors.view = replace(actors.view, changes=(added,))

    known = await newsroom.manager.autocomplete(newsroom.room, "actor show", "actor", "kor")
    forms = await newsroom.manager.autocomplete(newsroom.room, "actor remove", "alias", "", actor="north-korea")

    assert [(one["name"], one["value"]) for one in known] == [("North Korea", "north-korea")]
    assert [one["value"] for one in forms][:2] == ["Hermit Kingdom", "North Korea"]


async def test_the_list_shows_own_actors_first(newsroom: Newsroom) -> None:
    """What a server has changed stands before what everybody has."""
    [embed] = answered(await newsroom.member.slash(newsroom.room, "actor list")).embeds

    assert str(embed.description).splitlines() == ["Acme `actor:acme` · only here", "North Korea `actor:north-korea`"]


texts = st.text(max_size=120)
_aliases = st.lists(st.builds(Alias, text=texts, kind=st.sampled_from(AliasKind), unsure=st.booleans()), max_size=40).map(tuple)
_changes = st.lists(
    st.builds(Override, actor=texts, text=texts, kind=st.sampled_from([None, *AliasKind]), taken=st.booleans()), max_size=20
).map(tuple)


@given(name=texts, aliases=_aliases, changes=_changes, watches=st.lists(texts, max_size=20).map(tuple))
def test_whatever_an_actor_holds_its_card_fits(
    name: str, aliases: tuple[Alias, ...], changes: tuple[Override, ...], watches: tuple[str, ...]
) -> None:
    """No name breaks a limit of Discord or its markup, and what is cut is known to be."""
    view = ActorView(actor=Actor(id="any", name=name, aliases=aliases), changes=changes, watches=watches, own=True)

    embed = actor_embed(view)

    assert faults_of_embed(embed.to_dict()) == []
    assert is_cut(view) or not any(str(field.value).endswith(" more") for field in embed.fields)


def test_a_long_list_of_actors_has_pages() -> None:
    """Each page says which it is, and a page too far is the last."""
    many = [NamedActor(id=f"actor-{number}", name=f"Actor {number}") for number in range(100)]

    embeds = [actors_embed(many, page=page) for page in (1, 3, 99)]

    assert [embed.footer.text and embed.footer.text.split(" · ")[0] for embed in embeds] == [
        "Page 1 of 3",
        "Page 3 of 3",
        "Page 3 of 3",
    ]
