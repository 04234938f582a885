"""Recording a lesson in the playground: noted stages become a draft that the check takes."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player
from webapp.lesson import check, load_lesson


@pytest.fixture
def play(page: Page) -> Player:
    play = Player(page).open()
    begin(play)
    return play


def begin(play: Player) -> None:
    play.get("top-export").click()
    play.page.get_by_role("menuitem", name="Record a lesson").click()
    expect(play.page.get_by_role("heading", name="Record a lesson")).to_be_visible()


def note(play: Player, title: str, words: str) -> None:
    play.get("record-note").click()
    stage = play.stage
    play.page.get_by_label(f"Title of the step at stage {stage}").fill(title)
    play.page.get_by_label(f"Text of the step at stage {stage}").fill(words)
    play.get("record-note").focus()  # out of the field: letters are the page's again


def download(play: Player, folder: Path) -> Path:
    """The draft, unpacked."""
    with play.page.expect_download() as coming:
        play.get("record-download").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes()))
    archive.extractall(folder)
    return folder / coming.value.suggested_filename.removesuffix(".zip")


def test_noted_stages_become_a_lesson_that_passes_the_check(play: Player, tmp_path: Path) -> None:
    play.to_fault(2)
    note(play, "The second fault", "Page 16 is in memory, but no PTE points at it.")
    play.to_fault(1)
    note(play, "The first fault", "Nothing is in memory yet.")
    play.get("record-title").fill("Why it waits")

    folder = download(play, tmp_path)

    assert folder.name == "why-it-waits"
    assert check([folder]).problems == []
    steps = load_lesson(folder).steps
    assert [step.title for step in steps] == ["The program", "The first fault", "The second fault"]
    assert [step.at and step.at.text.split(".")[0] for step in steps] == ["start", "fault[1]", "fault[2]"]
    expect(play.get("record-said")).to_contain_text("why-it-waits.zip is a lesson that passes the check")


def test_notes_survive_a_reload_and_lead_back_to_their_stage(play: Player) -> None:
    at = play.to_fault(3)
    note(play, "Here", "Look.")
    play.page.reload()
    play.await_root('[data-ready][data-settled="1"][data-done="1"]')
    begin(play)

    expect(play.page.get_by_label(f"Title of the step at stage {at}")).to_have_value("Here")
    play.page.get_by_role("button", name=f"Stage {at}", exact=True).click()

    settle(play.page, at)


def test_notes_about_another_program_are_kept_apart(play: Player) -> None:
    play.to_fault(1)
    note(play, "Here", "Look.")
    play.run("int main(void)\n{\n\treturn 0;\n}\n")

    expect(play.get("record-note")).to_be_disabled()
    expect(play.get("record-other")).to_be_visible()
    play.get("record-back").click()

    expect(play.get("record-note")).to_be_enabled()
    expect(play.get("record-other")).to_be_hidden()


def test_throwing_away_leads_back_to_the_programs(play: Player) -> None:
    play.to_fault(1)
    note(play, "Here", "Look.")
    play.get("record-discard").click()
    expect(play.page.get_by_role("heading", name="Programs")).to_be_visible()
    begin(play)

    expect(play.get("record-notes").locator("li")).to_have_count(0)
    expect(play.get("record-download")).to_be_disabled()
