"""Check lessons: everything that can be wrong with them, all at once.

    report = check([Path("lessons")])
    report.problems      errors and warnings, in the order of the files
    report.claims        what was claimed, and who confirmed it

A lesson with variants is checked in several. `check_lesson` checks one lesson that is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from webapp import paths
from webapp.lesson.check_do import DoCheck, check_files
from webapp.lesson.check_run import ClaimResult, RunCheck, selectors_of
from webapp.lesson.check_text import MAX_SENTENCE_WORDS, MAX_STEP_WORDS, check_prose
from webapp.lesson.course import COURSE_FILE, load_course
from webapp.lesson.facts import Facts
from webapp.lesson.files import LESSON_FILE
from webapp.lesson.lesson import Do, Lesson, Source
from webapp.lesson.load import ORIGINAL, languages, load_lesson
from webapp.lesson.problem import LessonError, Problem
from webapp.lesson.recorded import load_recording
from webapp.lesson.selector import Selector
from webapp.session.digest import Json
from webapp.session.messages import Refused
from webapp.session.run import Recipe, Run

VARIANTS = 5  # different ones that are checked, as far as there are
SEEDS = 40  # that are tried to find them
RECORDINGS = "recordings"


@dataclass(slots=True)
class Report:
    """What a check found."""

    problems: list[Problem] = field(default_factory=list)
    claims: dict[str, list[ClaimResult]] = field(default_factory=dict)  # by lesson

    @property
    def ok(self) -> bool:
        """No errors; warnings do not count."""
        return not any(problem.severity == "error" for problem in self.problems)


def check(where: Sequence[Path]) -> Report:
    """Check lessons, folders of lessons, or both."""
    report = Report()
    for path in where:
        path = path.parent if path.name.startswith("lesson.") else path
        if (path / LESSON_FILE).exists() or not path.is_dir():
            check_folder(path, report)
            continue
        folders = sorted(found.parent for found in path.glob(f"*/{LESSON_FILE}"))
        for folder in folders:
            check_folder(folder, report)
        if not folders:
            report.problems.append(Problem(str(path), 0, "There is no lesson here.", "Try: pagewalk lesson new NAME."))
        if (path / COURSE_FILE).exists():
            load_course(path, [folder.name for folder in folders], report.problems)
    report.problems = sorted(set(report.problems))
    return report


def check_folder(folder: Path, report: Report) -> None:
    """Check one lesson in every variant and every language."""
    try:
        lesson = load_lesson(folder)
        check_lesson(lesson, folder, report)
        for variant in other_variants(lesson, folder) if lesson.varies else ():
            check_variant(variant, folder, report)
        for language in languages(folder):
            if language != ORIGINAL:
                report.problems += check_prose(load_lesson(folder, language=language))
    except LessonError as error:
        report.problems += error.problems


def other_variants(lesson: Lesson, folder: Path) -> Iterator[Lesson]:
    """Variants that differ from the first one and from each other."""
    seen = [lesson.values]
    for seed in range(1, SEEDS):
        variant = load_lesson(folder, str(seed))
        if variant.values not in seen and len(seen) < VARIANTS:
            seen.append(variant.values)
            yield variant


def check_variant(lesson: Lesson, folder: Path, report: Report) -> None:
    """Check another variant of a lesson; its problems say which."""
    part = Report()
    check_lesson(lesson, folder, part)
    known = {(problem.file, problem.line) for problem in report.problems}
    for problem in part.problems:
        if (problem.file, problem.line) not in known:
            what = f"With seed {lesson.seed}: {problem.what}"
            report.problems.append(Problem(problem.file, problem.line, what, problem.remedy, problem.severity))


def check_lesson(lesson: Lesson, folder: Path, report: Report) -> None:
    """Check one loaded lesson against runs of its programs."""
    report.problems += check_prose(lesson) + check_files(lesson, folder)
    runner = Runner(lesson, report.problems)
    facts = runner(lesson.program, lesson.machine, 0, list(selectors_of(lesson)))
    if facts is not None:
        recorded = recording_of(lesson, facts, folder, report.problems)
        held = RunCheck(lesson, facts, recorded)
        held.check()
        report.problems += held.problems
        report.claims[lesson.id] = held.claims
    for step in lesson.steps:
        if isinstance(step.task, Do):
            exercise = DoCheck(lesson, step, step.task, runner)
            exercise.check()
            report.problems += exercise.problems


@dataclass(slots=True)
class Runner:
    """Runs a lesson's programs; what cannot be run becomes a problem."""

    lesson: Lesson
    problems: list[Problem]

    def __call__(
        self, program: Source, machine: Mapping[str, int | float], line: int, selectors: Sequence[Selector] = ()
    ) -> Facts | None:
        """The facts of a whole run."""
        try:
            run = Run(Recipe(program.text, program.name, dict(machine))).finish()
        except Refused as refused:
            for mistake in refused.errors or [{"line": 0, "message": refused.what}]:
                file = f"{self.lesson.id}/{program.name}"
                self.problems.append(Problem(file, mistake["line"], str(mistake["message"]), ""))
            return None
        if run.limited:
            what = f"{program.name} does not come to its end: {run.why}"
            self.problems.append(Problem(self.lesson.file, line, what, "Make it shorter."))
            return None
        return Facts(run, selectors)


