"""Changing the program: what runs takes the place of the old run, what does not compile is explained beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import RECORDINGS, Player

HEAD = "#include <fcntl.h>\n#include <stdio.h>\n#include <sys/mman.h>\n#include <unistd.h>\n"
EIGHT = f"""// files: data.bin=8
{HEAD}int main(void)
{{
	volatile char *p = mmap(NULL, 8 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	return p[0] & 1;
}}
"""
TWO_MISTAKES = f"""{HEAD}int main(void)
{{
	int a = b + 1;
	return a + nowhere(2);
}}
"""
PAUSES = f"""{HEAD}int main(void)
{{
	return pause();
}}
"""


def test_a_changed_program_runs_in_place_of_the_old_one(page: Page) -> None:
    play = Player(page).open()

    play.run(EIGHT)

    assert play.stage == 0
    expect(play.get("program-editor")).to_be_hidden()
    expect(play.get("program-text")).to_contain_text("return p[0] & 1;")
    play.press("f")
    assert len(play.states("page")) == 8


def test_ctrl_enter_runs_what_is_in_the_editor(page: Page) -> None:
    play = Player(page).open()
    before = play.root("run")
    play.type(EIGHT)

    play.get("program-editor").press("Control+Enter")

    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')
    expect(play.get("program-text")).to_contain_text("return p[0] & 1;")


def test_cancel_leaves_the_program_and_its_run_alone(page: Page) -> None:
    play = Player(page).open(stage=300)
    run = play.root("run")
    play.type("nonsense")

    play.get("program-cancel").click()

    expect(play.get("program-text")).to_contain_text("sum += p[i * PAGE];")
    assert (play.root("run"), play.stage) == (run, 300)


def test_letters_in_the_editor_are_text(page: Page) -> None:
    play = Player(page).open(stage=300)
    play.type("")

    play.get("program-editor").press_sequentially("sbnof k")

    expect(play.get("program-editor")).to_have_text("sbnof k")
    assert play.stage == 300


def test_two_mistakes_are_shown_with_line_and_message(page: Page) -> None:
    play = Player(page).open()

    play.type(TWO_MISTAKES)
    play.get("program-run").click()

    problems = play.get("program-problems").locator("li")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text("7:")
    expect(problems.nth(0)).to_contain_text("b")
    expect(play.get("program-mistake-7")).to_contain_text("'b' is not declared")
    expect(play.get("program-mistake-8")).to_contain_text("nowhere")
    expect(problems.nth(1)).to_contain_text("8:")
    expect(problems.nth(1)).to_contain_text("nowhere")
    expect(play.get("program-where")).to_have_text("2 mistakes")


def test_beside_mistakes_the_old_run_stays(page: Page) -> None:
    play = Player(page).open(stage=300)
    run = play.root("run")

    play.type(TWO_MISTAKES)
    play.get("program-run").click()
    expect(play.get("program-problems")).to_be_visible()

    assert (play.root("run"), play.stage) == (run, 300)
    assert play.click("step-into") == 301


def test_a_mistake_leads_to_its_place_in_the_text(page: Page) -> None:
    play = Player(page).open()
    play.type(TWO_MISTAKES)
    play.get("program-run").click()

    play.get("program-problems").get_by_role("button").first.click()

    editor = play.get("program-editor")
    expect(editor).to_be_focused()
    assert line_after_caret(page).startswith("b + 1;")


def line_after_caret(page: Page) -> str:
    """What stands in the caret's line from the caret on."""
    rest: str = page.evaluate(
        """() => {
            const selection = getSelection();
            const range = document.createRange();
            range.setStart(selection.anchorNode, selection.anchorOffset);
            range.setEndAfter(selection.anchorNode.parentElement.closest(".cm-line").lastChild);
            return range.toString();
        }"""
    )
    return rest


def test_mistakes_go_away_once_the_program_runs(page: Page) -> None:
    play = Player(page).open()
    play.type(TWO_MISTAKES)
    play.get("program-run").click()
    expect(play.get("program-problems")).to_be_visible()

    play.run(EIGHT)

    expect(play.get("program-problems")).to_be_hidden()


def test_a_call_that_is_not_modelled_is_refused_by_its_name(page: Page) -> None:
    play = Player(page).open()

    play.type(PAUSES)
    play.get("program-run").click()

    expect(play.get("program-problems")).to_contain_text("Pagewalk does not model pause()")
    expect(play.get("program-problems")).to_contain_text("Calls you can use:")


def test_a_program_of_the_list_runs_when_chosen(page: Page) -> None:
    play = Player(page).open()

    play.get("program-choose-middle_touch.c").click()

    expect(play.get("top-program")).to_have_text("middle_touch.c")
    play.await_root('[data-done="1"][data-settled="1"][data-stage="0"]')
    text = (RECORDINGS / "middle_touch.c").read_text()
    expect(play.get("program-text")).to_contain_text(text.splitlines()[0])


def test_a_few_words_find_a_program_among_many(page: Page) -> None:
    play = Player(page).open()
    chosen = page.locator("#programs [data-programs] button")
    every = chosen.count()

    play.get("programs-filter").fill("memcg_pages MADV")
    expect(page.locator("[data-programs-note]")).to_have_text(re.compile(rf"\d of {every}"))
    play.get("programs-filter").fill("FORK share")
    expect(page.locator("#programs h3")).to_have_text("Two processes")
    page.keyboard.press("ArrowDown")
    expect(chosen.first).to_be_focused()

    play.get("programs-filter").fill("no such <b>word</b>")
    expect(play.get("programs-none")).to_contain_text("No program has “no such <b>word</b>” in its name")
    play.get("programs-filter").fill("")
    expect(chosen).to_have_count(every)


@pytest.mark.parametrize(("name", "signal"), [("sigbus_eof.c", "SIGBUS"), ("write_readonly.c", "SIGSEGV")])
def test_a_signal_ends_the_program_for_all_to_see(page: Page, name: str, signal: str) -> None:
    play = Player(page).open()
    play.get(f"program-choose-{name}").click()
    expect(play.get("top-program")).to_have_text(name)
    play.await_root('[data-done="1"][data-settled="1"][data-stage="0"]')

    play.get("time-playhead").press("End")
    settle(page, play.last)

    expect(play.get("program-where")).to_have_text(f"ended: {signal}")
    expect(play.get("program-signal")).to_contain_text(signal)
    expect(play.get("time-marks").locator("button[data-type=signal]")).to_have_count(1)


def test_a_signal_is_explained_where_it_happens(page: Page) -> None:
    play = Player(page).open()
    play.get("program-choose-sigbus_eof.c").click()
    expect(play.get("top-program")).to_have_text("sigbus_eof.c")
    play.await_root('[data-done="1"][data-settled="1"][data-stage="0"]')

    play.do(play.get("time-marks").locator("button[data-type=signal]").click)

    expect(play.get("program-signal")).to_contain_text("SIGBUS")
    note_follows = play.get("program-signal").evaluate("(note) => note.previousElementSibling.textContent")
    assert "p[4 * PAGE]" in note_follows
