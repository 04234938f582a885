"""A lesson that has been read: its steps, and what each asks of the student. Data only.

Lesson
  Step            a heading, its text, a place in the run, and at most one task
    Question      predict: an answer before the run goes on
    Play          questions all along a stretch of the run
    Do            goals for the student's own run
    Quiz          a question that no run answers
    Reflect       a text that nobody grades
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.lesson.expression import Expression, Value
from webapp.lesson.selector import Selector


@dataclass(frozen=True, slots=True)
class Prose:
    """A short text: as safe HTML, and as the words alone."""

    html: str = ""
    plain: str = ""

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the text and what has to hold for it."""

    text: str
    holds: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Hint:
    """A rung of the ladder; with ``when`` it opens by itself."""

    say: Prose
    when: Expression | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; right when its value is the answer."""

    text: Prose
    note: Prose
    value: Expression
    why: Prose
    line: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to one particular wrong answer."""

    value: Expression
    say: Prose
    line: int


@dataclass(frozen=True, slots=True)
class Question:
    """A prediction. ``gate`` names the last stage that may be shown before the student commits."""

    kind: str
    gate: Selector
    ask: Prose
    after: Prose
    options: tuple[Option, ...]
    answer: Expression
    within: Expression
    unit: str
    file: str
    replies: tuple[Reply, ...]
    otherwise: Prose
    line: int


@dataclass(frozen=True, slots=True)
class Play:
    """A stretch in which the student is the kernel; each of ``functions`` is asked for when it is entered."""

    start: Selector
    to: Selector
    ask: Prose
    turns: tuple[Question, ...]
    functions: tuple[str, ...]
    says: Mapping[str, Prose]
    after: Prose
    line: int


@dataclass(frozen=True, slots=True)
class Goal:
    """What has to hold at the end of the student's run."""

    holds: Expression
    say: Prose
    line: int


@dataclass(frozen=True, slots=True)
class Golf:
    """A figure to keep small, and what a good attempt needs."""

    figure: str
    par: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A dead end, and where to go back to."""

    when: Expression
    say: Prose
    rewind: Selector
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """A C program of the lesson's folder."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A program with machine settings, and what is said about it."""

    program: Source
    machine: Mapping[str, int | float]
    say: Prose
    line: int
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """Goals for the student's own run, which starts from ``program`` and ``machine``."""

    program: Source
    machine: Mapping[str, int | float]
    goals: tuple[Goal, ...]
    golf: tuple[Golf, ...]
    banned: tuple[str, ...]
    required: tuple[str, ...]
    change: tuple[str, ...]
    lock: tuple[str, ...]
    mistakes: tuple[Attempt, ...]
    stuck: tuple[Stuck, ...]
    solution: Attempt
    line: int


@dataclass(frozen=True, slots=True)
class QuizChoice:
    """One choice, right or wrong, and why."""

    text: Prose
    why: Prose
    right: bool


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question that no run answers."""

    ask: Prose
    choices: tuple[QuizChoice, ...]
    several: bool
    line: int


@dataclass(frozen=True, slots=True)
class Reflect:
    """The student writes; ``sample`` is shown afterwards."""

    ask: Prose
    sample: Prose


Task = Question | Play | Do | Quiz | Reflect


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson. ``at`` is where the machine stands, if it matters.

    ``paragraphs`` holds the prose as plain text with its line in the file, ``code`` the words in backticks likewise.
    """

    id: str
    kind: str
    title: str
    html: str
    at: Selector | None
    checkpoint: str
    watch: str
    light: tuple[str, ...]
    task: Task | None
    hints: tuple[Hint, ...]
    claims: tuple[Claim, ...]
    line: int
    at_line: int
    paragraphs: tuple[tuple[int, str], ...]
    code: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that has been read and found in order. ``file`` is its path as shown in messages."""

    id: str
    title: str
    summary: str
    kind: str
    minutes: int
    program: Source
    machine: dict[str, int | float]
    recording: str
    language: str
    languages: tuple[str, ...]
    seed: str
    values: Mapping[str, Value]
    steps: tuple[Step, ...]
    file: str
    varies: bool = field(default=False)

    def step(self, id: str) -> Step:
        """The step with this id; `KeyError` when there is none."""
        for step in self.steps:
            if step.id == id:
                return step
        raise KeyError(id)
