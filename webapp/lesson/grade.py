"""Grading: is an answer right, how much of it, what is said to it, and how far may the run be shown.

Everything a server needs while a student takes a lesson, over the `Facts` of their run:

    limit(lesson, facts, done)          how many stages may be sent
    grade_question(question, answer, facts)
    turns(play, facts)                  the decisions of a play, each a question at a stage
    grade_quiz(quiz, picked)

Answers come from outside: whatever cannot be one raises `AnswerError` with a sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.kernel.machine import REGISTRY
from webapp.lesson.bits import BITS, bit_names
from webapp.lesson.expression import Absent, Expression, ExpressionError, Value, evaluate
from webapp.lesson.expression.tree import Literal
from webapp.lesson.expression.vocabulary import TEXT
from webapp.lesson.facts import Facts
from webapp.lesson.lesson import Lesson, Option, Play, Prose, Question, Quiz, Step
from webapp.lesson.markdown import render_inline
from webapp.lesson.wire import is_gate

MAX_TURNS = 48
MAX_PICKS = 65_536
EPSILON = 1e-9


class AnswerError(Exception):
    """What came is no answer to this question; the text is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a committed answer is worth. ``say`` and ``after`` are safe HTML; ``answer`` is the right one, as JSON."""

    right: bool
    credit: float
    say: str
    after: str
    answer: Any


@dataclass(frozen=True, slots=True)
class TurnAt:
    """One decision of a play: the last stage that is shown before it, and the question."""

    stage: int
    question: Question


# Gates.


def limit(lesson: Lesson, facts: Facts, done: Collection[str], answered: Mapping[str, int] | None = None) -> int | None:
    """How many stages may be sent; None when nothing holds the run back.

    ``done`` are the ids of the steps that are committed; ``answered`` says how many turns of a play are.
    """
    for step in lesson.steps:
        if is_gate(step) and step.id not in done:
            stage = gate(step, facts, (answered or {}).get(step.id, 0))
            return None if stage is None else stage + 1
    return None


def gate(step: Step, facts: Facts, answered: int = 0) -> int | None:
    """The last stage that may be shown before the step is committed; None while the run has not come there."""
    if isinstance(step.task, Play):
        coming = turns(step.task, facts)[answered : answered + 1]
        return coming[0].stage if coming else facts.stage(step.task.to)
    return facts.stage(step.at) if step.at else None


# Questions.


def right_answer(question: Question, facts: Facts) -> Value:
    """The answer, from what the run has done; raises `ExpressionError` where there is none."""
    return evaluate(question.answer, facts)


def right_options(question: Question, facts: Facts) -> list[int]:
    """The choices that equal the answer, counted from 0."""
    answer = right_answer(question, facts)
    values = [evaluate(option.value, facts) for option in question.options]
    return [n for n, value in enumerate(values) if same(value, answer)]


def grade_question(question: Question, answer: Any, facts: Facts) -> Verdict:
    """Hold an answer against the run: an index for choices, a number, a list of pages, a list of names of bits."""
    after = question.after.html
    if question.options:
        options = question.options
        picked = index_of(answer, len(options))
        right = right_options(question, facts)
        say = "" if picked in right else _reply(options[picked], question)
        return Verdict(picked in right, float(picked in right), say, after, right[0] if right else None)
    wanted = right_answer(question, facts)
    credit = _credit(question, answer, wanted, facts)
    say = "" if credit == 1 else _say(question, answer, facts)
    return Verdict(credit == 1, credit, say, after, shown(question, wanted))


def _credit(question: Question, answer: Any, wanted: Value, facts: Facts) -> float:
    """Between 0 and 1."""
    if isinstance(wanted, frozenset):
        picked = pages_of(answer)
        return len(picked & wanted) / len(picked | wanted) if picked | wanted else 1.0
    if question.kind == "bits" and isinstance(wanted, int):
        chosen = bits_of(answer)
        return sum((bit in chosen) == (bit in bit_names(wanted)) for bit in BITS) / len(BITS)
    within = evaluate(question.within, facts)
    if isinstance(wanted, str | frozenset) or isinstance(within, str | frozenset):
        raise ExpressionError("The answer is no number.", "")
    return float(abs(number_of(answer) - wanted) <= within + EPSILON)


def _reply(option: Option, question: Question) -> str:
    return option.why.html or question.otherwise.html


def _say(question: Question, answer: Any, facts: Facts) -> str:
    """The reply to this very wrong answer, or to any other."""
    given: Value = number_of(answer) if question.kind == "number" else 0
    if question.kind == "pages":
        given = pages_of(answer)
    elif question.kind == "bits":
        given = sum(BITS[name] for name in bits_of(answer))
    for reply in question.replies:
        try:
            if same(evaluate(reply.value, facts), given):
                return reply.say.html
        except Absent:
            continue
    return question.otherwise.html


def shown(question: Question, value: Value) -> Any:
    """A right answer as JSON."""
    return bit_names(value) if question.kind == "bits" and isinstance(value, int) else as_json(value)


def as_json(value: Value | None) -> Any:
    """A value as JSON: a set of pages is a sorted list."""
    return sorted(value) if isinstance(value, frozenset) else value


def same(a: Value, b: Value) -> bool:
    """Equal and of the same kind: 1 is not true."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


