"""Draws what an actor is made of, and the list of actors. Pure: a value in, an embed or text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from bot.chat.cards import QUIET, listed
from bot.chat.harmless import code, harmless
from bot.chat.limits import TITLE, within_limits
from bot.model import ActorView, Alias, AliasKind, NamedActor

KINDS = {
    AliasKind.NAME: "Names",
    AliasKind.DEMONYM: "People and adjectives",
    AliasKind.CAPITAL: "Capital",
    AliasKind.LEADER: "Leaders",
    AliasKind.INSTITUTION: "Institutions",
    AliasKind.REGION: "Regions",
    AliasKind.CITY: "Cities",
    AliasKind.CURRENCY: "Currencies",
    AliasKind.COMPANY: "Companies",
    AliasKind.WEAK: "Weak names",
}
_FIELD = 300
"""Characters of one kind of names: all kinds together stay below the 6,000 of an embed."""
_NAMES_A_PAGE = 40


def parts_of(view: ActorView) -> Iterator[tuple[str, list[str]]]:
    """Yield what an actor is made of, by the heading it stands under."""
    actor = view.actor
    for kind, heading in KINDS.items():
        forms = [_form(alias) for alias in actor.aliases if alias.kind is kind]
        if kind is AliasKind.WEAK and forms:
            heading = f"{heading}, beside {' or '.join(actor.beside)} only"  # noqa: PLW2901  # the heading of this kind alone
        yield heading, forms
    yield "Decoys, which are none of it", list(actor.decoys)
    yield "Added here", [f"{one.text} ({one.label})" for one in view.changes if not one.taken]
    yield "Taken away here", [f"{one.text} ({one.label})" for one in view.changes if one.taken]
    yield "Watches", list(view.watches)


def _form(alias: Alias) -> str:
    """Return an alias as it is written, with the days of an office; one that may mean something else has a question mark."""
    days = ""
    if alias.since or alias.until:
        days = f" ({f'{alias.since:%Y-%m-%d}' if alias.since else ''} to {f'{alias.until:%Y-%m-%d}' if alias.until else 'now'})"
    return f"{alias.text}{'?' if alias.unsure else ''}{days}"


def actor_embed(view: ActorView) -> discord.Embed:
    """Draw what an actor is made of; long lists are cut with a count, and `actor_text` holds all of it."""
    actor = view.actor
    embed = discord.Embed(title=harmless(actor.name, TITLE), description=_description(view), colour=QUIET)
    for heading, forms in parts_of(view):
        embed.add_field(name=heading, value=listed([harmless(one, 110) for one in forms], _FIELD), inline=False)
    if actor.as_of:
        embed.set_footer(text=f"As of {actor.as_of.day} {actor.as_of:%B %Y}")
    return within_limits(embed)


def _description(view: ActorView) -> str:
    own = "Only this server has it." if view.own else ""
    unsure = "A question mark: only where it names this actor." if any(one.unsure for one in view.actor.aliases) else ""
    return " ".join(filter(None, [code(view.actor.subject, 80), own, unsure, harmless(view.hint, 200)]))


def is_cut(view: ActorView) -> bool:
    """Tell whether an embed could not show all of an actor."""
    return any(len(", ".join(harmless(one, 110) for one in forms)) > _FIELD for _, forms in parts_of(view))


def actor_text(view: ActorView) -> str:
    """Write what an actor is made of, all of it, in lines."""
    actor = view.actor
    head = f"{actor.name}, {actor.subject}" + (f", as of {actor.as_of}" if actor.as_of else "")
    return "\n".join([head, *(f"{heading}: {', '.join(forms)}" for heading, forms in parts_of(view) if forms)]) + "\n"


def actors_embed(actors: Sequence[NamedActor], *, page: int = 1) -> discord.Embed:
    """Draw a page of the list of actors, those first that this server has changed."""
    ordered = sorted(actors, key=lambda one: not (one.changed or one.own))
    pages = max(1, -(-len(ordered) // _NAMES_A_PAGE))
    page = min(page, pages)
    shown = ordered[(page - 1) * _NAMES_A_PAGE : page * _NAMES_A_PAGE]
    embed = discord.Embed(title=f"Actors: {len(actors)}", colour=QUIET)
    embed.description = "\n".join(map(_line, shown)) or "The catalogue holds no actor."
    if pages > 1:
        embed.set_footer(text=f"Page {page} of {pages} · /actor list page:{page % pages + 1} shows another")
    return within_limits(embed)


def _line(actor: NamedActor) -> str:
    mark = " · only here" if actor.own else " · changed here" if actor.changed else ""
    return f"{harmless(actor.name, 60)} {code(f'actor:{actor.id}', 70)}{mark}"


def changed(view: ActorView, text: str, *, kind: str = "") -> str:
    """Say what a form is of an actor from now on; without a kind it is nothing any more."""
    what = f"counts as {kind} of" if kind else "no longer counts for"
    hint = f" {harmless(view.hint, 200)}" if view.hint else ""
    return f"“{harmless(text, 120)}” {what} **{harmless(view.actor.name, 120)}** here, in what is read from now on.{hint}"
