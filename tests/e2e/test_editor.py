"""Writing a program: colours, mistakes as they are typed, completion, breakpoints, files; by mouse, keys and thumb."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import RECORDINGS, Player, abort
from webapp.session.catalogue import examples

EDITOR = re.compile(r"/js/editor/open\.js|/dist/open-\w+\.js")  # its sources, or bundled
SMALL = """// A small one.
// files: data.bin=8
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	volatile char *p = mmap(NULL, 8 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	return p[0] & 1;
}
"""


def edit(page: Page, **query: Any) -> Player:
    play = Player(page).open("/play", **query)
    play.get("program-edit").click()
    expect(play.get("program-editor")).to_be_visible()
    return play


def test_the_editor_is_loaded_only_when_somebody_edits(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if EDITOR.search(request.url) else None)
    play = Player(page).open()
    assert asked == []

    play.get("program-edit").click()

    expect(play.get("program-editor")).to_be_visible()
    assert asked


def test_the_text_has_the_colours_of_the_listing(page: Page) -> None:
    play = Player(page).open()
    colours = (
        "(node) => [...new Set([...node.querySelectorAll('[class^=k-]')].map((one) => getComputedStyle(one).color))]"
    )
    listed = play.get("program-text").evaluate(colours)

    play.get("program-edit").click()
    expect(play.get("program-editor")).to_be_visible()

    assert sorted(play.get("program-editor").evaluate(colours)) == sorted(listed)


def test_a_mistake_shows_while_one_types_and_goes_when_it_is_mended(page: Page) -> None:
    play = edit(page)
    play.type(SMALL.replace("p[0]", "q[0]"))

    expect(play.get("program-mistake-10")).to_have_text("'q' is not declared.")
    expect(play.get("program-where")).to_have_text("1 mistake")
    expect(play.get("program-editor").locator(".cm-mistake")).to_have_text("q")
    run = play.root("run")

    play.type(SMALL)

    expect(play.get("program-mistake-10")).to_have_count(0)
    expect(play.get("program-problems")).to_be_hidden()
    assert play.root("run") == run


def test_a_setting_out_of_range_is_a_mistake_in_its_line(page: Page) -> None:
    play = edit(page)

    play.type("// machine: read_ahead_kb=5000\n" + SMALL)

    expect(play.get("program-mistake-1")).to_contain_text("read_ahead_kb=5000 is outside 0..4096")


def test_mistakes_are_reached_by_keyboard(page: Page) -> None:
    play = edit(page)
    play.type(SMALL.replace("p[0]", "q[0]"))
    expect(play.get("program-mistake-10")).to_be_visible()

    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    page.keyboard.press("Delete")
    page.keyboard.type("p")

    expect(play.get("program-problems")).to_be_hidden()


def test_tab_moves_on_and_the_list_of_mistakes_comes_next(page: Page) -> None:
    play = edit(page)
    play.type(SMALL.replace("p[0]", "q[0]"))
    expect(play.get("program-problems")).to_be_visible()

    page.keyboard.press("Tab")

    expect(play.get("program-problems").get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(play.get("program-editor")).to_be_focused()


def test_completion_offers_what_is_modelled_with_a_line_on_it(page: Page) -> None:
    play = edit(page)
    play.type(SMALL)
    page.keyboard.press("Control+End")

    page.keyboard.type("madv")

    offer = page.get_by_role("listbox").get_by_role("option", name="madvise")
    expect(offer).to_contain_text("(addr, length, advice)")
    expect(page.locator(".cm-completionInfo")).to_contain_text("Tells the kernel how memory will be used")
    offer.click()  # Enter is taken for a new line during the first moments of a list
    expect(play.get("program-editor")).to_contain_text("madvise")


def test_a_breakpoint_is_set_in_the_listing_and_seen_in_the_editor(page: Page) -> None:
    play = Player(page).open()
    line = play.get("program-line-16")

    line.click()
    expect(line).to_have_attribute("aria-pressed", "true")
    play.get("program-edit").click()

    expect(page.locator(".cm-stops .cm-gutterElement:visible .stop-disc")).to_have_count(1)
    play.get("program-cancel").click()
    line.press("Enter")
    expect(line).to_have_attribute("aria-pressed", "false")


def test_arrows_go_from_line_number_to_line_number(page: Page) -> None:
    play = Player(page).open()
    play.get("program-line-1").focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")

    expect(play.get("program-line-2")).to_be_focused()
    expect(play.get("program-line-2")).to_have_attribute("aria-pressed", "true")


def test_f9_sets_a_breakpoint_on_the_line_of_the_caret(page: Page) -> None:
    play = edit(page)
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")

    page.keyboard.press("F9")

    play.get("program-cancel").click()
    expect(play.get("program-line-2")).to_have_attribute("aria-pressed", "true")


def test_the_current_line_is_marked_as_long_as_the_text_is_the_one_that_runs(page: Page) -> None:
    play = edit(page, stage=abort(1))
    current = play.get("program-editor").locator("[aria-current=step]")
    expect(current).to_contain_text("sum += p[i * PAGE];")

    page.keyboard.press("Control+Home")
    page.keyboard.type("/")

    expect(current).to_have_count(0)


def test_a_new_program_runs_at_once_and_the_old_text_can_be_had_back(page: Page) -> None:
    play = Player(page).open()
    play.get("program-menu").click()
    page.get_by_role("menuitem", name="New program").click()
    expect(play.get("program-name")).to_have_text("prog.c")
    expect(play.get("program-editor")).to_contain_text("// My program.")

    play.get("program-menu").click()
    page.get_by_role("menuitem", name="Back to the text").click()
    expect(play.get("program-name")).to_have_text("seq_read.c")
    expect(play.get("program-editor")).to_contain_text("sum += p[i * PAGE];")
    play.get("program-editor").press("Control+z")

    expect(play.get("program-editor")).to_contain_text("// My program.")
    before = play.root("run")
    page.keyboard.press("Control+Enter")
    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')


def test_the_menu_is_worked_by_keyboard(page: Page) -> None:
    play = Player(page).open()
    play.get("program-menu").press("Enter")
    expect(page.get_by_role("menuitem", name="New program")).to_be_focused()

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Back to the text")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("menu")).to_be_hidden()
    expect(play.get("program-menu")).to_be_focused()


def test_a_file_of_the_readers_is_opened_and_saved_again(page: Page, tmp_path: Path) -> None:
    play = Player(page).open()
    file = tmp_path / "mine.c"
    file.write_bytes(SMALL.replace("\n", "\r\n").encode())

    play.get("program-file").set_input_files(file)
    expect(play.get("program-name")).to_have_text("mine.c")
    expect(play.get("program-editor")).to_contain_text("return p[0] & 1;")
    play.get("program-menu").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="Save to a file").click()

    assert saved.value.suggested_filename == "mine.c"
    assert saved.value.path().read_text() == SMALL


@pytest.mark.parametrize(
    ("content", "words"), [(b"\x7fELF\0\0", "is not a text file"), (b"x" * (1 << 21), "that is no program to read")]
)
def test_a_file_that_is_no_program_is_refused_and_loses_nothing(
    page: Page, tmp_path: Path, content: bytes, words: str
) -> None:
    play = edit(page)
    play.type(SMALL)
    file = tmp_path / "strange"
    file.write_bytes(content)

    play.get("program-file").set_input_files(file)

    expect(play.get("program-problems")).to_contain_text(words)
    expect(play.get("program-editor")).to_contain_text("return p[0] & 1;")


def test_on_a_phone_one_edits_and_runs(page: Page) -> None:
    play = Player(page, 390, 844).open()
    play.get("tab-program").click()

    play.run(SMALL)

    expect(play.get("program-text")).to_contain_text("return p[0] & 1;")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_every_example_is_offered_with_its_sentence(page: Page) -> None:
    play = Player(page).open()

    first = (RECORDINGS / "seq_read.c").read_text().splitlines()[0].removeprefix("// ").removesuffix(".")
    expect(play.get("program-choose-seq_read.c")).to_contain_text(first)
    assert page.locator("[data-programs] button").count() == len(examples())
