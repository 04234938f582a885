"""Hold an exercise against its own solution, its known mistakes and the empty attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

from webapp.kernel.arch.arm.kernel.entry_common import SYS_CALL_TABLE
from webapp.lesson.expression import Absent, Expression, ExpressionError, evaluate
from webapp.lesson.facts import Facts
from webapp.lesson.goals import Assessment, assess, check_means, known_mistake
from webapp.lesson.lesson import Attempt, Do, Lesson, Prose, Source, Step
from webapp.lesson.problem import Problem

Runner = Callable[[Source, Mapping[str, int | float], int], Facts | None]


class DoCheck:
    """One exercise. ``run`` runs a program for a line of the lesson, or notes why it cannot."""

    def __init__(self, lesson: Lesson, step: Step, do: Do, run: Runner) -> None:
        self.lesson = lesson
        self.step = step
        self.do = do
        self.run = run
        self.problems: list[Problem] = []

    def complain(self, line: int, what: str, remedy: str) -> None:
        """Something is wrong in this line."""
        self.problems.append(Problem(self.lesson.file, line, what, remedy))

    def check(self) -> None:
        """The empty attempt fails, the solution passes, each known mistake fails with its own words."""
        self.check_calls()
        self.check_empty()
        self.check_solution()
        for mistake in self.do.mistakes:
            self.check_mistake(mistake)

    def check_calls(self) -> None:
        """Banned and required calls are system calls as the kernel names them."""
        for name in (*self.do.banned, *self.do.required):
            if name not in SYS_CALL_TABLE:
                near = get_close_matches(name, SYS_CALL_TABLE, 1, 0.5)
                remedy = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(sorted(SYS_CALL_TABLE))}."
                self.complain(self.do.line, f"'{name}' is no system call of the model.", remedy)

    def attempt(self, attempt: Attempt) -> tuple[Facts, Assessment] | None:
        """Run an attempt and assess it."""
        facts = self.run(attempt.program, {**self.do.machine, **attempt.machine}, attempt.line)
        if facts is None:
            return None
        for expression, line in self.questions():
            self.ask(expression, facts, line)
        return facts, assess(self.do, facts)

    def questions(self) -> list[tuple[Expression, int]]:
        """Every question that is put to an attempt's run."""
        found = [(goal.holds, goal.line) for goal in self.do.goals] + [
            (stuck.when, stuck.line) for stuck in self.do.stuck
        ]
        found += [(mistake.when, mistake.line) for mistake in self.do.mistakes if mistake.when is not None]
        return found + [(hint.when, self.do.line) for hint in self.step.hints if hint.when is not None]

    def ask(self, expression: Expression, facts: Facts, line: int) -> None:
        """A question that makes no sense is a mistake of the author, not of the student."""
        try:
            evaluate(expression, facts)
        except Absent:
            return
        except ExpressionError as error:
            problem = Problem(self.lesson.file, line, f"{expression.text}: {error.what}", error.remedy)
            if problem not in self.problems:
                self.problems.append(problem)

    def check_empty(self) -> None:
        """Doing nothing must not be enough."""
        done = self.attempt(Attempt(self.do.program, {}, Prose(), self.do.line))
        if done and done[1].solved:
            self.complain(self.do.line, "The program meets every goal before anything is changed.", "Ask for more.")

    def check_solution(self) -> None:
        """The solution meets every goal, keeps every rule and makes par."""
        solution = self.do.solution
        for what in check_means(self.do, solution.program.text, solution.machine):
            self.complain(solution.line, f"The solution is not allowed: {what}", "Mend it, or `change` and `lock`.")
        done = self.attempt(solution)
        if done is None:
            return
        facts, result = done
        for state, goal in zip(result.goals, self.do.goals, strict=True):
            if not state.met:
                seen = "" if state.found is None else f" The left side is {state.found}."
                what = f"The solution misses the goal {goal.holds.text}.{seen}"
                self.complain(goal.line, what, "Mend the goal or the solution.")
        for rule in result.rules:
            self.complain(solution.line, f"The solution breaks a rule: {rule}", "Mend the rule or the solution.")
        for golf, score in zip(self.do.golf, result.golf, strict=True):
            if isinstance(score.value, int | float) and isinstance(score.par, int | float) and score.value > score.par:
                what = f"The solution needs {score.value} {score.figure}, more than par {score.par}."
                self.complain(golf.line, what, "Raise par, or find a better solution.")
        for stuck in self.do.stuck:
            if evaluate_quietly(stuck.when, facts):
                self.complain(stuck.line, "The solution is in this dead end.", "Mend `when`.")

    def check_mistake(self, mistake: Attempt) -> None:
        """A known mistake fails and gets its own words."""
        done = self.attempt(mistake)
        if done is None:
            return
        facts, result = done
        if result.solved:
            self.complain(mistake.line, "This mistake meets every goal.", "Ask for more, or drop it.")
        known = known_mistake(self.do, facts)
        if known is None:
            what = f"The mistake is not recognised: {mistake.when.text if mistake.when else ''} does not hold."
            self.complain(mistake.line, what, "Mend `when`.")
        elif known is not mistake:
            what = f"The mistake gets the words of line {known.line}, not its own."
            self.complain(mistake.line, what, "Put the more special one first, or sharpen `when`.")


def evaluate_quietly(expression: Expression, facts: Facts) -> bool:
    """Does it hold, as far as it can be told?"""
    try:
        return evaluate(expression, facts) is True
    except ExpressionError:
        return False


def check_files(lesson: Lesson, folder: Path) -> list[Problem]:
    """Every C file of the folder is used by some step."""
    used = {lesson.program.name}
    for step in lesson.steps:
        if isinstance(step.task, Do):
            attempts = (step.task.solution, *step.task.mistakes)
            used |= {step.task.program.name, *(attempt.program.name for attempt in attempts)}
    return [
        Problem(
            f"{folder.name}/{path.relative_to(folder)}",
            0,
            "No step uses this file.",
            "Name it in a step, or remove it.",
        )
        for path in sorted(folder.rglob("*.c"))
        if path.name not in used
    ]
