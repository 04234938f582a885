"""The lesson "Anatomy of a first touch": its text follows the machine, and leads it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import ROOT, Player, abort, place, skip_questions, stages_of
from webapp.lesson import load_lesson


class Told:
    """The lesson as it is told over its own program: each step's title and the stage it begins at."""

    def __init__(self) -> None:
        lesson = load_lesson(ROOT / "lessons/first-touch")
        self.stages = stages_of(lesson.program.text, lesson.program.name)
        self.all = lesson.steps
        self.steps = [step for step in lesson.steps if step.at]
        self.titles = [step.title for step in self.steps]
        self.places = [place(step.at.text, self.stages) for step in self.steps if step.at]


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


@pytest.fixture
def play(page: Page) -> Player:
    skip_questions(page)
    return Player(page)


def test_the_lesson_begins_with_its_first_step(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch")

    expect(play.get("lesson-title")).to_have_text(told.titles[0])
    expect(play.get("lesson-count")).to_have_text(f"Step 1 of {len(told.all)}")
    assert len(told.steps) >= 6


def test_run_to_it_leads_through_every_checkpoint_to_the_last_step(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch")

    seen = [(play.stage, play.text("lesson-title"))]
    while play.get("lesson-checkpoint").is_visible():
        play.do(play.get("lesson-run-to").click)
        seen.append((play.stage, play.text("lesson-title")))

    assert seen == list(zip(told.places, told.titles, strict=True))


def test_steps_without_a_place_are_read_where_the_machine_stands(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch", stage=told.places[-1])
    for step in told.all[len(told.steps) :]:
        play.get("lesson-next").click()
        expect(play.get("lesson-title")).to_have_text(step.title)

    expect(play.get("lesson-next")).to_be_disabled()
    expect(play.get("lesson-checkpoint")).to_be_hidden()
    assert play.stage == told.places[-1]


def test_the_step_changes_as_the_student_steps_in_and_back(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch", stage=told.places[4] - 1)
    expect(play.get("lesson-title")).to_have_text(told.titles[3])

    play.press("s")
    expect(play.get("lesson-title")).to_have_text(told.titles[4])
    play.press("b")
    expect(play.get("lesson-title")).to_have_text(told.titles[3])


def test_the_step_before_takes_the_machine_back(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch", stage=told.places[5] + 2)

    play.do(play.get("lesson-prev").click)

    assert play.stage == told.places[4]
    expect(play.get("lesson-title")).to_have_text(told.titles[4])


def test_k_and_the_dock_run_to_the_checkpoint_too(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch")

    assert [play.press("k"), play.click("checkpoint")] == told.places[1:3]


def test_a_step_of_the_bar_leads_to_its_place(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch")

    play.do(play.get(f"lesson-pill-{told.steps[7].id}").click)

    assert play.stage == told.places[7]
    expect(play.get(f"lesson-pill-{told.steps[7].id}")).to_have_attribute("aria-current", "step")


def test_a_lesson_names_the_objects_that_it_speaks_of(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch", stage=abort(1, told.stages) - 2)
    play.go(told.places[4])

    lit = play.page.locator(".light").evaluate_all("(all) => all.map((light) => light.dataset.light)")

    assert lit == list(told.steps[4].light)


def test_every_object_that_a_step_lights_up_is_drawn_there(play: Player, told: Told) -> None:
    play.open("/lessons/first-touch")
    missing = {}
    for step, stage in zip(told.steps, told.places, strict=True):
        if stage != play.stage:
            play.do(play.get("lesson-run-to").click)
        for name in step.light:
            if play.page.locator(f'.light[data-light="{name}"]').count() == 0:
                missing[step.id] = name

    assert missing == {}
