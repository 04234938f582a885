"""/proc/PID/maps, smaps, smaps_rollup, pagemap and the memory lines of status: an address space as text.

Interface: each function takes rows (`fs/proc/rows.py`) and the ref of a task, and returns the whole file.

The program's own code has no pages in this model but for its constants, and the C library's heap has none: in the
lines about them a real kernel shows more. Everything about mappings that the program makes itself is as Linux has it.

Linux 5.10: fs/proc/task_mmu.c.  Not modelled: huge pages, swap, NUMA policies.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, TASK_SIZE
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_PRESENT, L_PTE_YOUNG, pte_pfn
from webapp.kernel.fs.exec import LAYOUT, PROGRAM, START_STACK
from webapp.kernel.fs.namei import WORKING_DIRECTORY
from webapp.kernel.fs.proc.rows import Mapped, inode_of, mm_of, vmas
from webapp.kernel.include.linux.fs import DISK
from webapp.kernel.include.linux.mm import (
    VM_EXEC,
    VM_LOCKED,
    VM_MAYEXEC,
    VM_MAYREAD,
    VM_MAYSHARE,
    VM_READ,
    VM_WRITE,
)
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_referenced, PG_swapbacked

if TYPE_CHECKING:
    from webapp.kernel.journal import Row, Rows

NAME_COLUMN = 49  # 25 + 6 * sizeof(void *) characters come before the name
VECTORS: Row = {  # no VMA: every address space has it, above all of user space
    "vm_start": 0xFFFF0000, "vm_end": 0xFFFF1000, "vm_flags": VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC,
    "vm_pgoff": 0, "name": "[vectors]",
}  # fmt: skip
ROOTFS = "00:02"
PROGRAM_INO = 11
TEXT_PAGES = (LAYOUT[0].end - LAYOUT[0].start) >> PAGE_SHIFT
PSS_SHIFT = 12  # pss is kept in 4096ths of a byte, as thirds and sevenths of a page add up
PM_PRESENT, PM_FILE, PM_MMAP_EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56
PM_ENTRY_BYTES = 8


# maps.


def show_map(rows: Rows, task: str) -> str:
    """/proc/PID/maps: a line for each mapping: where, what may be done, which part of which file."""
    lines = [] if mm_of(rows, task) is None else [*vmas(rows, task), VECTORS]
    return "".join(show_map_vma(rows, vma) for vma in lines)


def show_map_vma(rows: Rows, vma: Row) -> str:
    """One line."""
    head = f"{show_vma_header_prefix(rows, vma)} {device(rows, vma)} "
    name = path(rows, vma)
    return f"{head.ljust(NAME_COLUMN if name else 0)}{name}\n"


def show_vma_header_prefix(rows: Rows, vma: Row) -> str:
    """``start-end perms offset``. The last of the four permissions says whether writes would be shared."""
    flags = vma["vm_flags"]
    perms = "".join(letter if flags & bit else "-" for letter, bit in (("r", VM_READ), ("w", VM_WRITE), ("x", VM_EXEC)))
    perms += "s" if flags & VM_MAYSHARE else "p"
    offset = vma["vm_pgoff"] << PAGE_SHIFT if has_file(vma) else 0
    return f"{vma['vm_start']:08x}-{vma['vm_end']:08x} {perms} {offset:08x}"


def has_file(vma: Row) -> bool:
    """Whether there is a file behind it; the program's own is known by its name only."""
    return "vm_file" in vma or vma["name"] == PROGRAM


def device(rows: Rows, vma: Row) -> str:
    """Device and inode number."""
    if vma["name"] == PROGRAM:
        return f"{ROOTFS} {PROGRAM_INO}"
    if "vm_file" not in vma:
        return "00:00 0"
    inode = inode_of(rows, rows[vma["vm_file"]])
    return f"{inode['s_dev']} {inode['i_ino']}"


def path(rows: Rows, vma: Row) -> str:
    """The name as the file shows it. "[stack]" is the mapping in which the first stack pointer lies, and no other."""
    name: str = vma["name"]
    if name == PROGRAM:
        return f"/{PROGRAM}"
    if name == "[stack]" and not vma["vm_start"] <= START_STACK <= vma["vm_end"]:
        return ""
    if "vm_file" in vma and inode_of(rows, rows[vma["vm_file"]])["s_dev"] == DISK:
        return f"{WORKING_DIRECTORY}/{name}"
    return name


# smaps.


