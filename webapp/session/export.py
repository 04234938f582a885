"""A run in the forms of other tools: Perfetto's trace viewer, the kernel's tracer, a spreadsheet, the digest.

Each form is made from the recorded stages alone, line by line, and names nothing that they do not hold.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from webapp.kernel.machine import REGISTRY
from webapp.session.digest import Follower, Recorded, digest
from webapp.session.limits import Limits
from webapp.session.report import FAULT_COLUMNS, fault_row
from webapp.session.run import Recipe, Run

Stage = dict[str, Any]
Json = dict[str, Any]

PID = 1  # the machine is one process of the trace
DISK, INTERRUPTS = 1001, 1002  # threads of the trace beside the tasks
SECTORS_PER_PAGE = 8


class Replay:
    """The first ``upto`` stages of a recipe, computed again: what one client has been sent, and no more."""

    def __init__(self, recipe: Recipe, limits: Limits, upto: int) -> None:
        self.recipe = recipe
        self.run = Run(recipe, limits)
        self.upto = upto

    @property
    def files(self) -> dict[str, int]:
        """Sizes in bytes."""
        return self.run.files

    @property
    def machine(self) -> dict[str, int | float]:
        """Settings in force."""
        return self.run.machine

    @property
    def why(self) -> str:
        """How it ended."""
        return self.run.why or f"cut after {self.upto} stages"

    def __iter__(self) -> Iterator[Stage]:
        """The stages, as they are computed."""
        if self.upto <= 0:
            return
        for stage in self.run:
            yield stage
            if stage["n"] + 1 >= self.upto:
                return


def chrome(run: Recorded) -> Iterator[str]:
    """Trace events for Perfetto and chrome://tracing: calls as slices, requests on the disk, with a flow from each."""
    yield '{"displayTimeUnit": "ns", "traceEvents": [\n'
    comma = ""
    for event in _trace_events(run):
        yield comma + orjson.dumps(event).decode()
        comma = ",\n"
    yield "\n]}\n"


def _trace_events(run: Recorded) -> Iterator[Json]:
    yield _named("process_name", 0, f"{run.recipe.name} on Pagewalk's Linux 5.10")
    yield _named("thread_name", DISK, "disk")
    yield _named("thread_name", INTERRUPTS, "interrupts")
    open_calls: dict[int, list[Stage]] = {}
    requests: dict[str, Stage] = {}
    now = 0
    for stage in run:
        now = stage["t"]
        thread = INTERRUPTS if stage["ctx"] == "irq" else stage["task"]
        if thread not in open_calls:
            open_calls[thread] = []
            if thread != INTERRUPTS:
                yield _named("thread_name", thread, "idle" if thread == 0 else f"task {thread}")
        calls = open_calls[thread]
        if stage["op"] in ("call", "return"):
            # What is as deep or deeper has ended, though a signal or an exit may have left no return of it.
            while calls and calls[-1]["depth"] >= stage["depth"]:
                yield _slice(calls.pop(), now, thread)
            if stage["op"] == "call":
                calls.append(stage)
        else:
            yield {
                "ph": "i", "s": "t", "name": stage.get("text") or stage.get("kind", ""), "cat": stage.get("kind", ""),
                "ts": now / 1000, "pid": PID, "tid": thread, "args": {"stage": stage["n"]},
            }  # fmt: skip
            yield from _request(stage, thread, requests)
    for thread, calls in open_calls.items():
        while calls:
            yield _slice(calls.pop(), now, thread)


def _named(what: str, thread: int, name: str) -> Json:
    return {"ph": "M", "name": what, "pid": PID, "tid": thread, "args": {"name": name}}


def _slice(call: Stage, end: int, thread: int) -> Json:
    return {
        "ph": "X", "name": call["fn"], "cat": call["ctx"], "ts": call["t"] / 1000, "dur": (end - call["t"]) / 1000,
        "pid": PID, "tid": thread, "args": {**call.get("args", {}), "stage": call["n"]},
    }  # fmt: skip


