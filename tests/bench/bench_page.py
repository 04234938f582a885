"""What a student waits for: the page to load, a stage to be painted after a click, a leap through the largest run.

A real Chromium presses real buttons. A stage counts as painted when the browser has drawn the frame that shows it;
the clock starts at the input event itself, so time in queues counts too.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.e2e import chromium
from tests.e2e.conftest import QUIET_FLAGS, Server, settle, wait_for_server

# Touches far apart, until the run may record no more.
LARGEST = """// files: data.bin=4096
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	volatile char *p = mmap(NULL, 4096 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	unsigned int sum = 0, page = 0;
	madvise((void *)p, 4096 * 4096, MADV_RANDOM);
	for (int i = 0; i < 4096; i++) {
		page = (page + 797) % 4096;
		sum += p[page * 4096];
	}
	return sum & 1;
}
"""
# A file of so many pages, touched in 400 places: the overview draws all of it.
WIDE = """// files: data.bin={pages}
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{{
	volatile char *p = mmap(NULL, {pages}u * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	unsigned int sum = 0;
	for (int i = 0; i < 400; i++)
		sum += p[i * {step}u * 4096];
	return sum & 1;
}}
"""
SIZES = (1_024, 16_384, 65_536)  # pages
MOVES = 180  # of the pointer while it drags through time
FRAMES = """() => {
    globalThis.frames = [];
    let last = performance.now();
    const next = (now) => {
        frames.push(now - last);
        last = now;
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
}"""
LOADS = 5
SOURCES = "/sources.json"
CLICKS = 100
LEAPS = 60
PATIENCE = 600_000  # ms: the largest run takes its time
# When the page first answers, and how long each input took to become a painted stage.
CLOCK = """
    const root = () => document.documentElement.dataset;
    const watch = (look) => {
        const observer = new MutationObserver(() => look() && observer.disconnect());
        observer.observe(document, { subtree: true, attributeFilter: ["data-ready", "data-settled", "data-stage"] });
    };
    globalThis.times = [];
    watch(() => root().ready !== undefined && root().settled === "1" && (globalThis.interactive = performance.now()));
    const painted = (event) => {
        const before = root().stage;
        const draw = () => {
            const { port1, port2 } = new MessageChannel(); // its task runs when the frame is done
            port1.onmessage = () => globalThis.times.push(performance.now() - event.timeStamp);
            port2.postMessage(null);
            return true;
        };
        watch(() => root().stage !== before && draw());
    };
    addEventListener("click", (event) => event.target.closest("[data-step]") && painted(event), true);
    addEventListener("pointerup", (event) => event.target.closest(".plot") && painted(event), true);
"""


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Page]:
    """A page of a fresh profile, with the clock in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(CLOCK)
    page = context.new_page()
    page.goto(url, wait_until="commit")
    yield page
    context.close()


def await_root(page: Page, attributes: str) -> None:
    page.wait_for_selector(f"html{attributes}", state="attached")


def load(browser: Browser, url: str) -> dict[str, float]:
    """A cold load: milliseconds until it answers, requests, bytes on the wire, and the same compressed.

    The text of the model's functions is counted apart: it is asked for when the page has its first stages.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(CLOCK)
    page = context.new_page()
    addresses: dict[str, str] = {}
    wire: dict[str, float] = {}
    responses: list[Response] = []
    network = context.new_cdp_session(page)
    network.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    network.on("Network.loadingFinished", lambda event: wire.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    page.on("response", lambda response: responses.append(response))
    with page.expect_response(f"**{SOURCES}") as text:
        page.goto(f"{url}/play")
        await_root(page, '[data-ready][data-settled="1"]')
    text.value.finished()
    interactive: float = page.evaluate("() => interactive")
    bodies = [response.body() for response in responses if not response.url.endswith(SOURCES)]
    first = [size for request, size in wire.items() if not addresses.get(request, "").endswith(SOURCES)]
    context.close()
    return {
        "interactive": interactive,
        "requests": len(bodies),
        "wire": sum(first),
        "text": sum(wire.values()) - sum(first),
        "compressed": sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies),
    }


def clicks(browser: Browser, url: str, motion: str) -> list[float]:
    """Milliseconds from each click on *Step into* to the painted stage, through the first fault."""
    with opened(browser, f"{url}/play?motion={motion}&speed=4&stage=80") as page:
        await_root(page, '[data-ready][data-settled="1"][data-done="1"][data-stage="80"]')
        box = page.get_by_test_id("time-step-into").bounding_box()
        assert box is not None
        for n in range(81, 81 + CLICKS):
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            await_root(page, f'[data-stage="{n}"]')
            settle(page, n)
        times: list[float] = page.evaluate("() => times")
    return times


def leaps(browser: Browser, url: str) -> tuple[int, list[float]]:
    """How many stages the largest run has, and milliseconds from each click somewhere on its timeline to the paint."""
    chance = random.Random(5)
    with opened(browser, f"{url}/play?motion=instant") as page:
        await_root(page, '[data-ready][data-done="1"]')
        before = page.locator("html").get_attribute("data-run")
        page.get_by_test_id("program-edit").click()
        page.get_by_test_id("program-editor").fill(LARGEST)
        page.get_by_test_id("program-run").click()
        await_root(page, f'[data-done="1"]:not([data-run="{before}"])')
        plot = page.get_by_test_id("time-plot").bounding_box()
        assert plot is not None
        page.evaluate("() => { times.length = 0; }")
        for _ in range(LEAPS):
            at = page.locator("html").get_attribute("data-stage")
            page.mouse.click(plot["x"] + chance.random() * plot["width"] * 0.97, plot["y"] + 3)
            await_root(page, f'[data-settled="1"]:not([data-stage="{at}"])')
        times: list[float] = page.evaluate("() => times")
        stages = int(page.locator("html").get_attribute("data-stages") or 0)
    return stages, times


def frames(browser: Browser, url: str, pages: int) -> list[float]:
    """Milliseconds from frame to frame while the pointer drags through a run over a file of ``pages``."""
    with opened(browser, f"{url}/play?motion=instant") as page:
        await_root(page, '[data-ready][data-done="1"]')
        before = page.locator("html").get_attribute("data-run")
        page.get_by_test_id("program-edit").click()
        page.get_by_test_id("program-editor").fill(WIDE.format(pages=pages, step=pages // 400))
        page.get_by_test_id("program-run").click()
        await_root(page, f'[data-done="1"][data-settled="1"]:not([data-run="{before}"])')
        plot = page.get_by_test_id("time-plot").bounding_box()
        assert plot is not None
        page.mouse.move(plot["x"] + 4, plot["y"] + 3)
        page.mouse.down()
        page.evaluate(FRAMES)
        for n in range(MOVES):
            page.mouse.move(plot["x"] + 4 + n / MOVES * plot["width"] * 0.9, plot["y"] + 3)
        page.mouse.up()
        times: list[float] = page.evaluate("() => frames.slice(1)")
    return times


def spread(times: list[float]) -> str:
    return f"{median(times):6.1f} ms p50, {quantiles(times, n=20)[-1]:6.1f} ms p95"


def middle(loads: list[dict[str, float]], what: str) -> float:
    return median(one[what] for one in loads)


def main() -> None:
    """Print the figures, or say why there are none."""
    path = chromium.on_this_machine() or chromium.playwrights_own()
    if path is None:
        print("  not measured: there is no Chromium here; install the package chromium, or set CHROMIUM to its path")
        return
    os.environ["PAGEWALK_FILE_BYTES"] = str(SIZES[-1] * 4096)  # four times what a server takes by default
    server = Server()
    options: dict[str, Any] = {"executable_path": path, "args": QUIET_FLAGS}
    try:
        url = wait_for_server(server)
        with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
            loads = [load(browser, url) for _ in range(LOADS)]
            print(f"  cold load, to answer  {middle(loads, 'interactive'):8.0f} ms")
            wire, compressed = middle(loads, "wire") / 1024, middle(loads, "compressed") / 1024
            print(
                f"  page weight           {wire:8,.0f} KiB as sent, {compressed:,.0f} KiB if everything were compressed"
            )
            print(f"  requests              {middle(loads, 'requests'):8.0f}")
            print(
                f"  functions' text       {middle(loads, 'text') / 1024:8,.0f} KiB as sent, when the page has answered"
            )
            print(f"  click to paint        {spread(clicks(browser, url, 'instant'))}   (aim 50 at p95)")
            print(f"  the same with motion  {spread(clicks(browser, url, 'full'))}")
            for pages in SIZES:
                print(f"  frames, {pages:>6,} pages {spread(frames(browser, url, pages))}   (aim 17)")
            stages, times = leaps(browser, url)
            print(f"  leap to paint         {spread(times)}   (aim 100), among {stages:,} stages")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
