"""The machine's settings: what is chosen there decides what the next run does."""

from playwright.sync_api import Page, expect

from tests.e2e.player import Player


def apply(play: Player, **settings: int) -> None:
    """Open the sheet, fill in settings, apply them, and wait for the new run."""
    before = play.root("run")
    play.get("top-machine").click()
    for name, value in settings.items():
        play.get(f"settings-{name}").fill(str(value))
    play.get("settings-apply").click()
    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')


def test_a_smaller_readahead_makes_a_smaller_window(page: Page) -> None:
    play = Player(page).open()

    apply(play, read_ahead_kb=64)

    expect(play.get("settings")).to_be_hidden()
    expect(play.get("top-chip-read_ahead_kb")).to_have_text("readahead 64 KiB")
    play.to_fault(2)
    window = play.data("machine-window-readahead")
    assert (window["start"], window["size"], window["async"]) == ("0", "16", "4")
    assert play.states("page") == ["uptodate"] * 16 + ["absent"] * 48


def test_without_readahead_each_fault_reads_one_page(page: Page) -> None:
    play = Player(page).open()

    apply(play, read_ahead_kb=0)

    play.to_fault(2)
    assert play.states("page").count("uptodate") == 1
    expect(play.get("machine-window-readahead")).to_have_count(0)


def test_a_smaller_fault_around_maps_fewer_pages(page: Page) -> None:
    play = Player(page).open()

    apply(play, fault_around_bytes=16384)

    play.to_fault(2)
    assert play.states("pte").count("ro") == 4


def test_a_changed_setting_is_marked_and_the_default_takes_the_mark_away(page: Page) -> None:
    play = Player(page).open()
    apply(play, read_ahead_kb=64)
    chip = play.get("top-chip-read_ahead_kb")
    expect(chip).to_have_attribute("data-changed", "")

    apply(play, read_ahead_kb=128)

    expect(chip).not_to_have_attribute("data-changed", "")


def test_a_value_that_cannot_be_is_refused_with_its_range(page: Page) -> None:
    play = Player(page).open()
    run = play.root("run")
    play.get("top-machine").click()
    field = play.get("settings-fault_around_bytes")

    field.fill("5000")
    play.get("settings-apply").click()

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(page.locator("#setting-fault_around_bytes-hint")).to_contain_text("power of two")
    assert play.root("run") == run


def test_the_sheet_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    play = Player(page).open()
    play.get("top-machine").press("Enter")
    expect(play.get("settings")).to_be_visible()

    for _ in range(12):
        page.keyboard.press("Tab")
        where = page.evaluate("() => document.activeElement.closest('#settings, body')?.id ?? ''")
        assert where in ("settings", "")
    page.keyboard.press("Escape")

    expect(play.get("settings")).to_be_hidden()
    expect(play.get("top-machine")).to_be_focused()
