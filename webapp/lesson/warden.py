"""Stops a run at the first question that is not answered.

    warden = Warden(lesson, topic, standing)     # standing() tells what the student has committed
    stream = Stream(..., warden=warden)          # asks `allow` before it sends anything

It reads each stage before the student may see it, so what is behind a question leaves the server only afterwards,
whatever a client asks for. The student's own variations of the program are stopped as well, at the place that the
lesson names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from webapp.lesson.facts import Facts
from webapp.lesson.grade import limit
from webapp.lesson.lesson import Lesson, Play
from webapp.lesson.selector import Selector
from webapp.lesson.wire import is_gate
from webapp.session.run import Run


@dataclass(frozen=True, slots=True)
class Standing:
    """What a student has committed in a lesson: ids of steps, and how many turns of each play."""

    done: Collection[str] = ()
    turns: Mapping[str, int] = field(default_factory=dict)


class Warden:
    """Watches over one run of one student in one lesson."""

    def __init__(self, lesson: Lesson, topic: str, standing: Callable[[], Standing]) -> None:
        self.topic = topic
        self._lesson = lesson
        self._ask = standing
        self._standing = standing()
        self._stale = False
        self._facts: Facts | None = None
        self._gate: int | None = None

    def renew(self) -> None:
        """The student has answered something."""
        self._stale = True

    def allow(self, run: Run) -> tuple[int, bool]:
        """How many stages may be sent, and whether that is all until the student answers.

        Whether a load leads to a fault shows only when the fault begins, so until then no more than its first
        stage is let through: it may be where the lesson asks.
        """
        if self._stale:
            self._stale = False
            self._standing, self._gate = self._ask(), None
        if self._gate is None and self._open():
            facts = self._facts_of(run)
            self._gate = limit(self._lesson, facts, self._standing.done, self._standing.turns)
            if self._gate is None and not run.done:
                return facts.settled, False
        return (len(run.log), False) if self._gate is None else (self._gate, True)

    def _open(self) -> bool:
        return any(is_gate(step) and step.id not in self._standing.done for step in self._lesson.steps)

    def _facts_of(self, run: Run) -> Facts:
        """All that the run has recorded; a run that was dropped and built again is read again."""
        if self._facts is None or self._facts.run is not run:
            self._facts = Facts(run, gates(self._lesson))
        self._facts.catch_up()
        return self._facts


def gates(lesson: Lesson) -> Iterator[Selector]:
    """Every place that may be asked for when a run is to be stopped."""
    for step in lesson.steps:
        if step.at is not None and is_gate(step):
            yield step.at
        if isinstance(step.task, Play):
            yield from (step.task.start, step.task.to, *(turn.gate for turn in step.task.turns))
