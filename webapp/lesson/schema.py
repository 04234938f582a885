"""What the front matter and the step blocks of a lesson may hold.

Each field's ``description`` is the remedy that an author reads when the field is wrong; ``fields`` holds blocks to it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="Write lower-case words joined by hyphens: the name of the lesson's folder.",
    ),
]
Title = Annotated[str, Meta(min_length=1, max_length=60, description="Write up to 60 characters.")]
Summary = Annotated[str, Meta(min_length=1, max_length=160, description="Write one sentence of up to 160 characters.")]
ProgramName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_]*\.c$",
        max_length=60,
        description="Name a C file of the lesson's own folder, such as first_touch.c, without any path.",
    ),
]
MistakeName = Annotated[
    str,
    Meta(
        pattern=r"^mistakes/[a-z0-9][a-z0-9_]*\.c$",
        max_length=60,
        description="Name a C file of the folder mistakes/, such as mistakes/no_advice.c.",
    ),
]
Minutes = Annotated[int, Meta(ge=1, le=120, description="Write how long the lesson takes, in whole minutes.")]
Machine = Annotated[dict[str, int | float], Meta(description="Write settings such as `read_ahead_kb: 64`, one a line.")]
Vary = Annotated[
    dict[str, Any],
    Meta(max_length=20, description="Write `name: [1, 2, 3]`, `name: {from: 1, to: 9}` or `name: {is: expression}`."),
]
RecordingName = Annotated[
    str, Meta(pattern=r"^[a-z0-9_]+$", max_length=60, description="Name a file of lessons/recordings/ without .json.")
]

Selector = Annotated[
    str,
    Meta(min_length=1, max_length=200, description="Write a selector, such as fault[1].filemap_fault."),
]
Checkpoint = Annotated[
    str,
    Meta(min_length=1, max_length=44, description="Name this place in up to 44 characters: `the load misses`."),
]
Watch = Annotated[
    str, Meta(max_length=120, description="Say what to look for on the way to the next step, in up to 120 characters.")
]
Light = Annotated[
    list[Annotated[str, Meta(max_length=60)]],
    Meta(max_length=8, description="List up to 8 objects to light up: `light: [pte 0, window readahead]`."),
]
Formula = Annotated[
    str | int | float | bool,
    Meta(description="Write an expression, such as count(fault) == 7; quote it when it begins with { or '."),
]
Question = Annotated[str, Meta(min_length=1, max_length=240, description="Ask in up to 240 characters.")]
Words = Annotated[str, Meta(min_length=1, max_length=600, description="Write up to 600 characters.")]
Short = Annotated[str, Meta(min_length=1, max_length=160, description="Write up to 160 characters.")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=60, description="Write one name.")]
Names = Annotated[list[Name], Meta(max_length=20, description="List up to 20 names: `[madvise, readahead]`.")]
FileName = Annotated[str, Meta(max_length=60, description="Name a file of the program's scene, such as data.bin.")]
QuestionKind = Annotated[
    Literal["choose", "number", "pages", "function", "bits"],
    Meta(description="Write choose, number, pages, function or bits."),
]


class FrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """The lines between the two ``---`` at the head of a lesson."""

    id: Slug
    title: Title
    summary: Summary
    minutes: Minutes
    program: ProgramName
    kind: Annotated[Literal["lesson", "challenge"], Meta(description="Write lesson or challenge.")] = "lesson"
    machine: Machine = {}
    vary: Vary = {}
    recording: RecordingName = ""


class TranslatedFrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter of a translation."""

    title: Title
    summary: Summary


class Explain(Struct, frozen=True, forbid_unknown_fields=True):
    """An ``explain`` block: where the machine stands in this step, and what to light up there."""

    at: Selector
    checkpoint: Checkpoint
    light: Light = []
    watch: Watch = ""


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One choice of a question. It is right when ``is`` equals the answer."""

    text: Short
    value: Formula = field(name="is", default="")
    note: Short = ""
    why: Words = ""


class Wrong(Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong answer that has a reply of its own."""

    say: Words
    value: Formula = field(name="is")


class Hint(Struct, frozen=True, forbid_unknown_fields=True):
    """One rung of the ladder; ``when`` opens it by itself, from what the student's run has done."""

    say: Words
    when: Formula = ""


Choices = Annotated[
    list[Choice | int | str], Meta(min_length=2, max_length=8, description="List 2 to 8 choices, one a line.")
]
Wrongs = Annotated[list[Wrong], Meta(max_length=8, description="List up to 8 of `{is: 64, say: Why not.}`.")]
Hints = Annotated[list[Hint | str], Meta(max_length=6, description="List up to 6 hints, from vague to plain.")]


