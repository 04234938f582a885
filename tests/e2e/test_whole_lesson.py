"""A lesson with every kind of step, taken from its first step to its last: by who errs first, and by who knows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, Server, wait_for_server
from tests.e2e.player import Player

COURSE = ROOT / "tests/e2e/course"
SOLUTION = (COURSE / "every-kind/solution.c").read_text()
SHORT = (COURSE / "every-kind/mistakes/short.c").read_text()
START = (COURSE / "every-kind/every_kind.c").read_text()


@pytest.fixture(scope="module")
def course() -> Iterator[str]:
    """A server with a course of one lesson, which has every kind of step."""
    running = Server("--lessons", str(COURSE))
    yield wait_for_server(running)
    running.stop()
    running.folder.cleanup()


@pytest.fixture
def play(page: Page, course: str) -> Player:
    return Player(page).open(f"{course}/lessons/every-kind")


def title(play: Player, words: str) -> None:
    expect(play.get("lesson-title")).to_have_text(words)


def to_checkpoint(play: Player, words: str) -> None:
    """Run to the next checkpoint, which is that of the step with this title."""
    play.do(play.get("lesson-run-to").click)
    title(play, words)


def commit(play: Player, *said: str) -> None:
    """Commit what is chosen; the answer says all of this."""
    play.get("lesson-commit").click()
    for words in said:
        expect(play.get("lesson-result")).to_contain_text(words)


def test_a_student_who_errs_first_is_told_why_at_every_step(play: Player) -> None:
    to_checkpoint(play, "A page is missing")

    to_checkpoint(play, "How many will it read?")
    gate = play.stage
    play.page.keyboard.press("s")
    assert play.stage == gate, "time stops at the question"
    play.get("lesson-commit").click(force=True)
    expect(play.get("lesson-trouble")).to_have_text("Write a number first.")
    play.get("lesson-hints").get_by_role("button").click()
    expect(play.get("lesson-hints")).to_contain_text("A request costs far more")
    play.get("lesson-number").fill("1")
    commit(
        play, "Not so.", "You answered 1 page. It is 8 pages.", "One request for every page would be slow.", "opened"
    )

    to_checkpoint(play, "Which pages are in the cache?")
    play.get("lesson-pages").fill("0-3")
    commit(play, "50 % right.", "You answered pages 0-3. It is pages 0-7.", "wider than that", "ends at page 7")

    to_checkpoint(play, "Will it wait?")
    play.get("lesson-option-2").click()
    play.get("lesson-sure-certain").locator("..").click()
    commit(play, "Not so.", "You were certain", "It waited for the disk.")
    expect(play.get("lesson-option-2")).to_have_attribute("data-state", "wrong")
    expect(play.get("lesson-option-2")).to_contain_text("The page is locked, and empty.")
    expect(play.get("lesson-option-1")).to_have_attribute("data-state", "right")

    to_checkpoint(play, "What comes next?")
    play.get("lesson-option-2").click()
    commit(play, "Not so.", "tried again from the top")

    to_checkpoint(play, "You are the kernel")
    expect(play.get("lesson-question")).to_contain_text("Decision 1 of")
    play.get("lesson-option-1").click()  # do_cow_fault, by the alphabet
    commit(play, "Only a write to a private mapping copies.")
    expect(play.get("lesson-question")).to_contain_text("Decision 2 of 2")
    play.page.get_by_label("present").check()
    commit(play, "21 % of your decisions were the kernel's.", "Fault-around mapped them all.")
    expect(play.get("lesson-turns")).to_contain_text("you chose do_cow_fault")

    next_step(play, "Whose pages are they?")
    play.get("lesson-option-2").click()
    commit(play, "Not yet.")
    expect(play.get("lesson-why-2")).to_have_text("Only the mapping goes.")
    play.get("lesson-option-1").click()
    commit(play, "Right. 2 attempts.")

    next_step(play, "Spare the faults")
    exercise_with_mistakes(play)

    next_step(play, "Looking back")
    play.get("lesson-reflection").fill("When I need one page.")
    commit(play, "When the program needs few of the pages.")
    expect(play.get("lesson-finish")).to_be_visible()
    play.page.reload()
    play.await_root('[data-ready][data-settled="1"]')
    title(play, "Looking back")
    expect(play.get("lesson-finish")).to_be_visible()
    expect(play.get("lesson-reflection")).to_have_value("When I need one page.")


def next_step(play: Player, words: str) -> None:
    play.get("lesson-next").click()
    title(play, words)


def exercise_with_mistakes(play: Player) -> None:
    """The start, a known mistake, what is banned, a dead end, and the solution."""
    play.get("lesson-begin").click()
    result = play.get("lesson-result")
    expect(result).to_contain_text("Let mmap do the work beforehand.")
    expect(play.get("lesson-hints")).to_contain_text("The loop still faults.")
    play.run(SHORT)
    expect(result).to_contain_text("A shorter mapping still faults.")
    play.run(START.replace("int sum = 0;", "madvise((void *)p, 32768, MADV_WILLNEED);\n\tint sum = 0;"))
    expect(result).to_contain_text("madvise")
    play.run(START.replace("int sum = 0;", "munmap((void *)p, 32768);\n\tint sum = 0;"))
    expect(play.get("lesson-stuck")).to_contain_text("unmaps the file before it looks")
    play.get("lesson-rewind").click()
    expect(play.get("kernel-stack")).to_contain_text("vector_swi")
    play.get("lesson-hints").get_by_role("button").click()
    play.get("lesson-solution").click()
    expect(play.get("lesson-solved-by")).to_contain_text("MAP_POPULATE maps everything")
    expect(result).to_contain_text("Solved.")
    expect(play.get("lesson-golf-requests")).to_have_text("1 (par 1)")
    play.do(play.get("lesson-leave").click)


def test_a_student_who_knows_needs_no_mouse(play: Player) -> None:
    keys = play.page.keyboard
    for words, answer in [
        ("How many will it read?", lambda: type_into(play, "lesson-number", "8")),
        ("Which pages are in the cache?", lambda: type_into(play, "lesson-pages", "0-7")),
        ("Will it wait?", lambda: keys.press("1")),
        ("What comes next?", lambda: keys.press("1")),
    ]:
        play.page.locator("body").press("k")
        if words.startswith("How"):
            play.page.locator("body").press("k")
        title(play, words)
        answer()
        keys.press("Enter")
        expect(play.get("lesson-result")).to_contain_text("Right.")
        expect(play.get("lesson-question")).to_have_attribute("data-correct", "1")
        play.await_root('[data-settled="1"]')
        leave_field(play)
    keys.press("k")
    title(play, "You are the kernel")
    keys.press("3")
    keys.press("Enter")
    expect(play.get("lesson-question")).to_contain_text("Decision 2 of 2")
    for bit in ("present", "young", "rdonly", "user", "xn"):
        play.page.get_by_label(bit).focus()
        keys.press("Space")
    play.get("lesson-commit").focus()
    keys.press("Enter")
    expect(play.get("lesson-result")).to_contain_text("100 % of your decisions were the kernel's.")


def type_into(play: Player, field: str, words: str) -> None:
    play.get(field).focus()
    play.page.keyboard.type(words)


def leave_field(play: Player) -> None:
    """What was answered is no field any more, so letters are the page's again."""
    assert not play.page.evaluate("document.activeElement.matches('input[type=text], textarea')")