# What comes from outside.


def index_of(answer: Any, count: int) -> int:
    """One of ``count`` choices."""
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < count:
        raise AnswerError(f"Choose one of the {count} choices, 0 to {count - 1}.")
    return answer


def number_of(answer: Any) -> int | float:
    """A number."""
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not abs(answer) < 1e15:
        raise AnswerError("Answer with a number.")
    return answer


def pages_of(answer: Any) -> frozenset[int]:
    """A list of pages."""
    fits = isinstance(answer, list) and len(answer) <= MAX_PICKS
    if not fits or not all(isinstance(page, int) and not isinstance(page, bool) and page >= 0 for page in answer):
        raise AnswerError("Answer with a list of pages, such as [0, 1, 2].")
    return frozenset(answer)


def bits_of(answer: Any) -> frozenset[str]:
    """A list of names of bits."""
    if not isinstance(answer, list) or not all(isinstance(name, str) and name in BITS for name in answer):
        raise AnswerError(f"Answer with a list of bits out of {', '.join(BITS)}.")
    return frozenset(answer)


# Playing the kernel.


def turns(play: Play, facts: Facts) -> list[TurnAt]:
    """The decisions of a play in the order of the run: those that the lesson asks for, and one per function entered."""
    start, end = facts.stage(play.start), facts.stage(play.to)
    found = [TurnAt(stage, turn) for turn in play.turns if (stage := facts.stage(turn.gate)) is not None]
    if start is not None and play.functions:
        found += function_turns(play, facts, start, facts.seen - 1 if end is None else end)
    return sorted(found, key=lambda turn: turn.stage)[:MAX_TURNS]


def function_turns(play: Play, facts: Facts, start: int, end: int) -> Iterable[TurnAt]:
    """One turn for each of the play's functions that the task enters on the way."""
    stages = facts.run.stages(start, end + 1)
    task = stages[0]["task"] if stages else 0
    for stage in stages[1:]:
        own = stage["task"] == task and stage["ctx"] != "irq"
        if own and stage["op"] == "call" and stage["fn"] in play.functions:
            yield TurnAt(stage["n"] - 1, function_question(play, stage["fn"]))


def function_question(play: Play, entered: str) -> Question:
    """Which of the play's functions comes next?"""
    options = tuple(
        Option(Prose(f"<code>{name}</code>", name), Prose(), _text(name), why_not(play, name, entered), play.line)
        for name in sorted(play.functions)
    )
    nothing = Prose()
    return Question(
        "function", play.start, play.ask, nothing, options, _text(entered), _text(""), "", "", (), nothing, play.line
    )


def why_not(play: Play, name: str, entered: str) -> Prose:
    """What is said to a wrong function: the lesson's own words, or what would be entered and what that does."""
    if name in play.says:
        return play.says[name]
    words = f"The kernel enters `{entered}`."
    for function in (name, entered):
        doc = REGISTRY[function].doc.strip() if function in REGISTRY else ""
        if doc:
            words += f" `{function}`: {doc.splitlines()[0]}"
    return Prose(*render_inline(words))


def _text(value: str) -> Expression:
    return Expression(value, Literal(0, TEXT, value), ())


# Quiz.


@dataclass(frozen=True, slots=True)
class QuizVerdict:
    """A quiz answered: the right choices, and why each choice is right or wrong (safe HTML)."""

    right: bool
    credit: float
    answer: list[int]
    why: list[str]


def grade_quiz(quiz: Quiz, picked: Any) -> QuizVerdict:
    """``picked`` is a list of choices, counted from 0."""
    count = len(quiz.choices)
    if not isinstance(picked, list) or not 0 < len(picked) <= (count if quiz.several else 1):
        raise AnswerError("Choose one." if not quiz.several else "Choose one or more.")
    chosen = {index_of(index, count) for index in picked}
    answer = [n for n, choice in enumerate(quiz.choices) if choice.right]
    hits = sum((n in chosen) == choice.right for n, choice in enumerate(quiz.choices))
    right = chosen == set(answer)
    credit = hits / count if quiz.several else float(right)
    return QuizVerdict(right, credit, answer, [choice.why.html for choice in quiz.choices])