class Predict(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``predict`` block: a question that is asked before the run goes on from ``at``."""

    at: Selector
    checkpoint: Checkpoint
    ask: Question
    after: Words
    kind: QuestionKind = "choose"
    choices: Choices = []
    answer: Formula = ""
    within: Formula = 0
    unit: Annotated[str, Meta(max_length=20)] = ""
    file: FileName = ""
    wrong: Wrongs = []
    otherwise: Words = ""
    hints: Hints = []
    light: Light = []
    watch: Watch = ""


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """One decision of a ``play`` block."""

    at: Selector
    ask: Question
    kind: QuestionKind = "function"
    choices: Choices = []
    answer: Formula = ""
    within: Formula = 0
    unit: Annotated[str, Meta(max_length=20)] = ""
    file: FileName = ""
    wrong: Wrongs = []
    otherwise: Words = ""
    after: Words = ""


class Play(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``play`` block: the student is the kernel from ``at`` to ``to``."""

    at: Selector
    checkpoint: Checkpoint
    to: Selector
    ask: Question
    after: Words
    functions: Annotated[
        list[Name], Meta(max_length=12, description="List 2 to 12 functions: `[do_read_fault, do_cow_fault]`.")
    ] = []
    says: Annotated[dict[Name, Words], Meta(max_length=12, description="Write `function: Why not this one.`")] = {}
    turns: Annotated[list[Turn], Meta(max_length=16, description="List up to 16 decisions.")] = []
    hints: Hints = []
    light: Light = []
    watch: Watch = ""


class Goal(Struct, frozen=True, forbid_unknown_fields=True):
    """What has to hold at the end of the student's run."""

    goal: Formula
    say: Short


class Golf(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure to keep small."""

    figure: Annotated[
        Literal["faults", "major_faults", "bytes_read", "requests", "lines", "stages", "time"],
        Meta(description="Write faults, major_faults, bytes_read, requests, lines, stages or time."),
    ]
    par: Formula


class Stuck(Struct, frozen=True, forbid_unknown_fields=True):
    """A dead end: what shows it, what to say, and where to go back to."""

    when: Formula
    say: Words
    rewind: Selector


class Mistake(Struct, frozen=True, forbid_unknown_fields=True):
    """A known wrong attempt: what it is recognised by, what to say, and the program that makes it."""

    when: Formula
    say: Words
    program: MistakeName = ""
    machine: Machine = {}


class Solution(Struct, frozen=True, forbid_unknown_fields=True):
    """An attempt that meets every goal."""

    program: ProgramName = ""
    machine: Machine = {}
    say: Words = ""


class Do(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``do`` block: change the program or the machine until the goals hold."""

    goals: Annotated[
        list[Goal], Meta(min_length=1, max_length=6, description="List 1 to 6 of `{goal: ..., say: ...}`.")
    ]
    solution: Solution
    program: ProgramName = ""
    machine: Machine = {}
    golf: Annotated[list[Golf], Meta(max_length=4, description="List up to 4 of `{figure: faults, par: 7}`.")] = []
    banned: Names = []
    required: Names = []
    change: Annotated[
        list[Literal["program", "machine"]],
        Meta(min_length=1, max_length=2, description="Write [program], [machine] or [program, machine]."),
    ] = field(default_factory=lambda: ["program", "machine"])
    lock: Names = []
    mistakes: Annotated[list[Mistake], Meta(max_length=12, description="List up to 12 known mistakes.")] = []
    stuck: Annotated[list[Stuck], Meta(max_length=6, description="List up to 6 dead ends.")] = []
    hints: Hints = []


class QuizChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """One choice of a quiz, right or wrong, and why."""

    text: Short
    why: Words
    right: bool = False


class Quiz(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``quiz`` block: a question that no run answers."""

    ask: Question
    choices: Annotated[list[QuizChoice], Meta(min_length=2, max_length=8, description="List 2 to 8 choices.")]
    several: bool = False


class Reflect(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``reflect`` block: the student writes, nobody grades; ``sample`` is shown afterwards."""

    ask: Question
    sample: Words = ""


BLOCKS: dict[str, type[Struct]] = {
    "explain": Explain, "predict": Predict, "play": Play, "do": Do, "quiz": Quiz, "reflect": Reflect,
}  # fmt: skip
TEXT_KEYS = frozenset(
    ["checkpoint", "watch", "ask", "after", "text", "note", "why", "say", "otherwise", "unit", "sample"]
)  # what is translated
