"""Digest v1: what a run did with its mappings, in the form in which real kernels were recorded.

The digest lists, in order, the system calls on files and mappings and the faults, each with its effects: file pages
mapped around, readahead decisions, read requests, pages entering the page cache, page table entries, call trees.
It is computed from the recorded stages alone, in one pass; lessons/recordings/ holds the same of the real kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from webapp.kernel.journal import Rows, apply
from webapp.session import outcome
from webapp.session.calltree import TreeBuilder, visible_functions
from webapp.session.run import Recipe

Stage = dict[str, Any]
Json = dict[str, Any]

_NOTHING: Json = {}

PAGE_SIZE = 4096
PAGE_SHIFT = 12
MASK = 0xFFFFFFFF
SECTORS_PER_PAGE = 8
MAX_ERRNO = 4095
DFSR_WNR = 0x800  # the access was a write
FAULT_FLAG_WRITE, FAULT_FLAG_TRIED = 0x1, 0x20
RESULTS = ("OOM", "SIGBUS", "MAJOR", "SIGSEGV", "NOPAGE", "LOCKED", "RETRY", "DONE_COW")  # in the order of their bits
ABORTS = {"do_DataAbort": "data", "do_PrefetchAbort": "prefetch"}
_WITH_TREES = "mmap munmap madvise mprotect msync mremap read pread64 fork arm_fadvise64_64 readahead mlock ftruncate64"
_WITHOUT = "mincore write munlock pwrite64 ftruncate fsync fdatasync sync"
CALLS_WITH_TREES = frozenset(_WITH_TREES.split())  # calls whose trees are recorded
CALLS = CALLS_WITH_TREES | frozenset(_WITHOUT.split())
SHORT = {"pread64": "pread", "pwrite64": "pwrite", "ftruncate64": "ftruncate", "arm_fadvise64_64": "fadvise"}
TRANSFERS = ("read", "write", "pread64", "pwrite64")  # left out for the standard streams
STREAMS = (0, 1, 2)


class Recorded(Protocol):
    """What is asked of a run: its stages, oldest first, and what it started from."""

    recipe: Recipe

    @property
    def why(self) -> str:
        """How it ended."""

    @property
    def files(self) -> Mapping[str, int]:
        """Sizes in bytes."""

    @property
    def machine(self) -> Mapping[str, Any]:
        """Settings in force."""

    def __iter__(self) -> Iterator[Stage]:
        """Compute and tell the stages."""


def digest(run: Recorded) -> Json:
    """Run to the end and digest what happened."""
    follower = Follower(run.files)
    for stage in run:
        follower.feed(stage)
    follower.finish()
    rows = follower.rows
    group = outcome.memcg_stat(rows)
    return {
        "digest": 1,
        "program": run.recipe.name,
        "kernel": "Pagewalk, a model of Linux 5.10 on 32-bit ARM",
        "files": {name: size_in_words(size) for name, size in run.files.items()},
        "machine": dict(run.machine),
        "exit": outcome.ending(rows) or {"stopped": run.why},
        "stdout": outcome.stdout(rows).strip(),
        "maps": follower.maps,
        "totals": follower.totals(),
        "resident": outcome.resident(rows, run.files),
        "events": follower.events,
        "call_trees": follower.call_trees,
    } | ({"memcg_stat": group} if group else {})


def size_in_words(size: int) -> str:
    """A file's size as the ``// files:`` line has it: pages, or pages+bytes."""
    pages, rest = divmod(size, PAGE_SIZE)
    return f"{pages}+{rest}" if rest else str(pages)


def page_align(length: int) -> int:
    """Bytes, rounded up to whole pages."""
    return (length + PAGE_SIZE - 1) // PAGE_SIZE * PAGE_SIZE


@dataclass(slots=True)
class Effects:
    """What one fault or one system call brought about."""

    map_pages: list[list[int]] = field(default_factory=list)
    readahead: list[Json] = field(default_factory=list)
    read_bios: list[int] = field(default_factory=list)
    added: dict[str, list[int]] = field(default_factory=dict)
    deleted: dict[str, list[int]] = field(default_factory=dict)

    def as_dict(self) -> Json:
        """Only what there was."""
        out: Json = {}
        if self.map_pages:
            out["map_pages"] = self.map_pages
        if self.readahead:
            out["readahead"] = self.readahead
        if self.read_bios:
            out["read_bios"] = self.read_bios
        for key, pages in (("cache_add", self.added), ("cache_del", self.deleted)):
            if pages:
                out[key] = {name: outcome.ranges(found) for name, found in pages.items()}
        return out


