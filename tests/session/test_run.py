"""A run driven by hand, on the fake model."""

from __future__ import annotations

import pytest

from webapp.kernel.journal import apply
from webapp.session.run import KEYFRAME, Recipe, Run

pytestmark = pytest.mark.usefixtures("fake_model")


def test_a_run_computes_as_it_is_read():
    run = Run(Recipe("200"))

    first = next(iter(run))

    assert first["n"] == 0
    assert len(run.log) < 200
    assert [stage["n"] for stage in run] == list(range(200))
    assert (run.done, run.why, run.limited) == (True, "exit status 0", False)


def test_a_run_stops_near_its_goal_and_goes_on_from_there():
    run = Run(Recipe("1000"))

    run.advance(goal=100)
    assert 100 <= len(run.log) < 200

    assert run.finish().log.read(0, 1000) == Run(Recipe("1000")).finish().stages()


def test_a_run_without_an_end_gives_back_control():
    run = Run(Recipe("10 endless"))

    assert not run.advance(seconds=0.001)
    assert len(run.log) == 10


def test_rows_at_equals_replay_wherever_one_seeks():
    count = 2 * KEYFRAME + 100
    run = Run(Recipe(str(count))).finish()
    rows: dict = {}
    expected: dict = {0: {}}
    for stage in run:
        apply(rows, stage["changes"])
        expected[stage["n"] + 1] = {"cpu": dict(rows["cpu"])}

    for n in (0, 1, KEYFRAME, KEYFRAME + 1, count, 5, 2 * KEYFRAME, 2 * KEYFRAME - 1, count - 1):
        assert run.rows_at(n) == expected[n]
    assert run.rows == expected[count]


def test_rows_beyond_the_run_are_refused():
    with pytest.raises(IndexError, match="rows_at"):
        Run(Recipe("10")).rows_at(1)


def test_the_digest_of_a_recipe_covers_program_name_and_machine():
    digests = {
        recipe.digest()
        for recipe in (Recipe("1"), Recipe("2"), Recipe("1", "a.c"), Recipe("1", "prog.c", {"read_ahead_kb": 4}))
    }

    assert len(digests) == 4
    assert Recipe("1").digest() == Recipe("1", "prog.c", {}).digest()
