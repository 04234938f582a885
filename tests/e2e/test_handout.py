"""`pagewalk lesson export`: a lesson as a file that stands on its own, with the machine drawn at each step."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import chromium
from tests.e2e.conftest import ROOT
from webapp import cli
from webapp.lesson import new_lesson

Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Export the new lesson in a process of its own, since this one leads a browser already."""
    folder = new_lesson(tmp_path, "my-lesson")
    if path := chromium.on_this_machine():
        monkeypatch.setenv("CHROMIUM", path)

    def run(*options: str) -> Path:
        out = tmp_path / "handout.html"
        command = [sys.executable, "-m", "webapp", "lesson", "export", str(folder), "-o", str(out), *options]
        subprocess.run(command, cwd=ROOT, check=True)
        return out

    return run


def test_the_handout_shows_every_step_and_gives_no_answer_away(page: Page, export: Export) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(export().as_uri())

    expect(page.get_by_role("heading", level=1)).to_have_text("A page of a file")
    expect(page.get_by_role("heading", level=2)).to_have_count(7)
    expect(page.locator("figure")).to_have_count(3)
    expect(page.locator("figcaption").first).to_contain_text("the first fault: fault[1], stage ")
    expect(page.locator("body")).not_to_contain_text("Readahead opened a window")
    expect(page.locator("body")).not_to_contain_text("MAP_POPULATE reads and maps everything")
    assert all(address.startswith(("file:", "data:")) for address in asked), "it needs nothing from elsewhere"


def test_the_instructors_handout_has_the_answers(page: Page, export: Export) -> None:
    page.goto(export("--answers").as_uri())

    expect(page.get_by_text("Readahead opened a window")).to_be_visible()
    expect(page.get_by_text("They stay in the page cache. A cached page belongs to its file.")).to_be_visible()
    expect(page.get_by_text("MAP_POPULATE reads and maps everything")).to_be_visible()


def test_without_a_browser_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = new_lesson(tmp_path, "my-lesson")
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)

    assert cli.main(["lesson", "export", str(folder)]) == 2

    assert "install Playwright" in capsys.readouterr().err
