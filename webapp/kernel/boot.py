"""Switching the machine on, and starting a program on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Protocol

from webapp.kernel.arch.arm.include.asm.memory import (
    PAGE_SHIFT,
    PAGE_SIZE,
    PGDIR_SHIFT,
    PTRS_PER_PTE,
    STACK_TOP,
    pgd_index,
    pte_index,
)
from webapp.kernel.arch.arm.mm.context import asid, new_context, use
from webapp.kernel.exit import run_program
from webapp.kernel.fs.exec import start_process
from webapp.kernel.fs.namei import Filesystem
from webapp.kernel.fs.super import super_shrinker
from webapp.kernel.fs.wb_writeback import wb_workfn
from webapp.kernel.hw.bad_pages import BadPages
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.disk import Disk
from webapp.kernel.hw.mmu import rights_of
from webapp.kernel.hw.ram import Ram
from webapp.kernel.hw.registers import Registers, SettingsRow, UserPlace
from webapp.kernel.hw.tlb import Tlb, TlbEntry
from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
from webapp.kernel.include.linux.memcontrol import MemCgroup, mod_memcg_state
from webapp.kernel.include.linux.mm_types import Mm
from webapp.kernel.include.linux.mmzone import Lru, Node, VmStat, Zone
from webapp.kernel.include.linux.sched import FaultRecord
from webapp.kernel.include.linux.workqueue import DelayedWork, WorkerPool
from webapp.kernel.journal import Journal, TrackedMap
from webapp.kernel.kthread import kthread_run
from webapp.kernel.machine import Machine, MachineSettings
from webapp.kernel.mm.dirty_limits import writeback_set_ratelimit
from webapp.kernel.mm.kswapd import kswapd
from webapp.kernel.mm.page_alloc import (
    free_area_init,
    memblock_alloc,
    program_loaded,
    setup_per_zone_wmarks,
    zone_of,
)
from webapp.kernel.mm.shrinker import shadow_shrinker
from webapp.kernel.sched.core import Scheduler

USER_DOMAIN = 1
KSWAPD_PID = 36
PROCESS_OBJECT_BYTES = 10240  # of the kernel's own small objects for a process: VMAs, open files, inodes
VARIABLES_START = 0x68048  # of the program's own variables, behind errno and the like
VARIABLES_ROOM = 3184  # bytes for them in a page that the C library has used already
LOWEST_STACK = STACK_TOP - 4 * PAGE_SIZE  # of the pages that a program begins with
SLOT_SHIFT = PGDIR_SHIFT - PAGE_SHIFT
WARM = (0x10, 0x68, 0xBEFFF)  # code, data and stack pages that a running program has just used


class Image(Protocol):
    """A program in memory: its pages by virtual page number, and which of them may be written."""

    pages: dict[int, bytearray]
    writable: set[int]
    data_end: int  # the first address behind the program's variables


@dataclass(eq=False)
class Stdout(TrackedMap):
    """What the program has printed, piece by piece."""

    KIND: ClassVar[str] = "stdout"
    SINGLE: ClassVar[bool] = True
    _pieces: list[str] = field(default_factory=list)

    def append(self, text: str) -> None:
        """One more piece."""
        self.note(len(self._pieces), None, text)
        self._pieces.append(text)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._pieces)


def boot(
    settings: MachineSettings,
    files: dict[str, int],
    stages: int = 200_000,
    fuel: int = 50_000_000,
    bad: tuple[BadPages, ...] = (),
) -> Machine:
    """A machine whose disk holds ``files`` (name -> bytes) and whose page cache is empty.

    ``bad`` are pages that the disk cannot read or write. ``stages`` and ``fuel`` bound what a program may record and
    do (see `Journal` and `Cpu`).
    """
    journal = Journal(stages)
    k = Machine(settings, journal)
    k.settings_row = SettingsRow(journal, **asdict(settings))
    k.regs = Registers(journal)
    k.place = UserPlace(journal)
    k.stdout = Stdout(journal)
    k.ram = Ram()
    k.free_frames = free_area_init(settings.memory_mib)
    k.vmstat = VmStat(journal, nr_free_pages=len(k.free_frames))
    present, managed = zone_of(settings.memory_mib)
    k.zone = Zone(journal, present, managed, *setup_per_zone_wmarks(managed))
    k.node = Node(journal)
    k.lru = Lru(journal)
    k.wb = BdiWriteback(journal, _dwork=DelayedWork("flush-254:0", wb_workfn))
    k.fault = FaultRecord(journal)
    k.disk = Disk(journal, _bad=bad, read_error=listed(bad, "read_error"), write_error=listed(bad, "write_error"))
    k.tlb = Tlb(journal, size=settings.tlb_entries, _ram=k.ram)
    k.fs = Filesystem.make(journal, files)
    k.sched = Scheduler(k)
    k.workers = WorkerPool()
    k.zero_page = memblock_alloc(k)
    k.kswapd = kthread_run(k, lambda: kswapd(k), "kswapd0", KSWAPD_PID, k.node._kswapd_wait)
    k.shrinkers = [shadow_shrinker(), super_shrinker()]
    k.cpu = Cpu(k, fuel)
    return k


def listed(bad: tuple[BadPages, ...], kind: str) -> str | None:
    """The bad pages of one kind in words."""
    return ", ".join(str(pages) for pages in bad if pages.kind == kind) or None


def start(k: Machine, image: Image, main: Callable[[Cpu], Awaitable[int]]) -> None:
    """Load a program and make it runnable; ``main`` is its compiled code. Records the first stage."""
    task = start_process(k, "prog", image.pages)
    assert task.mm is not None
    task.mm.context_id = new_context(k)
    use(k, task.mm)
    k.in_user_space = task
    for vpn, page in image.pages.items():
        k.tlb.pin(vpn, page, vpn in image.writable)
    program_loaded(k)
    writeback_set_ratelimit(k)
    if k.settings.memcg_pages:
        charge_image(k, task.mm, image)
    for vpn in WARM:
        if vpn in k.tlb.pages().readable:
            k.tlb.fill(walked(k, task.mm, vpn))
    task._coroutine = run_program(k, main)
    k.sched.add(task)
    k.current, k.task_id = task, task._number
    k.place.running = True
    k.user_stage("boot", "the program is loaded; nothing of its files is in memory", "", 0)


def charge_image(k: Machine, mm: Mm, image: Image) -> None:
    """Put the program into a group with a limit, and let it pay for what it has before its first instruction.

    A real program has eight pages of its own by then, and one here has nine: the lowest page of its stack is for
    nothing, unless its variables are so many that a real one would have nine as well.
    """
    pages = -(-PROCESS_OBJECT_BYTES // PAGE_SIZE)
    k.memcg = k.lru._memcg = MemCgroup(
        k.journal, limit=k.settings.memcg_pages, usage=pages, _objects=pages * PAGE_SIZE - PROCESS_OBJECT_BYTES
    )
    tables = {table.pfn for table in mm._tables.values()}
    few = image.data_end - VARIABLES_START <= VARIABLES_ROOM
    spared = mm._tables[pgd_index(LOWEST_STACK)].linux(pte_index(LOWEST_STACK)) >> PAGE_SHIFT if few else None
    for page in k.mem_map.values():
        if (page.anonymous and page.pfn != spared) or page.pfn in tables:
            page._memcg, page._kmem = k.memcg, not page.anonymous
            k.memcg.usage += 1
            mod_memcg_state(k.memcg, "pgpgin", page.anonymous)


def walked(k: Machine, mm: Mm, vpn: int) -> TlbEntry:
    """The translation of a page of the program's image, as the first walk for it left it in the TLB."""
    word = mm._tables[vpn >> SLOT_SHIFT].hardware(vpn & (PTRS_PER_PTE - 1))
    return TlbEntry(vpn, word >> PAGE_SHIFT, rights_of(word), USER_DOMAIN, asid(mm))
