"""What a run has done, ready for questions: the `World` of the model.

    facts = Facts(run, selectors)     # reads what the run has recorded so far
    facts.catch_up()                  # and what it has recorded since
    evaluate(expression, facts)

Events become facts when they are over: a fault that still waits for the disk is not in ``fault`` yet. With ``upto``
nothing is read from that stage on, so questions can be put to what a student has seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from webapp.kernel.journal import Rows
from webapp.lesson.expression.evaluate import MAX_FLOAT
from webapp.lesson.expression.problem import Absent, ExpressionError
from webapp.lesson.expression.world import Event, Value
from webapp.lesson.finder import Finder, Stage
from webapp.lesson.finder import find as find_stage
from webapp.lesson.problem import SelectorError
from webapp.lesson.selector import Part, Selector, parse
from webapp.lesson.state import State
from webapp.session import outcome
from webapp.session.digest import MAX_ERRNO, Follower, Json
from webapp.session.run import Recipe

BATCH = 2_048  # stages read at once
MANY = 10**9
KEPT_STATES = 4


class Recorded(Protocol):
    """What is asked of a run; `webapp.session.run.Run` has it all."""

    recipe: Recipe
    files: dict[str, int]
    machine: dict[str, int | float]

    @property
    def log(self) -> Any:
        """Its length is the number of recorded stages."""

    def stages(self, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
        """The stages from ``start`` to ``stop``."""

    def rows_at(self, n: int) -> Rows:
        """The state after ``n`` stages."""


class Facts:
    """A run's events and states. ``selectors`` are those that will be asked for: they are found on the way."""

    def __init__(self, run: Recorded, selectors: Iterable[Selector] = (), upto: int | None = None) -> None:
        self.run = run
        self.upto = upto
        self.seen = 0
        self.time = 0
        self._follower = Follower(run.files)
        self._finder = Finder(selectors)
        self._known = {selector.text for selector in self._finder.selectors}
        self._times: dict[str, int] = {}
        self._faults: list[Event] = []
        self._io: list[Event] = []
        self._windows: list[Event] = []
        self._calls: list[Event] = []
        self._states: dict[int, State] = {}
        self.catch_up()

    def catch_up(self, most: int | None = None) -> None:
        """Read what the run has recorded since, up to ``most`` stages of it."""
        end = len(self.run.log) if self.upto is None else min(self.upto, len(self.run.log))
        if most is not None:
            end = min(end, self.seen + most)
        while self.seen < end:
            stop = min(self.seen + BATCH, end)
            for stage in self.run.stages(self.seen, stop):
                self._feed(stage)
            self.seen = stop
            self._times.clear()

    def _feed(self, stage: Stage) -> None:
        self._follower.feed(dict(stage))
        self._finder.feed(stage)
        self.time = stage["t"]
        kind, args = stage.get("kind"), stage.get("args", {})
        if kind == "submit-bio":
            write = not str(self._follower.rows[args["bio"]]["op"]).startswith("R")
            self._io.append({"n": len(self._io) + 1, "pages": args["pages"], "write": write})
        elif kind == "syscall-return":
            self._calls.append(call_event(len(self._calls) + 1, args["name"], args["ret"]))
        elif stage["op"] == "call" and stage["fn"] == "do_page_cache_ra":
            found = {"index": args["ractl"]["index"], "nr": args["nr_to_read"], "lookahead": args["lookahead_size"]}
            self._windows.append(window_event(len(self._windows) + 1, found))

    @property
    def settled(self) -> int:
        """How many stages are read of which it is known whether a selector names them, the last one included."""
        doubtful = self._finder.doubtful
        return self.seen if doubtful is None else doubtful + 1

    # The World's questions.

    def events(self, collection: str, call: str = "") -> Sequence[Event]:
        """The faults, io, windows or calls so far."""
        if collection == "fault":
            fresh = self._follower.faults[len(self._faults) :]
            self._faults += [fault_event(n, fault) for n, fault in enumerate(fresh, start=len(self._faults) + 1)]
        if collection == "call":
            return [event for event in self._calls if call in ("", event["name"])]
        return {"fault": self._faults, "io": self._io, "window": self._windows}[collection]

    def word(self, name: str) -> Value:
        """A plain word."""
        rows = self._follower.rows
        if name in ("status", "signal"):
            return ending_word(name, outcome.ending(rows))
        if name == "stdout":
            return outcome.stdout(rows).strip()
        return {"stages": self.seen, "time": self.time, "lines": code_lines(self.run.recipe.program)}[name]

    def stage(self, selector: Selector) -> int | None:
        """The number of the stage that a selector names."""
        if selector.text in self._known:
            return self._finder.found.get(selector.text)
        return find_stage(selector, self.stages())

    moment = stage

    def times(self, selector: Selector) -> int:
        """How often its last link happens."""
        if selector.text not in self._times:
            counter = Selector(selector.text, counting(selector, MANY))
            finder = Finder([counter])
            search = finder.search(counter)
            for stage in self.stages():
                finder.feed(stage)
            self._times[selector.text] = MANY - search.left if search.next == len(counter.parts) - 1 else 0
        return self._times[selector.text]

    def next_function(self, stage: int) -> str:
        """The function that the same task enters next."""
        task = None
        for found in self.stages(stage):
            if task is None:
                task = found["task"]
            elif found["task"] == task and found["op"] == "call" and found["ctx"] != "irq":
                return str(found["fn"])
        raise Absent(f"Nothing is entered after stage {stage}.", "Choose an earlier place.")

    def argument(self, stage: int, key: str) -> Value:
        """A value that a stage carries; fields of arguments by a dot: ``ractl.index``."""
        args = next(iter(self.stages(stage))).get("args", {})
        value: Any = args
        for word in key.split("."):
            value = value.get(word) if isinstance(value, Mapping) else None
        return plain(value, f"Stage {stage} carries no '{key}'.", f"It carries {', '.join(args) or 'nothing'}.")

    def result(self, selector: Selector) -> Value:
        """What the function that a selector enters returns."""
        try:
            stage = self.stage(parse(f"{selector.text}.return"))
        except SelectorError as error:
            raise ExpressionError(error.what, error.remedy) from None
        if stage is None:
            raise Absent(f"{selector.text} does not return.", "Ask happens(...) first.")
        return plain(
            next(iter(self.stages(stage))).get("ret"), f"{selector.text} returns nothing.", "Ask for something else."
        )

    def function(self, name: str, args: Sequence[Value], moment: int | None) -> Value:
        """A function of state, or the size of a file."""
        state = self.state(moment)
        return self.run.files[state.file(args[0])] if name == "bytes" else state.function(name, args)

    def object_field(self, kind: str, args: Sequence[Value], field: str, moment: int | None) -> Value:
        """A field of a page, a PTE or a VMA."""
        return self.state(moment).object_field(kind, args, field)

    def row_field(self, row: str, field: str, moment: int | None) -> Value:
        """A field of a row of which there is one."""
        return self.state(moment).row_field(row, field)

    def state(self, moment: int | None) -> State:
        """The state after a stage; None: after the last one read."""
        if moment is None or moment >= self.seen:
            return State(self._follower.rows, self.run.files)
        if moment not in self._states:
            while len(self._states) >= KEPT_STATES:
                del self._states[next(iter(self._states))]
            self._states[moment] = State(self.run.rows_at(moment + 1), self.run.files)
        return self._states[moment]

    def stages(self, start: int = 0) -> Iterable[Stage]:
        """The stages read so far, from ``start`` on."""
        while start < self.seen:
            stop = min(start + BATCH, self.seen)
            yield from self.run.stages(start, stop)
            start = stop


