"""The machine: clock, interrupts, tasks and hardware in one place, handed to every kernel function as ``k``.

Rules for callers:
    * ``@kernel_function`` marks a function of the Linux source; its calls and returns become stages.
    * ``k.stage(kind, text, ...)`` records what has just happened inside one.
    * Virtual time moves only here: by a fixed cost per call and by waiting for the next event.
    * An interrupt is delivered at the next function entry once it is due; its handler cannot sleep.

The path of a module below ``webapp/kernel`` is its path in the Linux tree (less ``kernel/``, where Linux keeps
scheduling, locking, signals and time), unless the module names another file.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import wraps
from heapq import heapify, heappop, heappush
from types import FrameType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from webapp.kernel.errors import ModelBug, SettingsError
from webapp.kernel.journal import Journal, Tracked

if TYPE_CHECKING:
    from webapp.kernel.boot import Stdout
    from webapp.kernel.fs.namei import Filesystem
    from webapp.kernel.hw.cpu import Cpu
    from webapp.kernel.hw.disk import Disk
    from webapp.kernel.hw.ram import Ram
    from webapp.kernel.hw.registers import Registers, SettingsRow, UserPlace
    from webapp.kernel.hw.tlb import Tlb
    from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Mm, Page
    from webapp.kernel.include.linux.mmzone import Lru, Node, VmStat, Zone
    from webapp.kernel.include.linux.sched import FaultRecord, KernelThread, Task
    from webapp.kernel.include.linux.workqueue import WorkerPool
    from webapp.kernel.mm.page_alloc import FreeFrames
    from webapp.kernel.mm.shrinker import Shrinker
    from webapp.kernel.sched.core import Scheduler

# Virtual time orders events and gives them a plausible length; it is not a measurement.
CALL_NS = 900  # of entering a kernel function
RETURN_NS = 600  # of leaving it
LEAF_NS = 60  # of either, for small functions that are called once for every page
STEP_NS = 20  # of the work that one recorded step stands for
NEVER = 1 << 62
MIN_DIRTY_BYTES = 2 * 4096

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What a student may change about the machine. Units are in the names.

    ``disk_request_us`` and ``disk_page_us`` are the cost of a request and of each 4 KiB page in it.
    """

    read_ahead_kb: int = field(
        default=128, metadata={"range": (0, 4096), "help": "readahead window, /sys/block/vda/queue/read_ahead_kb"}
    )
    fault_around_bytes: int = field(
        default=65536, metadata={"range": (4096, 2097152), "help": "bytes mapped around a read fault; a power of two"}
    )
    memory_mib: int = field(
        default=512, metadata={"range": (60, 512), "help": "RAM in MiB; the recorded kernel does not start with less"}
    )
    disk_request_us: int = field(default=10, metadata={"range": (1, 1_000_000), "help": "disk time per request"})
    disk_page_us: float = field(default=0.25, metadata={"range": (0, 100_000), "help": "disk time per 4 KiB page"})
    tlb_entries: int = field(default=32, metadata={"range": (4, 512), "help": "entries of the data TLB"})
    dirty_background_ratio: int = field(
        default=10, metadata={"range": (0, 100), "help": "percent of memory dirty at which the flusher starts"}
    )
    dirty_ratio: int = field(
        default=20, metadata={"range": (0, 100), "help": "percent of memory that may be dirty before writers must wait"}
    )
    dirty_background_bytes: int = field(
        default=0,
        metadata={"range": (0, 1 << 31), "help": "instead of dirty_background_ratio, in bytes; 0: use the ratio"},
    )
    dirty_bytes: int = field(
        default=0,
        metadata={"range": (0, 1 << 31), "help": "instead of dirty_ratio, at least two pages; 0: use the ratio"},
    )
    dirty_writeback_centisecs: int = field(
        default=500,
        metadata={"range": (0, 360_000), "help": "how often the flusher looks for old data, in 1/100 s; 0: never"},
    )
    dirty_expire_centisecs: int = field(
        default=3000,
        metadata={"range": (1, 360_000), "help": "when dirty data is old enough to be written, in 1/100 s"},
    )
    memcg_pages: int = field(
        default=0, metadata={"range": (0, 131072), "help": "pages that the program's memory group may use; 0: no limit"}
    )

    def __post_init__(self) -> None:
        for setting in fields(self):
            low, high = setting.metadata["range"]
            value = getattr(self, setting.name)
            if not low <= value <= high:
                raise SettingsError(f"{setting.name}={value} is outside {low}..{high}: {setting.metadata['help']}.")
        if self.fault_around_bytes & (self.fault_around_bytes - 1):
            raise SettingsError(f"fault_around_bytes={self.fault_around_bytes} is not a power of two; try 65536.")
        if 0 < self.dirty_bytes < MIN_DIRTY_BYTES:
            raise SettingsError(
                f"dirty_bytes={self.dirty_bytes} is less than two pages; use 0 or at least {MIN_DIRTY_BYTES}."
            )


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """What is known about one modelled function. ``line`` is the first line of its source in ``model``."""

    name: str
    file: str  # in the Linux tree
    model: str  # below webapp/kernel
    line: int
    doc: str
    inlined: bool  # the compiler inlined it in the reference build, so no tracer sees it
    hardware: bool  # silicon, not Linux
    params: tuple[str, ...]
    returns: str
    source: tuple[str, ...]