def recording_of(lesson: Lesson, facts: Facts, folder: Path, problems: list[Problem]) -> Json | None:
    """The recording of the lesson's program on the real kernel: the one that is named, or one of the very same text."""
    own = folder.parent / RECORDINGS
    home = own if own.is_dir() else paths.lessons_dir() / RECORDINGS
    if not lesson.recording:
        found = (path for path in home.rglob("*.c") if path.read_text(encoding="utf-8") == lesson.program.text)
        path = next(found, None)
        digest = load_recording(path.with_suffix(".json")) if path and path.with_suffix(".json").is_file() else None
        return digest if digest is not None and same_program(digest, facts) else None
    path = next(home.rglob(f"{lesson.recording}.json"), None)
    if path is None:
        what = f"recording: there is no {lesson.recording}.json among the recordings."
        problems.append(Problem(lesson.file, 1, what, "Name a recording, or leave it out."))
        return None
    digest = load_recording(path)
    if not same_program(digest, facts):
        what = f"recording: {lesson.recording} is of a program with other files, settings or system calls."
        problems.append(Problem(lesson.file, 1, what, "Name a recording of the same program, or leave it out."))
        return None
    return digest


def same_program(digest: Json, facts: Facts) -> bool:
    """Does the recorded program have the same files and settings, and make the same system calls on them?"""
    calls = [event["call"] for event in digest["events"] if "call" in event and event["call"]["task"] == 0]
    kinds = {call["name"] for call in calls}
    ours = [event["name"] for event in facts.events("call") if event["name"] in kinds]
    machine = facts.run.machine
    return (
        [call["name"] for call in calls] == ours
        and set(digest["files"]) == set(facts.run.files)
        and all(machine.get(name) == value for name, value in digest["machine"].items())
    )


def summary(report: Report) -> Iterator[str]:
    """What a check found, line by line: the problems, then who confirmed the claims."""
    yield from map(str, report.problems)
    if report.problems:
        yield ""
    for id, claims in report.claims.items():
        model, kernel = sum(claim.model for claim in claims), sum(claim.kernel is True for claim in claims)
        real = f", {kernel} also on the real kernel" if kernel else ""
        yield f"{id}: {model} of {len(claims)} claims hold on the model{real}"
    errors = sum(problem.severity == "error" for problem in report.problems)
    yield f"{errors} errors, {len(report.problems) - errors} warnings"


__all__ = ["MAX_SENTENCE_WORDS", "MAX_STEP_WORDS", "Report", "check", "check_folder", "check_lesson", "summary"]
