"""The lessons of a server, each student's variant of them, and what their programs do.

    library = Library(paths.lessons_dir())
    library.lessons                        # in the order of the course
    library.variant(id, seed, language)
    with library.facts(lesson) as facts:   # of a whole run of the lesson's program

A lesson's program is run once and remembered; questions about the run are put to that, wherever the student stands.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path

from webapp import paths
from webapp.lesson.check import RECORDINGS, recording_of
from webapp.lesson.check_run import ClaimResult, RunCheck, selectors_of
from webapp.lesson.course import Course, load_course
from webapp.lesson.facts import Facts
from webapp.lesson.lesson import Lesson, Step
from webapp.lesson.load import ORIGINAL, load_lesson, load_lessons
from webapp.lesson.recorded import load_recording
from webapp.lesson.variant import any_variant
from webapp.session.digest import Json
from webapp.session.limits import Limits
from webapp.session.run import Recipe, Run

VARIANTS = 256
RUNS = 24


class Library:
    """Lessons below one folder. Safe for threads."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        self._directory = directory
        self._limits = limits
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, tuple[threading.RLock, Facts]] = OrderedDict()
        self._variant = lru_cache(VARIANTS)(self._load)
        self._recorded = lru_cache(VARIANTS)(self._read_recording)
        self._recorded_as = lru_cache(VARIANTS)(self._find_recording)

    @cached_property
    def lessons(self) -> dict[str, Lesson]:
        """Every lesson, in the order of the course."""
        return load_lessons(self._directory)

    @cached_property
    def course(self) -> Course:
        """The units, and what builds on what."""
        return load_course(self._directory, self.lessons, [])

    def variant(self, id: str, seed: str, language: str = ORIGINAL) -> Lesson | None:
        """A lesson with the numbers that this seed draws; None when there is no such lesson or translation."""
        lesson = self.lessons.get(id)
        if lesson is None or language not in lesson.languages:
            return None
        if language == ORIGINAL and not lesson.varies:
            return lesson
        return self._variant(id, seed if lesson.varies else lesson.seed, language)

    def reload(self) -> None:
        """The lessons have changed on the disk: read them anew."""
        for name in ("lessons", "course"):
            self.__dict__.pop(name, None)
        self._variant.cache_clear()
        self._recorded_as.cache_clear()

    def _load(self, id: str, seed: str, language: str) -> Lesson:
        return load_lesson(self._directory / id, seed, language)

    @contextmanager
    def facts(self, lesson: Lesson) -> Iterator[Facts]:
        """What the lesson's program does, all of it; one thread at a time may ask."""
        lock, facts = self._run(lesson)
        with lock:
            yield facts

    def recording(self, lesson: Lesson) -> Json | None:
        """What the real kernel did with the lesson's program, in one of its variants, where that was recorded."""
        name = lesson.recording or self._recorded_as(lesson.id, lesson.program.name)
        return self._recorded(name) if name else None

    def _read_recording(self, name: str) -> Json | None:
        path = next(self._recordings.rglob(f"{name}.json"), None)
        return load_recording(path) if path else None

    def _find_recording(self, id: str, program: str) -> str | None:
        """The name of a recording whose program is this one, whatever numbers its seed drew."""
        wanted = any_variant((self._directory / id / program).read_text(encoding="utf-8"))
        return next((name for name, text in self._recorded_programs.items() if wanted.fullmatch(text)), None)

    @cached_property
    def _recorded_programs(self) -> dict[str, str]:
        """Name and text of each program that was recorded."""
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(self._recordings.rglob("*.c"))}

    @property
    def _recordings(self) -> Path:
        own = self._directory / RECORDINGS
        return own if own.is_dir() else paths.lessons_dir() / RECORDINGS

    def claims(self, lesson: Lesson, step: Step) -> list[ClaimResult]:
        """What a step claims, and who confirms it: the model, and the real kernel where it was recorded."""
        with self.facts(lesson) as facts:
            check = RunCheck(lesson, facts, recording_of(lesson, facts, self._directory / lesson.id, []))
            for claim in step.claims:
                check.check_claim(step, claim)
        return check.claims

    def _run(self, lesson: Lesson) -> tuple[threading.RLock, Facts]:
        key = f"{lesson.program.text}\0{lesson.program.name}\0{sorted(lesson.machine.items())}\0{lesson.id}"
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
            recipe = Recipe(lesson.program.text, lesson.program.name, lesson.machine)
            found = threading.RLock(), Facts(Run(recipe, self._limits).finish(), selectors_of(lesson))
            self._runs[key] = found
            while len(self._runs) > RUNS:
                self._runs.popitem(last=False)
            return found
