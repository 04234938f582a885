"""Grading: gates, answers of every kind, the kernel played, quizzes; and that no answer leaves before it is given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lesson.conftest import ROOT, Draft
from webapp.lesson import (
    AnswerError,
    Facts,
    Lesson,
    gate,
    grade_question,
    grade_quiz,
    limit,
    load_lesson,
    parse,
    turns,
    wire,
)
from webapp.lesson.lesson import Do, Play, Prose, Question, Quiz, Reflect
from webapp.lesson.skeleton import skeleton
from webapp.session.run import Recipe, Run


def facts_of(lesson: Lesson) -> Facts:
    return Facts(Run(Recipe(lesson.program.text, lesson.program.name, lesson.machine)).finish())


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load_lesson(ROOT / "lessons/first-touch")


@pytest.fixture(scope="module")
def facts(lesson: Lesson) -> Facts:
    return facts_of(lesson)


def question_in(lesson: Lesson, id: str) -> Question:
    task = lesson.step(id).task
    assert isinstance(task, Question)
    return task


# Gates.


def gate_of(lesson: Lesson, id: str, facts: Facts) -> int:
    stage = gate(lesson.step(id), facts)
    assert stage is not None
    return stage


def test_the_run_is_shown_up_to_the_first_open_question(lesson: Lesson, facts: Facts) -> None:
    play, predict = gate_of(lesson, "kernel", facts), gate_of(lesson, "page-24", facts)

    assert limit(lesson, facts, done=()) == play + 1
    assert limit(lesson, facts, done=["kernel"]) == predict + 1
    assert limit(lesson, facts, done=["kernel", "page-24"]) is None
    assert limit(lesson, facts, done=["page-24"], answered={"kernel": 1}) == turn_stages(lesson, facts)[1] + 1


def test_the_gate_of_a_prediction_gives_nothing_away(lesson: Lesson, facts: Facts) -> None:
    stage = gate_of(lesson, "page-24", facts)
    last = facts.run.stages(stage, stage + 1)[0]

    assert last["kind"] == "user-load"
    assert facts.run.stages(stage)[0]["n"] < (facts.stage(parse("fault[4]")) or 0)


def test_nothing_is_held_back_before_the_run_comes_there(lesson: Lesson) -> None:
    run = Run(Recipe(lesson.program.text, lesson.program.name))
    run.advance(goal=100)
    facts = Facts(run, [parse("fault[1]")])
    assert limit(lesson, facts, done=()) is None

    run.finish()
    facts.catch_up(most=50)
    assert facts.seen < len(run.log)
    facts.catch_up()

    assert limit(lesson, facts, done=()) == limit(lesson, facts_of(lesson), done=())


def test_facts_can_be_limited_to_what_was_seen(lesson: Lesson, facts: Facts) -> None:
    stage = gate_of(lesson, "page-24", facts)

    seen = Facts(facts.run, upto=stage + 1)

    assert len(seen.events("fault")) == 3
    assert seen.stage(parse("fault[4]")) is None


# Questions.


def test_a_choice_is_graded_with_its_own_words(lesson: Lesson, facts: Facts) -> None:
    question = question_in(lesson, "page-24")

    right, wrong = grade_question(question, 2, facts), grade_question(question, 0, facts)

    assert (right.right, right.credit, right.say) == (True, 1.0, "")
    assert "Starting the next read dropped mmap_lock" in right.after
    assert (wrong.right, wrong.credit, wrong.answer) == (False, 0.0, 2)
    assert wrong.say == "The MMU looks at page tables only. The PTE of page 24 is still empty."


KINDS = {
    "number": "kind: number\nanswer: fault[1].pages_read\nwithin: 1\nwrong:\n  - {is: 1, say: One is too few.}\n",
    "pages": "kind: pages\nfile: data.bin\nanswer: fault[1].cached\nwrong:\n  - {is: '{0}', say: One is too few.}\n",
    "bits": "kind: bits\nanswer: at(fault[1].return, pte('data.bin', 0).linux)\n",
    "function": "kind: function\nchoices: [do_sync_mmap_readahead, pagecache_get_page]\n",
}


@pytest.fixture
def ask(tmp_path: Path):
    def made(kind: str) -> tuple[Question, Facts]:
        files = {name: text.replace("{{pages}}", "12") for name, text in skeleton("asked").items()}
        head, rest = files["lesson.md"].split("kind: number\n", 1)
        body = rest.split("otherwise:", 1)[1]
        files["lesson.md"] = (head + KINDS[kind] + "otherwise:" + body).replace("vary:\n  pages: [8, 12, 16]\n", "")
        lesson = load_lesson(Draft(tmp_path / "asked", files).folder)
        return question_in(lesson, "how-many"), facts_of(lesson)

    return made


ANSWERS = [
    ("number", 12, 1.0, ""),
    ("number", 11, 1.0, ""),
    ("number", 12.5, 1.0, ""),
    ("number", 1, 0.0, "One is too few."),
    ("number", 64, 0.0, "The kernel reads"),
    ("pages", list(range(12)), 1.0, ""),
    ("pages", [0], 1 / 12, "One is too few."),
    ("pages", [0, 1, 2, 20], 3 / 13, "The kernel reads"),
    ("pages", [], 0.0, "The kernel reads"),
    ("bits", ["xn", "present", "young", "rdonly", "user"], 1.0, ""),
    ("bits", ["present", "young", "dirty", "user", "xn"], 5 / 7, "The kernel reads"),
    ("bits", [], 2 / 7, "The kernel reads"),
    ("function", 1, 1.0, ""),
    ("function", 0, 0.0, "The kernel reads"),
]


@pytest.mark.parametrize(("kind", "answer", "credit", "say"), ANSWERS)
def test_answers_earn_what_is_right_in_them(ask: Any, kind: str, answer: Any, credit: float, say: str) -> None:
    question, facts = ask(kind)
    verdict = grade_question(question, answer, facts)

    assert verdict.credit == pytest.approx(credit)
    assert verdict.right == (credit == 1)
    assert verdict.say.startswith(say)
    assert bool(verdict.say) == bool(say)
    json.dumps(verdict.answer)


NO_ANSWERS: list[Any] = [
    None,
    "1",
    [],
    {},
    True,
    -1,
    99,
    1e300,
    float("nan"),
    [1, "a"],
    [-1],
    [True],
    ["xn", "?"],
    [[0]],
    "x" * 9,
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_answer_is_refused_with_a_sentence(ask: Any, kind: str) -> None:
    question, facts = ask(kind)
    fits: dict[str, list[Any]] = {"number": [-1, 99], "pages": [[]], "bits": [[]], "function": []}
    for answer in NO_ANSWERS:
        if any(answer == fit and type(answer) is type(fit) for fit in fits[kind]):
            continue
        with pytest.raises(AnswerError, match=r"^(Answer with|Choose one)"):
            grade_question(question, answer, facts)


def test_a_long_list_of_pages_is_refused(ask: Any) -> None:
    question, facts = ask("pages")

    with pytest.raises(AnswerError):
        grade_question(question, list(range(70_000)), facts)


# Playing the kernel.


def turn_stages(lesson: Lesson, facts: Facts) -> list[int]:
    play = lesson.step("kernel").task
    assert isinstance(play, Play)
    return [turn.stage for turn in turns(play, facts)]


def test_the_student_is_asked_for_each_function_before_it_is_entered(lesson: Lesson, facts: Facts) -> None:
    play = lesson.step("kernel").task
    assert isinstance(play, Play)

    found = turns(play, facts)

    entered = [turn.question.options[grade_question(turn.question, 0, facts).answer].text.plain for turn in found]
    assert entered == ["find_vma", "handle_mm_fault", "do_read_fault", "filemap_map_pages"]
    for turn, name in zip(found, entered, strict=True):
        assert facts.run.stages(turn.stage + 1, turn.stage + 2)[0]["fn"] == name


def test_a_wrong_function_is_told_what_would_follow(lesson: Lesson, facts: Facts) -> None:
    play = lesson.step("kernel").task
    assert isinstance(play, Play)
    first = turns(play, facts)[0].question
    names = [option.text.plain for option in first.options]

    own = grade_question(first, names.index("do_cow_fault"), facts)
    computed = grade_question(first, names.index("handle_mm_fault"), facts)

    assert own.say == "This is for the first write to a private mapping. The program reads."
    assert computed.say.startswith("The kernel enters <code>find_vma</code>.")
    assert "<code>handle_mm_fault</code>: " in computed.say


# Quiz.


def test_a_quiz_says_why_of_every_choice(lesson: Lesson) -> None:
    quiz = lesson.step("belongs").task
    assert isinstance(quiz, Quiz)

    right, wrong = grade_quiz(quiz, [1]), grade_quiz(quiz, [0])

    assert (right.right, right.credit, right.answer) == (True, 1.0, [1])
    assert (wrong.right, wrong.credit) == (False, 0.0)
    assert len(wrong.why) == 3
    for picked in ([], [0, 1], [3], ["1"], 1, None):
        with pytest.raises(AnswerError):
            grade_quiz(quiz, picked)


# The wire.


def secrets(lesson: Lesson) -> Iterator[str]:
    """Every text that tells what is right before the student has answered."""

    def prose(*texts: Prose) -> Iterator[str]:
        yield from (text.html for text in texts if text.html)

    for step in lesson.steps:
        yield from prose(*(hint.say for hint in step.hints))
        yield from (claim.holds.text for claim in step.claims)
        match step.task:
            case Question() as asked:
                yield from prose(
                    asked.after, asked.otherwise, *(o.why for o in asked.options), *(r.say for r in asked.replies)
                )
                yield from (option.value.text for option in asked.options)
            case Play() as play:
                yield from prose(play.after, *play.says.values())
            case Do() as do:
                yield from prose(
                    do.solution.say, *(mistake.say for mistake in do.mistakes), *(dead.say for dead in do.stuck)
                )
                yield do.solution.program.text
                yield from (goal.holds.text for goal in do.goals)
            case Quiz() as quiz:
                yield from prose(*(choice.why for choice in quiz.choices))
            case Reflect() as reflect:
                yield from prose(reflect.sample)


def test_no_answer_is_on_the_wire(lesson: Lesson, tmp_path: Path) -> None:
    for each in (lesson, load_lesson(Draft(tmp_path / "every", skeleton("every")).folder)):
        sent = json.dumps(wire(each), ensure_ascii=False)
        hidden = [json.dumps(text, ensure_ascii=False)[1:-1] for text in secrets(each)]

        assert len(hidden) > 12
        assert [text for text in hidden if text in sent] == []
        assert '"right"' not in sent


def test_steps_behind_an_open_question_are_held_back(lesson: Lesson) -> None:
    steps = {step["id"]: step for step in wire(lesson, done=["kernel"])["steps"]}

    assert steps["page-24"]["task"]["ask"]
    assert steps["marker"] == {"id": "marker", "kind": "explain", "held": True}
    assert "title" in {step["id"]: step for step in wire(lesson, done=["kernel", "page-24"])["steps"]}["marker"]
    assert sum("held" in step for step in wire(lesson, done=())["steps"]) > 3
