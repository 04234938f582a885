"""Exercises: goals with their figures, rules, known mistakes, hints that open by themselves, dead ends."""

from __future__ import annotations

import pytest

from tests.lesson.conftest import ROOT, Draft
from webapp.lesson import AnswerError, Assessment, Facts, Lesson, assess, check_means, load_lesson, open_hints, solution
from webapp.lesson.goals import closed_rungs
from webapp.lesson.lesson import Do
from webapp.session.run import Recipe, Run


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load_lesson(ROOT / "lessons/first-touch")


@pytest.fixture(scope="module")
def do(lesson: Lesson) -> Do:
    task = lesson.step("once").task
    assert isinstance(task, Do)
    return task


def run_of(text: str) -> Facts:
    return Facts(Run(Recipe(text, "attempt.c")).finish())


def attempt(do: Do, name: str) -> Assessment:
    return assess(do, run_of((ROOT / "lessons/first-touch" / name).read_text()))


def test_the_solution_meets_every_goal(do: Do) -> None:
    result = attempt(do, "solution.c")

    assert result.solved
    assert result.credit == 1
    assert [(goal.met, goal.found) for goal in result.goals] == [(True, 1), (True, 5), (True, "7584")]
    assert [(golf.figure, golf.value, golf.par) for golf in result.golf] == [("faults", 5, 5), ("lines", 19, 19)]
    assert (result.mistake, result.stuck) == ("", None)


def test_an_attempt_that_does_nothing_is_told_how_far_off_it_is(do: Do) -> None:
    result = attempt(do, "first_touch.c")

    assert not result.solved
    assert result.credit == pytest.approx(1 / 3)
    assert [(goal.met, goal.found) for goal in result.goals] == [(False, 2), (False, 7), (True, "7584")]
    assert result.mistake == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [("no_loop", "Nothing is read at all"), ("populate", "MAP_POPULATE spares"), ("sequential", "This advice changes")],
)
def test_a_known_mistake_gets_its_own_words(do: Do, name: str, words: str) -> None:
    assert attempt(do, f"mistakes/{name}.c").mistake.startswith(words)


def test_a_program_that_does_something_else_altogether_is_only_not_solved(do: Do) -> None:
    result = assess(do, run_of("int main(void) { return 0; }"))

    assert not result.solved
    assert [goal.met for goal in result.goals] == [False, True, False]


def test_banned_calls_spoil_everything(do: Do) -> None:
    text = (ROOT / "lessons/first-touch/solution.c").read_text()
    assert attempt(do, "solution.c").rules == ()

    calls = Do(**{name: getattr(do, name) for name in Do.__slots__} | {"banned": ("madvise",), "required": ("msync",)})
    result = assess(calls, run_of(text))

    assert result.rules == (
        "This exercise is to be solved without madvise().",
        "This exercise is to be solved with msync().",
    )
    assert (result.solved, result.credit) == (False, 0.0)


def test_what_may_not_be_changed_is_said_before_the_run(do: Do) -> None:
    text = do.program.text
    assert check_means(do, text + "\n", {}) == []
    assert check_means(do, text, {"read_ahead_kb": 128}) == []
    assert check_means(do, text, {"read_ahead_kb": 256}) == [
        "This exercise is solved in the program: leave read_ahead_kb as it is."
    ]

    machine = Do(
        **{name: getattr(do, name) for name in Do.__slots__} | {"change": ("machine",), "lock": ("memory_mib",)}
    )
    assert check_means(machine, text + "\n", {"read_ahead_kb": 256}) == [
        "This exercise is solved on the machine: leave the program as it is."
    ]
    assert check_means(machine, text, {"memory_mib": 64}) == ["In this exercise memory_mib cannot be changed."]


def test_hints_open_one_by_one_or_when_their_moment_has_come(lesson: Lesson) -> None:
    step = lesson.step("once")
    small_windows = Recipe(lesson.program.text, "attempt.c", {"read_ahead_kb": 16})
    many = Facts(Run(small_windows).finish())

    assert open_hints(step, None, asked=0) == []
    assert [n for n, _ in open_hints(step, None, asked=2)] == [0, 1]
    assert [n for n, _ in open_hints(step, run_of(lesson.program.text), asked=0)] == []
    assert [n for n, _ in open_hints(step, many, asked=0)] == [1]
    assert [n for n, _ in open_hints(step, many, asked=1)] == [0, 1]


def test_the_solution_comes_below_the_last_hint(lesson: Lesson) -> None:
    step = lesson.step("once")

    with pytest.raises(AnswerError, match="Read the hints first: 1 left"):
        solution(step, asked=2)
    assert "MADV_WILLNEED" in solution(step, asked=3).program.text
    assert solution(step, asked=2, shown=[2]) == solution(step, asked=3), "a hint that opened by itself is read too"
    assert closed_rungs(step, asked=1, shown=[2]) == [1]
    with pytest.raises(AnswerError, match="no solution"):
        solution(lesson.step("program"), asked=9)


def test_a_dead_end_offers_the_stage_to_go_back_to(draft: Draft) -> None:
    draft.replace(
        "## Second {#second}",
        """## Try {#try}

```do
goals:
  - {goal: count(fault) == 0, say: No fault.}
solution: {say: There is none.}
stuck:
  - {when: count(fault) > 0, say: Too late., rewind: 'call[mmap]'}
```

Do not read.

## Second {#second}""",
    )
    lesson = load_lesson(draft.folder)
    task = lesson.step("try").task
    assert isinstance(task, Do)
    facts = run_of(lesson.program.text)

    stuck = assess(task, facts).stuck

    assert stuck is not None
    assert stuck.say == "Too late."
    assert facts.run.stages(stuck.rewind, stuck.rewind + 1)[0]["args"] == {"name": "mmap"}
