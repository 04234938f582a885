"""The lesson pane alone: it follows the cursor, leads to the next checkpoint, and outlines what it speaks of."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.lesson.conftest import GOLDEN

pytestmark = pytest.mark.e2e

PAGE_0 = '<p>Look at <mark data-hue="pc" data-light="page 0" tabindex="0">page 0</mark>.</p>'
STEPS = [
    {"id": "a", "title": "Begin", "html": PAGE_0, "at": "start", "checkpoint": "the start", "watch": "", "light": []},
    {"id": "b", "title": "Fault", "html": "<p>B</p>", "at": "fault[1]", "checkpoint": "a fault", "watch": "Look.",
     "light": ["pages 0-1", "disk"]},
    {"id": "c", "title": "Never", "html": "<p>C</p>", "at": "fault[9]", "checkpoint": "no", "watch": "", "light": []},
    {"id": "d", "title": "End", "html": "<p>D</p>", "at": "exit", "checkpoint": "the exit", "watch": "", "light": []},
]  # fmt: skip
CELL = "position: fixed; top: 10px; width: 20px; height: 30px; left:"
CELLS = "".join(
    f'<i data-testid="machine-page-data.bin-{n}" data-index="{n}" style="{CELL} {100 + 20 * n}px"></i>'
    for n in range(3)
)


class Pane:
    """The pane on an empty page, with a row of cells to outline; what it asks for moves the cursor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(
            """async ([steps, stages, cells]) => {
                document.body.innerHTML = cells + "<input><section></section>";
                const { create } = await import("/static/js/views/lesson.js");
                const tools = { dispatch: ({ n }) => show({ cursor: n }), signal: new AbortController().signal };
                const render = create(document.querySelector("section"), tools);
                const learning = { exercise: null };
                const state = { lesson: { steps }, spans: { stages: [] }, cursor: -1, done: false, ui: {}, learning };
                window.show = (change) => render(Object.assign(state, change));
                window.arrive = (n) => show({ spans: { stages: stages.slice(0, n) } });
                show({});
            }""",
            [STEPS, GOLDEN["stages"], CELLS],
        )

    def arrive(self, count: int = len(GOLDEN["stages"]), done: bool = True) -> None:
        self.page.evaluate("([n, done]) => { arrive(n); show({ done }); }", [count, done])

    def go(self, cursor: int) -> None:
        self.page.evaluate("(cursor) => show({ cursor })", cursor)

    def see(self, title: str) -> None:
        expect(self.page.get_by_test_id("lesson-title")).to_have_text(title)

    def press(self, name: str) -> None:
        self.page.get_by_test_id(f"lesson-{name}").click()

    def card(self) -> str:
        return self.page.get_by_test_id("lesson-checkpoint").inner_text()

    def lights(self) -> dict[str, dict[str, Any]]:
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found: dict[str, dict[str, Any]] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll(".light")].map((light) =>
                [light.dataset.light, light.getBoundingClientRect().toJSON()]))"""
        )
        return found


@pytest.fixture
def pane(blank: Page) -> Pane:
    return Pane(blank)


def test_the_step_follows_the_cursor_forwards_and_backwards(pane: Pane) -> None:
    pane.arrive()
    for cursor, title in [(0, "Begin"), (29, "Begin"), (30, "Fault"), (136, "Fault"), (137, "End"), (29, "Begin")]:
        pane.go(cursor)
        pane.see(title)


def test_the_card_leads_to_the_next_checkpoint_and_so_does_k(pane: Pane) -> None:
    pane.arrive()
    pane.go(0)
    assert "Checkpoint: a fault" in pane.card()

    pane.press("run-to")
    pane.see("Fault")
    assert "Look." in pane.card()

    pane.page.keyboard.press("k")
    pane.see("End")
    expect(pane.page.get_by_test_id("lesson-checkpoint")).to_be_hidden()


def test_k_in_a_field_is_a_letter(pane: Pane) -> None:
    pane.arrive()
    pane.go(0)

    pane.page.locator("input").press("k")

    pane.see("Begin")
    expect(pane.page.locator("input")).to_have_value("k")


def test_before_the_stages_arrive_there_is_nowhere_to_run(pane: Pane) -> None:
    pane.see("Begin")
    pane.arrive(20, done=False)
    expect(pane.page.get_by_test_id("lesson-run-to")).to_be_disabled()
    assert "The run has not come here yet." in pane.card()

    pane.arrive()

    expect(pane.page.get_by_test_id("lesson-run-to")).to_be_enabled()


def test_a_step_that_the_run_never_reaches_can_be_read(pane: Pane) -> None:
    pane.arrive()
    pane.go(30)

    pane.press("next")
    pane.see("Never")
    pane.press("next")
    pane.see("End")
    pane.press("prev")
    pane.see("Never")
    pane.go(135)
    pane.see("Fault")


def test_pills_show_progress_and_turn_to_their_step(pane: Pane) -> None:
    pane.arrive()
    pane.go(30)
    pills = pane.page.locator(".lesson-pill")
    assert pills.evaluate_all("(all) => all.map((pill) => pill.dataset.state)") == ["done", "current", "ahead", "ahead"]

    pane.press("pill-d")

    pane.see("End")
    expect(pane.page.get_by_role("button", name="Step 4: End")).to_have_attribute("aria-current", "step")


def test_a_step_outlines_its_objects_while_the_machine_stands_there(pane: Pane) -> None:
    pane.arrive()
    pane.go(30)
    lights = pane.lights()
    assert list(lights) == ["pages 0-1"]  # the disk is not drawn here
    assert (lights["pages 0-1"]["left"], lights["pages 0-1"]["width"]) == (97, 46)

    pane.go(31)

    assert pane.lights() == {}


def test_a_mark_outlines_its_object_under_the_pointer_and_under_the_focus(pane: Pane) -> None:
    pane.arrive()
    pane.go(0)
    mark = pane.page.locator("mark")
    mark.hover()
    assert list(pane.lights()) == ["page 0"]
    pane.page.mouse.move(600, 500)
    assert pane.lights() == {}

    mark.focus()
    assert list(pane.lights()) == ["page 0"]
    mark.blur()
    assert pane.lights() == {}
