"""Find the stages that selectors name, in one pass over a run, while it is still arriving.

Interface:
    * `find` answers one selector over a list of stages.
    * `Finder` answers many at once: `feed` it stage after stage and read ``found``.

A selector is looked for link by link, each inside the *extent* of the one before: the run, a system call,
an access with its fault, a kernel function. What another task does in the meantime is outside; what an
interrupt does is inside, because that is what a sleeper waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from webapp.lesson.selector import Part, Selector

Stage = Mapping[str, Any]

SYSTEM_CALL = "vector_swi"
ABORT_HANDLER = "do_DataAbort"
ACCESS_KINDS = frozenset({"user-load", "user-store"})


def find(selector: Selector, stages: Iterable[Stage]) -> int | None:
    """The number of the stage that ``selector`` names, or None when this run has no such stage."""
    finder = Finder([selector])
    for stage in stages:
        finder.feed(stage)
        if finder.found:
            break
    return finder.found.get(selector.text)


class Extent(Enum):
    """What a search is inside of."""

    RUN = auto()  # everything
    ACCESS = auto()  # the access that led to a fault, up to the abort handler
    FAULT = auto()  # from the abort handler's entry to its return
    TAIL = auto()  # directly after: back to the program, which repeats the access
    AGAIN = auto()  # the hardware doing the access again
    FRAME = auto()  # one kernel function, entry to return


@dataclass(slots=True)
class Search:
    """How far one selector has got: links found so far, and the extent that the next one must lie in."""

    parts: tuple[Part, ...]
    next: int = 0  # index in parts
    left: int = 0  # occurrences of parts[next] still to pass
    extent: Extent = Extent.RUN
    task: int = 0  # whose extent it is
    level: int = 0  # nesting level of the frame that opened it
    over: bool = False
    answer: int | None = None

    def __post_init__(self) -> None:
        self.left = self.parts[0].count


@dataclass(slots=True)
class Access:
    """One load or store so far: its stages with their levels, and whether the last was the hardware's."""

    stages: list[tuple[Stage, int]]
    hardware: bool = True


@dataclass(slots=True)
class Finder:
    """Answers selectors while stages arrive, one pass for all. ``found`` maps a selector's text to its stage."""

    selectors: Iterable[Selector]
    found: dict[str, int] = field(default_factory=dict)
    _searches: dict[str, Search] = field(default_factory=dict)
    _levels: dict[int, int] = field(default_factory=dict)  # task -> open frames
    _access: dict[int, Access] = field(default_factory=dict)  # task -> the access it is in the middle of

    def __post_init__(self) -> None:
        self._searches = {selector.text: Search(selector.parts) for selector in self.selectors}

    def search(self, selector: Selector) -> Search:
        """How far the search for a selector has got."""
        return self._searches[selector.text]

    @property
    def doubtful(self) -> int | None:
        """The first stage that may yet turn out to be part of a fault, and so be named; None when there is none."""
        return min((access.stages[0][0]["n"] for access in self._access.values()), default=None)

    def feed(self, stage: Stage) -> None:
        """Take in the next stage of the run."""
        task = stage["task"]
        if stage["ctx"] == "user":
            self._levels[task] = 0  # back in the program, however the kernel was left
        level = self._levels.get(task, 0)
        if stage["op"] == "call":
            self._levels[task] = level + 1
        elif stage["op"] == "return":
            level = self._levels[task] = max(level - 1, 0)
        access = self._access.get(task)
        for text, search in list(self._searches.items()):
            advance(search, stage, level, access.stages if access else ())
            if search.over:
                del self._searches[text]
                if search.answer is not None:
                    self.found[text] = search.answer
        if stage["ctx"] != "irq":
            self._follow_access(stage, level)

    def _follow_access(self, stage: Stage, level: int) -> None:
        """Remember the access in progress: from the program's step, or from the hardware's first, up to here."""
        task = stage["task"]
        before = self._access.get(task)
        program, hardware = stage.get("kind") in ACCESS_KINDS, stage["ctx"] == "hw"
        goes_on = stage["ctx"] != "user" and stage["fn"] != ABORT_HANDLER
        if program or (hardware and not (before and before.hardware)):
            self._access[task] = Access([(stage, level)])
        elif goes_on and before:
            before.stages.append((stage, level))
            before.hardware = hardware
        else:
            self._access.pop(task, None)


