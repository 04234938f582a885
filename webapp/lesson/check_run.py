"""Hold a lesson against a run of its program, and against a recording of the real kernel where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.kernel.machine import REGISTRY
from webapp.lesson.expression import Expression, ExpressionError, NotRecorded, Value, evaluate
from webapp.lesson.facts import Facts
from webapp.lesson.finder import names_in
from webapp.lesson.goals import found
from webapp.lesson.grade import MAX_TURNS, right_options, same, turns
from webapp.lesson.lesson import Claim, Lesson, Play, Question, Step
from webapp.lesson.problem import Problem
from webapp.lesson.recorded import EARLIER, END, Recording, left_out
from webapp.lesson.selector import Selector
from webapp.session.digest import Json

PAGE_SIZE = 4096


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One claim: whether it holds on the model, and on the real kernel (None: no recording can tell)."""

    step: str
    text: str
    expression: str
    model: bool
    kernel: bool | None


def selectors_of(lesson: Lesson) -> Iterator[Selector]:
    """Every selector that will be asked for, so that one pass over the run finds them all."""
    for step in lesson.steps:
        if step.at:
            yield step.at
        for claim in step.claims:
            yield from claim.holds.selectors
        if isinstance(step.task, Question):
            yield from step.task.answer.selectors
        if isinstance(step.task, Play):
            yield from (step.task.start, step.task.to, *(turn.gate for turn in step.task.turns))


