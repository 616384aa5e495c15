"""Told once, whatever breaks: a few of the kills of `make crash`, which kills hundreds of times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .crash import survive
from .lives import Aim, plan

SEEDS = [int(os.environ["CRASH_SEED"])] if "CRASH_SEED" in os.environ else [58, 289]


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_article_is_told_once_however_often_the_bot_is_killed(seed: int, tmp_path: Path) -> None:
    """Whatever the service answers, and wherever the bot is killed, no alert is lost, repeated, out of order or in doubt."""
    report = await survive(seed, 5, home=tmp_path, outage_s=3)

    assert not report.broken, report.tail


def test_a_seed_draws_the_same_lives_again() -> None:
    """A run can be repeated by its seed, and another seed is another run."""
    assert plan(1, 20) == plan(1, 20) != plan(2, 20)


def test_a_few_seeds_aim_at_everything() -> None:
    """Every point at which a bot may die is drawn, and nonces are kept in some runs and forgotten in others."""
    runs = [plan(seed, 20) for seed in range(10)]

    assert {life.aim for lives in runs for life in lives} == set(Aim)
    assert {len({life.forgotten for life in lives}) for lives in runs} == {1, 2}
