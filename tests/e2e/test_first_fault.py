"""The main road: a cold load, the first major fault stage by stage, there and back, and on to the end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player, abort, place

FIRST_WINDOW = "fault[1].step(ra-window)"


def test_a_cold_load_shows_a_run_by_itself(page: Page) -> None:
    play = Player(page).open("/play")

    expect(play.get("top-program")).to_have_text("seq_read.c")
    expect(play.get("time-count")).to_have_text(re.compile(r"Stage 0 of 2\W\d{3}"))
    assert play.root("mode") == "user"
    assert set(play.states("page")) == {"absent"}


def test_buttons_step_into_the_first_fault(page: Page) -> None:
    play = Player(page).open()
    assert [play.click("step-into") for _ in range(3)] == [1, 2, 3]

    at = play.click("fault")

    assert at == abort(1)
    assert play.frames()[-1] == "do_DataAbort"
    expect(play.get("machine-mode")).to_have_text("kernel mode")
    expect(play.get("machine-fault")).to_have_text(re.compile("fault 1"))
    assert play.click("step-into") == at + 1


def test_keys_step_into_the_first_fault(page: Page) -> None:
    play = Player(page).open()
    assert [play.press("s") for _ in range(3)] == [1, 2, 3]

    at = play.press("f")

    assert at == abort(1)
    assert [play.press("s"), play.press("b"), play.press("b")] == [at + 1, at, at - 1]


def test_the_cpu_card_decodes_the_fault_registers(page: Page) -> None:
    play = Player(page).open()
    play.press("f")

    card = play.data("machine-card-cpu")

    assert (card["dfar"], card["dfsr"]) == ("b6fbd000", "017")
    expect(play.get("machine-dfsr-words")).to_have_text("translation fault, page · domain 1 · read")
    expect(play.get("machine-card-cpu")).to_contain_text("pgd 1463")
    expect(play.get("machine-card-cpu")).to_contain_text("pte 445")


def test_fault_around_tries_pages_0_to_15_and_finds_none(page: Page) -> None:
    play = Player(page).open()
    play.press("f")
    play.go(place("fault[1].filemap_map_pages"))

    window = play.data("machine-window-fault-around")

    assert (window["start"], window["size"], window["mapped"]) == ("0", "16", "0")
    expect(play.get("machine-window-readahead")).to_have_count(0)


def test_the_readahead_window_opens_with_the_marker_on_page_24(page: Page) -> None:
    play = Player(page).open(stage=place(FIRST_WINDOW))
    window = play.data("machine-window-readahead")
    assert (window["start"], window["size"], window["async"]) == ("0", "32", "8")

    play.go(place("fault[1].submit_bio"))

    marked = page.locator("#machine [data-row=page][data-flags~=readahead]")
    assert marked.evaluate_all("(all) => all.map((cell) => cell.dataset.index)") == ["24"]


def test_one_request_carries_the_window_to_the_disk(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))

    bio = play.data("machine-bio-1")

    assert (bio["op"], bio["sector"], bio["nr"], bio["pages"]) == ("RA", "20648", "256", "0-31")
    assert play.states("page") == ["inflight"] * 32 + ["absent"] * 32


def test_a_step_back_makes_the_window_vanish(page: Page) -> None:
    play = Player(page).open(stage=place(FIRST_WINDOW) - 1)
    before = play.picture()
    assert play.get("machine-window-readahead").count() == 0

    play.press("s")
    assert play.get("machine-window-readahead").count() == 1
    play.press("b")

    assert play.get("machine-window-readahead").count() == 0
    assert play.picture() == before


@pytest.mark.parametrize("selector", ["fault[1].step(submit-bio)", "fault[1].step(io-done)", "fault[2]"])
def test_forth_and_back_leads_to_the_same_picture(page: Page, selector: str) -> None:
    play = Player(page).open(stage=place(selector))
    before = play.picture()

    play.go(place(selector) + 25)
    assert play.picture() != before
    play.go(place(selector))

    assert play.picture() == before


def test_far_away_and_back_leads_to_the_same_picture(page: Page) -> None:
    start = place("fault[4].step(ra-window)")
    play = Player(page).open(stage=start)
    before = play.picture()

    play.get("time-playhead").press("End")
    settle(page, play.last)
    play.press("Home")
    for _ in range(4):
        play.press("f")
    play.go(start)

    assert play.picture() == before


def test_the_pages_arrive_and_the_second_attempt_maps_page_0(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(retry)"))
    assert play.states("page")[:32] == ["uptodate"] * 32
    assert play.data("machine-fault")["attempt"] == "1"

    play.go(place("fault[1].step(set-pte)"))

    card = play.data("machine-card-pte")
    assert (card["linux"], card["hw"]) == ("0x413ed79f", "0x413ede7f")
    assert play.data("machine-fault")["attempt"] == "2"
    assert play.data("machine-pte-0") | {"state": "ro", "pfn": str(0x413ED)} == play.data("machine-pte-0")


def test_the_program_runs_to_its_end(page: Page) -> None:
    play = Player(page).open()

    play.get("time-playhead").press("End")
    settle(page, play.last)

    expect(play.get("program-where")).to_have_text("ended: status 0")
    expect(play.get("machine-counter-maj_flt")).to_have_text("3")
    expect(play.get("machine-counter-min_flt")).to_have_text("4")
    expect(play.get("time-step-into")).to_be_disabled()
    assert play.frames() == []