def _request(stage: Stage, thread: int, requests: dict[str, Stage]) -> Iterator[Json]:
    """A request to the disk: when it is done, its slice there and the arrow that leads to it."""
    bio = stage.get("args", {}).get("bio")
    if stage.get("kind") == "submit-bio":
        requests[bio] = stage | {"thread": thread}
    elif stage.get("kind") == "io-done" and bio in requests:
        asked = requests.pop(bio)
        flow = {"name": "I/O", "cat": "io", "id": stage["n"], "pid": PID}
        start, end = asked["t"] / 1000, stage["t"] / 1000
        yield {**flow, "ph": "s", "ts": start, "tid": asked["thread"]}
        yield {**flow, "ph": "f", "bp": "e", "ts": start, "tid": DISK}
        yield {
            "ph": "X", "name": asked["text"], "cat": "io", "ts": start, "dur": end - start,
            "pid": PID, "tid": DISK, "args": {"bio": bio, "stage": asked["n"]},
        }  # fmt: skip


GRAPH_HEADER = """\
# tracer: function_graph
#
#     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
#      |          |     |    |           |   |                     |   |   |   |
"""


def function_graph(run: Recorded) -> Iterator[str]:
    """What the kernel's tracer would print: without the functions that its compiler inlined, and without silicon."""
    yield GRAPH_HEADER
    open_calls: dict[int, list[Stage]] = {}
    leaf: Stage | None = None  # the latest call, while nothing has been called inside it
    for stage in run:
        if stage["op"] not in ("call", "return") or not _traced(stage["fn"]):
            continue
        calls = open_calls.setdefault(stage["task"], [])
        if stage["op"] == "call":
            if leaf is not None:
                yield _graph_line(leaf, f"{leaf['fn']}() {{", leaf["level"])
            while calls and calls[-1]["depth"] >= stage["depth"]:
                calls.pop()
            leaf = stage | {"level": len(calls)}
            calls.append(leaf)
            continue
        while calls and calls[-1]["depth"] > stage["depth"]:
            calls.pop()
        if not calls or calls[-1]["depth"] != stage["depth"]:
            continue
        call = calls.pop()
        spent = (stage["t"] - call["t"]) / 1000
        if call is leaf:
            yield _graph_line(call, f"{call['fn']}();", call["level"], spent)
        else:
            if leaf is not None:
                yield _graph_line(leaf, f"{leaf['fn']}() {{", leaf["level"])
            yield _graph_line(stage, f"}} /* {stage['fn']} */", call["level"], spent)
        leaf = None
    if leaf is not None:
        yield _graph_line(leaf, f"{leaf['fn']}() {{", leaf["level"])


def _traced(fn: str) -> bool:
    info = REGISTRY.get(fn)
    return info is None or not (info.inlined or info.hardware)


def _graph_line(stage: Stage, text: str, level: int, spent: float | None = None) -> str:
    seconds = stage["t"] / 1e9
    task = "<idle>-0" if stage["task"] == 0 else f"prog-{stage['task']}"
    duration = f"{spent:9.3f} us" if spent is not None else " " * 12
    return f" {seconds:12.9f} |   0)  {task:<12} | {duration}  |  {'  ' * level}{text}\n"


def faults(run: Recorded) -> Iterator[str]:
    """A row for each fault, as a spreadsheet reads it."""
    follower = Follower(run.files)
    for stage in run:
        follower.feed(stage)
    follower.finish()
    yield _csv_row(FAULT_COLUMNS)
    for when, event in zip(follower.moments, follower.events, strict=False):
        if "fault" in event:
            yield _csv_row(fault_row(when, event["fault"]))


def _csv_row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def digest_text(run: Recorded) -> Iterator[str]:
    """The digest that recordings of the real kernel have too."""
    yield orjson.dumps(digest(run), option=orjson.OPT_INDENT_2).decode() + "\n"


@dataclass(frozen=True, slots=True)
class Form:
    """One form: how it is made, what it is called and what a browser should take it for."""

    write: Callable[[Recorded], Iterator[str]]
    ending: str  # of the file's name
    mimetype: str


FORMS = {
    "chrome": Form(chrome, "trace.json", "application/json"),
    "ftrace": Form(function_graph, "ftrace.txt", "text/plain"),
    "faults": Form(faults, "faults.csv", "text/csv"),
    "digest": Form(digest_text, "digest.json", "application/json"),
}
