"""Says in plain words what a relation asks for: `North Korea cooperates with Russia`."""

from __future__ import annotations

from collections.abc import Callable

from bot.model import Quad, Relation, Root

_SAID: dict[str, str] = {
    "": "{0} does or says something to {1}",
    Root.AGREE: "{0} agrees with {1}",
    Root.CONSULT: "{0} meets, visits or talks with {1}",
    Root.SUPPORT: "{0} supports {1} in words",
    Root.COOPERATE: "{0} cooperates with {1}",
    Root.AID: "{0} gives aid to {1}",
    Root.YIELD: "{0} yields to {1}",
    Root.REQUEST: "{0} demands something of {1}",
    Root.ACCUSE: "{0} accuses or criticises {1}",
    Root.REJECT: "{0} rejects what {1} wants",
    Root.THREATEN: "{0} threatens {1}",
    Root.PROTEST: "{0} protests against {1}",
    Root.SANCTION: "{0} imposes sanctions on {1} or cuts ties with it",
    Root.MOBILIZE: "{0} shows force towards {1}",
    Root.COERCE: "{0} coerces {1}",
    Root.ASSAULT: "{0} attacks {1}",
    Quad.VERBAL_COOPERATION: "{0} speaks with or for {1}",
    Quad.MATERIAL_COOPERATION: "{0} cooperates with {1} in deed",
    Quad.VERBAL_CONFLICT: "{0} speaks against {1}",
    Quad.MATERIAL_CONFLICT: "{0} acts against {1}",
}


def in_words(relation: Relation, name_of: Callable[[str], str]) -> str:
    """Return a relation as a sentence without a full stop; whoever is left out is somebody."""
    source = name_of(relation.source.id) if relation.source else "somebody"
    target = name_of(relation.target.id) if relation.target else "somebody"
    return _SAID[relation.act].format(source, target)
