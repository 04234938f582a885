"""Takes students through lessons: what they may see, what their answers are worth, what comes next.

    tutor = Tutor(library, students)
    tutor.page(student, lesson)                    the lesson as this student may see it, with verdicts on past answers
    tutor.answer(student, lesson, Given(...))      commit an answer; what it opens is in the reply
    tutor.warden(student, lesson)                  for a run: stops it at the first open question

Grading happens here and nowhere else. Whatever is wrong with what came raises `AnswerError` with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson
from msgspec import UNSET, Struct, UnsetType

from webapp.lesson.expression import ExpressionError
from webapp.lesson.facts import Facts
from webapp.lesson.goals import closed_rungs, open_hints, solution
from webapp.lesson.grade import AnswerError, TurnAt, gate, grade_question, grade_quiz, turns
from webapp.lesson.lesson import Do, Lesson, Play, Question, Quiz, Reflect, Step
from webapp.lesson.library import Library
from webapp.lesson.warden import Standing, Warden
from webapp.lesson.wire import is_gate, wire, wire_question
from webapp.session.students import Answer, Place, Student, Students

Json = dict[str, Any]

ANSWER_BYTES = 16_384
REFLECTION = 4_000  # characters


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer as it comes. ``turn`` counts the decisions of a play."""

    step: str
    answer: Any | UnsetType = UNSET
    sure: Literal["", "guess", "fairly", "certain"] = ""
    skip: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer is worth, for the record and for the student."""

    right: bool
    credit: float
    shown: Json


class Tutor:
    """One for all students."""

    def __init__(self, library: Library, students: Students) -> None:
        self.library = library
        self.students = students

    # What a student may see.

    def standing(self, student: Student, lesson: Lesson, answers: Sequence[Answer] | None = None) -> Standing:
        """The steps that are done, and the turns of plays that are under way."""
        given = self.students.answers(student, lesson.id) if answers is None else answers
        played: dict[str, int] = {}
        done = set()
        for answer in given:
            step = find_step(lesson, answer.step)
            if step is None:
                continue
            if isinstance(step.task, Do) and not answer.right:
                continue
            if not isinstance(step.task, Play) or (answer.skipped and answer.turn == 0):
                done.add(step.id)
            else:
                played[step.id] = played.get(step.id, 0) + 1
        for id, count in played.items():
            if count >= len(self._turns(lesson, lesson.step(id).task)):
                done.add(id)
        return Standing(done, played)

    def warden(self, student: Student, lesson: Lesson, step: str = "") -> Warden | None:
        """Who watches over a run in this lesson; nobody over the student's own attempt at an exercise."""
        found = find_step(lesson, step)
        if found is not None and isinstance(found.task, Do) and not held(lesson, found, self.standing(student, lesson)):
            return None
        return Warden(lesson, topic(student, lesson), lambda: self.standing(student, lesson))

    def page(self, student: Student, lesson: Lesson) -> Json:
        """The lesson as far as this student has come."""
        answers = self.students.answers(student, lesson.id)
        standing = self.standing(student, lesson, answers)
        place = self.students.places(student).get(lesson.id)
        return {
            **wire(lesson, standing.done),
            "answers": self._verdicts(lesson, answers, standing),
            "turn": self._turn(lesson, standing),
            "opened": self._hints(student, lesson, standing),
            "place": place.step if place else None,
            "stage": self._stage(lesson, place.step, standing) if place else 0,
            "finished": self._finished(student, lesson, standing, place),
            "next": self._next(lesson),
        }

    def _finished(self, student: Student, lesson: Lesson, standing: Standing, place: Place | None) -> bool:
        """At the last step, with every task done; once finished stays finished."""
        tasks = {step.id for step in lesson.steps if step.task is not None}
        if place is None or place.finished:
            return place is not None
        if place.furthest != lesson.steps[-1].id or not tasks <= set(standing.done):
            return False
        self.students.stand(student, replace(place, finished=True))
        return True

    def _next(self, lesson: Lesson) -> Json | None:
        """The lesson that follows in the course."""
        ids = list(self.library.lessons)
        after = ids[ids.index(lesson.id) + 1 :] if lesson.id in ids else []
        return {"id": after[0], "title": self.library.lessons[after[0]].title} if after else None

    def _turns(self, lesson: Lesson, task: Any) -> list[TurnAt]:
        if not isinstance(task, Play):
            return []
        with self.library.facts(lesson) as facts:
            return turns(task, facts)

    def _turn(self, lesson: Lesson, standing: Standing) -> Json | None:
        """The decision that a play waits for, when it is the student's turn."""
        step = next((step for step in lesson.steps if is_gate(step) and step.id not in standing.done), None)
        if step is None or not isinstance(step.task, Play):
            return None
        coming = self._turns(lesson, step.task)
        number = standing.turns.get(step.id, 0)
        question = coming[number]
        return {
            "step": step.id, "number": number, "of": len(coming), "stage": question.stage,
            "question": wire_question(question.question),
        }  # fmt: skip

    def _verdicts(self, lesson: Lesson, answers: Sequence[Answer], standing: Standing) -> Json:
        """What was said to each answer, by step; the turns of a play under it."""
        found: Json = {}
        for answer in answers:
            step = find_step(lesson, answer.step)
            if step is None or step.task is None:
                continue
            if isinstance(step.task, Do):
                found[step.id] = exercise_record(answer)
                continue
            verdict = self._again(lesson, step, answer)
            if isinstance(step.task, Play):
                about = found.setdefault(step.id, {"turns": [], "skipped": False, "done": step.id in standing.done})
                about["skipped"] = about["skipped"] or answer.skipped
                about["turns"].append(verdict)
                if about["done"]:
                    about["after"] = step.task.after.html
                    about["credit"] = sum(turn["credit"] for turn in about["turns"]) / max(1, len(about["turns"]))
            else:
                found[step.id] = verdict
        return found

    def _again(self, lesson: Lesson, step: Step, answer: Answer) -> Json:
        """A past answer as it was answered to."""
        given = orjson.loads(answer.answer)
        about: Json = {
            "answer": given, "sure": answer.sure, "right": answer.right, "credit": answer.credit,
            "skipped": answer.skipped, "attempts": answer.attempts,
        }  # fmt: skip
        try:
            shown = self.outcome(lesson, step, given, answer.turn, answer.skipped).shown
        except (AnswerError, ExpressionError):  # the lesson has changed since
            shown = {}
        return about | shown

    def _stage(self, lesson: Lesson, id: str, standing: Standing) -> int:
        """Where the machine stands when a student comes back to a step."""
        found = 0
        for step in lesson.steps:
            if step.at is not None and not held(lesson, step, standing):
                with self.library.facts(lesson) as facts:
                    found = facts.stage(step.at) or found
            if step.id == id:
                break
        return found

    # Answers.

    def answer(self, student: Student, lesson: Lesson, given: Given) -> Json:
        """Commit an answer. The first one counts, except in exercises and quizzes."""
        standing = self.standing(student, lesson)
        step = open_step(lesson, given.step, standing)
        if step.task is None or isinstance(step.task, Do):
            raise AnswerError("This step asks for no answer.")
        again = isinstance(step.task, Quiz | Reflect)
        if step.id in standing.done and not again:
            raise AnswerError("This question is answered already; the first answer counts.")
        if isinstance(step.task, Play) and given.turn != standing.turns.get(step.id, 0):
            raise AnswerError(f"It is turn {standing.turns.get(step.id, 0)}, not {given.turn}.")
        answer = None if given.answer is UNSET or given.skip else given.answer
        if answer is None and not given.skip:
            raise AnswerError("Give an answer, or skip the question.")
        outcome = self.outcome(lesson, step, answer, given.turn, given.skip)
        text = orjson.dumps(answer).decode()
        if len(text) > ANSWER_BYTES:
            raise AnswerError(f"The answer is {len(text):,} characters long; {ANSWER_BYTES:,} are kept.")
        row = Answer(
            lesson.id, step.id, 0 if isinstance(step.task, Play) and given.skip else given.turn,
            text, given.sure, outcome.right, outcome.credit, given.skip,
        )  # fmt: skip
        if isinstance(step.task, Play) and given.skip and given.turn:
            self._skip_rest(student, lesson, step, given.turn)
        else:
            self.students.record(student, row, again)
        return self.page(student, lesson)

    def _skip_rest(self, student: Student, lesson: Lesson, step: Step, turn: int) -> None:
        """A play that was begun and is given up: every turn that is left is skipped."""
        for number in range(turn, len(self._turns(lesson, step.task))):
            self.students.record(student, Answer(lesson.id, step.id, number, skipped=True))

    def outcome(self, lesson: Lesson, step: Step, answer: Any, turn: int, skipped: bool) -> Outcome:
        """What an answer is worth, and what is said to it."""
        task = step.task
        if isinstance(task, Reflect):
            if not skipped and (not isinstance(answer, str) or not answer.strip() or len(answer) > REFLECTION):
                raise AnswerError(f"Write a few words, {REFLECTION:,} characters at most.")
            return Outcome(not skipped, float(not skipped), {"sample": task.sample.html})
        if isinstance(task, Quiz):
            return quiz_outcome(task, answer, skipped)
        with self.library.facts(lesson) as facts:
            if isinstance(task, Play):
                return question_outcome(turns(task, facts)[turn].question, answer, skipped, facts)
            assert isinstance(task, Question)
            return question_outcome(task, answer, skipped, facts)

    # Hints.

    def hint(self, student: Student, lesson: Lesson, id: str, shown: Sequence[int] = ()) -> Json:
        """One rung further down the ladder; ``shown`` are those that opened by themselves."""
        standing = self.standing(student, lesson)
        step = open_step(lesson, id, standing)
        closed = closed_rungs(step, self._asked(student, lesson, id), shown)
        if not closed:
            raise AnswerError("There is no further hint.")
        self.students.ask(student, lesson.id, id, closed[0] + 1)
        return {"opened": self._hints(student, lesson, standing)}

    def solution(self, student: Student, lesson: Lesson, id: str, shown: Sequence[int] = ()) -> Json:
        """How it can be done, below the last hint."""
        step = open_step(lesson, id, self.standing(student, lesson))
        found = solution(step, self._asked(student, lesson, id), shown)
        program = {"name": found.program.name, "text": found.program.text}
        return {"program": program, "machine": dict(found.machine), "say": found.say.html}

    def _asked(self, student: Student, lesson: Lesson, id: str) -> int:
        return self.students.hints(student, lesson.id).get(id, 0)

    def _hints(self, student: Student, lesson: Lesson, standing: Standing) -> Json:
        """The rungs that were asked for, and those that open by themselves where the run stands."""
        asked = self.students.hints(student, lesson.id)
        found: Json = {}
        for step in lesson.steps:
            if step.hints and not held(lesson, step, standing):
                facts = self._seen(lesson, step, standing) if any(hint.when for hint in step.hints) else None
                found[step.id] = open_hints(step, facts, asked.get(step.id, 0))
        return found

    def _seen(self, lesson: Lesson, step: Step, standing: Standing) -> Facts | None:
        """What a student who stands at an open question has seen."""
        if not is_gate(step) or step.id in standing.done:
            return None
        with self.library.facts(lesson) as facts:
            stage = gate(step, facts, standing.turns.get(step.id, 0))
            return None if stage is None else Facts(facts.run, upto=stage + 1)

    # Where they are.

    def lead(self, student: Student, lesson: Lesson, id: str) -> None:
        """Begin the lesson anew and stand at a step, every question before it given up."""
        self.students.restart(student, lesson.id)
        steps = [step.id for step in lesson.steps]
        if id not in steps:
            raise AnswerError(f"The lesson has no step “{id[:40]}”.")
        for step in lesson.steps[: steps.index(id)]:
            if is_gate(step):
                self.answer(student, lesson, Given(step.id, skip=True))
        self.stand(student, lesson, id)

    def stand(self, student: Student, lesson: Lesson, id: str) -> bool:
        """The student turned to this step; whether the lesson is finished with it."""
        answers = self.students.answers(student, lesson.id)
        standing = self.standing(student, lesson, answers)
        step = open_step(lesson, id, standing)
        before = self.students.places(student).get(lesson.id)
        ids = [one.id for one in lesson.steps]
        reached = max(ids.index(id) + 1, min(before.reached, len(ids)) if before else 0)
        place = Place(lesson.id, step.id, ids[reached - 1], reached, bool(before and before.finished))
        self.students.stand(student, place)
        return self._finished(student, lesson, standing, place)


