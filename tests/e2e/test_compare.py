"""Two runs side by side: how their steps are paired, where they part and why, and the page that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import PATIENCE, RECORDINGS, Player, stages_of
from tests.e2e.test_accessibility import violations
from tests.e2e.test_steering_js import EMPTY, GOLDEN, stages

TEXT = (RECORDINGS / "seq_read.c").read_text()
READY = "html[data-ready]:has(.cmp)"
SETUP = """async (runs) => {
    const load = (name) => import(`/static/js/${name}.js`);
    const { append, createTimeline } = await load("timeline");
    const sides = runs.map(([stages, text, machine]) => {
        const timeline = createTimeline();
        append(timeline, 0, stages);
        return { timeline, text, machine };
    });
    Object.assign(globalThis, { load, sides });
}"""
ALIGNED = """async () => {
    const { align, firstDifference, nextDifference, stagesAt } = await load("compare/align");
    const { steps, paired } = align(...sides);
    const [a, b] = sides.map((side) => side.timeline);
    return {
        steps, paired, first: firstDifference(steps), second: nextDifference(steps, firstDifference(steps), 1),
        at: ["position", "time", "stage"].map((by) => stagesAt(steps, 4, by, a, b)),
    };
}"""
ADVISED = """async (program) => {
    const { withAdvice } = await import("/static/js/compare/fork.js");
    return withAdvice({ program }, "MADV_RANDOM")?.program ?? null;
}"""


@pytest.fixture
def js(page: Page) -> Page:
    """An empty page of the server's."""
    page.route("**/empty", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
    page.goto("/empty")
    return page


def aligned(js: Page, *runs: tuple[list[dict[str, Any]], str]) -> dict[str, Any]:
    js.evaluate(SETUP, [[stages, text, {}] for stages, text in runs])
    found: dict[str, Any] = js.evaluate(ALIGNED)
    return found


def test_a_run_does_the_same_as_itself(js: Page) -> None:
    golden = stages()

    text = (GOLDEN / "short_read.c").read_text()

    found = aligned(js, (golden, text), (golden, text))

    assert found["first"] == -1
    assert found["paired"] == "lines"
    assert all(step["a"] == step["b"] for step in found["steps"])
    assert found["steps"][-1]["a"]["to"] == len(golden) - 1
    assert all(a == b for a, b in found["at"])


def test_an_added_line_shifts_no_step_and_is_not_the_first_difference(js: Page) -> None:
    mmap = next(line for line in TEXT.splitlines() if "mmap(" in line and "munmap" not in line)
    other = TEXT.replace(mmap, f"{mmap}\n\tmadvise((void *)p, 64 * PAGE, MADV_RANDOM);")
    a, b = stages_of(TEXT), stages_of(other)

    found = aligned(js, (a, TEXT), (b, other))

    first = found["steps"][found["first"]]
    assert found["paired"] == "lines"
    assert a[first["a"]["from"]]["text"] == b[first["b"]["from"]]["text"] == "main reads 1 byte at 0xb6fbd000"
    assert found["second"] > found["first"]


def test_programs_with_little_in_common_go_access_by_access(js: Page) -> None:
    other = (RECORDINGS / "madv_random.c").read_text()

    found = aligned(js, (stages_of(TEXT), TEXT), (stages_of(other), other))

    assert found["paired"] == "order"
    assert len(found["steps"]) > 8


@pytest.mark.parametrize(
    ("program", "advised"),
    [
        ("\tvolatile char *p = mmap(NULL, 64 * PAGE, 1, 2, fd, 0);\n", "\tmadvise((void *)p, 64 * PAGE, MADV_RANDOM);"),
        ("\tchar *q = (char *)mmap(0, len, 1, 2, fd, 0);\n", "\tmadvise((void *)q, len, MADV_RANDOM);"),
        ("\tmadvise(p, 4096, MADV_NORMAL);\n", "\tmadvise(p, 4096, MADV_RANDOM);"),
    ],
)
def test_an_advice_is_changed_or_added_after_the_mapping(js: Page, program: str, advised: str) -> None:
    assert js.evaluate(ADVISED, program).splitlines()[-1] == advised


def test_a_program_that_maps_nothing_takes_no_advice(js: Page) -> None:
    assert js.evaluate(ADVISED, "int main(void)\n{\n\treturn 0;\n}\n") is None


def ready(page: Page) -> Player:
    page.wait_for_selector(READY, state="attached", timeout=PATIENCE)
    size = page.viewport_size
    assert size is not None
    return Player(page, size["width"], size["height"])


def test_a_run_is_forked_with_another_setting(page: Page) -> None:
    play = Player(page).open(stage=300)
    page.keyboard.press("v")
    play.get("fork-setting").select_option("read_ahead_kb")
    play.get("fork-value").fill("16.5")
    play.get("fork-go").click()
    expect(play.get("fork-said")).to_contain_text("read_ahead_kb takes a whole number from")
    play.get("fork-value").fill("16")
    play.get("fork-go").click()
    play = ready(page)

    expect(play.get("compare-difference")).to_contain_text("First difference: fault 1, page 0, line 19")
    expect(play.get("compare-why")).to_contain_text("read_ahead_kb is 128 in A and 16 in B.")
    expect(play.get("compare-metric-read")).to_have_attribute("data-state", "diff")
    expect(play.get("compare-sum-a").get_by_role("cell").first).to_have_text("7")
    expect(play.get("compare-sum-b").get_by_role("cell").first).to_have_text("20")


def test_a_run_is_forked_with_another_advice(page: Page) -> None:
    play = Player(page).open()
    play.get("top-compare").click()
    play.get("fork-what").select_option("advice")
    play.get("fork-advice").select_option("MADV_RANDOM")
    play.get("fork-go").click()
    play = ready(page)

    why = play.get("compare-why")
    expect(why).to_contain_text("Only B's program has “madvise((void *)p, 64 * PAGE, MADV_RANDOM);”.")
    expect(why).to_contain_text("The mapping of data.bin has VM_RAND_READ in B only.")
    expect(play.get("compare-sum-b").get_by_role("cell").first).to_have_text("64")


def test_both_playheads_move_by_keyboard_and_swap(page: Page) -> None:
    page.goto("/compare?a=seq_read&b=madv_sequential")
    play = ready(page)
    before = (play.root("step"), int(play.root("stage-a")), int(play.root("stage-b")))

    page.keyboard.press("n")
    play.await_root(f':not([data-step="{before[0]}"])')
    assert int(play.root("stage-a")) > before[1]
    assert int(play.root("stage-b")) > before[2]
    page.keyboard.press("d")
    expect(play.get("compare-where")).to_contain_text("the runs differ")

    play.get("compare-by-stage").click()
    play.await_root('[data-by="stage"]')
    assert play.root("stage-a") == play.root("stage-b")
    name = page.get_by_test_id("compare-state-a").get_by_role("heading")
    expect(name).to_have_text("seq_read.c")
    page.keyboard.press("x")
    expect(name).to_have_text("madv_sequential.c")


def test_a_comparison_is_shared_under_short_ids_and_leads_back(page: Page) -> None:
    page.goto("/compare?a=seq_read&b=madv_random")
    play = ready(page)
    play.get("compare-share").click()
    expect(play.get("compare-where")).to_contain_text("now holds both runs")
    assert re.search(r"/compare\?a=[\w-]{12}&b=[\w-]{12}$", page.url)
    page.reload()
    play = ready(page)

    play.get("compare-open-a").click()

    play.await_root('[data-done="1"][data-settled="1"]')
    expect(play.get("top-program")).to_have_text("seq_read.c")
    assert play.stage > 0


@pytest.mark.parametrize(
    ("address", "words"),
    [("/compare", "names no run A"), ("/compare?a=seq_read", "names no run B"), ("/compare#a=%%%&b=x", "damaged")],
)
def test_an_address_without_two_runs_says_what_to_do(page: Page, address: str, words: str) -> None:
    page.goto(address)

    expect(page.get_by_test_id("compare-problem")).to_contain_text(words)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_it_fits_and_axe_finds_nothing_serious(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/compare?a=seq_read&b=madv_sequential&theme={theme}")
    ready(page)

    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == {}


def test_reasons_speak_of_code_and_of_what_has_a_name_in_both_runs(page: Page) -> None:
    page.goto("/compare?a=seq_read&b=madv_random")
    play = ready(page)

    expect(play.get("compare-title")).to_have_text("seq_read.c and madv_random.c")
    why = play.get("compare-why").inner_text()
    assert "// files: data.bin=64" in why
    assert "Read every page" not in why
    assert not re.search(r"\b(page|vma|file|mm|inode)/\d", why)


def test_a_page_stands_at_the_same_place_on_both_sides(page: Page) -> None:
    page.goto("/compare?a=seq_read&b=madv_random")
    ready(page)

    scales = page.locator(".cmp-bars svg").evaluate_all("(all) => all.map((one) => one.getAttribute('viewBox'))")

    assert scales == ["0 0 512 10"] * 4


def test_both_runs_play_in_lock_step_until_somebody_steps_in(page: Page) -> None:
    page.clock.install()
    page.goto("/compare?a=seq_read&b=madv_random")
    play = ready(page)
    page.keyboard.press("Home")
    play.await_root('[data-step="0"]')

    page.keyboard.press("Space")
    play.await_root('[data-playing="yes"]')
    page.clock.run_for(1000)
    play.await_root('[data-step="1"]')
    page.clock.run_for(1000)
    play.await_root('[data-step="2"]')
    expect(play.get("compare-play")).to_have_accessible_name("Pause")
    page.keyboard.press("b")
    play.await_root('[data-step="1"][data-playing="no"]')

    play.get("compare-play").click()
    page.clock.run_for(60_000)
    play.await_root('[data-playing="no"]')
    expect(play.get("compare-next")).to_be_disabled()
