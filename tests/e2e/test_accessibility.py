"""Keyboard and screen reader: everything can be reached, in the order of the page, and axe finds nothing serious."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.player import Player, place

SERIOUS = ("serious", "critical")
PANE_OF = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const name = node.dataset.testid ?? node.getAttribute("aria-label") ?? node.textContent.trim();
    const pane = node.closest("[data-pane]")?.dataset.pane
        ?? (node.closest(".skip") ? "skip" : node.closest("[data-part=topbar]") ? "top" : "?");
    node.dataset.tabbed = "yes";
    return [pane, name];
}"""
# Everything that reacts to a click and is in view; cells and marks are reached by arrows and keys of their own.
MISSED = """() => [...document.querySelectorAll(
        "a[href], button, input, select, textarea, [tabindex='0'], summary")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0)
    .filter((node) => node.dataset.tabbed !== "yes")
    .map((node) => node.dataset.testid ?? node.getAttribute("aria-label") ?? node.outerHTML.slice(0, 80))"""


def violations(page: Page) -> dict[str, list[str]]:
    """What axe finds serious: rule and first places."""
    # Axe would fetch the sheets that ours import, from wrong addresses; no rule that is on by default asks for them.
    found: list[dict[str, Any]] = Axe().run(page, options={"preload": False}).response["violations"]
    return {
        f"{one['id']} ({one['impact']})": [node["target"][0] for node in one["nodes"]][:6]
        for one in found
        if one["impact"] in SERIOUS
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/play", "/lessons/first-touch"])
def test_axe_finds_nothing_serious(page: Page, path: str, theme: str) -> None:
    Player(page).open(path, theme=theme, stage=place("fault[1].step(submit-bio)"))

    assert violations(page) == {}


def test_axe_finds_nothing_serious_in_user_mode(page: Page) -> None:
    play = Player(page).open(stage=place("fault[4].return") + 2)
    assert play.root("mode") == "user"

    assert violations(page) == {}


def test_axe_finds_nothing_serious_on_a_phone(page: Page) -> None:
    play = Player(page, 390, 844).open("/lessons/first-touch", stage=place("fault[1].step(submit-bio)"))
    found = {}
    for tab in ("machine", "guide", "program", "kernel"):
        play.get(f"tab-{tab}").click()
        play.await_root(f'[data-tab="{tab}"]')
        found[tab] = violations(page)

    assert found == {"machine": {}, "guide": {}, "program": {}, "kernel": {}}


def test_axe_finds_nothing_serious_in_sheets_and_problems(page: Page) -> None:
    play = Player(page).open()
    play.get("top-machine").click()
    expect(play.get("settings")).to_be_visible()
    settings = violations(page)
    page.keyboard.press("Escape")
    play.get("top-help").click()
    expect(play.get("help")).to_be_visible()
    sheet = violations(page)
    page.keyboard.press("Escape")
    play.get("time-charts").click()
    expect(play.get("charts")).to_be_visible()
    charts = violations(page)
    page.keyboard.press("Escape")
    play.type("int main(void) { return x; }")
    play.get("program-run").click()
    expect(play.get("program-problems")).to_be_visible()

    assert (settings, sheet, charts, violations(page)) == ({}, {}, {}, {})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_while_one_writes_shares_and_exports(page: Page, theme: str) -> None:
    play = Player(page).open(theme=theme)
    play.get("program-line-3").click()
    found: dict[str, dict[str, list[str]]] = {}
    play.type("int main(void)\n{\n\treturn b;\n}\n")
    expect(play.get("program-mistake-3")).to_be_visible()
    found["mistake"] = violations(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("mad")
    expect(page.get_by_role("listbox")).to_be_visible()
    found["completion"] = violations(page)
    page.keyboard.press("Escape")
    for opener in ("program-menu", "top-export", "top-share", "top-machine"):
        play.get(opener).click()
        found[opener] = violations(page)
        page.keyboard.press("Escape")

    assert found == {name: {} for name in found}


def test_axe_finds_nothing_serious_in_a_frame(page: Page) -> None:
    Player(page, 960, 640).open("/embed")

    assert violations(page) == {}


@pytest.mark.parametrize(("path", "guide"), [("/play", "programs"), ("/lessons/first-touch", "lesson")])
def test_tab_goes_through_everything_in_the_order_of_the_page(page: Page, path: str, guide: str) -> None:
    Player(page).open(path, stage=place("fault[1].step(submit-bio)"))
    order: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(PANE_OF)
        if here is None:
            break
        if not order or order[-1] != here[0]:
            order.append(here[0])

    assert order == ["skip", "top", guide, "program", "machine", "kernel", "time"]
    assert page.evaluate(MISSED) == []


def test_a_focused_thing_shows_that_it_is(page: Page) -> None:
    Player(page).open(stage=place("fault[1].step(submit-bio)"))
    plain: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
                const node = document.activeElement;
                if (!node || node === document.body) return null;
                const own = getComputedStyle(node);
                const outlined = own.outlineStyle !== "none" && parseFloat(own.outlineWidth) >= 1;
                const inner = [...node.querySelectorAll("*")].some((one) => {
                    const style = getComputedStyle(one);
                    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
                });
                const seen = outlined || inner || own.boxShadow !== "none";
                return [seen, node.dataset.testid ?? node.outerHTML.slice(0, 60)];
            }"""
        )
        if shown is None:
            break
        if not shown[0]:
            plain.append(shown[1])

    assert plain == []


def test_skip_links_lead_to_the_panes(page: Page) -> None:
    Player(page).open()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the machine")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("#machine")).to_be_focused()


def test_f6_and_g_lead_from_pane_to_pane(page: Page) -> None:
    Player(page).open()
    for pane in ["#programs", "#program", "#machine", "#kernel", "#time"]:
        page.keyboard.press("F6")
        expect(page.locator(pane)).to_be_focused()

    page.keyboard.press("g")
    page.keyboard.press("m")

    expect(page.locator("#machine")).to_be_focused()


def test_the_focus_stays_where_it_is_while_stepping(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))
    play.get("machine-page-data.bin-24").focus()
    for _ in range(30):
        page.keyboard.press("s")
    play.await_root(f'[data-settled="1"][data-stage="{place("fault[1].step(submit-bio)") + 30}"]')

    expect(play.get("machine-page-data.bin-24")).to_be_focused()


def test_arrows_walk_the_grid_of_pages(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))
    play.get("machine-page-data.bin-24").focus()

    walk = []
    for key in ["ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown", "Home", "PageDown", "End", "ArrowUp"]:
        page.keyboard.press(key)
        at: list[str] = page.evaluate(
            "() => [document.activeElement.dataset.row, document.activeElement.dataset.index]"
        )
        walk.append(" ".join(at))

    assert walk == ["pte 24", "pte 25", "page 25", "disk 25", "disk 0", "disk 16", "disk 63", "page 63"]


def test_a_cell_tells_its_state_in_words(page: Page) -> None:
    play = Player(page).open(stage=place("fault[2]"))

    expect(play.get("machine-page-data.bin-24")).to_have_attribute(
        "aria-label", "Page 24, up to date, readahead marker, not mapped"
    )


def test_enter_on_a_cell_pins_its_card_and_escape_lets_go(page: Page) -> None:
    play = Player(page).open(stage=place("fault[2]"))
    play.get("machine-page-data.bin-24").focus()
    page.keyboard.press("Enter")
    expect(play.get("machine-pin")).to_be_visible()
    expect(play.get("machine-pin")).to_contain_text("24")

    page.keyboard.press("Escape")

    expect(play.get("machine-pin")).to_be_hidden()


def test_the_machine_can_be_read_as_text(page: Page) -> None:
    play = Player(page).open(stage=place("fault[2]"))

    play.get("machine-as-text").click()

    expect(play.get("machine-text")).to_contain_text("0-15")
    expect(play.get("machine-text")).to_contain_text("24")


def test_a_stage_is_told_to_screen_readers_in_a_sentence(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(ra-window)") - 1)

    play.press("s")

    expect(page.locator("#live")).to_have_text(f"Stage {play.stage}. read around page 0: start 0, size 32, async 8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/recordings", "/recordings/seq_read", "/recordings/memcg_scan", "/reference", "/me"]
)
def test_axe_finds_nothing_serious_on_pages_without_a_run(page: Page, path: str, theme: str) -> None:
    page.goto(f"{path}?theme={theme}")
    page.wait_for_selector("html[data-ready]", state="attached")

    assert violations(page) == {}
