"""Sizes, themes and motion: everything has its place in every window, and moves only where it may."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import ROOT, Player, place, skip_questions, stages_of
from webapp.lesson import load_lesson

DESKTOPS = [(1920, 1080), (1440, 900), (1280, 720), (1100, 800)]
PHONE = (390, 844)
WIDTHS = [1920, 1440, 1359, 1280, 1279, 1100, 1024, 1023, 900, 768, 640, 639, 480, 390, 360]
# What sticks out of the machine's drawing, or of the card that it belongs to, by more than a rounding.
STICKING_OUT = """() => {
    const out = [];
    const beyond = (box, frame) => Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top,
        box.bottom - frame.bottom);
    const check = (nodes, frame, where) => {
        for (const node of nodes) {
            const box = node.getBoundingClientRect();
            const by = box.width && box.height ? beyond(box, frame) : 0;
            const name = node.textContent.trim() || node.outerHTML.slice(0, 80);
            if (by > 1.5) out.push(`${name} by ${by.toFixed(1)} of ${where}`);
        }
    };
    const svg = document.querySelector("#machine .m-svg");
    check(svg.querySelectorAll("text, rect, path, circle"), svg.getBoundingClientRect(), "the drawing");
    for (const card of svg.querySelectorAll(".m-card")) {
        const frame = card.querySelector(".m-card-box").getBoundingClientRect();
        check(card.querySelectorAll("text"), frame, card.dataset.testid);
    }
    const pane = document.querySelector("#machine").getBoundingClientRect();
    check([...document.querySelectorAll("#machine .m-head > *, #machine .m-counter")], pane, "the pane");
    check([svg], { left: pane.left, right: pane.right, top: pane.top, bottom: Infinity }, "the pane");
    return out;
}"""
OVERLAPS = """() => {
    const texts = [...document.querySelectorAll("#machine .m-svg text, #machine .m-head > *")]
        .map((node) => [node.textContent.trim(), node.getBoundingClientRect()])
        .filter(([text, box]) => text && box.width && box.height);
    // A line's box is taller than its letters, hence a third of it.
    const lap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * Math.min(a.height, b.height);
    return texts.flatMap(([a, at], i) =>
        texts.slice(i + 1).filter(([, box]) => lap(at, box)).map(([b]) => `${a} / ${b}`));
}"""


def scrolls_sideways(page: Page) -> bool:
    wide: bool = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("path", ["/play", "/lessons/first-touch"])
def test_no_window_scrolls_sideways(page: Page, path: str) -> None:
    Player(page).open(path, stage=200)
    wide = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if scrolls_sideways(page):
            wide.append(width)

    assert wide == []


@pytest.mark.parametrize(("width", "height"), [*DESKTOPS, PHONE])
def test_all_that_the_machine_draws_has_its_room(page: Page, width: int, height: int) -> None:
    """Nothing is cut off and no words lie on each other, at every step of the lesson and at every fault."""
    lesson = load_lesson(ROOT / "lessons/first-touch")
    two_windows = place("fault[4].step(ra-window)", stages_of(lesson.program.text, lesson.program.name))
    skip_questions(page)
    play = Player(page, width, height).open("/lessons/first-touch", stage=two_windows)
    if (width, height) == PHONE:
        play.get("tab-machine").click()
        play.await_root('[data-tab="machine"]')
    found = {two_windows: page.evaluate(STICKING_OUT) + page.evaluate(OVERLAPS)}
    checkpoints = sum(step.at is not None for step in lesson.steps) - 1  # the first is where the lesson begins
    for key in ["Home", *["k"] * checkpoints, "Home", *["f"] * 7]:
        play.press(key)
        found[play.stage] = page.evaluate(STICKING_OUT) + page.evaluate(OVERLAPS)

    assert {stage: what for stage, what in found.items() if what} == {}


@pytest.mark.parametrize(("width", "height"), DESKTOPS[:3])
def test_a_desktop_window_holds_all_panes_without_scrolling(page: Page, width: int, height: int) -> None:
    Player(page, width, height).open(stage=200)

    boxes = [page.locator(pane).bounding_box() for pane in ("#programs", "#program", "#machine", "#kernel", "#time")]

    assert all(box and box["x"] + box["width"] <= width + 1 and box["y"] + box["height"] <= height + 1 for box in boxes)
    assert all(box and box["width"] > 200 and box["height"] > 60 for box in boxes)
    assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize(("width", "height"), DESKTOPS[:3])
def test_the_disk_row_is_in_view_on_a_desktop(page: Page, width: int, height: int) -> None:
    Player(page, width, height).open(stage=place("fault[1].step(submit-bio)"))

    drawing = page.locator("#machine .m-svg").bounding_box()
    pane = page.locator("#machine").bounding_box()

    assert drawing
    assert pane
    assert drawing["y"] + drawing["height"] <= pane["y"] + pane["height"] + 1


def test_the_tabs_of_a_phone_choose_the_pane(page: Page) -> None:
    play = Player(page, *PHONE).open(stage=200)
    shown = {}
    for tab, pane in [("guide", "#programs"), ("program", "#program"), ("kernel", "#kernel"), ("machine", "#machine")]:
        play.get(f"tab-{tab}").click()
        play.await_root(f'[data-tab="{tab}"]')
        expect(page.locator(pane)).to_be_visible()
        expect(play.get(f"tab-{tab}")).to_have_attribute("aria-current", "true")
        panes = ["#programs", "#program", "#machine", "#kernel"]
        shown[tab] = [one for one in panes if page.locator(one).is_visible()]

    assert shown == {"guide": ["#programs"], "program": ["#program"], "kernel": ["#kernel"], "machine": ["#machine"]}


def test_the_lesson_of_a_phone_has_a_tab(page: Page) -> None:
    play = Player(page, *PHONE).open("/lessons/first-touch")
    expect(play.get("lesson-title")).to_be_visible()

    play.do(play.get("lesson-run-to").click)

    expect(play.get("lesson-count")).to_contain_text("Step 2")


def test_a_phone_steps_and_shows_line_machine_and_function(page: Page) -> None:
    play = Player(page, *PHONE).open(stage=place("fault[1].filemap_fault"))

    expect(page.locator("[data-part=now-line]")).to_contain_text("sum += p[i * PAGE];")
    expect(page.locator("[data-part=now-card]")).to_contain_text("filemap_fault")
    assert play.click("step-into") == place("fault[1].filemap_fault") + 1
    for button in ("back", "step-into", "step-over", "fault"):
        box = play.get(f"time-{button}").bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_what_the_device_prefers(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    play = Player(page).open()

    assert play.root("theme") == scheme
    lightness = page.evaluate(
        "() => getComputedStyle(document.querySelector('#machine')).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (sum(lightness[:3]) < 200) == (scheme == "dark")


def test_the_button_changes_the_theme_and_the_choice_is_kept(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    play = Player(page).open()

    play.get("top-theme").click()
    play.await_root('[data-theme="dark"]')
    page.reload()

    play.await_root('[data-theme="dark"][data-ready]')


def test_who_prefers_less_motion_sees_nothing_move(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/play")
    play = Player(page)
    play.await_root('[data-ready][data-settled="1"][data-done="1"]')
    assert play.root("motion") == "reduced"
    play.go(place("fault[1].step(ra-window)"))
    page.keyboard.press("s")

    moved = page.evaluate(
        """() => document.getAnimations()
            .flatMap((one) => one.effect.getKeyframes()).flatMap((frame) => Object.keys(frame))
            .filter((name) => /transform|offsetDistance|width|height|^d$/.test(name))"""
    )

    assert moved == []
    context.close()


def test_with_motion_a_stage_settles_and_leaves_no_trace_of_it(page: Page) -> None:
    start = place("fault[1].step(submit-bio)")
    play = Player(page).open(stage=start)
    still = play.picture()

    play.open(motion="full", speed=4, stage=start - 2)
    play.press("s")
    play.press("s")

    assert re.sub(r" data-(lit|hover)\S*", "", play.picture()) == still
    settle(page, start)


def test_in_the_systems_own_colours_every_word_on_a_solid_ground_can_be_read(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, forced_colors="active")
    page = context.new_page()
    Player(page).open(stage=place("fault[1].step(abort)[2]"))

    for selector in (".button.primary", ".segment [aria-pressed=true]", ".m-mode", ".playhead-label"):
        style = page.locator(selector).first.evaluate(
            "(one) => [getComputedStyle(one)].map((s) => [s.color, s.backgroundColor, s.forcedColorAdjust])[0]"
        )
        assert style[0] != style[1], selector
        assert style[2] == "none", selector
    line = page.locator("#program .line[aria-current]").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert line == "solid"
    context.close()
