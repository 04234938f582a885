"""Tasks.  Linux 5.10: include/linux/sched.h"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from webapp.kernel.include.linux.fs import File
from webapp.kernel.include.linux.mm_types import Mm, VmArea
from webapp.kernel.include.linux.signal import Sighand
from webapp.kernel.journal import Tracked

if TYPE_CHECKING:
    from webapp.kernel.hw.cpu import Cpu

ThreadFn = Callable[[], Coroutine[Any, Any, None]]
TaskState = Literal["runnable", "running", "sleeping", "zombie", "dead"]
VMACACHE_SIZE = 4


@dataclass(eq=False)
class Task(Tracked):
    """struct task_struct: one thread of execution. ``waiting`` is the ref of what it sleeps on.

    A kernel thread has no ``mm``: it works on others' memory, never on its own.

    ``exit_code`` is what wait4 tells of an ended task: the exit status in bits 15:8, the signal that killed it in 7:0.
    A task that has ended is a zombie until its parent has asked for that.

    ``nr_dirtied`` counts the pages that it has dirtied since it last looked at the limits, which it does again after
    ``nr_dirtied_pause``; ``dirty_paused_when`` is the tick at which it last was slowed down, or might have been.
    """

    KIND: ClassVar[str] = "task"
    pid: int
    comm: str
    mm: Mm | None
    parent: Task | None = None
    state: TaskState = "runnable"
    waiting: str | None = None
    maj_flt: int = 0
    min_flt: int = 0
    signal: str | None = None
    exit_code: int | None = None
    nr_dirtied: int = 0
    nr_dirtied_pause: int = 32
    dirty_paused_when: int | None = None
    _number: int = 1  # 1 for the first process
    _files: dict[int, File] = field(default_factory=dict)
    _coroutine: Coroutine[Any, Any, None] | None = None
    _depth: int = 0  # of its kernel call stack, while it is not running
    _ctx: str = "user"
    _memalloc: bool = False  # PF_MEMALLOC: it frees memory, so it may use the last of it
    _umask: int = 0o022
    _task_works: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # done on the way to user mode
    _pagefault_disabled: int = 0  # above 0, a fault of the kernel's own accesses is not served
    _fixed_up: bool = False  # such an access was given up: its instruction continues at its fixup
    _until: str = "unlocked"  # what the page that it sleeps on has to become
    _vmacache: list[VmArea | None] = field(default_factory=lambda: [None] * VMACACHE_SIZE)
    _vmacache_seqnum: int = 0
    _children: list[Task] = field(default_factory=list)
    _sighand: Sighand = field(default_factory=Sighand)
    _wakes_on: Literal["", "kill", "signal"] = ""  # what may end its sleep besides what it sleeps for
    _vruntime: int = 0  # ns that it has run, as the fair scheduler counts them
    _exec_start: int = 0  # since when those of this turn are counted
    _turn_start: int = 0
    # What the program that it runs offers the kernel, and the way back.
    _sp: int = 0  # stack pointer of the program
    _call_handler: Callable[[int, int, int, int], Awaitable[None]] | None = None
    _child: Callable[[Cpu], Awaitable[int]] | None = None  # where the child of a fork goes on
    _answer: tuple[int, ...] = ()  # what a system call has written through the pointers it was given
    _place: tuple[str, int, dict[str, Any] | None] = ("", 0, None)  # function, line, variables, while it is not running


@dataclass(eq=False)
class KernelThread(Task):
    """A task of the kernel's own. Linux has no type for it, only the flag PF_KTHREAD; here its refs tell it apart.

    ``_threadfn`` is called when the thread runs for the first time.
    """

    KIND: ClassVar[str] = "kthread"
    _threadfn: ThreadFn | None = None


@dataclass(eq=False)
class FaultRecord(Tracked):
    """The latest fault, for those who watch: not a Linux structure.

    ``n`` counts data aborts, ``around`` is the first and last file page that fault-around tried, ``mapped``
    the PTEs that were set, ``attempt`` the calls of handle_mm_fault.
    """

    KIND: ClassVar[str] = "fault"
    SINGLE: ClassVar[bool] = True
    n: int = 0
    address: int = 0
    fsr: int = 0
    write: bool = False
    attempt: int = 0
    active: bool = False
    vma: str | None = None
    around: list[int] | None = None
    mapped: int = 0

    def attempted(self) -> None:
        """handle_mm_fault was called; only calls for a data abort count, not those of MAP_POPULATE."""
        if self.active:
            self.attempt += 1

    def tried(self, first: int, last: int) -> None:
        """Fault-around tried these file pages."""
        if self.active:
            self.around = [first, last]

    def set_pte(self) -> None:
        """A PTE was set."""
        if self.active:
            self.mapped += 1
