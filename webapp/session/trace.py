"""A run as the kernel's function_graph tracer would print it.

      time us   duration us  | function
        60.45                |  do_DataAbort() {
        60.60                |    fsr_fs();  /* inlined */
        ...
                    102.300  |  } /* do_DataAbort */

Each line is printed as soon as it is known: only the latest call waits, for what comes next decides whether it is
a leaf. Steps inside a function appear as comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from webapp.kernel.machine import REGISTRY
from webapp.session.log import StageLog

Stage = dict[str, Any]

FILE = "/sys/kernel/debug/tracing/trace"
RING = 2_048  # stages that the trace of one moment reaches back at most

HEADER = "#    time us  duration us  task | function"
CONTEXT_MARKS = {"irq": "==> interrupt", "hw": "silicon"}
QUIET_STEPS = {"boot"}


def trace(stages: Iterable[Stage]) -> Iterator[str]:
    """The lines of the trace."""
    yield HEADER
    calls: dict[int, list[Stage]] = {}  # open calls of each task
    leaf: Stage | None = None  # the latest call, while nothing has happened inside it
    for stage in stages:
        open_calls = calls.setdefault(stage["task"], [])
        if leaf is not None:
            if stage["op"] == "return" and stage["task"] == leaf["task"] and stage["depth"] == leaf["depth"]:
                yield _line(leaf, f"{leaf['fn']}();{_note(leaf)}{_result(stage)}", stage["t"] - leaf["t"])
                leaf = None
                continue
            yield _line(leaf, f"{leaf['fn']}() {{{_note(leaf)}")
            calls[leaf["task"]].append(leaf)
            leaf = None
        if stage["op"] == "call":
            del open_calls[_standing(open_calls, stage["depth"]) :]
            leaf = stage
        elif stage["op"] == "return":
            began = _pop(open_calls, stage["depth"])
            spent = stage["t"] - began["t"] if began else None
            yield _line(stage, f"}} /* {stage['fn']} */{_result(stage)}", spent)
        elif stage["kind"] not in QUIET_STEPS:
            yield _line(stage, f"/* {stage['kind']}: {stage['text']} */", inside=stage["ctx"] != "user")
    if leaf is not None:
        yield _line(leaf, f"{leaf['fn']}() {{{_note(leaf)}")


def trace_at(log: StageLog, stage: int) -> str:
    """The trace as it stands after a stage, from where the program was last in user mode."""
    stages = log.read(max(0, stage + 1 - RING), stage + 1)
    begun = next((i for i, each in enumerate(reversed(stages)) if each["ctx"] == "user" and i > 0), len(stages) - 1)
    return "".join(f"{line}\n" for line in trace(stages[len(stages) - 1 - begun :]))


def _standing(open_calls: list[Stage], depth: int) -> int:
    """How many of the open calls are above ``depth``."""
    return next((i for i, call in enumerate(open_calls) if call["depth"] >= depth), len(open_calls))


def _pop(open_calls: list[Stage], depth: int) -> Stage | None:
    """Close the call at ``depth`` and whatever never returned inside it."""
    at = _standing(open_calls, depth)
    began = open_calls[at] if at < len(open_calls) and open_calls[at]["depth"] == depth else None
    del open_calls[at:]
    return began


def _line(stage: Stage, text: str, spent: int | None = None, inside: bool = False) -> str:
    duration = f"{spent / 1000:12.3f}" if spent is not None else " " * 12
    indent = "  " * (stage["depth"] + inside)
    return f"{stage['t'] / 1000:12.3f}  {duration}  {stage['task']:>4} |  {indent}{text}".rstrip()


def _note(call: Stage) -> str:
    """What sets a call apart: no tracer sees it, or no task makes it."""
    marks = [CONTEXT_MARKS[call["ctx"]]] if call["ctx"] in CONTEXT_MARKS else []
    info = REGISTRY.get(call["fn"])
    if info is not None and info.inlined:
        marks.append("inlined")
    return f" /* {', '.join(marks)} */" if marks else ""


def _result(stage: Stage) -> str:
    if "ret" not in stage:
        return ""
    value = stage["ret"]
    shown = hex(value) if isinstance(value, int) and value > 0xFFFF else value
    return f" /* = {shown} */"
