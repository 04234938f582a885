"""A recording of the real kernel, ready for the questions that it can answer.

A recording holds the whole run in digest form (lessons/recordings/README.md). It answers questions about

    fault, window, io           unless the model's run shows that the recording leaves some of them out
    call[mmap] and its like     for the system calls that recordings keep
    cached('f')                 of the end of the run
    status, signal, stdout, bytes('f')

and nothing else: no stages, no page tables, no counters. Those it refuses with `NotRecorded`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import orjson

from webapp.lesson.expression.problem import ExpressionError, NotRecorded
from webapp.lesson.expression.world import Event, Value
from webapp.lesson.facts import Facts, call_event, ending_word, fault_event, spread, window_event
from webapp.lesson.selector import Selector
from webapp.session.digest import CALLS, Json

PAGE_SIZE = 4096
END, EARLIER = 0, -1  # moments: when the program has ended, and any other


def load_recording(path: Path) -> Json:
    """A recording as it lies on disk."""
    found: Json = orjson.loads(path.read_bytes())
    return found


class Recording:
    """A recorded run. ``missing`` names the collections that it is known to leave events out of."""

    def __init__(self, digest: Json, missing: Collection[str] = ()) -> None:
        self.digest = digest
        self.missing = frozenset(missing) | (
            frozenset({"fault", "io", "window"}) if "varies" in digest else frozenset()
        )

    def events(self, collection: str, call: str = "") -> Sequence[Event]:
        """The faults, io, windows or calls of the run."""
        if collection in self.missing or (collection == "call" and call not in CALLS):
            raise NotRecorded(f"The recording does not hold every {call or collection}.", "")
        events = [next(iter(event.values())) for event in self.digest["events"]]
        if collection == "fault":
            faults = [event["fault"] for event in self.digest["events"] if "fault" in event]
            return [fault_event(n, fault) for n, fault in enumerate(faults, start=1)]
        if collection == "call":
            named = [found for found in self.calls() if found["name"] == call]
            return [call_event(n, call, result(found["ret"])) for n, found in enumerate(named, start=1)]
        if collection == "io":
            sizes = [pages for event in events for pages in event.get("read_bios", ())]
            return [{"n": n, "pages": pages, "write": False} for n, pages in enumerate(sizes, start=1)]
        found = [ra for event in events for ra in event.get("readahead", ()) if ra["fn"] == "do_page_cache_ra"]
        return [window_event(n, ra) for n, ra in enumerate(found, start=1)]

    def calls(self) -> list[Json]:
        """The recorded system calls."""
        return [event["call"] for event in self.digest["events"] if "call" in event]

    def word(self, name: str) -> Value:
        """How it ended and what it printed."""
        if name in ("status", "signal"):
            return ending_word(name, self.digest["exit"])
        if name == "stdout":
            return str(self.digest["stdout"])
        raise NotRecorded(f"Recordings do not hold `{name}`.", "")

    def stage(self, selector: Selector) -> int | None:
        raise NotRecorded("Recordings hold no stages.", "")

    def moment(self, selector: Selector) -> int | None:
        """The end is the only moment that a recording knows."""
        return END if selector.text == "exit" else EARLIER

    def times(self, selector: Selector) -> int:
        """The system calls of a name."""
        part = selector.parts[0]
        if len(selector.parts) == 1 and part.kind == "call" and part.name in CALLS:
            return sum(call["name"] == part.name for call in self.calls())
        raise NotRecorded("Recordings hold no stages.", "")

    def next_function(self, stage: int) -> str:
        raise NotRecorded("Recordings hold no stages.", "")

    def argument(self, stage: int, key: str) -> Value:
        raise NotRecorded("Recordings hold no stages.", "")

    def result(self, selector: Selector) -> Value:
        raise NotRecorded("Recordings hold no stages.", "")

    def function(self, name: str, args: Sequence[Value], moment: int | None) -> Value:
        """The page cache at the end, and sizes of files."""
        file = str(args[0])
        if file not in self.digest["files"]:
            raise ExpressionError(f"The recorded program has no file '{file}'.", "")
        if name == "bytes":
            pages, _, rest = str(self.digest["files"][file]).partition("+")
            return int(pages) * PAGE_SIZE + int(rest or 0)
        if name == "cached" and moment in (None, END) and file in self.digest.get("resident", {}):
            return spread(self.digest["resident"][file])
        raise NotRecorded(f"Recordings do not hold {name}() at this moment.", "")

    def object_field(self, kind: str, args: Sequence[Value], field: str, moment: int | None) -> Value:
        raise NotRecorded(f"Recordings hold no {kind}.", "")

    def row_field(self, row: str, field: str, moment: int | None) -> Value:
        raise NotRecorded(f"Recordings hold no {row}.", "")


def result(ret: Any) -> int:
    """What a recorded call returned: a number, an address in hex, or ``child``."""
    if ret == "child":
        return 1
    return int(ret, 16) if isinstance(ret, str) else int(ret)


def left_out(facts: Facts) -> set[str]:
    """The collections of which a recording of this run leaves some events out, as the model's run shows."""
    missing = set()
    faults = facts.events("fault")
    if any(fault["page"] == -1 and not fault["fatal"] for fault in faults):
        missing.add("fault")
    if any(io["write"] for io in facts.events("io")):
        missing.add("io")
    return missing
