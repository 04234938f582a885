"""A lesson as the page gets it: plain JSON data with sanitised HTML, and never an answer.

What a student has not committed to is held back: with ``done`` given, steps after the first open question are only
names of steps to come. What is right, what is said to wrong answers and what is said afterwards comes from
`webapp.lesson.grade`, one answer at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from webapp.lesson.bits import BITS
from webapp.lesson.lesson import Do, Lesson, Play, Question, Quiz, Reflect, Step, Task

Json = dict[str, Any]


def wire(lesson: Lesson, done: Collection[str] | None = None) -> Json:
    """The lesson for the page. ``done``: ids of the steps that are committed; None holds nothing back."""
    return {
        "id": lesson.id,
        "title": lesson.title,
        "summary": lesson.summary,
        "kind": lesson.kind,
        "minutes": lesson.minutes,
        "language": lesson.language,
        "languages": list(lesson.languages),
        "steps": wire_steps(lesson, done),
        "program": {"name": lesson.program.name, "text": lesson.program.text},
        "machine": dict(lesson.machine),
    }


def wire_steps(lesson: Lesson, done: Collection[str] | None = None) -> list[Json]:
    """The steps; those behind an open question are held back."""
    steps, held = [], False
    for step in lesson.steps:
        steps.append({"id": step.id, "kind": step.kind, "held": True} if held else wire_step(step))
        held = held or (done is not None and is_gate(step) and step.id not in done)
    return steps


def is_gate(step: Step) -> bool:
    """Does the run stop here until the student has answered?"""
    return step.kind in ("predict", "play")


def wire_step(step: Step) -> Json:
    """One step."""
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title,
        "html": step.html,
        "at": step.at.text if step.at else None,
        "checkpoint": step.checkpoint,
        "watch": step.watch,
        "light": list(step.light),
        "claims": len(step.claims),
        "hints": len(step.hints),
        "task": wire_task(step.task),
    }


def wire_task(task: Task | None) -> Json | None:
    """What a step asks."""
    match task:
        case Question():
            return wire_question(task)
        case Play():
            return {"ask": task.ask.html, "to": task.to.text, "functions": sorted(task.functions)}
        case Do():
            return wire_do(task)
        case Quiz():
            return {
                "ask": task.ask.html,
                "several": task.several,
                "choices": [choice.text.html for choice in task.choices],
            }
        case Reflect():
            return {"ask": task.ask.html}
    return None


def wire_question(question: Question) -> Json:
    """A question without its answer."""
    choices = [{"text": option.text.html, "note": option.note.html} for option in question.options]
    return {
        "kind": question.kind,
        "ask": question.ask.html,
        "choices": choices,
        "bits": list(BITS) if question.kind == "bits" else [],
        "unit": question.unit,
        "file": question.file,
    }


def wire_do(task: Do) -> Json:
    """An exercise: where it starts, what is wanted, what is allowed."""
    return {
        "program": {"name": task.program.name, "text": task.program.text},
        "machine": dict(task.machine),
        "goals": [goal.say.html for goal in task.goals],
        "golf": [golf.figure for golf in task.golf],
        "banned": list(task.banned),
        "required": list(task.required),
        "change": list(task.change),
        "lock": list(task.lock),
        "stuck": len(task.stuck),
    }
