"""What the server sends: nothing inline, nothing from elsewhere; and windows that do not know of one another."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import Player, hear

PAGES = ["/", "/play", "/lessons/first-touch", "/recordings", "/recordings/seq_read"]


@pytest.mark.parametrize("path", [*PAGES, "/model.json", "/static/js/main.js", "/nowhere"])
def test_every_response_carries_a_strict_policy(page: Page, base_url: str, path: str) -> None:
    headers = page.request.get(f"{base_url}{path}").headers

    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_no_page_holds_inline_code_or_styles(page: Page, base_url: str, path: str) -> None:
    html = page.request.get(f"{base_url}{path}").text()

    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.S)
    assert all("src=" in attributes or 'type="application/json"' in attributes for attributes, _ in scripts)
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", markup, re.I)


@pytest.mark.parametrize("path", ["/play", "/lessons/first-touch"])
def test_no_request_leaves_the_host(page: Page, base_url: str, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    play = Player(page).open(path)
    play.press("f")

    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}

    assert hosts == {urlsplit(base_url).netloc}
    assert any(url.startswith("ws://") for url in asked)


def test_stages_come_over_one_websocket_only(page: Page) -> None:
    sockets: list[str] = []
    polls: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("request", lambda request: polls.append(request.url) if "transport=polling" in request.url else None)

    Player(page).open()

    assert len(sockets) == 1
    assert polls == []


def test_a_page_that_is_not_there_leads_back(page: Page, expected_complaints: list[str]) -> None:
    expected_complaints.append("404")
    page.goto("/lessons/none")

    page.get_by_role("link", name="Back to the playground").click()

    Player(page).await_root("[data-ready]")


def test_two_windows_have_runs_of_their_own(page: Page) -> None:
    first = Player(page).open()
    other = page.context.new_page()
    complaints = hear(other)
    second = Player(other).open(stage=300)
    first.press("f")
    at = first.stage

    second.get("program-choose-middle_touch.c").click()
    expect(second.get("top-program")).to_have_text("middle_touch.c")
    second.press("f")

    assert first.root("run") != second.root("run")
    assert first.stage == at
    expect(first.get("top-program")).to_have_text("seq_read.c")
    assert first.press("s") == at + 1
    assert complaints == []


def test_a_window_that_closes_leaves_the_other_one_alone(page: Page) -> None:
    first = Player(page).open()
    other = page.context.new_page()
    Player(other).open()

    other.close()

    first.run("int main(void)\n{\n\treturn 4;\n}\n")
    first.get("time-playhead").press("End")
    expect(first.get("program-where")).to_have_text("ended: status 4")
