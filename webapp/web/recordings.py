"""Programs that were recorded on the real kernel, each held against the model: event by event, while one looks.

shelf = Shelf(paths.lessons_dir() / "recordings")
shelf.rows()            a table of all
shelf.page(name)        one of them, with what the model does instead wherever it does something else
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import orjson

from webapp.session.compare import differences, event_differences
from webapp.session.digest import Json, digest
from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.run import Recipe, Run
from webapp.web.home import Signature, signature

AT_A_TIME = 2
MOST_ROWS = 400  # of a table
SPANS = 6  # that are written out; of more, how many


@dataclass(frozen=True, slots=True)
class Row:
    """A recording in the table."""

    name: str
    title: str
    plot: Signature
    calls: int
    faults: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it was recorded, in words; ``differs`` says what the model does instead."""

    n: int
    what: str
    kind: str  # "call", "major", "minor" or "signal"
    tried: str
    ptes: str
    read: str
    differs: str


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """What templates/recording.html shows. ``wrong`` are differences of the run as a whole."""

    row: Row
    kernel: str
    text: str
    events: list[EventRow]
    left_out: int
    agree: int
    wrong: list[str]
    ranges: list[tuple[str, int, int, int | None]]  # of a recording that varies: figure, from, to, the model's


class Shelf:
    """All recordings below a folder. Safe for threads."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._free = BoundedSemaphore(AT_A_TIME)
        self._page = lru_cache(64)(self._make)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        found = {path.stem: path for path in self._folder.rglob("*.json") if path.with_suffix(".c").is_file()}
        return dict(sorted(found.items()))

    @cached_property
    def rows(self) -> list[Row]:
        """Every recording, by name."""
        return [row_of(name, *self._read(name)) for name in self._paths]

    def text(self, name: str) -> str | None:
        """A program; None when there is no such recording."""
        return self._read(name)[1] if name in self._paths else None

    def page(self, name: str) -> RecordingPage | None:
        """One recording beside the model; None when there is none of this name."""
        if name not in self._paths:
            return None
        if not self._free.acquire(blocking=False):
            raise Refused("Other recordings are being compared just now. Try again in a few seconds.")
        try:
            return self._page(name)
        finally:
            self._free.release()

    def _read(self, name: str) -> tuple[Json, str]:
        path = self._paths[name]
        return orjson.loads(path.read_bytes()), path.with_suffix(".c").read_text(encoding="utf-8")

    def _make(self, name: str) -> RecordingPage:
        recorded, text = self._read(name)
        found = digest(Run(Recipe(text, f"{name}.c"), self._limits).finish())
        rows = [] if recorded.get("varies") else list(event_rows(recorded, found))
        whole = [one for one in differences(recorded, found) if not one.startswith(("event ", "tree "))]
        figures = {**found["totals"], **found.get("memcg_stat", {})}
        ranges = [(each, low, high, figures.get(each)) for each, (low, high) in recorded.get("ranges", {}).items()]
        return RecordingPage(
            row_of(name, recorded, text), recorded["kernel"], text, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS),
            sum(not row.differs for row in rows), whole, ranges if recorded.get("varies") else [],
        )  # fmt: skip


def row_of(name: str, recorded: Json, text: str) -> Row:
    """A recording in one line; its program's first comment says what it is about."""
    first = text.split("\n", 1)[0]
    faults = sum("fault" in event for event in recorded["events"])
    title = first.removeprefix("//").strip() if first.startswith("//") else ""
    return Row(name, title, signature(recorded), len(recorded["events"]) - faults, faults)


def event_rows(recorded: Json, found: Json) -> Iterator[EventRow]:
    """What was recorded, event by event, and where the model departs from it."""
    for n, event in enumerate(recorded["events"]):
        outcomes = [event, *recorded.get("alternatives", {}).get(str(n), [])]
        model = found["events"][n] if n < len(found["events"]) else None
        wrong = (
            [event_differences(outcome, model) for outcome in outcomes] if model else [["the model has no such event"]]
        )
        differs = "" if not all(wrong) else "; ".join(sorted(wrong, key=len)[0])
        (name, body) = next(iter(event.items()))
        yield EventRow(
            n + 1, words_of(name, body), kind_of(name, body), spans(body.get("map_pages", ())), ptes_of(body),
            read_of(body), differs,
        )  # fmt: skip


def words_of(name: str, body: Json) -> str:
    """An event in a few words."""
    who = f"task {body['task'] + 1}: " if body.get("task") else ""
    if name == "call":
        return f"{who}{body['name']}() returns {body['ret']}"
    place = f"page {body['page']} of mapping {body['mapping'] + 1}" if "page" in body else str(body.get("addr"))
    attempts = f", {body['attempts']} attempts" if body.get("attempts", 1) > 1 else ""
    return f"{who}{'store to' if body.get('write') else 'load of'} {place}{attempts}"


def kind_of(name: str, body: Json) -> str:
    """How the event is marked."""
    if name == "call":
        return "call"
    return "signal" if body.get("signal") else "major" if body["major"] else "minor"


def ptes_of(body: Json) -> str:
    """Which PTEs were set."""
    return spans([run["pages"] for run in body.get("ptes", ())])


def read_of(body: Json) -> str:
    """What came into the page cache, and by how many requests."""
    added = ", ".join(f"{file} {spans(runs)}" for file, runs in body.get("cache_add", {}).items())
    gone = ", ".join(f"{file} {spans(runs)}" for file, runs in body.get("cache_del", {}).items())
    requests = len(body.get("read_bios", ()))
    said = f"{added} in {requests} {'request' if requests == 1 else 'requests'}" if added and requests else added
    return "; ".join(part for part in (said, f"out: {gone}" if gone else "") if part)


def spans(runs: Any) -> str:
    """``[[0, 3], [7, 7]]`` as ``0-3, 7``."""
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in list(runs)[:SPANS]]
    return ", ".join(shown) + (f" and {len(runs) - SPANS} more" if len(runs) > SPANS else "")