@dataclass(slots=True)
class MemSizeStats:
    """struct mem_size_stats: bytes of resident memory, of various kinds. The pss fields count 4096ths of a byte."""

    resident: int = 0
    pss: int = 0
    pss_anon: int = 0
    pss_file: int = 0
    pss_shmem: int = 0
    pss_locked: int = 0
    shared_clean: int = 0
    shared_dirty: int = 0
    private_clean: int = 0
    private_dirty: int = 0
    referenced: int = 0
    anonymous: int = 0
    lazyfree: int = 0

    def add(self, other: MemSizeStats) -> None:
        """Sum up, for the rollup."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def smap_gather_stats(vma: Row, mapped: Mapped) -> MemSizeStats:
    """Go through the PTEs of a mapping. The zero page is nobody's page and is not counted."""
    mss = MemSizeStats()
    for address in mapped.within(vma["vm_start"], vma["vm_end"]):
        pte = mapped.ptes[address]
        page = mapped.page(pte)
        if page is not None:
            smaps_account(mss, page, pte, bool(vma["vm_flags"] & VM_LOCKED))
    return mss


def smaps_account(mss: MemSizeStats, page: Row, pte: int, locked: bool) -> None:
    """One page: is it the mapping's alone, is it dirty, has it been used?

    A page that several PTEs map counts in pss with a share for each. "Shared" means just that, and has nothing to do
    with MAP_SHARED: a page of a private mapping is shared as long as somebody else maps it.
    """
    flags, mapcount, anonymous = page["flags"], page["mapcount"], page["anonymous"]
    dirty = bool(pte & L_PTE_DIRTY or flags & PG_dirty)
    share = (PAGE_SIZE << PSS_SHIFT) // mapcount
    mss.resident += PAGE_SIZE
    if anonymous:
        mss.anonymous += PAGE_SIZE
        if not flags & PG_swapbacked and not dirty:
            mss.lazyfree += PAGE_SIZE
    if pte & L_PTE_YOUNG or flags & PG_referenced:
        mss.referenced += PAGE_SIZE
    kind = "pss_anon" if anonymous else "pss_shmem" if flags & PG_swapbacked else "pss_file"
    whose = f"{'private' if mapcount == 1 else 'shared'}_{'dirty' if dirty else 'clean'}"
    mss.pss += share
    setattr(mss, kind, getattr(mss, kind) + share)
    setattr(mss, whose, getattr(mss, whose) + PAGE_SIZE)
    if locked:
        mss.pss_locked += share


def show_smap(rows: Rows, task: str) -> str:
    """/proc/PID/smaps: what maps says, and for each mapping what of it is in memory."""
    if mm_of(rows, task) is None:
        return ""
    mapped = Mapped(rows, task)
    return "".join(
        show_map_vma(rows, vma)
        + kib("Size", vma["vm_end"] - vma["vm_start"])
        + kib("KernelPageSize", PAGE_SIZE)
        + kib("MMUPageSize", PAGE_SIZE)
        + __show_smap(smap_gather_stats(vma, mapped), rollup=False)
        + "THPeligible:    0\n"
        + show_smap_vma_flags(vma)
        for vma in [*vmas(rows, task), VECTORS]
    )


def show_smaps_rollup(rows: Rows, task: str) -> str:
    """/proc/PID/smaps_rollup: the sums over all mappings."""
    areas = vmas(rows, task)
    if mm_of(rows, task) is None or not areas:
        return ""
    mapped = Mapped(rows, task)
    total = MemSizeStats()
    for vma in areas:
        total.add(smap_gather_stats(vma, mapped))
    head = f"{areas[0]['vm_start']:08x}-{areas[-1]['vm_end']:08x} ---p 00000000 00:00 0 ".ljust(NAME_COLUMN)
    return f"{head}[rollup]\n{__show_smap(total, rollup=True)}"


def __show_smap(mss: MemSizeStats, rollup: bool) -> str:
    """The figures that smaps and smaps_rollup have in common. Huge pages and swap are always 0 on this machine."""
    by_kind = (("Pss_Anon", mss.pss_anon), ("Pss_File", mss.pss_file), ("Pss_Shmem", mss.pss_shmem)) if rollup else ()
    figures = [
        ("Rss", mss.resident),
        ("Pss", mss.pss >> PSS_SHIFT),
        *((name, pss >> PSS_SHIFT) for name, pss in by_kind),
        ("Shared_Clean", mss.shared_clean),
        ("Shared_Dirty", mss.shared_dirty),
        ("Private_Clean", mss.private_clean),
        ("Private_Dirty", mss.private_dirty),
        ("Referenced", mss.referenced),
        ("Anonymous", mss.anonymous),
        ("LazyFree", mss.lazyfree),
        *((name, 0) for name in ("AnonHugePages", "ShmemPmdMapped", "FilePmdMapped")),
        *((name, 0) for name in ("Shared_Hugetlb", "Private_Hugetlb", "Swap", "SwapPss")),
        ("Locked", mss.pss_locked >> PSS_SHIFT),
    ]
    return "".join(kib(name, size) for name, size in figures)


def kib(name: str, size: int) -> str:
    """A line such as ``Rss:                 144 kB``."""
    return f"{name + ':':<16}{size >> 10:8} kB\n"


# The two letters of each bit of vm_flags, from bit 0 on. A bit without letters of its own shows as "??".
_MNEMONICS = "rd wr ex sh mr mw me ms gd um pf dw uw lo io sr rr dc de ?? ac nr ht sf ar wf dd ?? mm hg nh mg"
MNEMONICS = _MNEMONICS.split()