def topic(student: Student, lesson: Lesson) -> str:
    """The name under which a student's runs in a lesson are found."""
    return f"{student.id}/{lesson.id}"


def find_step(lesson: Lesson, id: str) -> Step | None:
    """The step with this id."""
    return next((step for step in lesson.steps if step.id == id), None)


def held(lesson: Lesson, step: Step, standing: Standing) -> bool:
    """Is the step behind a question that is still open?"""
    for one in lesson.steps:
        if one.id == step.id:
            return False
        if is_gate(one) and one.id not in standing.done:
            return True
    return False


def open_step(lesson: Lesson, id: str, standing: Standing) -> Step:
    """A step that the student may see; `AnswerError` when there is none."""
    step = find_step(lesson, id)
    if step is None:
        raise AnswerError(f"The lesson has no step “{id[:40]}”.")
    if held(lesson, step, standing):
        raise AnswerError("A question before this step is still open.")
    return step


def question_outcome(question: Question, answer: Any, skipped: bool, facts: Facts) -> Outcome:
    """A prediction, or one turn of a play."""
    if skipped:
        probe: Any = 0 if question.options or question.kind == "number" else []
        verdict = grade_question(question, probe, facts)
        return Outcome(False, 0.0, {"say": "", "after": verdict.after, "is": verdict.answer} | asked(question))
    verdict = grade_question(question, answer, facts)
    said = {"say": verdict.say, "after": verdict.after, "is": verdict.answer}
    return Outcome(verdict.right, verdict.credit, said | asked(question))


def asked(question: Question) -> Json:
    """What was asked, for a play's turns, whose questions are not part of the lesson's text."""
    return {"question": wire_question(question)}


def quiz_outcome(quiz: Quiz, answer: Any, skipped: bool) -> Outcome:
    """A quiz. What is right is told only to who found it or gave up; others hear why their choices are wrong."""
    picked = [n for n, choice in enumerate(quiz.choices) if choice.right] if skipped else answer
    verdict = grade_quiz(quiz, picked)
    if verdict.right:
        shown: Json = {"is": verdict.answer, "why": verdict.why}
    else:
        shown = {"why": [why if n in picked else "" for n, why in enumerate(verdict.why)]}
    return Outcome(verdict.right and not skipped, 0.0 if skipped else verdict.credit, shown)


def exercise_record(answer: Answer) -> Json:
    """How far a student came in an exercise; `webapp.lesson.exercise` writes it."""
    kept = orjson.loads(answer.answer)
    return {
        "right": answer.right, "credit": answer.credit, "attempts": answer.attempts, "skipped": answer.skipped,
        **{key: kept.get(key) for key in ("figures", "name", "program", "machine")},
    }  # fmt: skip