@dataclass(slots=True)
class Call:
    """A system call under way."""

    name: str
    args: list[int]
    began: int = 0  # virtual ns
    effects: Effects = field(default_factory=Effects)
    populate_faults: int = 0


@dataclass(slots=True)
class Fault:
    """A data or prefetch abort under way."""

    where: Json
    abort: str
    fsr: int
    depth: int
    write: bool
    effects: Effects = field(default_factory=Effects)
    attempts: int = 0
    results: list[str] = field(default_factory=list)
    filemap_fault: int = 0
    tried: bool = False
    major: bool = False
    ptes: dict[tuple[int, int], str] = field(default_factory=dict)
    signal: str | None = None
    si_code: int = 0
    began: int = 0  # virtual ns
    place: int = -1  # among the faults, once it is over

    def as_dict(self, task: int, calls: list[str]) -> Json:
        """The fault as the digest has it."""
        out = {"task": task, **self.where, "abort": self.abort, "fsr": hex(self.fsr), "write": self.write}
        out |= {"attempts": self.attempts, "results": self.results, "filemap_fault": self.filemap_fault}
        out |= self.effects.as_dict()
        if self.ptes:
            out["ptes"] = pte_runs(self.ptes)
        out["major"] = self.major
        if self.signal:
            out |= {"signal": self.signal, "si_code": self.si_code}
        if calls:
            out["calls"] = calls
        return out


@dataclass(slots=True)
class TaskState:
    """One task on its way through the stages. ``number`` counts tasks from 0 in the order in which they came up."""

    number: int
    trees: TreeBuilder
    call: Call | None = None
    fault: Fault | None = None
    ended: bool = False

    @property
    def under_way(self) -> Fault | Call | None:
        """What effects belong to: a fault until it is over, else the call. A fault in a call has all that follows in
        that call too: so it is recorded, since nobody watched where the kernel's own fault ended.
        """
        fault = self.fault
        return fault if fault is not None and (fault.place < 0 or self.call is not None) else self.call