REGISTRY: dict[str, FunctionInfo] = {}
RETURN_NAMES: dict[str, Callable[[int], str]] = {}  # result type -> its flags in words


def owner(frame: FrameType) -> FrameType:
    """The frame itself if it is a kernel function's, else that of the kernel function which it helps."""
    nearest: FrameType | None = frame
    while nearest is not None and nearest.f_code.co_name not in REGISTRY:
        nearest = nearest.f_back
    return nearest or frame


@overload
def kernel_function(fn: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def kernel_function(
    *, inlined: bool = ..., hardware: bool = ..., leaf: bool = ..., file: str = ...
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def kernel_function(
    fn: Any = None, /, *, inlined: bool = False, hardware: bool = False, leaf: bool = False, file: str = ""
) -> Any:
    """Mark a function of the Linux source (or, with ``hardware``, of the silicon): calls and returns are stages.

    ``inlined``: no tracer sees it in the reference build. ``leaf``: small, and called once for every page.
    """
    if fn is None:
        return lambda inner: kernel_function_of(inner, inlined, hardware, leaf, file)
    return kernel_function_of(fn, inlined, hardware, leaf, file)


def kernel_function_of(
    fn: Callable[..., Any], inlined: bool, hardware: bool, leaf: bool, file: str
) -> Callable[..., Any]:
    """Wrap ``fn`` so that entering and leaving it cost virtual time (none in silicon) and are recorded."""
    info = describe(fn, inlined, hardware, file)
    call_ns, return_ns = (0, 0) if hardware else (LEAF_NS, LEAF_NS) if leaf else (CALL_NS, RETURN_NS)
    REGISTRY[info.name] = info
    namer = RETURN_NAMES.get(info.returns)
    name, params = info.name, info.params

    def enter(k: Machine, args: tuple[Any, ...]) -> None:
        ctx = "hw" if hardware else k.ctx
        line = sys._getframe(2).f_lineno
        journal = k.journal
        values = {param: kept for param, arg in zip(params, args, strict=False) if (kept := shown(arg)) is not None}
        journal.record(k.now, k.task_id, ctx, "call", name, k.depth, line, "", "", values)
        k.depth += 1

    def leave(k: Machine, result: Any) -> None:
        k.depth -= 1
        ctx = "hw" if hardware else k.ctx
        journal = k.journal
        ret = result if result is None else namer(result) if namer else shown(result)
        journal.record(k.now, k.task_id, ctx, "return", name, k.depth, 0, "", "", None, ret)

    if inspect.iscoroutinefunction(fn):

        @wraps(fn)
        async def traced_async(k: Machine, *args: Any) -> Any:
            k.now += call_ns
            if k.now >= k.due:
                k.deliver_interrupts()
            recording = k.journal.recording
            if recording:
                enter(k, args)
            result = await fn(k, *args)
            k.now += return_ns
            if recording:
                leave(k, result)
            return result

        return traced_async

    @wraps(fn)
    def traced(k: Machine, *args: Any) -> Any:
        k.now += call_ns
        if k.now >= k.due:
            k.deliver_interrupts()
        recording = k.journal.recording
        if recording:
            enter(k, args)
        result = fn(k, *args)
        k.now += return_ns
        if recording:
            leave(k, result)
        return result

    return traced


def describe(fn: Callable[..., Any], inlined: bool, hardware: bool, file: str) -> FunctionInfo:
    """Collect what the browser shows about a function: file, docstring, source."""
    lines, first = inspect.getsourcelines(fn)
    start = next(i for i, line in enumerate(lines) if line.startswith(("def ", "async def ")))
    model = fn.__module__.removeprefix("webapp.kernel.").replace(".", "/") + ".py"
    signature = inspect.signature(fn)
    return FunctionInfo(
        name=fn.__name__,
        file=file or fn.__globals__.get("LINUX_FILE") or model.removesuffix(".py") + ".c",
        model=model,
        line=first + start,
        doc=inspect.cleandoc(fn.__doc__ or ""),
        inlined=inlined,
        hardware=hardware,
        params=tuple(signature.parameters)[1:],
        returns=str(signature.return_annotation),
        source=tuple(line.rstrip("\n") for line in lines[start:]),
    )


def shown(value: Any) -> Any:
    """What a stage keeps of an argument or result: scalars as they are, objects as refs or short pictures."""
    if value is None or isinstance(value, (int, str, float)):
        return value
    if isinstance(value, Tracked):
        return value.ref
    brief = getattr(value, "brief", None)
    return brief() if brief else None


class Machine:
    """One ARM computer running one kernel. ``now`` is virtual time in nanoseconds since the program started."""

    ram: Ram
    tlb: Tlb
    cpu: Cpu
    disk: Disk
    sched: Scheduler
    fs: Filesystem
    vmstat: VmStat
    wb: BdiWriteback
    workers: WorkerPool
    zone: Zone
    node: Node
    kswapd: KernelThread
    lru: Lru
    fault: FaultRecord
    settings_row: SettingsRow
    regs: Registers
    place: UserPlace
    stdout: Stdout
    free_frames: FreeFrames
    zero_page: Page
    current: Task

    def __init__(self, settings: MachineSettings, journal: Journal) -> None:
        self.settings = settings
        self.journal = journal
        self.now = 0
        self.due = NEVER
        self.ctx = "user"
        self.depth = 0
        self.task_id = 0
        self.sysctl_drop_caches = 0  # what was last written to /proc/sys/vm/drop_caches
        self.asids = 0  # given out so far
        self.in_user_space: Task | None = None  # whose address space the CPU uses
        self.memcg: MemCgroup | None = None  # the group of the programs; none: the root group, which has no limit
        self.shrinkers: list[Shrinker] = []
        self.shadow_nodes: dict[tuple[AddressSpace, int], None] = {}  # oldest first; see mm/shadow_nodes.py
        self.mem_map: dict[int, Page] = {}  # frame number -> what it holds now
        self.page_waiters: dict[str, list[tuple[Task, int]]] = {}  # ref of a page -> who sleeps until which bit clears
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._event_serial = 0

    @property
    def mm(self) -> Mm:
        """current->mm: the address space of the program that runs."""
        mm = self.current.mm
        if mm is None:
            raise ModelBug(f"mm: {self.current.comm} is a kernel thread and has no address space")
        return mm

    # Time and interrupts.

    def at(self, when: int, handler: Callable[[], None]) -> int:
        """Raise an interrupt at virtual time ``when`` (ns); ``handler`` runs in interrupt context and cannot sleep.

        Returns a number by which the interrupt can be cancelled.
        """
        self._event_serial += 1
        heappush(self._events, (when, self._event_serial, handler))
        self.due = NEVER if self.ctx == "irq" else self._events[0][0]
        return self._event_serial

    def cancel(self, serial: int) -> None:
        """Call an interrupt off, if it has not come yet."""
        left = [event for event in self._events if event[1] != serial]
        if len(left) != len(self._events):
            heapify(left)
            self._events = left
            if self.ctx != "irq":
                self.due = left[0][0] if left else NEVER

    def deliver_interrupts(self) -> None:
        """Run every handler that is due, oldest first; interrupts do not nest."""
        before, self.ctx, self.due = self.ctx, "irq", NEVER
        mode, self.regs.mode = self.regs.mode, "irq"
        while self._events and self._events[0][0] <= self.now:
            heappop(self._events)[2]()
        self.ctx, self.regs.mode = before, mode
        self.due = self._events[0][0] if self._events else NEVER

    def idle(self) -> None:
        """Nobody can run: time passes until the next interrupt, which comes upon the idle task, number 0."""
        if not self._events:
            raise ModelBug("idle: every task sleeps and no interrupt is due")
        self.task_id, self.depth, self.ctx = 0, 0, "kernel"
        self.now = max(self.now, self._events[0][0])
        self.deliver_interrupts()

    # Stages.

    def stage(self, kind: str, text: str, **values: Any) -> None:
        """Record a step of the kernel function that calls this, or calls a helper that does."""
        self.now += STEP_NS
        self._step(self.ctx, sys._getframe(1), kind, text, values)

    def silicon_stage(self, kind: str, text: str, **values: Any) -> None:
        """Record a step of the hardware, which takes no time of the kernel's."""
        self._step("hw", sys._getframe(1), kind, text, values)

    def _step(self, ctx: str, frame: FrameType, kind: str, text: str, values: dict[str, Any]) -> None:
        journal = self.journal
        if journal.recording:
            frame = owner(frame)
            name, line, depth = frame.f_code.co_name, frame.f_lineno, max(self.depth - 1, 0)
            journal.record(self.now, self.task_id, ctx, "step", name, depth, line, kind, text, values)

    def user_stage(self, kind: str, text: str, fn: str, line: int, **values: Any) -> None:
        """Record what the program did at one of its lines."""
        journal = self.journal
        if journal.recording:
            journal.record(self.now, self.task_id, "user", "step", fn, 0, line, kind, text, values)
