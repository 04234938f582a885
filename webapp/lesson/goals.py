"""Exercises: are the goals met, with which figures, by allowed means; which hints are open; what went wrong.

check_means(do, program, machine)   what the attempt changes that it may not change, before it is run
assess(do, facts)                   the attempt's run, held against the goals
open_hints(step, facts, asked)      the rungs of the ladder that the student may read
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.kernel.machine import MachineSettings
from webapp.lesson.expression import Expression, ExpressionError, Value, evaluate, parse_expression, tree
from webapp.lesson.expression.typed import COMPARE
from webapp.lesson.facts import Facts
from webapp.lesson.grade import AnswerError, as_json
from webapp.lesson.lesson import Attempt, Do, Step

SECTOR = 512
FIGURES = {
    "faults": "count(fault)", "major_faults": "count(fault.major)", "bytes_read": f"disk.sectors_read * {SECTOR}",
    "requests": "count(io)", "lines": "lines", "stages": "stages", "time": "time",
}  # fmt: skip
FIGURE_EXPRESSIONS = {name: parse_expression(text) for name, text in FIGURES.items()}


@dataclass(frozen=True, slots=True)
class GoalState:
    """One goal: is it met, and as JSON what was found where it compares (None where it does not)."""

    say: str
    met: bool
    found: Any


@dataclass(frozen=True, slots=True)
class GolfState:
    """One figure of an attempt beside the par."""

    figure: str
    value: Value
    par: Value


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """This state leads nowhere: what to say, and the stage to go back to."""

    say: str
    rewind: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """An attempt's run held against an exercise. Texts are safe HTML or plain sentences."""

    goals: tuple[GoalState, ...]
    rules: tuple[str, ...]  # broken ones: banned calls made, required ones not
    golf: tuple[GolfState, ...]
    mistake: str  # what is said to a known mistake
    stuck: DeadEnd | None

    @property
    def solved(self) -> bool:
        """All goals are met and no rule is broken."""
        return all(goal.met for goal in self.goals) and not self.rules

    @property
    def credit(self) -> float:
        """The part of the goals that is met; nothing by forbidden means."""
        return 0.0 if self.rules else sum(goal.met for goal in self.goals) / len(self.goals)


def check_means(do: Do, program: str, machine: Mapping[str, int | float]) -> list[str]:
    """A sentence for everything that an attempt changes and may not."""
    problems = []
    if "program" not in do.change and program != do.program.text:
        problems.append("This exercise is solved on the machine: leave the program as it is.")
    defaults = {name: field.default for name, field in MachineSettings.__dataclass_fields__.items()}
    before = defaults | dict(do.machine)
    changed = [name for name, value in machine.items() if before.get(name) != value]
    if "machine" not in do.change and changed:
        problems.append(f"This exercise is solved in the program: leave {', '.join(changed)} as it is.")
    elif locked := [name for name in changed if name in do.lock]:
        problems.append(f"In this exercise {', '.join(locked)} cannot be changed.")
    return problems


def assess(do: Do, facts: Facts) -> Assessment:
    """The run of an attempt, as far as it has come, held against the goals."""
    goals = tuple(
        GoalState(goal.say.html, holds(goal.holds, facts), as_json(found(goal.holds, facts))) for goal in do.goals
    )
    rules = tuple(broken_rules(do, facts))
    solved = all(goal.met for goal in goals) and not rules
    known = None if solved else known_mistake(do, facts)
    return Assessment(
        goals=goals,
        rules=rules,
        golf=tuple(GolfState(golf.figure, figure(golf.figure, facts), evaluate(golf.par, facts)) for golf in do.golf),
        mistake=known.say.html if known else "",
        stuck=None if solved else dead_end(do, facts),
    )


def holds(expression: Expression, facts: Facts) -> bool:
    """Does it hold? What asks for something that this run does not have does not."""
    try:
        return evaluate(expression, facts) is True
    except ExpressionError:
        return False


def found(expression: Expression, facts: Facts, moment: int | None = None) -> Value | None:
    """The left side of a comparison, which tells how far off an attempt is."""
    root = expression.root
    if not isinstance(root, tree.Binary) or root.op not in COMPARE:
        return None
    try:
        return evaluate(Expression(expression.text, root.left, expression.selectors), facts, moment)
    except ExpressionError:
        return None


def broken_rules(do: Do, facts: Facts) -> list[str]:
    """Banned calls that were made and required ones that were not."""
    made = {event["name"] for event in facts.events("call")}
    rules = [f"This exercise is to be solved without {name}()." for name in do.banned if name in made]
    return rules + [f"This exercise is to be solved with {name}()." for name in do.required if name not in made]


def known_mistake(do: Do, facts: Facts) -> Attempt | None:
    """The first known mistake that this run shows."""
    return next((one for one in do.mistakes if one.when is not None and holds(one.when, facts)), None)


def dead_end(do: Do, facts: Facts) -> DeadEnd | None:
    """The first dead end that this run is in."""
    for stuck in do.stuck:
        if holds(stuck.when, facts):
            return DeadEnd(stuck.say.html, facts.stage(stuck.rewind) or 0)
    return None


def figure(name: str, facts: Facts) -> Value:
    """A golf figure of the run."""
    return evaluate(FIGURE_EXPRESSIONS[name], facts)


def open_hints(step: Step, facts: Facts | None, asked: int) -> list[tuple[int, str]]:
    """The open rungs, by number: the first ``asked`` of them, and those whose moment has come."""
    opened = []
    for n, hint in enumerate(step.hints):
        if n < asked or (hint.when is not None and facts is not None and holds(hint.when, facts)):
            opened.append((n, hint.say.html))
    return opened


def closed_rungs(step: Step, asked: int, shown: Sequence[int]) -> list[int]:
    """The rungs that are still to be read: neither asked for nor among those that opened by themselves."""
    return [n for n in range(asked, len(step.hints)) if n not in shown]


def solution(step: Step, asked: int, shown: Sequence[int] = ()) -> Attempt:
    """The solution at last: only below the last rung of the ladder."""
    if not isinstance(step.task, Do):
        raise AnswerError("This step has no solution to show.")
    if left := len(closed_rungs(step, asked, shown)):
        raise AnswerError(f"Read the hints first: {left} left.")
    return step.task.solution
