"""Blocks that ask something of the student, from what the author wrote to what the engine uses."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.kernel.machine import MachineSettings
from webapp.lesson import schema
from webapp.lesson.desk import Desk
from webapp.lesson.expression.parser import Expression
from webapp.lesson.expression.tree import Literal
from webapp.lesson.expression.vocabulary import NUMBER, PAGES, TEXT, TRUTH
from webapp.lesson.fields import check_machine
from webapp.lesson.lesson import (
    Attempt,
    Do,
    Goal,
    Golf,
    Hint,
    Option,
    Play,
    Prose,
    Question,
    Quiz,
    QuizChoice,
    Reflect,
    Reply,
    Source,
    Stuck,
)

WANTS = {"choose": None, "number": NUMBER, "pages": PAGES, "function": TEXT, "bits": NUMBER}


def question(about: schema.Predict | schema.Turn, desk: Desk, path: str = "") -> Question:
    """A prediction, or one decision of a play."""
    kind = about.kind
    answer = about.answer
    if answer == "" and kind in ("choose", "function"):
        answer = f"next({about.at})" if kind == "function" else True
    elif answer == "":
        desk.complain(
            path, f"A question of kind {kind} needs an `answer`.", "Write an expression, such as count(fault)."
        )
    if (kind in ("choose", "function")) != bool(about.choices):
        remedy = "List 2 to 8 `choices`." if not about.choices else "Leave `choices` out."
        desk.complain(
            f"{path}choices",
            f"A question of kind {kind} {'has no choices' if not about.choices else 'is typed'}.",
            remedy,
        )
    if (kind == "pages") != bool(about.file):
        remedy = "Write `file: data.bin`." if kind == "pages" else "Leave `file` out."
        desk.complain(
            f"{path}file", f"A question of kind {kind} {'needs' if kind == 'pages' else 'takes no'} `file`.", remedy
        )
    return Question(
        kind=kind,
        gate=desk.selector(about.at, f"{path}at"),
        ask=desk.prose(about.ask, f"{path}ask"),
        after=desk.prose(about.after, f"{path}after"),
        options=tuple(option(choice, desk, f"{path}choices.{n}") for n, choice in enumerate(about.choices)),
        answer=desk.expression(answer, f"{path}answer", WANTS[kind]),
        within=desk.expression(about.within, f"{path}within", NUMBER),
        unit=about.unit,
        file=about.file,
        replies=tuple(reply(wrong, desk, f"{path}wrong.{n}", kind) for n, wrong in enumerate(about.wrong)),
        otherwise=desk.prose(about.otherwise, f"{path}otherwise"),
        line=desk.line(f"{path}ask"),
    )


def option(choice: schema.Choice | int | str, desk: Desk, path: str) -> Option:
    """One choice; a bare word or number is its own value."""
    if not isinstance(choice, schema.Choice):
        text = desk.prose(str(choice), path)
        return Option(text, Prose(), literal(choice), Prose(), desk.line(path))
    return Option(
        text=desk.prose(choice.text, f"{path}.text"),
        note=desk.prose(choice.note, f"{path}.note"),
        value=literal(choice.text) if choice.value == "" else desk.expression(choice.value, f"{path}.is"),
        why=desk.prose(choice.why, f"{path}.why"),
        line=desk.line(path),
    )


def literal(value: int | str) -> Expression:
    """A value that stands for itself."""
    return Expression(str(value), Literal(0, TEXT if isinstance(value, str) else NUMBER, value), ())


def reply(wrong: schema.Wrong, desk: Desk, path: str, kind: str) -> Reply:
    """What is said to one wrong answer."""
    say = desk.prose(wrong.say, f"{path}.say")
    return Reply(desk.expression(wrong.value, f"{path}.is", WANTS[kind]), say, desk.line(path))


def hints(found: Sequence[schema.Hint | str], desk: Desk) -> tuple[Hint, ...]:
    """The ladder."""
    ladder = []
    for n, hint in enumerate(found):
        path = f"hints.{n}"
        if isinstance(hint, str):
            ladder.append(Hint(desk.prose(hint, path), None))
        else:
            when = desk.expression(hint.when, f"{path}.when", TRUTH) if hint.when != "" else None
            ladder.append(Hint(desk.prose(hint.say, f"{path}.say"), when))
    return tuple(ladder)


def play(about: schema.Play, desk: Desk) -> Play:
    """A stretch of the run in which the student decides."""
    if not about.turns and len(about.functions) < 2:
        desk.complain("functions", "Nothing is asked along the way.", "List 2 or more `functions`, or `turns`.")
    for name in about.says:
        if name not in about.functions:
            desk.complain(f"says.{name}", f"says: `{name}` is not among the functions.", "Add it there, or drop this.")
    return Play(
        start=desk.selector(about.at, "at"),
        to=desk.selector(about.to, "to"),
        ask=desk.prose(about.ask, "ask"),
        turns=tuple(question(turn, desk, f"turns.{n}.") for n, turn in enumerate(about.turns)),
        functions=tuple(about.functions),
        says={name: desk.prose(text, f"says.{name}") for name, text in about.says.items()},
        after=desk.prose(about.after, "after"),
        line=desk.line("at"),
    )


def do(about: schema.Do, desk: Desk, program: Source) -> Do:
    """Goals for the student's own run. ``program`` is the lesson's, for exercises without their own."""
    start = desk.source(about.program, "program") if about.program else program
    check_machine(about.machine, desk.block, desk.file, desk.problems)
    for name in about.lock:
        if name not in MachineSettings.__dataclass_fields__:
            known = ", ".join(MachineSettings.__dataclass_fields__)
            desk.complain("lock", f"lock: there is no setting `{name}`.", f"Settings: {known}.")
    solved = about.solution
    return Do(
        program=start,
        machine=about.machine,
        goals=tuple(
            Goal(
                desk.expression(goal.goal, f"goals.{n}.goal", TRUTH),
                desk.prose(goal.say, f"goals.{n}.say"),
                desk.line(f"goals.{n}"),
            )
            for n, goal in enumerate(about.goals)
        ),
        golf=tuple(
            Golf(golf.figure, desk.expression(golf.par, f"golf.{n}.par", NUMBER), desk.line(f"golf.{n}"))
            for n, golf in enumerate(about.golf)
        ),
        banned=tuple(about.banned),
        required=tuple(about.required),
        change=tuple(about.change),
        lock=tuple(about.lock),
        mistakes=tuple(mistake(found, desk, f"mistakes.{n}", start) for n, found in enumerate(about.mistakes)),
        stuck=tuple(stuck(found, desk, f"stuck.{n}") for n, found in enumerate(about.stuck)),
        solution=attempt(solved.program, solved.machine, solved.say, desk, "solution", start),
        line=desk.line("goals"),
    )


def mistake(found: schema.Mistake, desk: Desk, path: str, start: Source) -> Attempt:
    """A known wrong attempt."""
    when = desk.expression(found.when, f"{path}.when", TRUTH)
    return attempt(found.program, found.machine, found.say, desk, path, start, when)


def attempt(
    program: str, machine: dict[str, int | float], say: str, desk: Desk, path: str, start: Source,
    when: Expression | None = None,
) -> Attempt:  # fmt: skip
    """A program with machine settings; without a program of its own it is the one that the student starts from."""
    check_machine(machine, desk.block, desk.file, desk.problems, f"{path}.machine")
    source = desk.source(program, f"{path}.program") if program else start
    return Attempt(source, machine, desk.prose(say, f"{path}.say"), desk.line(path), when)


def stuck(found: schema.Stuck, desk: Desk, path: str) -> Stuck:
    """A dead end."""
    when = desk.expression(found.when, f"{path}.when", TRUTH)
    return Stuck(
        when, desk.prose(found.say, f"{path}.say"), desk.selector(found.rewind, f"{path}.rewind"), desk.line(path)
    )


def quiz(about: schema.Quiz, desk: Desk) -> Quiz:
    """A question that no run answers."""
    right = sum(choice.right for choice in about.choices)
    if right == 0 or right == len(about.choices):
        desk.complain("choices", f"{right} of {len(about.choices)} choices are right.", "Mark some with `right: true`.")
    if right > 1 and not about.several:
        desk.complain("choices", f"{right} choices are right.", "Write `several: true`, or leave one right.")
    choices = tuple(
        QuizChoice(desk.prose(found.text, f"choices.{n}.text"), desk.prose(found.why, f"choices.{n}.why"), found.right)
        for n, found in enumerate(about.choices)
    )
    return Quiz(desk.prose(about.ask, "ask"), choices, about.several, desk.line("ask"))


def reflect(about: schema.Reflect, desk: Desk) -> Reflect:
    """A text that nobody grades."""
    return Reflect(desk.prose(about.ask, "ask"), desk.prose(about.sample, "sample"))
