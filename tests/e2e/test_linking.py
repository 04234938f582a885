"""One thing, lit everywhere: pointing at a page, a frame or a value shows it in every pane and says what it is."""

from playwright.sync_api import Page, expect

from tests.e2e.player import Player, place


def lit(play: Player) -> set[str]:
    """The test ids of everything that is lit."""
    found: list[str] = play.page.locator("[data-lit]").evaluate_all(
        "(all) => all.map((one) => one.dataset.testid ?? '')"
    )
    return set(found)


def test_a_focused_page_lights_its_pte_its_place_on_the_lru_list_and_its_words(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(set-pte)"))

    play.get("machine-page-data.bin-3").focus()

    expect(play.get("machine-words")).to_contain_text("Page 3 of data.bin: up to date")
    assert {"machine-pte-3", "machine-page-data.bin-3"} <= lit(play)
    assert page.locator(".m-mini[data-lit]").count() == 1
    assert page.locator(".m-block[data-lit]").get_attribute("data-index") == "3"


def test_pointing_at_a_pte_lights_the_fault_that_filled_it(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(set-pte)"))

    play.get("machine-pte-0").hover(force=True)

    expect(play.get("time-mark-fault-1")).to_have_attribute("data-lit", "")
    expect(play.get("kernel-change-0").get_by_role("button")).to_have_attribute("data-lit", "")


def test_pointing_at_a_frame_lights_its_spans_and_says_what_the_function_does(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))

    page.locator("[data-part=stack] li[data-fn=filemap_fault]").hover()

    expect(play.get("machine-words")).to_contain_text("filemap_fault, mm/filemap.c: ")
    assert page.locator(".flame [data-fn=filemap_fault]:not([data-lit])").count() == 0


def test_a_bio_lights_the_pages_that_it_carries(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(submit-bio)"))

    page.locator(".m-bio .m-bar").first.hover(force=True)

    expect(play.get("machine-words")).to_contain_text("RA sector 20648 + 256")
    assert page.locator(".m-page[data-lit]").count() == 32


def test_nothing_stays_lit(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(set-pte)"))
    play.get("machine-page-data.bin-3").focus()
    expect(play.get("machine-words")).to_be_visible()

    page.evaluate("document.activeElement.blur()")

    expect(page.locator("[data-lit]")).to_have_count(0)
    expect(play.get("machine-words")).to_be_hidden()


def test_the_card_of_a_page_tells_its_history_and_leads_there(page: Page) -> None:
    play = Player(page).open(stage=place("fault[1].step(set-pte)"))
    play.get("machine-page-data.bin-0").focus()
    page.keyboard.press("Enter")
    history = play.get("machine-pin").locator(".m-history button")
    expect(history.first).to_contain_text("allocated at")

    read = history.filter(has_text="up to date")
    stage = int((read.inner_text()).rsplit(" ", 1)[1])
    play.do(read.click)

    assert play.stage == stage
    assert play.data("machine-page-data.bin-0")["state"] == "uptodate"
