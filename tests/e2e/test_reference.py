"""The reference page: signs drawn by the machine's own code, tables of bits, every function of the model."""

from playwright.sync_api import Page, expect

from tests.e2e.player import Player


def test_the_reference_shows_signs_bits_and_functions(page: Page) -> None:
    page.goto("/reference")
    expect(page.locator("#fn-filemap_fault")).to_contain_text("page cache")

    assert page.locator(".m-page[data-state=evicted] .m-shadow").count() == 2
    assert page.locator(".m-pte[data-state=cow] .m-slash").count() == 2
    expect(page.get_by_test_id("reference-dfsr")).to_contain_text("0x07translation fault, page")
    expect(page.get_by_test_id("reference-linux")).to_contain_text("6dtywritten to")
    expect(page.get_by_test_id("reference-pg")).to_contain_text("PG_readahead")


def test_help_leads_to_the_reference(page: Page) -> None:
    play = Player(page).open(stage=0)
    page.keyboard.press("?")

    with page.context.expect_page() as opened:
        play.get("help-reference").click()

    expect(opened.value.get_by_role("heading", name="Reference")).to_be_visible()