def show_smap_vma_flags(vma: Row) -> str:
    """The flags of the mapping, two letters each."""
    return f"VmFlags: {''.join(f'{name} ' for bit, name in enumerate(MNEMONICS) if vma['vm_flags'] >> bit & 1)}\n"


# pagemap.


def pagemap_entry(address: int, mapped: Mapped) -> int:
    """The 64-bit word about one page: present, of a file, mapped only here, and its frame number.

    Linux tells the frame number to root alone.
    """
    pte = mapped.ptes.get(address, 0)
    if not pte & L_PTE_PRESENT:
        return 0
    entry, page = PM_PRESENT | pte_pfn(pte), mapped.page(pte)
    if page is None:
        return entry
    if not page["anonymous"]:
        entry |= PM_FILE
    return entry | (PM_MMAP_EXCLUSIVE if page["mapcount"] == 1 else 0)


def pagemap_read(rows: Rows, task: str, pos: int, count: int) -> bytes | None:
    """Bytes of /proc/PID/pagemap from ``pos`` on: eight for each page of user space. None: not a multiple of eight."""
    if pos % PM_ENTRY_BYTES or count % PM_ENTRY_BYTES:
        return None
    end = min(pos + count, (TASK_SIZE >> PAGE_SHIFT) * PM_ENTRY_BYTES)
    mapped = Mapped(rows, task)
    words = (pagemap_entry(at // PM_ENTRY_BYTES << PAGE_SHIFT, mapped) for at in range(pos, end, PM_ENTRY_BYTES))
    return b"".join(word.to_bytes(PM_ENTRY_BYTES, "little") for word in words)


def show_pagemap(rows: Rows, task: str) -> str:
    """/proc/PID/pagemap in words, for the file itself holds eight bytes for each page of user space.

    A line for each run of neighbouring pages that lie in neighbouring frames and have the same bits.
    """
    mapped = Mapped(rows, task)
    runs: list[tuple[int, int, int]] = []  # (first address, pages, first entry)
    for address in mapped.addresses:
        entry = pagemap_entry(address, mapped)
        if runs:
            start, length, first = runs[-1]
            if (address, entry) == (start + length * PAGE_SIZE, first + length):
                runs[-1] = (start, length + 1, first)
                continue
        if entry:
            runs.append((address, 1, entry))
    return "".join(pagemap_line(*run) for run in runs)


def pagemap_line(start: int, length: int, entry: int) -> str:
    """One run in words."""
    pfn = entry & ((1 << 55) - 1)
    bits = [name for name, bit in (("file", PM_FILE), ("exclusive", PM_MMAP_EXCLUSIVE)) if entry & bit]
    frames = f"pfn {pfn:#x}" if length == 1 else f"pfn {pfn:#x}-{pfn + length - 1:#x}"
    return f"{start:08x}-{start + length * PAGE_SIZE:08x} {entry:016x} {' '.join(['present', *bits])} {frames}\n"


# The memory lines of /proc/PID/status, and statm.


def task_mem(rows: Rows, task: str) -> str:
    """VmPeak to VmSwap. Linux may be late by up to 64 faults in counting a running task's pages; here it is exact."""
    mm = mm_of(rows, task)
    if mm is None:
        return ""
    rss = mm["rss_anon"] + mm["rss_file"] + mm["rss_shmem"]
    text = min(TEXT_PAGES, mm["exec_vm"])
    sizes = {
        "VmPeak": max(mm["hiwater_vm"], mm["total_vm"]),
        "VmSize": mm["total_vm"],
        "VmLck": mm["locked_vm"],
        "VmPin": 0,
        "VmHWM": max(mm["hiwater_rss"], rss),
        "VmRSS": rss,
        "RssAnon": mm["rss_anon"],
        "RssFile": mm["rss_file"],
        "RssShmem": mm["rss_shmem"],
        "VmData": mm["data_vm"],
        "VmStk": mm["stack_vm"],
        "VmExe": text,
        "VmLib": mm["exec_vm"] - text,
    }
    lines = [f"{name}:\t{pages << PAGE_SHIFT >> 10:8} kB\n" for name, pages in sizes.items()]
    return "".join([*lines, f"VmPTE:\t{mm['pgtables_bytes'] >> 10:8} kB\n", f"VmSwap:\t{0:8} kB\n"])


def proc_pid_statm(rows: Rows, task: str) -> str:
    """/proc/PID/statm: size, resident, shared (of files, or with others), text, 0, data and stack, 0; all in pages."""
    mm = mm_of(rows, task)
    if mm is None:
        return "0 0 0 0 0 0 0\n"
    shared = mm["rss_file"] + mm["rss_shmem"]
    data = mm["data_vm"] + mm["stack_vm"]
    return f"{mm['total_vm']} {shared + mm['rss_anon']} {shared} {TEXT_PAGES} 0 {data} 0\n"