class RunCheck:
    """One lesson, one run of its program, perhaps one recording of it; collects problems and claims."""

    def __init__(self, lesson: Lesson, facts: Facts, recorded: Json | None = None) -> None:
        self.lesson = lesson
        self.facts = facts
        self.recording = Recording(recorded, left_out(facts)) if recorded is not None else None
        self.problems: list[Problem] = []
        self.claims: list[ClaimResult] = []

    def complain(self, line: int, what: str, remedy: str) -> None:
        """Something is wrong in this line."""
        self.problems.append(Problem(self.lesson.file, line, what, remedy))

    def check(self) -> None:
        """Selectors in order, claims, questions."""
        self.check_selectors()
        for step in self.lesson.steps:
            if step.at is None or self.facts.stage(step.at) is not None:
                for claim in step.claims:
                    self.check_claim(step, claim)
            if isinstance(step.task, Question):
                self.check_question(step.task)
            elif isinstance(step.task, Play):
                self.check_play(step.task)
            for hint in step.hints:
                if hint.when is not None and step.kind != "do":
                    self.value(hint.when, step.line, "hint")

    # Selectors.

    def check_selectors(self) -> None:
        """Every step's selector must match, each at a later stage than the one before."""
        last: tuple[Selector, int] | None = None
        for step in self.lesson.steps:
            if step.at is None:
                continue
            stage = self.facts.stage(step.at)
            if stage is None:
                self.absent(step.at, step.at_line, "at")
                continue
            if last and stage <= last[1]:
                what = (
                    f"at: {step.at.text} is stage {stage}, not after {last[0].text} of a step before, stage {last[1]}."
                )
                self.complain(step.at_line, what, "Steps follow the run: reorder them.")
            last = (step.at, stage)

    def absent(self, selector: Selector, line: int, key: str) -> None:
        """A selector names no stage: say which link never happens."""
        what = f"{key}: {selector.text} names no stage of a run of {self.lesson.program.name}."
        self.complain(line, what, self.remedy(selector))

    def remedy(self, selector: Selector) -> str:
        """The first link that the run has no name for, with the nearest one that it has."""
        names = list(names_in(self.facts.stages()))
        for part in selector.parts:
            if part.name and part.name not in names:
                near = get_close_matches(part.name, names, 1)
                return f"`{part.name}` never happens. " + (f"Did you mean `{near[0]}`?" if near else "")
        return "All its names happen, but not inside each other that often; check the counts."

    # Claims.

    def check_claim(self, step: Step, claim: Claim) -> None:
        """A claim must hold on the model, and on the real kernel as far as it was recorded."""
        moment = self.facts.stage(step.at) if step.at else None
        model = self.value(claim.holds, claim.line, f"The claim '{claim.text[:40]}'", moment)
        if model is False:
            value = found(claim.holds, self.facts, moment)
            seen = "" if value is None else f" The left side is {spell(value)}."
            what = f"The claim '{claim.text[:60]}' does not hold on the model: {claim.holds.text}.{seen}"
            self.complain(claim.line, what, "Correct the text, or the claim.")
        kernel = self.on_the_kernel(claim, END if step.at is None or step.at.text == "exit" else EARLIER)
        self.claims.append(ClaimResult(step.id, claim.text, claim.holds.text, model is True, kernel))

    def on_the_kernel(self, claim: Claim, moment: int) -> bool | None:
        """Does it hold on the recording? None when no recording can tell."""
        if self.recording is None:
            return None
        try:
            holds = evaluate(claim.holds, self.recording, moment) is True
        except NotRecorded:
            return None
        except ExpressionError as error:
            self.complain(
                claim.line, f"The claim '{claim.text[:60]}' fails on the real kernel: {error.what}", error.remedy
            )
            return False
        if not holds:
            what = f"The claim '{claim.text[:60]}' does not hold on the real kernel: {claim.holds.text}."
            self.complain(claim.line, what, "Trust the recording.")
        return holds

    def value(self, expression: Expression, line: int, who: str, moment: int | None = None) -> Value | None:
        """The value on the model; an error becomes a problem."""
        try:
            return evaluate(expression, self.facts, moment)
        except ExpressionError as error:
            self.complain(line, f"{who}: {error.what}", error.remedy)
            return None

    # Questions.

    def check_question(self, question: Question) -> None:
        """The right answer exists, the choices hold it once, every wrong answer is replied to."""
        if self.facts.stage(question.gate) is None:
            self.absent(question.gate, question.line, "at")
            return
        answer = self.value(question.answer, question.line, "answer")
        if answer is None:
            return
        if question.options:
            self.check_options(question, answer)
        else:
            self.check_typed(question, answer)
        self.check_recorded_answer(question, answer)

    def check_options(self, question: Question, answer: Value) -> None:
        """One choice is right, and every other says why it is wrong."""
        for option in question.options:
            if self.value(option.value, option.line, "is") is None:
                return
        right = right_options(question, self.facts)
        texts = [question.options[n].text.plain for n in right]
        if not right:
            what = f"The run answers {spell(answer)}; no choice has that."
            self.complain(question.line, what, f"Add it to the choices, or mend `answer: {question.answer.text}`.")
        elif len(right) > 1:
            self.complain(question.line, f"{len(right)} choices are right: {', '.join(texts)}.", "Leave one.")
        for n, option in enumerate(question.options):
            if n not in right and not option.why and not question.otherwise:
                what = f"Nothing is said to the wrong choice '{option.text.plain[:40]}'."
                self.complain(option.line, what, "Write `why:` beside it, or `otherwise:` for all.")

    def check_typed(self, question: Question, answer: Value) -> None:
        """An answer that is typed or picked: in range, and with replies to wrong ones."""
        if not question.otherwise:
            self.complain(question.line, "Nothing is said to other wrong answers.", "Write `otherwise:`.")
        for reply in question.replies:
            value = self.value(reply.value, reply.line, "is")
            if value is not None and same(value, answer):
                self.complain(
                    reply.line, f"The reply to {spell(value)} is to a wrong answer, but that is right.", "Drop it."
                )
        if question.kind == "pages" and isinstance(answer, frozenset):
            if question.file not in self.facts.run.files:
                files = ", ".join(self.facts.run.files) or "none"
                self.complain(question.line, f"file: the program has no file '{question.file}'.", f"Files: {files}.")
            elif answer and max(answer) >= -(-self.facts.run.files[question.file] // PAGE_SIZE):
                self.complain(
                    question.line, f"The answer has page {max(answer)}, which is behind the file.", "Mend `answer`."
                )

    def check_recorded_answer(self, question: Question, answer: Value) -> None:
        """The real kernel, where it was recorded, gives the same answer."""
        if self.recording is None:
            return
        try:
            real = evaluate(question.answer, self.recording, END)
        except ExpressionError:
            return
        if not same(real, answer):
            what = f"The model answers {spell(answer)}, the real kernel {spell(real)}: {question.answer.text}."
            self.complain(question.line, what, "Trust the recording.")

    def check_play(self, play: Play) -> None:
        """The stretch exists, and something is decided in it."""
        start, end = self.facts.stage(play.start), self.facts.stage(play.to)
        if start is None or end is None:
            self.absent(play.start if start is None else play.to, play.line, "at" if start is None else "to")
            return
        if end <= start:
            self.complain(
                play.line, f"to: {play.to.text} is stage {end}, not after stage {start}.", "Choose a later stage."
            )
            return
        for name in play.functions:
            if name not in REGISTRY:
                near = get_close_matches(name, list(REGISTRY), 1)
                remedy = f"Did you mean `{near[0]}`?" if near else "Choose functions of the model."
                self.complain(play.line, f"functions: the model has no `{name}`.", remedy)
        for turn in play.turns:
            stage = self.facts.stage(turn.gate)
            if stage is not None and not start <= stage < end:
                self.complain(turn.line, f"at: {turn.gate.text} is not between `at` and `to`.", "Choose a stage there.")
            self.check_question(turn)
        count = len(turns(play, self.facts))
        if not 2 <= count < MAX_TURNS:
            what = f"Between {play.start.text} and {play.to.text} there are {count} decisions."
            self.complain(
                play.line, what, f"Choose the stretch or the functions so that there are 2 to {MAX_TURNS - 1}."
            )


def spell(value: Value) -> str:
    """A value as an author would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(str, sorted(value)[:40]))}{', ...' if len(value) > 40 else ''}}}"
    return repr(value) if isinstance(value, str) else str(value)


__all__ = ["ClaimResult", "RunCheck", "selectors_of"]
