"""What the machine draws of the states that memory can be in: copies, dirty pages, memory without a file, locked pages.

Each test follows a link to a stage of a recorded program and looks at the glyphs by their hooks.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.player import RECORDINGS, Player, Stage, hear, link, place, stages_of


@pytest.fixture(scope="module")
def play(browser: Browser, base_url: str) -> Iterator[Player]:
    """One page for all tests of this file: links lead from run to run."""
    page = browser.new_page(base_url=base_url)
    complaints = hear(page)
    yield Player(page)
    page.close()
    assert complaints == []


def show(play: Player, recording: str, kind: str, which: int = 0) -> Stage:
    """Go to the stage of this kind in a recorded program, the first or another."""
    path = RECORDINGS / f"{recording}.c"
    program = path.read_text()
    stage = [each for each in stages_of(program, path.name) if each.get("kind") == kind][which]
    play.page.goto("about:blank")
    play.page.goto(f"/play?motion=instant{link(program, path.name, stage['n'])}")
    play.await_root(f'[data-ready][data-settled="1"][data-stage="{stage["n"]}"]')
    return stage


def test_a_private_copy_is_drawn_with_a_slash_and_its_cache_page_stays_unmapped(play: Player) -> None:
    show(play, "private_cow", "tlb-flush", -1)

    assert play.data("machine-pte-3")["state"] == "cow"
    assert play.data("machine-page-data.bin-3") | {"state": "uptodate", "flags": ""} == play.data(
        "machine-page-data.bin-3"
    )


def test_pages_of_a_writable_private_mapping_are_write_protected_until_written(play: Player) -> None:
    show(play, "private_cow", "copy", 1)

    assert play.data("machine-pte-4")["state"] == "wp"
    assert "a store faults first" in (play.get("machine-pte-4").get_attribute("aria-label") or "")


def test_a_shared_write_makes_pte_and_page_dirty_and_msync_puts_it_under_writeback(play: Player) -> None:
    show(play, "shared_write", "writeback")

    assert play.data("machine-pte-5")["state"] == "rw-dirty"
    assert "dirty" in play.data("machine-page-data.bin-5")["flags"].split()
    assert "writeback" in play.data("machine-page-data.bin-0")["flags"].split()
    assert play.data("machine-pte-0")["state"] == "wp"


def test_memory_without_a_file_stands_in_the_columns_while_it_is_touched(play: Player) -> None:
    show(play, "anon_private", "set-pte", 2)

    assert play.data("machine-pte-1")["state"] == "rw-dirty"
    assert play.page.locator("#machine .m-page[data-index='1']").get_attribute("data-state") == "uptodate"
    assert play.page.locator("#machine .m-page[data-index='2']").get_attribute("data-state") == "absent"
    assert play.page.locator("#machine .m-block").count() == 0


def test_reading_untouched_memory_shows_the_zero_page(play: Player) -> None:
    show(play, "anon_private", "set-pte")

    assert play.page.locator("#machine .m-page[data-index='0']").get_attribute("data-state") == "zero"
    assert play.data("machine-pte-0")["state"] == "wp"


def test_shared_memory_has_a_cache_but_no_blocks_on_the_disk(play: Player) -> None:
    show(play, "anon_shared", "set-pte", 2)

    assert play.page.locator("#machine .m-page[data-index='1']").get_attribute("data-state") == "uptodate"
    assert play.page.locator("#machine .m-extent").count() == 0
    assert "holds none of it" in (play.page.locator("#machine .m-heads").text_content() or "")


def test_locked_pages_are_marked_and_stand_on_the_unevictable_list(play: Player) -> None:
    show(play, "mlock_hole", "syscall-return", -2)

    locked = play.page.locator("#machine .m-page[data-flags~=mlocked]")
    assert locked.count() > 0
    assert int(play.data("machine-lru-unevictable")["count"]) >= locked.count()
    assert "locked" in (play.page.locator("#machine .m-vma[data-hint]").first.get_attribute("data-hint") or "")


def test_names_and_inodes_that_nobody_uses_stand_beside_the_lists_until_a_shrinker_takes_them(play: Player) -> None:
    show(play, "more/course_caches", "slab")
    assert play.data("machine-lru-dentries")["count"] == "2"

    show(play, "more/course_caches", "slab", 1)
    assert play.get("machine-lru-dentries").count() == 0
    assert play.data("machine-lru-inodes")["count"] == "1"


def test_the_walk_that_failed_stays_in_view_when_the_abort_is_taken(play: Player) -> None:
    at = place("fault[1]")
    play.open(stage=at)

    assert [frame for frame in play.frames() if frame.startswith("vector")] == ["vector_dabt"]
    expect(play.get("machine-dfsr-words")).to_contain_text("translation fault")
    assert play.page.locator("#machine .m-tlb[data-state=miss]").count() == 1
    assert play.page.locator("#machine .m-descriptor[data-hot]").count() == 1


def test_the_head_says_why_nobody_runs(play: Player) -> None:
    runner = play.get("machine-runner")

    play.open(stage=0)
    expect(runner).to_have_text("runnable")
    play.open(stage=place("fault[1].step(wait)"))
    expect(runner).to_have_text("all asleep")
    play.open(stage=len(stages_of((RECORDINGS / "seq_read.c").read_text(), "seq_read.c")) - 1)
    expect(runner).to_have_text("ended")


RACE = """// files: data.bin=64
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
	volatile char *p = mmap(NULL, 64 * 4096, PROT_READ, MAP_SHARED, open("data.bin", O_RDONLY), 0);
	int pid = fork();
	int first = p[0];
	if (pid == 0)
		_exit(0);
	wait(NULL);
	return first & 0;
}
"""


def test_an_entry_of_another_address_space_stays_in_the_tlb_and_is_no_hit(play: Player) -> None:
    both = [0]
    rows: dict[str, list[object]] = {}
    for stage in stages_of(RACE, "race.c"):
        for change in stage.get("changes", []):
            if change[0] == "tlb" and str(change[1]).isdigit():
                rows[str(change[1])] = change[3]
        if len({entry[4] for entry in rows.values() if entry}) > 1:
            both.append(stage["n"])
    assert len(both) > 1
    play.page.goto("about:blank")
    play.page.goto(f"/play?motion=instant{link(RACE, 'race.c', both[1])}")
    play.await_root(f'[data-ready][data-settled="1"][data-stage="{both[1]}"]')

    other = play.page.locator("#machine .m-tlb[data-asid]")
    expect(other.first).to_contain_text("ASID")
    assert other.first.get_attribute("data-state") == "held"


MOTIONS = [
    ("private_cow", "copy", 1, "m-ghost"),
    ("shared_write", "dirty", 0, "m-dirty"),
    ("shared_write", "writeback", 0, "m-writeback"),
    ("memcg_scan", "isolate", 0, "m-mini"),
    ("memcg_scan", "memcg", 0, "m-filled"),
    ("fork_share", "task", 0, "m-file-tab m-task-tab"),
    ("fork_private", "switch-mm", 1, "m-descriptor"),
    ("more/course_caches", "slab", 0, "m-mini"),
]
WATCH = """
    window.moved = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...how) {
        window.moved.push(this.getAttribute("class"));
        return animate.apply(this, how);
    };
"""


@pytest.mark.parametrize(("recording", "kind", "which", "moves"), MOTIONS, ids=[f"{m[0]}-{m[1]}" for m in MOTIONS])
def test_what_a_stage_does_is_seen_to_move(page: Page, recording: str, kind: str, which: int, moves: str) -> None:
    page.add_init_script(WATCH)
    path = RECORDINGS / f"{recording}.c"
    at = [stage["n"] for stage in stages_of(path.read_text(), path.name) if stage.get("kind") == kind][which]
    page.goto(f"/play?motion=full&speed=1{link(path.read_text(), path.name, at - 1)}")
    play = Player(page)
    play.await_root(f'[data-ready][data-settled="1"][data-stage="{at - 1}"]')
    before = page.evaluate("window.moved.length")

    assert play.press("s") == at

    assert moves in page.evaluate(f"window.moved.slice({before})")
