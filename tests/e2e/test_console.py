"""The console: the system's own words at a stage, by mouse and by keyboard, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.player import Player, place
from tests.e2e.test_accessibility import violations


def opened(page: Page, stage: int = 0, width: int = 1440, height: int = 900) -> Player:
    """The console at a stage, by its key."""
    play = Player(page, width, height).open(stage=stage)
    page.keyboard.press("t")
    expect(play.get("console-input")).to_be_focused()
    return play


def say(play: Player, line: str) -> Locator:
    play.get("console-input").fill(line)
    play.page.keyboard.press("Enter")
    return play.get("console-output")


def shows(play: Player, stage: int) -> None:
    expect(play.page.locator(f'#console[data-stage="{stage}"]')).to_be_visible()


def test_it_shows_the_maps_and_marks_what_mmap_adds(page: Page) -> None:
    before = place("call[mmap]")
    play = opened(page, before)
    shows(play, before)
    expect(play.get("console-output")).to_contain_text("[stack]")
    expect(play.get("console-output")).not_to_contain_text("data.bin")

    after = play.click("step-over")
    shows(play, after)

    marked = play.get("console-output").locator("[data-changed]")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("data.bin")
    expect(play.get("console-said")).to_contain_text("1 new or changed")


def test_commands_are_typed_completed_and_brought_back(page: Page) -> None:
    play = opened(page, place("fault[1].step(submit-bio)"))
    field = play.get("console-input")
    expect(say(play, "mincore data.bin")).to_contain_text("data.bin: 0 of 64 in memory")
    expect(say(play, "trace")).to_contain_text("filemap_fault() {")
    expect(play.get("console-file")).to_have_value("/sys/kernel/debug/tracing/trace")

    field.press_sequentially("cat /proc/vm")
    page.keyboard.press("Tab")
    expect(field).to_have_value("cat /proc/vmstat")
    page.keyboard.press("Enter")
    expect(play.get("console-output")).to_contain_text("pgmajfault 1")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("trace")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_value("cat /proc/vmstat")
    expect(say(play, "help")).to_contain_text("which pages of each mapping")


def test_mincore_tells_which_pages_are_in_memory(page: Page) -> None:
    play = opened(page, place("fault[1].step(set-pte)"))

    expect(say(play, "mincore data.bin")).to_contain_text("data.bin: 32 of 64 in memory")
    expect(play.get("console-output")).to_contain_text("11111111 11111111 11111111 11111111 00000000")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ls", "There is no command “ls”"),
        ("cat", "cat takes one path"),
        ("cat /etc/passwd", "/etc/passwd is not a file that can be read here. There are: /proc/self/maps"),
        ("mincore nothing.bin", "Nothing called “nothing.bin” is mapped"),
    ],
)
def test_what_it_does_not_understand_it_says_in_a_sentence(page: Page, line: str, words: str) -> None:
    play = opened(page, 300)
    say(play, line)

    expect(play.get("console-said")).to_contain_text(words)
    expect(say(play, "cat /proc/self/statm")).to_contain_text(" ")


def test_it_closes_by_escape_and_gives_the_focus_back(page: Page) -> None:
    play = opened(page)

    page.keyboard.press("Escape")

    expect(play.get("console-output")).to_be_hidden()
    expect(play.get("top-console")).to_be_focused()
    expect(play.get("kernel-stack")).to_be_attached()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_it(page: Page, theme: str) -> None:
    play = Player(page).open(stage=300, theme=theme)
    play.get("top-console").click()
    shows(play, 300)
    play.click("step-into")
    shows(play, 301)

    assert violations(page) == {}


def test_on_a_phone_it_stands_where_the_panes_do(page: Page) -> None:
    play = Player(page, 390, 844).open(stage=300)
    play.get("top-console").click()
    shows(play, 300)

    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == {}
    play.get("tab-kernel").click()
    expect(play.get("console-output")).to_be_hidden()
    expect(play.get("kernel-stack")).to_be_visible()
