"""Breakpoints: made by a click, by a key or in words; run to, forwards and backwards; kept, switched off, deleted."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import Player, abort, place, seq_read
from tests.e2e.test_accessibility import violations


def stop_at(play: Player, *texts: str) -> None:
    """Write breakpoints into the sheet, and close it."""
    play.page.keyboard.press("Shift+B")
    expect(play.get("stops")).to_be_visible()
    for text in texts:
        play.get("stops-text").fill(text)
        play.page.keyboard.press("Enter")
        expect(play.get("stops-text")).to_have_value("")
    play.page.keyboard.press("Escape")
    expect(play.get("stops")).to_be_hidden()


def calls(fn: str) -> list[int]:
    return [n for n, stage in enumerate(seq_read()) if stage["op"] == "call" and stage["fn"] == fn]


def test_running_goes_from_hit_to_hit_both_ways_then_to_the_ends(page: Page) -> None:
    play = Player(page).open()
    stop_at(play, "filemap_fault")
    hits = calls("filemap_fault")

    assert [play.press("c") for _ in hits] == hits
    assert [play.press("Shift+C") for _ in hits[1:]] == hits[-2::-1]
    assert play.press("Shift+C") == 0
    for _ in hits:
        play.click("breakpoint")
    assert play.press("c") == play.last


def test_a_condition_narrows_a_function(page: Page) -> None:
    play = Player(page).open()
    stop_at(play, "filemap_fault if page == 24")

    assert play.press("c") == place("fault[4].filemap_fault")
    assert play.press("c") == play.last


def test_the_sheet_counts_hits_switches_off_and_deletes(page: Page) -> None:
    play = Player(page).open()
    stop_at(play, "filemap_fault", "line 19", "major && write")
    play.press("c")
    page.keyboard.press("Shift+B")
    first, line, never = (play.get(f"stops-item-{i}") for i in range(3))
    expect(first).to_have_attribute("data-hits", str(len(calls("filemap_fault"))))
    expect(line).to_have_attribute("data-hits", "64")
    expect(line).to_contain_text("64 hits, 1 up to here, the last one here")
    expect(never).to_contain_text("never hit in this run")

    line.get_by_role("checkbox").uncheck()
    never.get_by_role("button", name="Delete breakpoint major && write").click()

    expect(play.get("stops-item-2")).to_have_count(0)
    page.keyboard.press("Escape")
    assert play.press("c") == calls("filemap_fault")[0]


def test_a_mistake_is_quoted_with_a_remedy_and_loses_nothing(page: Page) -> None:
    play = Player(page).open()
    page.keyboard.press("Shift+B")
    play.get("stops-text").fill("filemap_falt")
    play.get("stops-add").click()

    expect(play.get("stops-hint")).to_contain_text('"filemap_falt" is no function of the model')
    expect(play.get("stops-hint")).to_contain_text('did you mean "filemap_fault"?')
    expect(play.get("stops-text")).to_have_value("filemap_falt")
    expect(play.get("stops-text")).to_have_attribute("aria-invalid", "true")
    expect(play.get("stops-item-0")).to_have_count(0)


def test_breakpoints_outlive_the_page_and_belong_to_their_program(page: Page) -> None:
    play = Player(page).open()
    stop_at(play, "filemap_fault")

    play.open()
    assert play.press("c") == calls("filemap_fault")[0]
    before = play.root("run")
    play.get("program-choose-sigbus_eof.c").click()
    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')
    page.keyboard.press("Shift+B")

    expect(play.get("stops-empty")).to_be_visible()


def test_a_click_on_a_frame_or_the_source_sets_one(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))
    deepest = play.get("kernel-stack").locator("[aria-current]")
    deepest.hover()
    deepest.get_by_role("button", name="Breakpoint on submit_bio").click()
    expect(play.get("kernel-stop")).to_have_attribute("aria-pressed", "true")
    line = play.get("kernel-source").locator("[aria-current=step] button.num")
    line.click()
    expect(line).to_have_attribute("aria-pressed", "true")

    assert play.press("c") == calls("submit_bio")[1]
    assert play.press("c") == place("fault[4].step(submit-bio)")
    page.keyboard.press("Shift+B")
    expect(play.get("stops-list").locator("li")).to_have_count(2)


def test_f9_stops_on_the_line_of_the_program(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1]"))
    page.keyboard.press("F9")

    second = next(n for n, s in enumerate(seq_read()) if s.get("text") == "main reads 1 byte at 0xb6fbe000")
    assert play.press("c") == second


def test_a_page_stops_from_its_card(page: Page) -> None:
    play = Player(page).open()
    play.get("machine-page-data.bin-24").focus()
    page.keyboard.press("Enter")
    play.get("machine-stop").click()
    expect(play.get("machine-stop")).to_have_attribute("aria-pressed", "true")

    first = play.press("c")

    changed = [change[0] for change in seq_read()[first]["changes"]]
    assert any(ref.startswith(("page/", "cache/")) for ref in changed)
    assert first < place("fault[1].submit_bio")


def test_playing_stops_at_a_breakpoint(page: Page) -> None:
    play = Player(page).open()
    stop_at(play, "fault[4].filemap_fault")

    play.get("time-play").click()

    play.await_root(f'[data-stage="{place("fault[4].filemap_fault")}"][data-playing="0"]')
    expect(page.locator("#live")).to_contain_text("Breakpoint fault[4].filemap_fault.")


def test_without_breakpoints_the_button_leads_to_where_they_are_made(page: Page) -> None:
    play = Player(page).open(stage=abort(1))

    play.get("time-breakpoint").click()

    expect(play.get("stops")).to_be_visible()
    expect(play.get("stops-text")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_breakpoints_search_menu_and_trail(page: Page, theme: str) -> None:
    play = Player(page).open(theme=theme, stage=place("fault[4].filemap_fault"))
    stop_at(play, "filemap_fault", "line 19")
    play.get("machine-counter-maj_flt").get_by_role("button").click()
    play.get("time-zoom-in").click()
    found = {"page": violations(page)}
    page.keyboard.press("Shift+B")
    play.get("stops-text").fill("nonsense")
    play.get("stops-add").click()
    found["stops"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("set-pte")
    expect(play.get("search-results").get_by_role("option").first).to_be_visible()
    found["search"] = violations(page)
    page.keyboard.press("Escape")
    play.get("time-more").click()
    found["menu"] = violations(page)

    assert found == {"page": {}, "stops": {}, "search": {}, "menu": {}}
