"""One lesson on its author's desk: what is typed is tried at once, and kept in the folder only when it is saved.

    workshop = Workshop(folder)
    workshop.files()                      the lesson's texts as they are on the disk, by their path in its folder
    workshop.attempt(texts)               check these texts; when they can be read and run, `workshop.shown` has them
    workshop.save(texts, version)         into the folder, unless somebody else has written there since ``version``

Nothing outside the lesson's folder is read or written, and only texts that a lesson can have.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from webapp.lesson.check import Report, check_folder
from webapp.lesson.facts import Facts
from webapp.lesson.files import LESSON_FILE, MAX_BYTES
from webapp.lesson.lesson import Lesson, Step
from webapp.lesson.problem import LessonError, Problem

FILE = re.compile(r"(mistakes/)?[A-Za-z0-9_]{1,60}\.c|lesson(\.[a-z]{2}(-[A-Za-z]{2,4})?)?\.md")
MOST_FILES = 40

Texts = Mapping[str, str]


class WorkshopError(Exception):
    """What was asked for cannot be done; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the author is told of a version. ``shown``: it can be read and run, so the preview has it."""

    shown: bool
    problems: list[dict[str, Any]] = field(default_factory=list)
    claims: dict[str, int] = field(default_factory=dict)  # "all", "model", "kernel"
    lines: list[dict[str, Any]] = field(default_factory=list)  # of the steps, see `step_lines`
    run: dict[str, int] = field(default_factory=dict)  # "stages", "faults", "major", "requests"


class Workshop:
    """Safe for threads. Raises `LessonError` when ``folder`` holds no lesson."""

    def __init__(self, folder: Path) -> None:
        folder = folder.parent if folder.name.startswith("lesson.") else folder
        self.folder = folder.resolve()
        self.id = self.folder.name
        if not (self.folder / LESSON_FILE).is_file():
            what = f"There is no {LESSON_FILE} here."
            raise LessonError([Problem(str(folder), 0, what, "Try: pagewalk lesson new NAME.")])
        self._home = tempfile.TemporaryDirectory(prefix="pagewalk-workshop-")
        self._lock = threading.Lock()
        self.shown = self._place("shown")
        self._draft = self._place("draft")
        self.attempt(self.files())

    def _place(self, name: str) -> Path:
        place = Path(self._home.name, name)
        place.mkdir()
        return place

    def close(self) -> None:
        """Give the working copies back."""
        self._home.cleanup()

    @property
    def database(self) -> str:
        """Where the answers of the preview's students go: away when the author is done."""
        return f"sqlite:///{self._home.name}/answers.sqlite3"

    def files(self) -> dict[str, str]:
        """The texts in the folder; the lesson first."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if FILE.fullmatch(name) and path.is_file() and path.resolve().is_relative_to(self.folder):
                found[name] = path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
        return dict(sorted(found.items(), key=lambda item: (not item[0].startswith("lesson"), "/" in item[0], item[0])))

    def attempt(self, texts: Texts) -> tuple[Report, bool]:
        """Check these texts; whether they can be read and their program run, and so are shown now."""
        accept(texts)
        with self._lock:
            draft = self._draft / self.id
            write(draft, texts)
            report = Report()
            check_folder(draft, report)
            shown = self.id in report.claims
            if shown:
                write(self.shown / self.id, texts)
            return report, shown

    def save(self, texts: Texts, version: str) -> str:
        """Write what differs into the folder; the version that is there then."""
        accept(texts)
        with self._lock:
            before = self.files()
            if version_of(before) != version:
                raise WorkshopError("The lesson was changed on the disk meanwhile. Take that version or keep yours.")
            for name, text in texts.items():
                if before.get(name) != text:
                    path = self.folder / name
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(text, encoding="utf-8", newline="")
            return version_of(self.files())


def accept(texts: Texts) -> None:
    """Refuse what no lesson has."""
    if len(texts) > MOST_FILES:
        raise WorkshopError(f"A lesson has at most {MOST_FILES} files, not {len(texts)}.")
    for name, text in texts.items():
        if not FILE.fullmatch(name):
            raise WorkshopError(f"“{name[:80]}” is no file of a lesson: lesson.md, NAME.c or mistakes/NAME.c.")
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise WorkshopError(f"{name} has more than {MAX_BYTES:,} bytes. Cut it down.")


def write(folder: Path, texts: Texts) -> None:
    """A folder with these texts and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "replace"))


def version_of(texts: Texts) -> str:
    """A short name for exactly these texts."""
    parts = (f"{name}\0{len(text)}\0{text}" for name, text in sorted(texts.items()))
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def sheet_of(report: Report, lesson: Lesson | None, facts: Facts | None) -> Sheet:
    """What a check found, and where the steps of the lesson that is shown stand in its run."""
    claims = [claim for found in report.claims.values() for claim in found]
    return Sheet(
        shown=lesson is not None,
        problems=[asdict(problem) for problem in report.problems],
        claims={
            "all": len(claims),
            "model": sum(claim.model for claim in claims),
            "kernel": sum(claim.kernel is True for claim in claims),
        },
        lines=[step_line(step, facts) for step in lesson.steps] if lesson and facts else [],
        run=run_figures(facts) if facts else {},
    )


def step_line(step: Step, facts: Facts) -> dict[str, Any]:
    """A step in one line: what it does, where it stands, and the stage of that; None when the run never comes there."""
    return {
        "id": step.id,
        "title": step.title,
        "kind": step.kind,
        "line": step.line,
        "at": step.at.text if step.at else None,
        "stage": facts.stage(step.at) if step.at else None,
    }


def run_figures(facts: Facts) -> dict[str, int]:
    """The run of the lesson's program in four numbers."""
    faults = facts.events("fault")
    return {
        "stages": facts.seen,
        "faults": len(faults),
        "major": sum(bool(fault["major"]) for fault in faults),
        "requests": len(facts.events("io")),
    }
