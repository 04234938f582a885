"""A student's answers as a file, and back: JSON, checked and bounded, and graded again when it comes in.

What a file says was right counts for nothing: every answer is held against the run again. Exercises come back with
their program and are judged when that is run.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any, Literal

import orjson
from msgspec import Meta, Raw, Struct

from webapp.lesson.expression import ExpressionError
from webapp.lesson.grade import AnswerError
from webapp.lesson.lesson import Do, Lesson, Play, Step
from webapp.lesson.tutor import ANSWER_BYTES, Tutor, find_step
from webapp.session.students import Answer, Place, Student

FORMAT = "pagewalk-answers"
MOST_ANSWERS = 4_000
MOST_PLACES = 400
MOST_TURNS = 48

Id = Annotated[str, Meta(max_length=80)]


class FiledAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer in a file."""

    lesson: Id
    step: Id
    answer: Raw
    turn: Annotated[int, Meta(ge=0, lt=MOST_TURNS)] = 0
    sure: Literal["", "guess", "fairly", "certain"] = ""
    skipped: bool = False
    attempts: Annotated[int, Meta(ge=1, le=10_000)] = 1
    right: bool = False  # for the reader of the file; graded again
    credit: float = 0.0


class FiledPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a student came in one lesson."""

    lesson: Id
    step: Id
    furthest: Id
    finished: bool = False


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. ``seed`` chooses the variants that the answers are about."""

    format: Literal["pagewalk-answers"]
    version: Literal[1]
    seed: Annotated[str, Meta(pattern=r"\A[\w-]{1,64}\Z")]
    answers: Annotated[list[FiledAnswer], Meta(max_length=MOST_ANSWERS)]
    places: Annotated[list[FiledPlace], Meta(max_length=MOST_PLACES)] = []
    saved: str = ""


def save(tutor: Tutor, student: Student) -> dict[str, Any]:
    """Everything that is kept of a student."""
    answers = [asdict(one) | {"answer": orjson.loads(one.answer)} for one in tutor.students.answers(student)]
    places = tutor.students.places(student).values()
    return {
        "format": FORMAT,
        "version": 1,
        "saved": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "seed": student.seed,
        "answers": answers,
        "places": [
            {"lesson": one.lesson, "step": one.step, "furthest": one.furthest, "finished": one.finished}
            for one in places
        ],
    }


def load(tutor: Tutor, student: Student, file: File) -> int:
    """Replace what is kept of a student by a file; how many of its answers could be used."""
    answers: dict[tuple[str, str, int], Answer] = {}
    for filed in file.answers:
        found = graded(tutor, file.seed, filed)
        if found is not None:
            answers[found.lesson, found.step, found.turn] = found
    places = {}
    for place in file.places:
        lesson = tutor.library.variant(place.lesson, file.seed)
        ids = [step.id for step in lesson.steps] if lesson else []
        if place.step in ids and place.furthest in ids:
            reached = ids.index(place.furthest) + 1
            places[place.lesson] = Place(place.lesson, place.step, place.furthest, reached, place.finished)
    tutor.students.replace(student, list(answers.values()), list(places.values()), file.seed)
    return len(answers)


def graded(tutor: Tutor, seed: str, filed: FiledAnswer) -> Answer | None:
    """An answer of a file as it would be graded now; None when there is no such question (any more)."""
    lesson = tutor.library.variant(filed.lesson, seed)
    step = find_step(lesson, filed.step) if lesson else None
    text = bytes(filed.answer)
    if lesson is None or step is None or step.task is None or len(text) > ANSWER_BYTES:
        return None
    try:
        given = orjson.loads(text)
        right, credit = worth(tutor, lesson, step, given, filed)
    except (AnswerError, ExpressionError, IndexError, orjson.JSONDecodeError):
        return None
    return Answer(
        lesson.id, step.id, filed.turn if isinstance(step.task, Play) else 0, orjson.dumps(given).decode(),
        filed.sure, right, credit, filed.skipped, filed.attempts,
    )  # fmt: skip


def worth(tutor: Tutor, lesson: Lesson, step: Step, given: Any, filed: FiledAnswer) -> tuple[bool, float]:
    """Right or wrong, and how much of it."""
    if isinstance(step.task, Do):
        check_exercise(given)
        return False, 0.0
    outcome = tutor.outcome(lesson, step, given, filed.turn, filed.skipped)
    return outcome.right, outcome.credit


def check_exercise(given: Any) -> None:
    """What is kept of an attempt has the form in which `webapp.lesson.exercise` keeps it."""
    fits = (
        isinstance(given, dict)
        and given.keys() <= {"figures", "name", "program", "machine"}
        and isinstance(given.get("program", ""), str)
        and isinstance(given.get("name", ""), str)
        and all(
            isinstance(given.get(key, {}), dict)
            and all(isinstance(value, int | float) for value in given.get(key, {}).values())
            for key in ("figures", "machine")
        )
    )
    if not fits:
        raise AnswerError("This is no attempt at an exercise.")
