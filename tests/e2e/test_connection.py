"""A lost WebSocket: the page says so, lets the student go on, and comes back without losing a stage."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import settle
from tests.e2e.player import Player, hear, stages_of
from tests.e2e.proxy import Proxy

LONG = """// files: data.bin=96
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	volatile char *p = mmap(NULL, 96 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	for (int i = 0; i < 96; i++)
		sum += p[i * 4096];
	return 0;
}
"""
# The page's own `app` becomes visible to the test; everything else of the page is as served.
FROM_SOURCES = 'import "/static/js/main.js";'
EXPOSED = "\nwindow.pagewalk = app;\n"
HELD = """async () => {
    const { subscribe, dispatch } = window.pagewalk;
    const state = await new Promise((done) => { subscribe(done); dispatch({ type: "ui", ui: {} }); });
    const text = new TextEncoder().encode(JSON.stringify(state.spans.stages));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
    const numbers = state.spans.stages.map((stage) => stage.n);
    return { count: numbers.length, inOrder: numbers.every((n, i) => n === i), digest: [...hash].join(" "),
        last: state.spans.stages.slice(-3) };
}"""


@pytest.fixture
def proxy(server_url: str, expected_complaints: list[str]) -> Iterator[Proxy]:
    """A wire to the server that the test may cut; the browser complains about every cut."""
    expected_complaints.append("WebSocket connection to")
    wire = Proxy(urlsplit(server_url).port or 0)
    yield wire
    wire.close()


ALL_HERE = "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/sources.json'))"


def lose(play: Player, wire: Proxy) -> None:
    """The connection breaks, and no new one can be made. All that the page asks for by itself is here before."""
    play.page.wait_for_function(ALL_HERE)
    wire.down = True
    wire.cut()
    play.await_root('[data-conn="lost"]')


def test_a_strip_tells_of_the_loss(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    expect(play.get("top-strip")).to_be_hidden()

    lose(play, proxy)

    expect(play.get("top-strip")).to_contain_text("Connection lost at")
    expect(play.get("top-strip")).to_contain_text("You can still step through what has arrived.")
    expect(page.locator("#alert")).to_contain_text("Connection lost")


def test_what_has_arrived_can_be_stepped_through_meanwhile(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    lose(play, proxy)

    assert [play.press("s"), play.press("b"), play.press("s")] == [1, 0, 1]
    assert play.click("fault") > 50
    play.get("time-playhead").press("End")
    settle(page, play.last)
    expect(play.get("program-where")).to_have_text("ended: status 0")


def test_retry_brings_the_connection_back_and_the_strip_goes(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play", stage=200)
    run = play.root("run")
    lose(play, proxy)
    proxy.down = False

    play.get("top-retry").click()

    expect(play.get("top-strip")).to_contain_text("Connected again")
    expect(play.get("top-strip")).to_be_hidden()
    assert (play.root("run"), play.stage) == (run, 200)


def test_a_program_can_be_run_after_the_connection_came_back(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    lose(play, proxy)
    proxy.down = False
    play.get("top-retry").click()
    play.await_root('[data-conn="open"]')

    play.run("int main(void)\n{\n\treturn 3;\n}\n")

    play.get("time-playhead").press("End")
    expect(play.get("program-where")).to_have_text("ended: status 3")


def test_a_program_sent_while_the_connection_is_lost_runs_once_it_is_back(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    before = play.root("run")
    play.type("int main(void)\n{\n")
    lose(play, proxy)
    play.type("int main(void)\n{\n\treturn 5;\n}\n")
    play.get("program-run").click()
    proxy.down = False

    play.get("top-retry").click()

    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')
    play.get("time-playhead").press("End")
    expect(play.get("program-where")).to_have_text("ended: status 5")


def test_an_editor_that_was_asked_for_without_a_connection_comes_with_it(
    page: Page, proxy: Proxy, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Failed to load resource: net::ERR_")
    play = Player(page).open(f"{proxy.url}/play")
    lose(play, proxy)
    page.get_by_test_id("program-edit").click()
    expect(page.locator(".editor")).to_contain_text("could not be loaded")

    proxy.down = False  # it is tried again by itself

    expect(play.get("program-editor")).to_be_focused()


def test_past_the_last_stage_held_there_is_nothing_to_play(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    cut_short(play, proxy, 20_000)

    play.get("time-playhead").press("End")
    settle(page, play.last)

    expect(play.get("time-count")).to_contain_text("so far")
    expect(play.get("time-play")).to_be_disabled()


def test_a_wish_for_a_stage_that_is_on_its_way_is_kept(page: Page, proxy: Proxy) -> None:
    play = Player(page).open(f"{proxy.url}/play")
    cut_short(play, proxy, 20_000)
    held = play.last
    play.get("time-playhead").press("End")
    settle(page, held)

    page.keyboard.press("s")
    proxy.down = False
    play.get("top-retry").click()

    settle(page, held + 1)


def test_three_losses_in_the_middle_of_messages_lose_no_stage(page: Page, server_url: str, proxy: Proxy) -> None:
    whole = page.context.new_page()
    complaints = hear(whole)
    reference = stream(whole, server_url)
    assert reference["count"] == len(stages_of(LONG))
    assert json.loads(json.dumps(stages_of(LONG)[-3:])) == reference["last"]

    expose(page)
    play = Player(page).open(f"{proxy.url}/play")
    proxy.cuts = [15_000, 5_001, 20_000]
    held = run_long(play)

    assert proxy.done == 3
    assert held == reference
    assert complaints == []


def stream(page: Page, url: str) -> dict:
    """What a page holds at the end of the long run when nothing is lost."""
    expose(page)
    return run_long(Player(page).open(f"{url}/play"))


def run_long(play: Player) -> dict:
    """Run the long program to its end, trying again whenever the connection is lost; tell what the page holds."""
    play.type(LONG)
    play.get("program-run").click()
    expect(play.get("program-text")).to_contain_text("96 * 4096")
    while play.root("done") != "1":
        play.await_root(':is([data-done="1"], [data-conn="lost"])')
        if play.root("conn") == "lost":
            play.page.evaluate("() => window.pagewalk.dispatch({ type: 'retry' })")
            play.await_root('[data-conn="open"]')
    held: dict = play.page.evaluate(HELD)
    assert held["inOrder"]
    return held


def cut_short(play: Player, wire: Proxy, after: int) -> None:
    """Run the long program, and lose the connection for good after so many bytes of it."""
    before = play.root("run")
    play.page.wait_for_function(ALL_HERE)
    wire.cuts, wire.stay_down = [after], True
    play.type(LONG)
    play.get("program-run").click()
    play.await_root(f'[data-conn="lost"]:not([data-run="{before}"])')


def expose(page: Page) -> None:
    """Let a test reach the page's `app`: the script comes from the sources, where that still has its name."""
    page.route("**/static/dist/main-*.js", lambda route: amend(route, lambda text: FROM_SOURCES))
    page.route("**/static/js/main.js", lambda route: amend(route, lambda text: text + EXPOSED))


def amend(route: Route, change: Callable[[str], str]) -> None:
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    route.fulfill(status=answer.status, headers=headers, body=change(answer.text()))
