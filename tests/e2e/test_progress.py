"""A student's progress survives a reload, a restart of the server and a change of the browser, and can be erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Server, wait_for_server
from tests.e2e.player import Player

LESSON = "/lessons/every-kind"


@pytest.fixture(scope="module")
def course() -> Iterator[Server]:
    """A server of our own, to be restarted."""
    running = Server("--lessons", str(ROOT / "tests/e2e/course"))
    wait_for_server(running)
    yield running
    running.stop()
    running.folder.cleanup()


@pytest.fixture
def answered(page: Page, course: Server) -> Player:
    """A student who has answered the first question, and stands there."""
    play = Player(page).open(f"{course.url()}{LESSON}")
    play.do(play.get("lesson-run-to").click)
    play.do(play.get("lesson-run-to").click)
    play.get("lesson-number").fill("1")
    play.get("lesson-commit").click()
    expect(play.get("lesson-result")).to_contain_text("It is 8 pages.")
    return play


def stands_there(play: Player) -> None:
    expect(play.get("lesson-title")).to_have_text("How many will it read?")
    expect(play.get("lesson-result")).to_contain_text("You answered 1 page. It is 8 pages.")


def test_it_survives_a_reload_and_a_restart_of_the_server(answered: Player, course: Server) -> None:
    answered.page.reload()
    answered.await_root('[data-ready][data-settled="1"]')
    stands_there(answered)
    answered.page.goto("about:blank")

    course.restart()

    answered.open(f"{course.url()}{LESSON}")
    stands_there(answered)
    expect(answered.get("time-checkpoints").get_by_role("button", name="Step 2: filemap_fault")).to_have_count(1)


def test_a_code_brings_it_to_another_browser(answered: Player, course: Server, browser: Browser) -> None:
    answered.page.goto(f"{course.url()}/me")
    answered.get("my-make-code").click()
    expect(answered.get("my-code")).not_to_be_empty()
    code = answered.get("my-code").inner_text()
    context = browser.new_context()
    other = Player(context.new_page())
    other.page.goto(f"{course.url()}/me")
    other.get("my-code-field").fill(code.lower())
    other.get("my-code-field").press("Enter")
    other.page.wait_for_url("**/lessons")

    other.open(f"{course.url()}{LESSON}")

    stands_there(other)
    context.close()


def test_a_file_brings_it_back_after_it_was_erased(answered: Player, course: Server, tmp_path: Path) -> None:
    answered.page.goto(f"{course.url()}/me")
    with answered.page.expect_download() as coming:
        answered.get("my-export").click()
    kept = tmp_path / "answers.json"
    coming.value.save_as(kept)
    answered.get("my-forget").click()
    answered.get("my-really").click()
    expect(answered.get("my-said")).not_to_be_empty()
    answered.open(f"{course.url()}{LESSON}")
    expect(answered.get("lesson-title")).to_have_text("A page is missing")

    answered.page.goto(f"{course.url()}/me")
    answered.get("my-import").set_input_files(kept)
    expect(answered.get("my-said")).not_to_be_empty()

    answered.open(f"{course.url()}{LESSON}")
    stands_there(answered)
