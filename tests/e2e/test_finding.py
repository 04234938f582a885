"""Finding out: search over all stages, who changed a value, the way back, the source with its values, the timeline."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player, abort, place, seq_read


def writers(ref: str, *fields: str) -> list[int]:
    """The stages that wrote a field."""
    wanted = {*fields, "*"}
    return [
        n for n, s in enumerate(seq_read()) if any(c[0] == ref and str(c[1]) in wanted for c in s.get("changes", ()))
    ]


def test_search_goes_to_what_it_finds_and_alt_left_back(page: Page) -> None:
    play = Player(page).open(stage=100)
    page.keyboard.press("/")
    page.keyboard.type("ra-window")
    windows = [n for n, s in enumerate(seq_read()) if s.get("kind") == "ra-window"]
    options = play.get("search-results").get_by_role("option")
    expect(options).to_have_count(len(windows))
    expect(play.get("search-results")).to_contain_text("Fault 4 on page 24, major")
    expect(play.get("search-said")).to_contain_text(f"{len(windows)} of")

    page.keyboard.press("ArrowDown")
    play.press("Enter")

    assert play.stage == windows[1]
    expect(play.get("search")).to_be_hidden()
    assert play.press("Alt+ArrowLeft") == 100
    assert play.press("Alt+ArrowRight") == windows[1]
    assert play.click("was") == 100


def test_search_takes_pages_addresses_and_conditions(page: Page) -> None:
    play = Player(page).open()
    page.keyboard.press("/")
    query, said = play.get("search-query"), play.get("search-said")

    query.fill("0xb6fd5000 user-load")
    expect(said).to_contain_text("2 of")
    query.fill("page 24 filemap_fault")
    expect(play.get("search-results").get_by_role("group").first).to_contain_text("Fault 4 on page 24")
    query.fill("page == 24 && op == 'call' && fn == 'filemap_fault'")
    expect(said).to_contain_text("1 of")
    query.fill("pge == 24")
    expect(said).to_have_text('Nothing is called "pge" here; did you mean "page"?')
    query.fill("nothing-like-it")
    expect(said).to_contain_text("Nothing in")


def test_who_changed_a_counter_leads_through_its_writers(page: Page) -> None:
    end = seq_read()[-1]["n"] - 60
    play = Player(page).open(stage=end)
    wrote = writers("task/1", "maj_flt")
    assert len(wrote) == 4

    play.do(play.get("machine-counter-maj_flt").get_by_role("button").click)

    assert play.stage == wrote[-1]
    expect(play.get("kernel-trail")).to_contain_text("written here, 4 of 4")
    expect(play.get("kernel-trail-next")).to_be_disabled()
    assert [play.do(play.get("kernel-trail-prev").click) for _ in range(2)] == wrote[-2:0:-1]
    assert play.do(play.get("kernel-trail-next").click) == wrote[2]
    for _ in range(4):
        play.press("Alt+ArrowLeft")
    assert play.stage == end


def test_a_line_of_what_changed_leads_to_who_wrote_it_before(page: Page) -> None:
    stage = place("fault[4].step(ra-window)")
    play = Player(page).open(stage=stage)
    line = play.get("kernel-changes").get_by_role("button", name="Readahead start")

    play.do(line.click)

    assert play.stage == [n for n in writers("ra/1", "start") if n < stage][-1]


def test_registers_entries_and_cards_tell_who_changed_them(page: Page) -> None:
    play = Player(page).open(stage=place("fault[2]") + 5)
    play.get("machine-card-cpu").get_by_role("button", name="DFAR").focus()
    assert play.press("Enter") == writers("cpu", "DFAR")[2]

    play.open(stage=place("fault[4]"))
    play.get("machine-pte-3").focus()
    page.keyboard.press("Enter")
    play.do(play.get("machine-who-linux").click)
    assert any(change[0].startswith("pt/") for change in seq_read()[play.stage]["changes"])
    expect(play.get("kernel-trail")).to_contain_text("PTE 448")


def test_the_trail_makes_a_breakpoint_of_the_next_change(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].filemap_fault"))
    play.get("machine-counter-pgmajfault").get_by_role("button").click()
    play.get("kernel-trail-watch").click()
    expect(play.get("kernel-trail-watch")).to_have_attribute("aria-pressed", "true")

    assert play.press("c") in writers("vmstat", "pgmajfault")


def test_the_source_shows_values_and_leads_to_linux(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].handle_mm_fault"))
    expect(play.get("kernel-source").locator(".value").first).to_contain_text("flags = 0x254")
    link = play.get("kernel-link")
    expect(link).to_have_text("mm/memory.c")
    expect(link).to_have_attribute("href", "https://elixir.bootlin.com/linux/v5.10.223/source/mm/memory.c")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_the_lines_that_record_can_be_hidden_for_good(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(ra-window)"))
    current = play.get("kernel-source").locator("[aria-current=step]")
    expect(current).to_contain_text("k.stage")

    play.get("kernel-bare").click()

    expect(current).not_to_contain_text("k.stage")
    expect(play.get("kernel-source").get_by_text("k.stage(").locator("visible=true")).to_have_count(0)
    play.open(stage=place("fault[1].step(ra-window)"))
    expect(play.get("kernel-bare")).to_have_attribute("aria-pressed", "true")


def shown(play: Player) -> str:
    """The words on the ruler: they tell which part of the run is on show."""
    return " ".join(play.page.locator("svg.axis text").all_text_contents())


def test_keys_buttons_and_the_wheel_zoom_and_the_minimap_pans(page: Page) -> None:
    play = Player(page).open(stage=abort(4))
    whole = shown(play)
    minimap = play.get("time-minimap")
    expect(minimap).to_be_hidden()
    play.get("time-playhead").focus()

    page.keyboard.press("+")
    expect(minimap).to_be_visible()
    near = shown(play)
    play.get("time-zoom-in").click()
    settle(page)
    assert len({whole, near, shown(play)}) == 3
    page.keyboard.press("0")
    play.get("time-zoom-fit").click()
    expect(minimap).to_be_hidden()
    assert shown(play) == whole

    box = play.get("time-plot").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.wheel(0, -480)
    expect(minimap).to_be_visible()
    left = shown(play)
    before = minimap.get_attribute("aria-valuenow")
    minimap.focus()
    page.keyboard.press("ArrowRight")
    expect(minimap).not_to_have_attribute("aria-valuenow", before or "")
    assert shown(play) != left
    assert play.stage == abort(4)


def test_requests_to_the_disk_are_spans(page: Page) -> None:
    play = Player(page).open()

    span = play.get("time-request-bio/1")

    expect(span).to_have_attribute("data-from", str(place("fault[1].step(submit-bio)")))
    expect(span).to_have_attribute("data-to", str(place("fault[1].step(io-done)")))


def test_the_help_lists_the_keys_of_the_table(page: Page) -> None:
    play = Player(page).open()
    page.keyboard.press("?")

    for does in ("run to the next, previous breakpoint", "search all stages", "over a whole call, back over it"):
        expect(play.get("help")).to_contain_text(does)


def test_a_sheet_that_closes_does_not_take_the_next_one_with_it(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1]"))
    page.keyboard.press("Shift+B")
    expect(page.locator("#stops")).to_be_visible()

    page.locator("#stops").evaluate(
        """(stops) => {
            stops.close();
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
        }"""
    )
    page.keyboard.type("set-pte")

    expect(play.get("search-results").get_by_role("option").first).to_be_visible()
    expect(play.get("search-query")).to_have_value("set-pte")
