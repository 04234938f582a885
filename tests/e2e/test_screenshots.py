"""Pictures of the main views, for people to look at: test-results/views/."""

import pytest
from playwright.sync_api import Page

from tests.e2e.player import RECORDINGS, ROOT, Player, link, place, stages_of

FOLDER = ROOT / "test-results/views"
Size = tuple[int, int]
VIEWS = [
    ("play-1440-light", "/play", "light", (1440, 900), "fault[1].step(submit-bio)"),
    ("play-1440-dark", "/play", "dark", (1440, 900), "fault[4].step(ra-window)"),
    ("play-1280", "/play", "light", (1280, 720), "fault[1].step(set-pte)"),
    ("play-390", "/play", "light", (390, 844), "fault[1].step(wait)"),
    ("lesson-1440", "/lessons/first-touch", "light", (1440, 900), "fault[1]"),
]
# (name, recorded program, theme, size, kind of stage, which of that kind)
PROGRAMS = [
    ("write-fault", "shared_write", "light", (1440, 900), "dirty", 0),
    ("cow", "private_cow", "dark", (1440, 900), "copy", 1),
    ("writeback", "shared_write", "light", (1920, 1080), "writeback", 0),
    ("reclaim", "memcg_scan", "light", (1440, 900), "reclaim", 5),
    ("reclaim-390", "memcg_scan", "dark", (390, 844), "reclaim", 5),
    ("fork", "fork_share", "light", (1280, 720), "task", 0),
    ("two-tasks", "fork_private", "dark", (1440, 900), "switch-mm", 1),
    ("slab", "more/course_caches", "light", (1440, 900), "slab", 0),
]


def take(page: Page, name: str) -> None:
    """Keep what the page shows; a page that failed to draw is a small file."""
    page.screenshot(path=FOLDER / f"{name}.png")

    assert (FOLDER / f"{name}.png").stat().st_size > 20_000


@pytest.mark.parametrize(("name", "path", "theme", "size", "at"), VIEWS, ids=[view[0] for view in VIEWS])
def test_a_view_has_its_picture_taken(page: Page, name: str, path: str, theme: str, size: Size, at: str) -> None:
    Player(page, *size).open(path, theme=theme, stage=place(at))

    take(page, name)


@pytest.mark.parametrize(("name", "program", "theme", "size", "kind", "which"), PROGRAMS, ids=[p[0] for p in PROGRAMS])
def test_a_stage_of_a_program_has_its_picture_taken(
    page: Page, name: str, program: str, theme: str, size: Size, kind: str, which: int
) -> None:
    source = RECORDINGS / f"{program}.c"
    at = [stage["n"] for stage in stages_of(source.read_text(), source.name) if stage.get("kind") == kind][which]
    page.goto("about:blank")

    play = Player(page, *size)
    page.goto(f"/play?motion=instant&theme={theme}{link(source.read_text(), source.name, at)}")
    play.await_root(f'[data-ready][data-settled="1"][data-stage="{at}"]')

    take(page, name)
