"""The seven faults of seq_read.c, shown as the real kernel took them: tried, set, read, counted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.e2e.player import RECORDINGS, Player, hear, place

RECORDED = [
    event["fault"] for event in json.loads((RECORDINGS / "seq_read.json").read_text())["events"] if "fault" in event
]
WINDOWS = {1: "0 32 8", 2: "0 32 8", 3: "0 32 8", 4: "32 32 32", 5: "64 32 32", 6: "64 32 32", 7: "64 32 32"}
COUNTERS = {1: "1 0", 2: "1 1", 3: "1 2", 4: "2 2", 5: "3 2", 6: "3 3", 7: "3 4"}


@dataclass(frozen=True)
class Seen:
    """What the page showed of one fault: at its abort, while fault-around tried, and when it was over."""

    page: str
    around: list[int]
    window: str
    bios: list[str]
    set: list[int]
    attempts: str
    counters: str
    row: list[str]


@pytest.fixture(scope="module")
def faults(browser: Browser, base_url: str) -> Iterator[dict[int, Seen]]:
    """One walk through the run, with `next fault` from fault to fault."""
    page = browser.new_page(base_url=base_url)
    complaints = hear(page)
    play = Player(page).open()
    yield {k: watch(play, k) for k in range(1, 8)}
    page.close()
    assert complaints == []


def watch(play: Player, k: int) -> Seen:
    """Look at the k-th fault; the page stands somewhere before it, and directly behind it afterwards."""
    play.press("f")
    hot = play.page.locator("#machine .m-pte[data-hot]").get_attribute("data-index") or ""
    mapped, bios = set_ptes(play), requests(play)
    play.go(place(f"fault[{k}].do_fault_around.return"))
    around = play.data("machine-window-fault-around")
    play.press("Shift+F")
    assert [play.press("o"), play.frames()] == [place(f"fault[{k}].return"), ["vector_dabt"]]
    ra = play.data("machine-window-readahead")
    attempts = play.data("machine-fault")["attempt"]
    play.go(play.stage + 2)
    return Seen(
        page=hot,
        around=[int(around["start"]), int(around["start"]) + int(around["size"]) - 1],
        window=f"{ra['start']} {ra['size']} {ra['async']}",
        bios=[bio for bio in requests(play) if bio not in bios],
        set=sorted(set_ptes(play) - mapped),
        attempts=attempts,
        counters=f"{play.text('machine-counter-maj_flt')} {play.text('machine-counter-min_flt')}",
        row=play.get(f"kernel-fault-{k}").locator("td").all_inner_texts(),
    )


def set_ptes(play: Player) -> set[int]:
    return {index for index, state in enumerate(play.states("pte")) if state != "none"}


def requests(play: Player) -> list[str]:
    found: list[str] = play.page.locator("#machine .m-bio").evaluate_all("(all) => all.map((bio) => bio.dataset.pages)")
    return found


each_fault = pytest.mark.parametrize("k", range(1, 8))


def test_the_page_finds_as_many_faults_as_the_kernel_took(faults: dict[int, Seen]) -> None:
    assert [fault.page for fault in faults.values()] == [str(fault["page"]) for fault in RECORDED]


@each_fault
def test_fault_around_tries_the_pages_that_the_kernel_tried(faults: dict[int, Seen], k: int) -> None:
    assert faults[k].around == RECORDED[k - 1]["map_pages"][0]


@each_fault
def test_a_fault_sets_the_ptes_that_the_kernel_set(faults: dict[int, Seen], k: int) -> None:
    runs = [entry["pages"] for entry in RECORDED[k - 1]["ptes"]]

    assert faults[k].set == [page for first, last in runs for page in range(first, last + 1)]


@each_fault
def test_a_fault_leaves_the_readahead_window_that_the_kernel_left(faults: dict[int, Seen], k: int) -> None:
    assert faults[k].window == WINDOWS[k]


@each_fault
def test_a_fault_asks_the_disk_for_what_the_kernel_asked(faults: dict[int, Seen], k: int) -> None:
    added = RECORDED[k - 1].get("cache_add", {}).get("data.bin", [])

    assert faults[k].bios == [f"{first}-{last}" for first, last in added]


@each_fault
def test_a_fault_takes_as_many_attempts_as_the_kernel_took(faults: dict[int, Seen], k: int) -> None:
    assert faults[k].attempts == str(RECORDED[k - 1]["attempts"])


@each_fault
def test_a_fault_is_counted_as_the_kernel_counted_it(faults: dict[int, Seen], k: int) -> None:
    assert faults[k].counters == COUNTERS[k]
    assert faults[k].row[-2] == ("major" if RECORDED[k - 1]["major"] else "minor")
