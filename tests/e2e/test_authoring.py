"""An author's round trip: a new lesson, a change that is wrong, its mending beside the live result, and saving."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ROOT, Server, wait_for_server
from tests.e2e.player import PATIENCE


class Author:
    """The author's page and folder."""

    def __init__(self, page: Page, folder: Path, url: str) -> None:
        self.page = page
        self.folder = folder
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector("html[data-ready]", state="attached", timeout=PATIENCE)

    def get(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"author-{name}")

    @property
    def text(self) -> str:
        return (self.folder / "lesson.md").read_text()

    def type_after(self, line: str, words: str) -> None:
        """Put the caret at the end of a line and type."""
        self.get("text").locator(".cm-line", has_text=line).first.click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(words)

    def shows(self, step: str) -> Locator:
        """The lesson's title in the live result, once it stands at a step."""
        self.page.wait_for_selector(f"[data-testid=author-stage][data-step={step}]", timeout=PATIENCE)
        frame = self.page.frame_locator("[data-testid=author-frame]:not(.coming)")
        return frame.get_by_test_id("lesson-title")


@pytest.fixture
def author(page: Page, tmp_path: Path) -> Iterator[Author]:
    new = [sys.executable, "-m", "webapp", "lesson", "new", "my-lesson", "--in", str(tmp_path)]
    subprocess.run(new, cwd=ROOT, check=True, capture_output=True)
    running = Server(str(tmp_path / "my-lesson"), command=("lesson", "serve"))
    yield Author(page, tmp_path / "my-lesson", wait_for_server(running))
    running.stop()
    running.folder.cleanup()


def test_a_new_lesson_stands_beside_its_live_result(author: Author) -> None:
    expect(author.get("verdict")).to_have_text("0 errors, 0 warnings; 3 of 3 claims hold on the model")
    expect(author.shows("missing")).to_have_text("A page is missing")
    expect(author.get("lines").locator("tr")).to_have_count(6)
    expect(author.get("saved")).to_have_text("saved")

    author.get("lines").get_by_role("button", name="You are the kernel").click()

    expect(author.shows("kernel")).to_have_text("You are the kernel")
    expect(author.get("step")).to_have_text("follows the caret: step 3")
    expect(author.get("lines").locator("tr[aria-current=step]")).to_have_attribute("data-step", "kernel")


def test_a_mistake_is_marked_in_its_line_and_mended(author: Author) -> None:
    author.type_after("answer: fault[1].pages_read", "x")

    expect(author.get("verdict")).to_contain_text("1 error")
    expect(author.page.locator(".cm-message")).to_contain_text("pages_readx")
    expect(author.page.locator(".lint-mark[data-severity=error]:visible")).to_have_count(1)
    expect(author.get("save")).to_have_text("Save with 1 error")
    author.get("problems").get_by_role("button", name=re.compile(r"lesson\.md:\d+")).click()
    expect(author.get("text")).to_be_focused()

    author.page.keyboard.press("End")
    author.page.keyboard.press("Backspace")

    expect(author.get("verdict")).to_contain_text("0 errors")
    expect(author.get("save")).to_be_disabled()


def test_what_is_typed_is_seen_at_once_and_kept_when_saved(author: Author) -> None:
    before = author.text
    author.type_after("## How many will it read?", "")
    author.page.keyboard.press("Home")
    for _ in "## ":
        author.page.keyboard.press("ArrowRight")
    author.page.keyboard.type("Guess! ")

    expect(author.shows("how-many")).to_have_text("Guess! How many will it read?")
    assert author.text == before, "the folder is left alone until it is saved"
    expect(author.get("saved")).to_have_text("not saved")

    author.page.keyboard.press("Control+s")

    expect(author.get("saved")).to_have_text("saved")
    assert author.text == before.replace("## How many", "## Guess! How many")


def test_a_save_in_another_editor_is_taken_over(author: Author) -> None:
    expect(author.shows("missing")).to_have_text("A page is missing")

    (author.folder / "lesson.md").write_text(author.text.replace("## A page is missing", "## No page there"))

    expect(author.shows("missing")).to_have_text("No page there")
    expect(author.get("text")).to_contain_text("## No page there")
    expect(author.get("saved")).to_have_text("saved")


def test_two_changes_at_once_lose_nothing(author: Author) -> None:
    author.type_after("[The program maps", " Mine.")
    expect(author.get("saved")).to_have_text("not saved")
    (author.folder / "lesson.md").write_text(author.text.replace("minutes: 5", "minutes: 7"))

    expect(author.get("problem")).to_contain_text("changed on the disk, and here")
    author.get("keep").click()
    author.get("save").click()

    expect(author.get("saved")).to_have_text("saved")
    assert " Mine." in author.text
    assert "minutes: 5" in author.text


def test_the_result_in_other_widths_and_themes(author: Author) -> None:
    author.page.get_by_role("button", name="390").click()
    author.page.get_by_role("button", name="Dark", exact=True).click()

    frame = author.page.frame_locator("[data-testid=author-frame]:not(.coming)")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert (
        author.page.locator("[data-testid=author-frame]:not(.coming)").evaluate("(frame) => frame.clientWidth") == 390
    )


def test_a_program_of_the_lesson_is_edited_too(author: Author) -> None:
    author.get("file-my_lesson.c").click()
    author.type_after("int fd = open", " oops")

    expect(author.get("verdict")).to_contain_text("no claims were checked")
    expect(author.get("problems")).to_contain_text("my_lesson.c:")
    expect(author.get("file-my_lesson.c")).to_contain_text("my_lesson.c •")


def test_the_page_has_no_accessibility_violations(author: Author) -> None:
    expect(author.shows("missing")).to_have_text("A page is missing")
    author.type_after("answer: fault[1].pages_read", "x")
    expect(author.get("verdict")).to_contain_text("1 error")

    found = Axe().run(author.page, options={"iframes": False})

    assert found.violations_count == 0, found.generate_report()
