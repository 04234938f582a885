"""Pictures of the main views, for people to look at: test-results/views/."""

import pytest
from playwright.sync_api import Page

from tests.e2e.player import ROOT, Player, place

FOLDER = ROOT / "test-results/views"
VIEWS = [
    ("play-1440-light", "/play", "light", (1440, 900), "fault[1].step(submit-bio)"),
    ("play-1440-dark", "/play", "dark", (1440, 900), "fault[4].step(ra-window)"),
    ("play-1280", "/play", "light", (1280, 720), "fault[1].step(set-pte)"),
    ("play-390", "/play", "light", (390, 844), "fault[1].step(wait)"),
    ("lesson-1440", "/lessons/first-touch", "light", (1440, 900), "fault[1]"),
]


@pytest.mark.parametrize(("name", "path", "theme", "size", "at"), VIEWS, ids=[view[0] for view in VIEWS])
def test_a_view_has_its_picture_taken(
    page: Page, name: str, path: str, theme: str, size: tuple[int, int], at: str
) -> None:
    Player(page, *size).open(path, theme=theme, stage=place(at))

    page.screenshot(path=FOLDER / f"{name}.png")

    assert (FOLDER / f"{name}.png").stat().st_size > 20_000
