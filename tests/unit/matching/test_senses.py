"""Laws of deciding by entity labels: they only veto."""

from __future__ import annotations

import re

import pytest

from bot.language.parsing import Entity
from bot.matching.scanning.senses import sense_of
from bot.model import AliasKind, Strength


@pytest.mark.parametrize(
    ("rule", "sentence", "label", "counts"),
    [
        pytest.param(AliasKind.NAME, "[<Jordan>] retired.", "PERSON", False, id="a place is no person"),
        pytest.param(AliasKind.NAME, "[<Jordan>] retired.", "GPE", True, id="a place"),
        pytest.param(AliasKind.NAME, "[<Jordan>] retired.", "ORG", True, id="a noisy label of the bare name"),
        pytest.param(AliasKind.NAME, "<Jordan> met [Michael].", "PERSON", True, id="a label elsewhere"),
        pytest.param(AliasKind.LEADER, "[<Lee>] spoke.", "PERSON", True, id="a leader is a person"),
        pytest.param(AliasKind.LEADER, "[Bruce <Lee>] fought.", "PERSON", False, id="another person"),
        pytest.param(AliasKind.LEADER, "[President <Lee>] spoke.", "PERSON", True, id="with the office"),
        pytest.param(AliasKind.LEADER, "In [<Lee> County].", "GPE", True, id="places do not veto"),
        pytest.param(AliasKind.DEMONYM, "[<American> Idol] won.", "WORK_OF_ART", False, id="a longer name"),
        pytest.param(AliasKind.CAPITAL, "[The <Washington>'s] plan", "ORG", True, id="filling words"),
        pytest.param(AliasKind.NAME, "[The <Jordan> Foreign Ministry]", "ORG", True, id="its government"),
    ],
)
def test_labels_only_veto(rule: AliasKind, sentence: str, label: str, counts: bool) -> None:
    """An unsure form (in <>) counts unless a label (in []) says that it is, or is part of, the name of something else."""
    form = sentence[sentence.index("<") + 1 : sentence.index(">")]
    named = re.sub("[<>]", "", sentence)
    name = named[named.index("[") + 1 : named.index("]")]
    plain = re.sub("[<>[\\]]", "", sentence)
    entity = Entity(start=plain.index(name), end=plain.index(name) + len(name), label=label)
    at = plain.index(form)

    strength = sense_of(rule, form, plain, (at, at + len(form)), [entity])

    assert strength is (Strength.CONTEXT if counts else Strength.WEAK)


@pytest.mark.parametrize(
    ("sentence", "label", "counts"),
    [
        pytest.param("[<N.K.>] fired.", "GPE", True, id="a state"),
        pytest.param("[<N.K.>] fired.", "ORG", False, id="something else"),
        pytest.param("[<N.K.> News] said.", "GPE", False, id="a longer name"),
        pytest.param("<N.K.> fired on [Monday].", "DATE", False, id="no label"),
    ],
)
def test_a_weak_form_needs_the_label_of_a_state(sentence: str, label: str, counts: bool) -> None:
    """What is weak by itself is promoted by a label of its own, and not by silence."""
    plain = re.sub("[<>[\\]]", "", sentence)
    named = re.sub("[<>]", "", sentence)
    name = named[named.index("[") + 1 : named.index("]")]
    entity = Entity(start=plain.index(name), end=plain.index(name) + len(name), label=label)

    strength = sense_of(AliasKind.WEAK, "N.K.", plain, (0, 4), [entity])

    assert strength is (Strength.CONTEXT if counts else Strength.WEAK)
