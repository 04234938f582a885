"""Charts of the run: faults, residency and readahead windows over one axis, with the way to a stage."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player, abort

TWO_FILES = """// files: data.bin=16, other.bin=8
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	char buffer[16];
	int fd = open("other.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 16 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	read(fd, buffer, 16);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return p[0] & 1;
}
"""


def open_charts(play: Player) -> None:
    play.get("time-charts").click()
    expect(play.page.get_by_role("dialog", name="Charts of the run")).to_be_visible()


def test_the_three_charts_say_what_they_show(page: Page) -> None:
    play = Player(page).open()
    open_charts(play)

    charts = play.get("charts-body").get_by_role("img")
    expect(charts).to_have_count(3)
    expect(charts.nth(0)).to_have_attribute("aria-label", "Faults so far. 7 in the run, 3 of them major")
    expect(charts.nth(1)).to_have_attribute("aria-label", "Pages of data.bin in the page cache. 64 came; at the end 64")
    expect(charts.nth(2)).to_have_attribute("aria-label", "Readahead window. 3 windows; light: behind the marker")


def test_the_line_below_follows_the_stage_and_a_click_goes_there(page: Page) -> None:
    n = abort(4)
    play = Player(page).open(stage=n)
    play.page.keyboard.press("h")
    expect(play.get("charts-said")).to_contain_text("4 faults · data.bin: pages 0-31 cached · window 0-31")

    box = play.get("charts-body").locator("svg").first.bounding_box()
    assert box is not None
    play.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 20)

    settle(page)
    assert play.stage > n
    expect(play.get("charts-said")).to_contain_text("7 faults · data.bin: pages 0-63 cached")
    play.page.keyboard.press("Escape")
    expect(play.get("charts")).to_be_hidden()


def test_files_can_be_chosen_and_pages_that_leave_are_told(page: Page) -> None:
    play = Player(page).open()
    play.run(TWO_FILES)
    open_charts(play)

    play.get("charts-file").select_option("other.bin")

    shown = play.get("charts-body").get_by_role("img").nth(1)
    expect(shown).to_have_attribute("aria-label", "Pages of other.bin in the page cache. 4 came, 4 left; at the end 0")


def test_charts_fit_a_phone(page: Page) -> None:
    play = Player(page, 390, 844).open()
    play.page.keyboard.press("h")

    box = play.get("charts").bounding_box()

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("width", [390, 800])
def test_the_charts_are_at_hand_where_their_button_has_no_room(page: Page, width: int) -> None:
    play = Player(page, width, 844).open()

    page.locator("[popovertarget=run-to]").click()
    play.get("time-open-charts").click()

    dialog = page.get_by_role("dialog", name="Charts of the run")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("(one) => one.getBoundingClientRect().right <= innerWidth && one.scrollWidth <= innerWidth")
