"""Limits: defaults, the environment, and refusals."""

from __future__ import annotations

from dataclasses import fields

import pytest

from webapp.session.limits import Limits, LimitsError


def test_limits_come_from_the_environment_and_from_keywords():
    limits = Limits.from_environ({"PAGEWALK_RUNS": "7", "PAGEWALK_IDLE_SECONDS": "1.5", "HOME": "/"}, sockets=3)

    assert (limits.runs, limits.idle_seconds, limits.sockets) == (7, 1.5, 3)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PAGEWALK_RUNS": "many"}, "PAGEWALK_RUNS='many' is not a whole number: runs held in memory at a time."),
        ({"PAGEWALK_RUNS": "1.5"}, "PAGEWALK_RUNS='1.5' is not a whole number: runs held in memory at a time."),
        ({"PAGEWALK_RUNS": "0"}, "runs=0 is outside 1..100000: runs held in memory at a time."),
        ({"PAGEWALK_IDLE_SECONDS": "nan"}, "idle_seconds=nan is outside"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_a_sentence(environ, sentence):
    with pytest.raises(LimitsError) as caught:
        Limits.from_environ(environ)

    assert str(caught.value).startswith(sentence)


def test_an_unknown_limit_is_refused():
    with pytest.raises(LimitsError, match="no limit called 'speed'"):
        Limits.from_environ({}, speed=1)


def test_every_limit_says_what_it_bounds():
    for limit in fields(Limits):
        assert limit.metadata["help"]
        assert limit.metadata["low"] <= limit.default <= limit.metadata["high"]
