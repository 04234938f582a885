"""Hold a lesson against a run of its program: does every step happen, and in the order told?

`check_lesson` also holds the prose to its limits, so that steps stay short enough to read beside the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from webapp.lesson.finder import Finder, Stage, names_in
from webapp.lesson.load import Lesson, Step
from webapp.lesson.problem import Problem

MAX_STEP_WORDS = 120
MAX_SENTENCE_WORDS = 28
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


def check_lesson(lesson: Lesson, stages: Iterable[Stage]) -> list[Problem]:
    """Everything that is wrong with ``lesson``, given the ``stages`` of a run of its program."""
    return sorted(check_selectors(lesson, stages) + check_prose(lesson))


def check_selectors(lesson: Lesson, stages: Iterable[Stage]) -> list[Problem]:
    """Every step's selector must match, each at a later stage than the one before."""
    finder = Finder([step.at for step in lesson.steps])
    names = list(names_in(_fed(finder, stages)))
    problems = []
    last: Step | None = None
    for step in lesson.steps:
        stage = finder.found.get(step.at.text)
        if stage is None:
            what = f"at: {step.at.text} names no stage of a run of {lesson.program_name}."
            problems.append(Problem(lesson.file, step.at_line, what, _remedy(step, names)))
            continue
        before = finder.found[last.at.text] if last else -1
        if last and stage <= before:
            what = f"at: {step.at.text} is stage {stage}, not after {last.at.text} of the step before, stage {before}."
            problems.append(Problem(lesson.file, step.at_line, what, "Steps follow the run: reorder them."))
        last = step
    return problems


def _fed(finder: Finder, stages: Iterable[Stage]) -> Iterable[Stage]:
    """Pass the stages on while the finder reads them."""
    for stage in stages:
        finder.feed(stage)
        yield stage


def _remedy(step: Step, names: list[str]) -> str:
    """The first link that the run has no name for, with the nearest one that it has."""
    for part in step.at.parts:
        if part.name and part.name not in names:
            near = get_close_matches(part.name, names, 1)
            return f"`{part.name}` never happens. " + (f"Did you mean `{near[0]}`?" if near else "")
    return "All its names happen, but not inside each other that often; check the counts."


def check_prose(lesson: Lesson) -> list[Problem]:
    """Steps and sentences must not be too long."""
    problems = []
    for step in lesson.steps:
        words = sum(len(text.split()) for _, text in step.paragraphs)
        if words > MAX_STEP_WORDS:
            what = f"The step `{step.title}` has {words} words."
            problems.append(Problem(lesson.file, step.line, what, f"Stay within {MAX_STEP_WORDS}, or make two steps."))
        if not words:
            problems.append(Problem(lesson.file, step.line, f"The step `{step.title}` has no text.", "Write some."))
        for line, text in step.paragraphs:
            for sentence in SENTENCE_END.split(text):
                length = len(sentence.split())
                if length > MAX_SENTENCE_WORDS:
                    what = f"A sentence has {length} words: '{sentence[:40]}...'."
                    problems.append(
                        Problem(lesson.file, line, what, f"Stay within {MAX_SENTENCE_WORDS}; cut it in two.")
                    )
    return problems