def fault_event(n: int, fault: Json) -> Event:
    """A fault as a digest has it, as expressions ask for it."""
    mapping, page = fault.get("mapping", -1), fault.get("page", -1)
    runs = [run for run in fault.get("ptes", ()) if run["mapping"] == mapping]
    here = (run["bits"] for run in runs if run["pages"][0] <= page <= run["pages"][1])
    signal = str(fault.get("signal", ""))
    bios = fault.get("read_bios", [])
    return {
        "n": n,
        "page": page,
        "mapping": mapping + 1,
        "major": bool(fault["major"]),
        "minor": not fault["major"] and not signal,
        "fatal": bool(signal),
        "signal": signal,
        "write": bool(fault["write"]),
        "attempts": fault["attempts"],
        "fsr": int(fault["fsr"], 16),
        "around": spread(fault.get("map_pages", ())),
        "mapped": spread(run["pages"] for run in runs),
        "cached": spread(pages for found in fault.get("cache_add", {}).values() for pages in found),
        "requests": len(bios),
        "pages_read": sum(bios),
        "windows": sum(found["fn"] == "do_page_cache_ra" for found in fault.get("readahead", ())),
        "asked": fault["filemap_fault"],
        "bits": int(next(here, "0"), 16),
    }


def window_event(n: int, found: Json) -> Event:
    """A call of do_page_cache_ra, as a digest has it."""
    return {"n": n, "start": found["index"], "size": found["nr"], "async": found["lookahead"]}


def call_event(n: int, name: str, ret: int) -> Event:
    """A system call."""
    return {"n": n, "name": name, "ret": ret, "failed": -MAX_ERRNO <= ret < 0}


def spread(ranges: Iterable[Sequence[int]]) -> frozenset[int]:
    """Inclusive ranges as a set."""
    return frozenset(page for first, last in ranges for page in range(first, last + 1))


def ending_word(name: str, ending: Mapping[str, int | str] | None) -> Value:
    """``status`` or ``signal``"""
    return (ending or {}).get(name, -1 if name == "status" else "")


def plain(value: Any, what: str, remedy: str) -> Value:
    """``value``, if an expression can hold it."""
    if isinstance(value, bool | str) or (isinstance(value, int | float) and abs(value) < MAX_FLOAT):
        return value
    raise ExpressionError(what, remedy)


def code_lines(program: str) -> int:
    """Lines that hold code: no blank ones, no comments."""
    bare = re.sub(r"//[^\n]*|/\*.*?\*/|(\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')", _keep, program, flags=re.S)
    return sum(bool(line.strip()) for line in bare.splitlines())


def _keep(match: re.Match[str]) -> str:
    """A string as it stands; of a comment only its line breaks."""
    return match[1] or "\n" * match[0].count("\n")


def counting(selector: Selector, large: int) -> tuple[Part, ...]:
    """The links of a selector, the last one to be found ``large`` times."""
    *before, last = selector.parts
    return (*before, Part(last.kind, last.name, large))
