"""What a student does with the page, in the words of a student; every action waits until the page has settled."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import settle
from webapp.lesson import find, load_lesson, parse
from webapp.session.run import Recipe, Run

ROOT = Path(__file__).parent.parent.parent
RECORDINGS = ROOT / "lessons/recordings"
PATIENCE = 60_000  # ms: this is for failures; a machine that is busy with other things may be very slow

expect.set_options(timeout=PATIENCE)

Stage = dict[str, Any]


@cache
def stages_of(program: str, name: str = "prog.c") -> list[Stage]:
    """What the model does with a program, all stages."""
    return Run(Recipe(program, name)).finish().stages()


def seq_read() -> list[Stage]:
    """The stages of the program that the playground starts with."""
    return stages_of((RECORDINGS / "seq_read.c").read_text(), "seq_read.c")


def place(selector: str, stages: list[Stage] | None = None) -> int:
    """The stage that a lesson's selector names: where to go, found by what happens there."""
    n = find(parse(selector), seq_read() if stages is None else stages)
    assert n is not None, f"the run has no stage {selector}"
    return n


def link(program: str, name: str, stage: int) -> str:
    """A link to a stage of a program, as the share button makes it."""
    share = {"program": program, "name": name, "machine": {}, "stage": stage}
    share |= {"place": None, "title": "", "note": "", "model": ""}
    squeeze = zlib.compressobj(wbits=-15)
    packed = squeeze.compress(json.dumps(share).encode()) + squeeze.flush()
    return "#s=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def abort(k: int, stages: list[Stage] | None = None) -> int:
    """The stage at which the k-th fault begins: what `next fault` leads to."""
    return place(f"fault[{k}].step(abort)[2]", stages)


def skip_questions(page: Page, id: str = "first-touch") -> None:
    """Give up every question of a lesson, as the student of this page, so that its run is shown to the end."""
    page.request.get(f"/lessons/{id}")
    for step in load_lesson(ROOT / "lessons" / id).steps:
        if step.kind in ("predict", "play"):
            reply = page.request.post(f"/lessons/{id}/answer", data={"step": step.id, "skip": True})
            assert reply.ok, reply.text()


class Player:
    """One page and the run in it."""

    def __init__(self, page: Page, width: int = 1440, height: int = 900) -> None:
        self.page = page
        page.set_viewport_size({"width": width, "height": height})

    def open(self, path: str = "/play", *, done: bool = True, **query: Any) -> Player:
        """Load the page, without motion unless asked for, and wait for its run (`done`: all that may be seen of it)."""
        asked = {"motion": "instant"} | query
        self.page.goto(f"{path}?{urlencode(asked)}")
        stage = f'[data-stage="{query["stage"]}"]' if "stage" in query else ""
        self.await_root(
            f'[data-ready][data-settled="1"]{stage}' + (':is([data-done="1"], [data-held])' if done else "")
        )
        return self

    def await_root(self, attributes: str) -> None:
        """Wait until <html> has these attributes, written as in a selector."""
        self.page.wait_for_selector(f"html{attributes}", state="attached", timeout=PATIENCE)

    def root(self, name: str) -> str:
        """An attribute of <html>, without its `data-`."""
        return self.page.locator("html").get_attribute(f"data-{name}") or ""

    @property
    def stage(self) -> int:
        return int(self.root("stage"))

    @property
    def last(self) -> int:
        """The last stage that has arrived."""
        return int(self.root("stages")) - 1

    def get(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def text(self, testid: str) -> str:
        return self.get(testid).inner_text()

    def data(self, testid: str) -> dict[str, str]:
        """The data-* attributes of one thing: {"state": "uptodate", "flags": "mapped readahead", ...}."""
        found: dict[str, str] = self.get(testid).evaluate("(node) => ({...node.dataset})")
        return found

    def do(self, act: Callable[[], object]) -> int:
        """Do something that leads to another stage; returns that stage."""
        before = self.root("stage")
        act()
        self.await_root(f'[data-settled="1"]:not([data-stage="{before}"])')
        return self.stage

    def press(self, key: str) -> int:
        """Press a key that leads to another stage; returns that stage."""
        return self.do(lambda: self.page.keyboard.press(key))

    def click(self, name: str) -> int:
        """Press a button of the time dock that leads to another stage; returns that stage."""
        return self.do(self.get(f"time-{name}").click)

    def go(self, n: int) -> None:
        """Step to a stage, one after another, forwards or backwards."""
        here = self.stage
        for _ in range(abs(n - here)):
            self.page.keyboard.press("s" if n > here else "b")
        settle(self.page, n)

    def to_fault(self, k: int) -> int:
        """Run to the k-th fault, one fault after another, from the start."""
        self.page.keyboard.press("Home")
        settle(self.page, 0)
        for _ in range(k):
            self.press("f")
        return self.stage

    def frames(self) -> list[str]:
        """The functions on the call stack, outermost first."""
        found: list[str] = (
            self.get("kernel-stack").locator("li").evaluate_all("(all) => all.map((li) => li.dataset.fn)")
        )
        return found

    def states(self, row: str) -> list[str]:
        """The state of each cell in a row of the machine, "pte" or "page", by column."""
        found: list[str] = self.page.locator(f"#machine .m-cell[data-row={row}]").evaluate_all(
            """(all) => all.sort((a, b) => a.dataset.index - b.dataset.index).map((cell) => cell.dataset.state)"""
        )
        return found

    def picture(self) -> str:
        """Everything that the machine pane shows, as text: equal pictures look the same."""
        drawn: str = self.page.locator("#machine").evaluate(
            """(root) => {
                const lines = (node, indent) => {
                    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? [indent + node.data] : [];
                    const attributes = [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
                    const own = indent + [node.localName, ...attributes].join(" ");
                    return [own, ...[...node.childNodes].flatMap((child) => lines(child, `${indent} `))];
                };
                return lines(root, "").join("\\n");
            }"""
        )
        return drawn

    def run(self, program: str) -> None:
        """Replace the program's text and run it; waits for the new run."""
        before = self.root("run")
        self.type(program)
        self.get("program-run").click()
        self.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')

    def type(self, program: str) -> None:
        """Replace the program's text in the editor."""
        editor = self.get("program-editor")
        if not editor.is_visible():
            self.get("program-edit").click()
        editor.fill(program)


def hear(page: Page) -> list[str]:
    """What the console of a page that no fixture watches complains about, as it comes."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