class Follower:
    """Takes stages one by one; keeps the machine's state and the digest so far, never the stages."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = frozenset(files)
        self.rows: Rows = {}
        self.maps: list[str] = []  # when the first task ends, without its own text, data and heap
        self.address_space: list[str] = []  # the same with them
        self.events: list[Json] = []
        self.faults: list[Json] = []  # every abort that is over, those on the program's own pages included
        self.moments: list[int] = []  # virtual ns at which each event began
        self.call_trees: list[Json] = []
        self._regions: list[tuple[int, int]] = []  # of each successful mmap, in order
        self._visible = visible_functions()
        self._tasks: dict[int, TaskState] = {}
        self._at_exit = False

    def feed(self, stage: Stage) -> None:
        """Account for one stage."""
        task = self._task(stage["task"])
        if stage.get("kind") == "exit":
            self._exited(task, stage)
        changes = stage.get("changes")
        if changes:
            apply(self.rows, changes)
            target = task.under_way
            if target is not None:
                self._note_cache(target.effects, changes)
        if stage["ctx"] == "irq" or task.ended:
            return
        op = stage["op"]
        if op == "call":
            self._called(task, stage)
        elif op == "return":
            self._returned(task, stage)
        elif stage.get("kind") == "user-call":
            self._enter_call(task, stage)
        elif stage.get("kind") == "syscall-return":
            self._leave_call(task, stage["args"]["ret"])

    def finish(self) -> None:
        """No more stages come: faults that ended a task are told in their order."""
        for task in sorted(self._tasks.values(), key=lambda task: task.fault.began if task.fault else 0):
            self._close_fault(task)
        self._keep_maps()

    def totals(self) -> dict[str, int]:
        """Faults so far: all, major, minor (a fatal one is neither)."""
        faults = [event["fault"] for event in self.events if "fault" in event]
        major = sum(fault["major"] for fault in faults)
        minor = sum(not fault["major"] and "signal" not in fault for fault in faults)
        return {"faults": len(faults), "major": major, "minor": minor}

    def where(self, address: int) -> Json:
        """The newest mapping that an address lies in and the page counted from its start, or the bare address."""
        for index in range(len(self._regions) - 1, -1, -1):
            start, end = self._regions[index]
            if start <= address < end:
                return {"mapping": index, "page": (address - start) >> PAGE_SHIFT}
        return {"addr": hex(address)}

    def _task(self, number: int) -> TaskState:
        task = self._tasks.get(number)
        if task is None:
            task = self._tasks[number] = TaskState(max(number - 1, 0), TreeBuilder(self._visible))
        return task

    def _keep_maps(self) -> None:
        """Remember the address space as it is when the first task ends."""
        if not self._at_exit:
            self._at_exit = True
            self.maps = outcome.maps(self.rows, whole=False)
            self.address_space = outcome.maps(self.rows)

    # Faults.

    def _called(self, task: TaskState, stage: Stage) -> None:
        name, args, depth = stage["fn"], stage.get("args", _NOTHING), stage["depth"]
        if name in ABORTS and (task.fault is None or task.fault.place >= 0):
            self._close_fault(task)
            if task.call is None:
                task.trees.take()
            self._open_fault(task, name, args, depth, stage["t"])
        task.trees.call(name, depth)
        target = task.under_way
        if target is not None:
            self._effect(target, name, args)

    def _returned(self, task: TaskState, stage: Stage) -> None:
        task.trees.leave(stage["depth"])
        fault = task.fault
        if fault is None or fault.place >= 0:
            return
        if stage["fn"] == "handle_mm_fault":
            names = str(stage.get("ret", "")).replace("VM_FAULT_", "").split("|")
            result = [name for name in RESULTS if name in names]
            fault.results.append("|".join(result) or "0")
            if ("MAJOR" in result or fault.tried) and "RETRY" not in result:
                fault.major = True
        elif stage["depth"] == fault.depth:
            self._over(task, fault)

    def _open_fault(self, task: TaskState, name: str, args: Json, depth: int, now: int) -> None:
        address, fsr = args["addr"] & MASK, args["fsr"] if "fsr" in args else args["ifsr"]
        task.fault = Fault(self.where(address), ABORTS[name], fsr, depth, bool(fsr & DFSR_WNR), began=now)

    def _over(self, task: TaskState, fault: Fault) -> None:
        """The abort has returned: the fault is what it is now."""
        if fault.place < 0:
            fault.place = len(self.faults)
            calls = [] if task.call else task.trees.take()  # inside a system call the tree is the call's
            self.faults.append(fault.as_dict(task.number, calls))

    def _close_fault(self, task: TaskState) -> None:
        """The task has come to something else: its last fault is told now, as in the recordings.

        It counts when it was on one of the program's mappings, or fatal.
        """
        fault, task.fault = task.fault, None
        if fault is None:
            return
        self._over(task, fault)
        if fault.signal is None and "mapping" not in fault.where:
            return
        self.faults[fault.place] |= fault.effects.as_dict()
        self.events.append({"fault": self.faults[fault.place]})
        self.moments.append(fault.began)

    def _exited(self, task: TaskState, stage: Stage) -> None:
        """The task ends. The first one's address space is remembered; a fault that killed a task is told at the end."""
        if stage["task"] <= 1:
            self._keep_maps()
        task.ended = True
        if stage["args"]["how"].startswith("status"):
            self._close_fault(task)

    # System calls.

    def _enter_call(self, task: TaskState, stage: Stage) -> None:
        self._close_fault(task)
        task.trees.take()
        args = stage["args"]
        shown = [arg & MASK if isinstance(arg, int) else 0 for arg in args["args"]]
        task.call = Call(args["name"], shown, stage["t"])

    def _leave_call(self, task: TaskState, ret: int) -> None:
        self._close_fault(task)
        call, task.call = task.call, None
        tree = task.trees.take()
        if call is None:
            return
        if call.name not in CALLS or (call.name in TRANSFERS and call.args[0] in STREAMS):
            return
        event: Json = {"task": task.number, "name": SHORT.get(call.name, call.name)}
        event["ret"] = "child" if call.name == "fork" and ret > 0 else ret
        if call.name == "mmap" and not -MAX_ERRNO <= ret < 0:
            start = ret & MASK
            event |= {"ret": hex(start), "mapping": len(self._regions)}
            self._regions.append((start, start + page_align(call.args[1])))
        elif call.name == "mremap" and not -MAX_ERRNO <= ret < 0:
            event["ret"] = hex(ret & MASK)
            self._move_region(call.args[0], ret & MASK, call.args[2])
        event |= call.effects.as_dict()
        if call.populate_faults:
            event["populate_faults"] = call.populate_faults
        self.events.append({"call": event})
        self.moments.append(call.began)
        if tree and call.name in CALLS_WITH_TREES:
            self.call_trees.append({"call": event["name"], "tree": tree})

    def _move_region(self, old: int, new: int, length: int) -> None:
        """mremap: the newest mapping that began at ``old`` keeps its index at its new place."""
        for index in range(len(self._regions) - 1, -1, -1):
            if self._regions[index][0] == old:
                self._regions[index] = (new, new + page_align(length))
                return

    # Effects.

    def _effect(self, target: Fault | Call, name: str, args: Json) -> None:
        """Note what the entry of a function tells."""
        effects = target.effects
        if name == "handle_mm_fault":
            if isinstance(target, Fault):
                target.attempts += 1
                target.write = bool(args["flags"] & FAULT_FLAG_WRITE)
                target.tried = bool(args["flags"] & FAULT_FLAG_TRIED)
            else:
                target.populate_faults += 1
        elif name == "filemap_map_pages":
            effects.map_pages.append([args["start_pgoff"], args["end_pgoff"]])
        elif name == "do_page_cache_ra":
            found = {"index": args["ractl"]["index"], "nr": args["nr_to_read"], "lookahead": args["lookahead_size"]}
            effects.readahead.append({"fn": name, **found})
        elif name == "force_page_cache_ra":
            effects.readahead.append({"fn": name, "index": args["ractl"]["index"], "nr": args["nr_to_read"]})
        elif name == "ondemand_readahead":
            index, state = args["ractl"]["index"], args["ractl"]["ra"]
            asked = {"index": index, "hit_marker": int(args["hit_readahead_marker"]), "req": args["req_size"]}
            found = {key: state[key] for key in ("start", "size", "async_size", "mmap_miss")}
            effects.readahead.append({"fn": name, **asked, **found})
        elif name == "submit_bio":
            bio = self.rows[args["bio"]]
            if str(bio["op"]).startswith("R"):
                effects.read_bios.append(bio["nr_sectors"] // SECTORS_PER_PAGE)
        elif isinstance(target, Fault):
            self._fault_effect(target, name, args)

    def _fault_effect(self, fault: Fault, name: str, args: Json) -> None:
        if name == "filemap_fault":
            fault.filemap_fault += 1
        elif name == "set_pte_at":
            address: int = args["addr"]
            place = self.where(address)
            fault.ptes[place.get("mapping", -1), place.get("page", address)] = hex(args["pte"] & (PAGE_SIZE - 1))
        elif name in ("force_sig_fault", "do_send_sig_info"):
            fault.signal, fault.si_code = args["sig"], args["code"]

    def _note_cache(self, effects: Effects, changes: list[list[Any]]) -> None:
        """Pages that entered or left the page cache of a file of the scene."""
        for ref, key, before, after in changes:
            if not isinstance(key, int) or not ref.startswith("cache/"):
                continue
            name = self.rows.get(self.rows[ref].get("inode", ""), {}).get("name")
            if name in self.files:
                if not outcome.is_page(before):
                    effects.added.setdefault(name, []).append(key)
                elif not outcome.is_page(after):
                    effects.deleted.setdefault(name, []).append(key)


def pte_runs(ptes: dict[tuple[int, int], str]) -> list[Json]:
    """Page table entries by mapping and page, as runs of neighbours with the same low bits."""
    runs: list[Json] = []
    for (mapping, page), bits in sorted(ptes.items()):
        last = runs[-1] if runs else None
        if last and last["mapping"] == mapping and last["bits"] == bits and last["pages"][1] == page - 1:
            last["pages"][1] = page
        else:
            runs.append({"mapping": mapping, "pages": [page, page], "bits": bits})
    return runs