def advance(search: Search, stage: Stage, level: int, access: Iterable[tuple[Stage, int]]) -> None:
    """Let one search look at one stage. ``access`` is what led to it if it enters the abort handler."""
    part = search.parts[search.next]
    if search.next == 0 and part.kind != "run":
        if not _is_place(part, stage):
            return
        search.left -= 1
        if search.left == 0:
            _enter_place(search, part, stage, level, access)
        return
    if part.kind == "run":
        _descend(search, stage)
        part = search.parts[search.next]
    if not search.over:
        _look_inside(search, part, stage, level)


def _is_place(part: Part, stage: Stage) -> bool:
    """Does this stage open the place that a selector begins with?"""
    match part.kind:
        case "start":
            return True
        case "exit":
            return stage.get("kind") == "exit"
        case "call":
            return system_call(stage) == part.name
        case _:
            return bool(stage["op"] == "call" and stage["fn"] == ABORT_HANDLER)


def system_call(stage: Stage) -> str:
    """The name of the system call that this stage begins, or nothing."""
    begins = stage["op"] == "call" and stage["fn"] == SYSTEM_CALL
    return str(stage.get("args", {}).get("name", "")) if begins else ""


def _enter_place(search: Search, part: Part, stage: Stage, level: int, access: Iterable[tuple[Stage, int]]) -> None:
    """The place that the selector begins with is here; the rest of it is looked for inside."""
    search.task, search.level = stage["task"], level
    search.extent = Extent.FRAME if part.kind == "call" else Extent.ACCESS
    _descend(search, stage)
    if part.kind == "fault":
        for earlier, earlier_level in access:
            if not search.over:
                _look_inside(search, search.parts[search.next], earlier, earlier_level)
        if search.extent is Extent.ACCESS:
            search.extent = Extent.FAULT


def _descend(search: Search, stage: Stage) -> None:
    """The current link is found: go on to the next one, or answer with this stage."""
    search.next += 1
    if search.next == len(search.parts):
        search.answer = stage["n"]
        search.over = True
    else:
        search.left = search.parts[search.next].count


def _look_inside(search: Search, part: Part, stage: Stage, level: int) -> None:
    """Look for ``part`` in a stage that may lie in the current extent, and notice where the extent ends."""
    own = stage["task"] == search.task or search.extent is Extent.RUN
    irq = stage["ctx"] == "irq"
    if not own and not irq:
        return
    if own and not irq and _has_ended(search, stage):
        search.over = True
        return
    if search.extent is Extent.TAIL and stage["ctx"] == "hw":
        search.extent = Extent.AGAIN
    if _matches(part, stage):
        search.left -= 1
        if search.left == 0:
            _descend(search, stage)
            search.extent, search.task, search.level = Extent.FRAME, stage["task"], level
            return
    if own and _closes(search, stage, level):
        if part.kind == "return":
            _descend(search, stage)
        elif search.extent is Extent.FAULT:
            search.extent = Extent.TAIL
        else:
            search.over = True


def _has_ended(search: Search, stage: Stage) -> bool:
    """Is this stage already outside the extent? A task that is back in its program has left all of them."""
    hardware = stage["ctx"] == "hw"
    if search.extent is Extent.AGAIN:
        return not hardware
    if search.extent is Extent.TAIL:
        return not hardware and stage["op"] != "return" and stage.get("kind") not in ACCESS_KINDS
    if search.extent in (Extent.RUN, Extent.ACCESS):
        return False
    return bool(stage["ctx"] == "user")


def _matches(part: Part, stage: Stage) -> bool:
    """Is this stage what a link inside an extent asks for?"""
    if part.kind == "function":
        return bool(stage["op"] == "call" and stage["fn"] == part.name)
    return part.kind == "step" and stage["op"] == "step" and stage.get("kind") == part.name


def _closes(search: Search, stage: Stage, level: int) -> bool:
    """Is this the last stage of the extent?"""
    framed = search.extent in (Extent.FAULT, Extent.FRAME)
    return framed and bool(stage["op"] == "return" and level == search.level)


def names_in(stages: Iterable[Stage]) -> Iterator[str]:
    """Every name that a selector could use for these stages, each once: functions, step kinds, system calls."""
    seen: set[str] = set()
    for stage in stages:
        name = stage["fn"] if stage["op"] == "call" else stage.get("kind", "")
        for word in (name, system_call(stage)):
            if word and word not in seen:
                seen.add(word)
                yield word
