"""Keeping and sharing: links, frames, files for other tools; and links that a stranger made."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import urlsafe_b64encode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.player import Player, hear, place

SHARE = {"program": "int main(void)\n{\n\treturn 3;\n}\n", "name": "three.c", "title": "Three"}


def fragment(content: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return "#s=" + urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


def link_of(play: Player) -> str:
    """The link that the sheet shows once it is made."""
    play.get("top-share").click()
    expect(play.get("share-link")).to_be_visible()
    expect(play.get("share-link")).not_to_have_value("")
    return play.get("share-link").input_value()


def visit(page: Page, link: str) -> Player:
    page.goto(link)
    play = Player(page)
    play.await_root('[data-ready][data-settled="1"][data-done="1"]')
    return play


def test_a_link_carries_program_stage_title_and_note(page: Page) -> None:
    stage = place("fault[4].filemap_fault")
    play = Player(page).open(stage=stage)
    play.get("top-share").click()
    play.get("share-name").fill("A marker")
    play.get("share-note").fill("See page 24.")
    expect(play.get("share-length")).to_contain_text("nothing is stored")
    page.wait_for_function("(n) => document.querySelector('[data-testid=share-length]').dataset.length > n", arg=300)
    page.keyboard.press("Escape")

    there = visit(page.context.new_page(), link_of(play))

    assert there.stage == stage
    expect(there.get("program-notice")).to_contain_text("A marker: See page 24.")
    there.page.reload()
    there.await_root(f'[data-settled="1"][data-done="1"][data-stage="{stage}"]')


def test_a_link_to_the_start_starts(page: Page) -> None:
    play = Player(page).open(stage=300)
    play.get("top-share").click()
    page.get_by_role("radio", name="To the start").check()
    page.keyboard.press("Escape")

    assert visit(page.context.new_page(), link_of(play)).stage == 0


def test_a_short_link_is_kept_by_the_server(page: Page) -> None:
    play = Player(page).open(stage=300)
    link_of(play)

    play.get("share-keep").click()
    expect(play.get("share-length")).to_contain_text("Kept by this server")
    link = play.get("share-link").input_value()

    assert "/s/" in link
    assert len(link.rsplit("/", 1)[1]) == 12
    assert visit(page.context.new_page(), link).stage == 300


def test_sharing_works_by_keyboard(page: Page) -> None:
    play = Player(page).open()
    page.keyboard.press("e")
    expect(play.get("share")).to_be_visible()

    page.get_by_label("Title").focus()
    page.keyboard.type("Typed")
    page.keyboard.press("Escape")

    expect(play.get("share")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.get_by_role("menuitem", name="Trace for Perfetto")).to_be_focused()


@pytest.mark.parametrize(
    ("hash", "words"),
    [
        ("#s=", "damaged"),
        ("#s=%%%", "damaged"),
        ("#s=AAAA", "damaged"),
        (fragment(b"[1]"), "its program makes no sense"),
        (fragment(b"null"), "its program makes no sense"),
        (fragment(json.dumps(SHARE | {"name": "../../etc/passwd"}).encode()), "its name makes no sense"),
        (fragment(json.dumps(SHARE | {"stage": -5}).encode()), "its stage makes no sense"),
        (fragment(json.dumps(SHARE | {"machine": {"a": "b"}}).encode()), "its machine makes no sense"),
        (fragment(b" " * 50_000_000), "more than 262144 bytes"),
    ],
)
def test_a_link_that_is_broken_says_so_and_loses_nothing(page: Page, hash: str, words: str) -> None:
    play = visit(page, f"/play?motion=instant{hash}")

    expect(play.get("program-notice")).to_contain_text(words)
    expect(play.get("top-program")).to_have_text("seq_read.c")


def test_a_link_followed_in_an_open_page_keeps_what_was_being_written(page: Page) -> None:
    play = Player(page).open()
    play.type("int main(void) { return 77; }\n")

    page.evaluate("(hash) => { location.hash = hash }", fragment(json.dumps(SHARE).encode()))
    expect(play.get("top-program")).to_have_text("three.c")
    play.get("program-bring-back").click()

    expect(play.get("program-editor")).to_contain_text("return 77;")


def test_a_program_of_a_link_that_does_not_compile_stands_in_the_editor(page: Page) -> None:
    page.goto(
        "/play?motion=instant" + fragment(json.dumps(SHARE | {"program": "int main(void) { return x; }"}).encode())
    )
    play = Player(page)

    expect(play.get("program-editor")).to_contain_text("return x;")
    expect(play.get("program-problems")).to_contain_text("'x' is not declared")


def test_a_stored_link_that_is_not_there_says_so(page: Page, expected_complaints: list[str]) -> None:
    expected_complaints.append("404")

    page.goto("/s/nothing")

    expect(page.get_by_role("main")).to_contain_text("There is no stored link “nothing”")


@pytest.mark.parametrize("width", [960, 390])
def test_a_frame_shows_machine_and_time_and_leads_to_the_whole(page: Page, width: int) -> None:
    hash = fragment(json.dumps(SHARE).encode())
    page.set_viewport_size({"width": width, "height": 640})
    play = visit(page, f"/embed?motion=instant{hash}")

    expect(page.locator("#machine")).to_be_visible()
    expect(play.get("time-step-into")).to_be_visible()
    expect(page.locator("#program")).to_be_hidden()
    expect(play.get("embed-open")).to_have_attribute("href", f"/play{hash}")
    assert play.click("step-into") == 1
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_only_frames_may_be_framed(page: Page, base_url: str) -> None:
    def ancestors(path: str) -> str:
        policy = page.request.get(f"{base_url}{path}").headers["content-security-policy"]
        return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))

    assert ancestors("/embed") == "frame-ancestors *"
    assert {ancestors(path) for path in ("/", "/play", "/embed/nothing", "/embed/s/x")} == {"frame-ancestors 'none'"}


def export(play: Player, form: str) -> bytes:
    play.get("top-export").click()
    with play.page.expect_download() as download:
        play.get("export-menu").locator(f"[data-export={form}]").click()
    return download.value.path().read_bytes()


def test_a_run_is_exported_for_other_tools(page: Page) -> None:
    play = Player(page).open()

    trace = json.loads(export(play, "chrome"))
    assert {"process_name", "thread_name"} <= {event["name"] for event in trace["traceEvents"]}
    assert b"filemap_fault() {" in export(play, "ftrace")
    assert export(play, "faults").count(b"\n") == 8
    assert json.loads(export(play, "digest"))["totals"] == {"faults": 7, "major": 3, "minor": 4}


def test_the_machine_is_exported_as_it_is_drawn(page: Page, browser: Browser) -> None:
    play = Player(page).open(stage=300)

    svg, png = export(play, "svg").decode(), export(play, "png")

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    alone = page.context.new_page()
    complaints = hear(alone)
    alone.set_content(svg)
    box = alone.locator("svg").first.bounding_box()
    assert box is not None
    assert (width, height) == (round(box["width"]) * 2, round(box["height"]) * 2)
    expect(alone.locator("svg").first).to_contain_text("Page cache")
    assert complaints == []
