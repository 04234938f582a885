"""The computing thread: fair, unbreakable, idle when there is nothing to do."""

from __future__ import annotations

import threading

from tests.session.conftest import until
from webapp.session.runner import Runner


class Count:
    """A job of so many turns; it notes each in a list that it shares."""

    def __init__(self, name: str, turns: int, noted: list[str], error: Exception | None = None) -> None:
        self.name, self.left, self.noted, self.error = name, turns, noted, error
        self.failures: list[Exception] = []

    def turn(self) -> bool:
        self.noted.append(self.name)
        self.left -= 1
        if self.error:
            raise self.error
        return self.left > 0

    def failed(self, error: Exception) -> bool:
        self.failures.append(error)
        return False


class Gate:
    """A job that holds the thread until it is let go, so that others can be queued behind it."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def turn(self) -> bool:
        self.open.wait(10)
        return False

    def failed(self, error: Exception) -> bool:
        raise error


def test_jobs_take_turns():
    runner, gate = Runner(), Gate()
    noted: list[str] = []
    runner.submit(gate)
    for name in "abc":
        runner.submit(Count(name, 4, noted))
    gate.open.set()
    until(lambda: runner.idle)
    runner.stop()

    assert "".join(noted) == "abc" * 4


def test_a_job_that_raises_ends_alone():
    runner = Runner()
    noted: list[str] = []
    bad, good = Count("x", 3, noted, ValueError("no")), Count("g", 3, noted)
    runner.submit(bad)
    runner.submit(good)
    until(lambda: runner.idle)
    runner.stop()

    assert noted.count("x") == 1
    assert noted.count("g") == 3
    assert str(bad.failures[0]) == "no"


def test_a_waiting_job_is_queued_once():
    runner, gate = Runner(), Gate()
    noted: list[str] = []
    job = Count("j", 1, noted)
    runner.submit(gate)
    runner.submit(job)
    runner.submit(job)
    gate.open.set()
    until(lambda: runner.idle)
    runner.stop()

    assert noted == ["j"]


def test_nothing_turns_when_there_is_nothing_to_do():
    runner = Runner()
    runner.submit(Count("a", 5, []))
    until(lambda: runner.idle)
    before = runner.turns

    threading.Event().wait(0.05)

    assert runner.turns == before == 5
    runner.stop()


def test_housekeeping_comes_when_it_is_due_and_survives_its_own_failure(caplog):
    calls: list[int] = []

    def housekeep() -> float | None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("dust")
        return None

    runner = Runner(housekeep)
    runner.remind(0.0)
    until(lambda: len(calls) == 1)
    runner.remind(0.0)
    until(lambda: len(calls) == 2)
    runner.stop()

    assert "housekeeping failed" in caplog.text
