"""What one actor does to another: the roots of the PLOVER ontology, their quad classes, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Quad(StrEnum):
    """Whether it is said or done, and whether it joins or parts the two."""

    VERBAL_COOPERATION = "verbal-cooperation"
    MATERIAL_COOPERATION = "material-cooperation"
    VERBAL_CONFLICT = "verbal-conflict"
    MATERIAL_CONFLICT = "material-conflict"


class Root(StrEnum):
    """A kind of act."""

    AGREE = "agree"
    CONSULT = "consult"
    SUPPORT = "support"
    COOPERATE = "cooperate"
    AID = "aid"
    YIELD = "yield"
    REQUEST = "request"
    ACCUSE = "accuse"
    REJECT = "reject"
    THREATEN = "threaten"
    PROTEST = "protest"
    SANCTION = "sanction"
    MOBILIZE = "mobilize"
    COERCE = "coerce"
    ASSAULT = "assault"

    @property
    def quad(self) -> Quad:
        """The class it belongs to."""
        return _QUADS[self]


_QUADS = {
    Root.AGREE: Quad.VERBAL_COOPERATION,
    Root.CONSULT: Quad.VERBAL_COOPERATION,
    Root.SUPPORT: Quad.VERBAL_COOPERATION,
    Root.COOPERATE: Quad.MATERIAL_COOPERATION,
    Root.AID: Quad.MATERIAL_COOPERATION,
    Root.YIELD: Quad.MATERIAL_COOPERATION,
    Root.REQUEST: Quad.VERBAL_CONFLICT,
    Root.ACCUSE: Quad.VERBAL_CONFLICT,
    Root.REJECT: Quad.VERBAL_CONFLICT,
    Root.THREATEN: Quad.VERBAL_CONFLICT,
    Root.PROTEST: Quad.MATERIAL_CONFLICT,
    Root.SANCTION: Quad.MATERIAL_CONFLICT,
    Root.MOBILIZE: Quad.MATERIAL_CONFLICT,
    Root.COERCE: Quad.MATERIAL_CONFLICT,
    Root.ASSAULT: Quad.MATERIAL_CONFLICT,
}

COOPERATION = frozenset({Quad.VERBAL_COOPERATION, Quad.MATERIAL_COOPERATION})

ACTS: tuple[str, ...] = (*Root, *Quad)
"""What `act=` takes."""


def is_act(root: Root | None, wanted: str) -> bool:
    """Tell whether a root is the act that was asked for, by its own name or its class; an empty one is any, even an unknown one."""
    return not wanted or (root is not None and wanted in {root, root.quad})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The words of one root: verbs and nouns by their lemmas, alone (`attack`) or with what they go with (`send|sent troop`)."""

    root: Root
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    both_ways: tuple[str, ...] = ()
    """Those of the words that two do to each other."""
