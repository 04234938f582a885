"""Going through a run: into, over, out of functions, back, from fault to fault, by playing and by scrubbing."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player, abort, place, seq_read

LOOKUP = "fault[1].filemap_fault.pagecache_get_page"


def test_into_enters_the_function_that_is_called_next(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].filemap_fault"))
    outside = play.frames()

    play.click("step-into")

    assert play.frames() == [*outside, seq_read()[play.stage]["fn"]]


def test_over_passes_a_whole_call(page: Page) -> None:
    play = Player(page).open(stage=place(f"{LOOKUP}.return"))
    outside = play.frames()
    assert outside[-1] == "filemap_fault"

    play.click("step-over")

    assert play.stage == place("fault[1].do_sync_mmap_readahead.return")
    assert play.frames() == outside
    expect(play.get("kernel-returned").locator("li").first).to_have_attribute("data-fn", "do_sync_mmap_readahead")


def test_over_on_a_call_leads_to_its_return(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].handle_mm_fault"))

    assert play.press("n") == place("fault[1].handle_mm_fault.return")


def test_back_over_is_the_way_back_of_over(page: Page) -> None:
    start = place("fault[1].handle_mm_fault")
    play = Player(page).open(stage=start)
    play.press("n")

    assert play.press("Shift+N") == start


def test_over_a_sleep_passes_the_interrupt_too(page: Page) -> None:
    sleep = "fault[1].filemap_fault"
    play = Player(page).open(stage=place(sleep))

    play.press("n")

    assert play.stage == place(f"{sleep}.return") > place("fault[1].step(io-done)")


def test_out_leads_to_the_return_of_the_innermost_function(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(ra-window)"))
    frames = play.frames()
    assert frames[-1] == "do_sync_mmap_readahead"

    at = play.click("step-out")

    assert at == place("fault[1].do_sync_mmap_readahead.return")
    assert play.frames() == frames[:-1]


def test_out_again_and_again_leads_back_to_the_program(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].submit_bio"))
    depths = [len(play.frames())]
    while depths[-1]:
        play.press("o")
        depths.append(len(play.frames()))

    assert depths == sorted(depths, reverse=True)
    expect(play.get("time-step-out")).to_be_disabled()


def test_back_leads_to_the_stage_before(page: Page) -> None:
    play = Player(page).open(stage=200)

    assert [play.click("back"), play.press("b"), play.click("back")] == [199, 198, 197]


def test_start_leads_to_the_first_stage(page: Page) -> None:
    play = Player(page).open(stage=200)

    assert play.press("Home") == 0
    expect(play.get("time-back")).to_be_disabled()
    play.press("f")
    assert play.click("start") == 0


def test_next_and_previous_fault_go_from_fault_to_fault(page: Page) -> None:
    play = Player(page).open()
    marks = [abort(k) for k in range(1, 8)]

    there = [play.press("f") for _ in range(7)]
    assert there == marks
    assert [play.press("Shift+F") for _ in range(6)] == marks[5::-1]


def test_after_the_last_fault_next_fault_runs_to_the_end(page: Page) -> None:
    play = Player(page).open(stage=place("fault[7]") + 40)

    assert play.press("f") == play.last


def test_the_menu_runs_to_requests_their_ends_and_calls_both_ways(page: Page) -> None:
    play = Player(page).open()
    requests = [place("fault[1].step(submit-bio)"), place("fault[4].step(submit-bio)")]
    play.get("time-more").click()

    assert [play.click("next-io"), play.click("next-io"), play.click("prev-io")] == [*requests, requests[0]]
    assert play.click("next-done") == place("fault[1].step(io-done)")
    assert play.click("next-major") == abort(4)
    assert seq_read()[play.click("next-call")]["kind"] == "user-call"
    assert play.click("prev-fault") == abort(7)
    assert play.click("next-signal") == play.last
    expect(play.get("time-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(play.get("time-menu")).to_be_hidden()


def test_letters_run_to_what_the_menu_runs_to(page: Page) -> None:
    play = Player(page).open()

    assert [play.press(key) for key in ("m", "m", "Shift+M", "d", "Shift+Y")] == [
        abort(1),
        abort(4),
        abort(1),
        place("fault[1].step(submit-bio)"),
        max(n for n, stage in enumerate(seq_read()[: abort(1)]) if stage.get("kind") == "user-call"),
    ]


def test_back_out_leads_to_the_call_and_then_to_the_one_around_it(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(ra-window)"))

    assert [play.press("Shift+O"), play.press("Shift+O")] == [
        place("fault[1].do_sync_mmap_readahead"),
        place("fault[1].filemap_fault"),
    ]


def test_a_frame_of_the_stack_shows_its_source_with_the_line_of_the_call(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(ra-window)"))
    stack = play.get("kernel-stack").locator("li")
    expect(play.get("kernel-function")).to_have_text("do_sync_mmap_readahead")

    stack.nth(2).get_by_role("button").first.click()

    expect(play.get("kernel-function")).to_have_text(play.frames()[2])
    called = play.get("kernel-source").locator("[aria-current=step]")
    expect(called).to_contain_text(f"{play.frames()[3]}(")


def test_every_frame_tells_its_file_and_its_function(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].submit_bio"))
    stack = play.get("kernel-stack").locator("li")

    files = stack.evaluate_all("(all) => Object.fromEntries(all.map((li) => [li.dataset.fn, li.dataset.file]))")

    assert files["filemap_fault"] == "mm/filemap.c"
    assert files["handle_mm_fault"] == "mm/memory.c"
    assert files["ext4_filemap_fault"] == "fs/ext4/inode.c"
    assert files["submit_bio"].startswith("block/")
    assert all(files.values())


def test_what_changed_lists_before_and_after(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(set-pte)"))

    changes = play.get("kernel-changes")

    expect(changes).to_contain_text("PTE 445")
    expect(changes).to_contain_text("0x413ed79f 0x413ede7f")
    expect(play.get("kernel-stage")).to_have_text(f"stage {play.stage}")


def test_the_program_marks_the_line_that_faults(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1]"))

    expect(play.get("program-text").locator("[aria-current=step]")).to_contain_text("sum += p[i * PAGE];")


def test_playing_without_motion_runs_to_the_end_and_stops(page: Page) -> None:
    play = Player(page).open()

    play.get("time-play").click()

    play.await_root(f'[data-stage="{play.last}"][data-playing="0"]')
    expect(play.get("time-play")).to_be_disabled()


def test_playing_goes_on_until_paused(page: Page) -> None:
    play = Player(page).open(motion="full", speed=4, stage=place("fault[1]"))
    start = play.stage

    page.keyboard.press("Space")
    play.await_root('[data-playing="1"]')
    page.wait_for_selector(f'html:not([data-stage="{start}"])', state="attached")
    page.keyboard.press("Space")

    play.await_root('[data-playing="0"][data-settled="1"]')
    assert start < play.stage < play.last


def test_a_step_by_hand_stops_the_playing(page: Page) -> None:
    play = Player(page).open(motion="full", speed=0.25, stage=place("fault[1]"))
    page.keyboard.press("Space")
    play.await_root('[data-playing="1"]')

    page.keyboard.press("b")

    play.await_root('[data-playing="0"]')


def test_dragging_the_playhead_scrubs(page: Page) -> None:
    play = Player(page).open()
    plot = play.get("time-plot").bounding_box()
    assert plot is not None
    y = plot["y"] + 4
    page.mouse.move(plot["x"] + plot["width"] * 0.2, y)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.3, y)
    page.mouse.move(plot["x"] + plot["width"] * 0.5, y, steps=4)
    settle(page)
    middle = play.stage
    page.mouse.move(plot["x"] + plot["width"] * 0.25, y, steps=4)
    page.mouse.up()

    play.await_root(f'[data-settled="1"]:not([data-stage="{middle}"])')
    duration = seq_read()[-1]["t"]
    assert abs(seq_read()[middle]["t"] / duration - 0.5) < 0.03
    assert abs(seq_read()[play.stage]["t"] / duration - 0.25) < 0.03


def test_a_click_on_a_mark_goes_to_its_fault(page: Page) -> None:
    play = Player(page).open()

    play.do(play.get("time-mark-fault-4").click)

    assert play.stage == abort(4)


def test_the_playhead_is_a_slider(page: Page) -> None:
    play = Player(page).open(stage=300)
    slider = page.get_by_role("slider", name="Stage")
    slider.focus()

    keys = ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "PageUp", "PageDown", "End", "Home"]
    led = {key: play.press(key) for key in keys}

    ends = [play.last, 0]
    assert list(led.values()) == [301, 302, 301, 300, abort(2), abort(1), *ends]
    expect(slider).to_have_attribute("aria-valuenow", "0")
    expect(slider).to_be_focused()


def test_the_slider_tells_where_it_stands(page: Page) -> None:
    stage = place("fault[4].filemap_fault")
    play = Player(page).open(stage=stage)

    told = play.get("time-playhead").get_attribute("aria-valuetext") or ""

    assert told.endswith(f"stage {stage}, filemap_fault, fault 4 on page 24")


def test_the_address_leads_to_a_stage(page: Page) -> None:
    play = Player(page).open(stage=203)

    assert play.stage == 203
    expect(play.get("kernel-stage")).to_have_text("stage 203")


def test_an_address_past_the_end_leads_to_the_end(page: Page) -> None:
    page.goto("/play?motion=instant&stage=999999")
    play = Player(page)

    play.await_root(f'[data-done="1"][data-stage="{len(seq_read()) - 1}"]')


def test_letters_can_be_switched_off(page: Page) -> None:
    play = Player(page).open(stage=300)
    page.keyboard.press("?")
    play.get("help-letters").uncheck()
    page.keyboard.press("Escape")
    expect(play.get("help")).to_be_hidden()

    page.keyboard.press("s")
    assert play.click("step-into") == 301
