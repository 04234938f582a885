"""Exercises: a student's attempt is run on the server, held against the goals, and remembered.

    coach = Coach(tutor, limits)
    coach.attempt(student, lesson, Attempt(step="once", program="..."))

The goals are judged by a run of the server's own, from the same program on the same machine, so nothing that a page
says about its run counts. Such runs are bounded like any other, and only so many are made at a time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

import orjson
from msgspec import Struct

from webapp.lesson.facts import Facts
from webapp.lesson.goals import assess, check_means, open_hints
from webapp.lesson.grade import AnswerError
from webapp.lesson.lesson import Do, Lesson, Step
from webapp.lesson.tutor import Tutor, open_step
from webapp.session.limits import Limits
from webapp.session.messages import Name, Refused
from webapp.session.run import Recipe, Run
from webapp.session.students import Answer, Student

Json = dict[str, Any]

AT_A_TIME = 2
REMEMBERED = 128
PROGRAM_KEPT = 12_000  # characters of an attempt that are kept with the answer


class Attempt(Struct, frozen=True, forbid_unknown_fields=True):
    """A program on a machine, meant to meet a step's goals."""

    step: str
    program: str
    name: Name = "prog.c"
    machine: dict[str, int | float] = {}


class Coach:
    """Judges attempts."""

    def __init__(self, tutor: Tutor, limits: Limits) -> None:
        self._tutor = tutor
        self._limits = limits
        self._free = threading.BoundedSemaphore(AT_A_TIME)
        self._lock = threading.Lock()
        self._judged: OrderedDict[tuple[str, ...], Json] = OrderedDict()

    def attempt(self, student: Student, lesson: Lesson, attempt: Attempt) -> Json:
        """Which goals an attempt meets, with which figures; what went wrong; which hints that opens."""
        step = open_step(lesson, attempt.step, self._tutor.standing(student, lesson))
        if not isinstance(step.task, Do):
            raise AnswerError("This step is no exercise.")
        if len(attempt.program.encode()) > self._limits.source_bytes:
            raise AnswerError(f"The program is longer than {self._limits.source_bytes:,} bytes.")
        means = check_means(step.task, attempt.program, attempt.machine)
        if means:
            return {"means": means, "solved": False}
        asked = self._tutor.students.hints(student, lesson.id).get(step.id, 0)
        found = self._judge(lesson, step, attempt)
        self._remember(student, lesson, step, attempt, found)
        own = [[n, text] for n, text in found["hints"] if n >= asked]
        return found | {"means": [], "hints": [*open_hints(step, None, asked), *own]}

    def _judge(self, lesson: Lesson, step: Step, attempt: Attempt) -> Json:
        """The same attempt is judged once."""
        recipe = Recipe(attempt.program, attempt.name, attempt.machine)
        key = (lesson.id, lesson.seed, lesson.language, step.id, recipe.digest())
        with self._lock:
            if key in self._judged:
                self._judged.move_to_end(key)
                return self._judged[key]
        if not self._free.acquire(blocking=False):
            raise Refused("Other attempts are being judged just now. Try again in a few seconds.")
        try:
            found = self._run(step, recipe)
        finally:
            self._free.release()
        with self._lock:
            self._judged[key] = found
            while len(self._judged) > REMEMBERED:
                self._judged.popitem(last=False)
        return found

    def _run(self, step: Step, recipe: Recipe) -> Json:
        assert isinstance(step.task, Do)
        facts = Facts(Run(recipe, self._limits).finish())
        judged = assess(step.task, facts)
        hints = [[n, text] for n, text in open_hints(step, facts, 0)]
        return asdict(judged) | {"solved": judged.solved, "credit": judged.credit, "hints": hints}

    def _remember(self, student: Student, lesson: Lesson, step: Step, attempt: Attempt, found: Json) -> None:
        """A solution is kept until there is another; before that, the latest attempt."""
        students = self._tutor.students
        before = next((one for one in students.answers(student, lesson.id) if one.step == step.id), None)
        if before is not None and before.right and not found["solved"]:
            return
        figures = {golf["figure"]: golf["value"] for golf in found["golf"]}
        kept: Json = {"figures": figures, "name": attempt.name, "program": "", "machine": attempt.machine}
        if len(attempt.program) <= PROGRAM_KEPT:
            kept["program"] = attempt.program
        text = orjson.dumps(kept).decode()
        row = Answer(lesson.id, step.id, answer=text, right=found["solved"], credit=found["credit"])
        students.record(student, row, again=True)
