"""A fresh address space: what a program finds when its first instruction runs.

The VMAs are those of a static ARM binary, with address randomisation off. The pages of its image are in memory
and mapped; everything else waits to be touched. The kernel's half of the page directory is there too, for user
accesses that go astray.

Interface:
    * `start_process` makes the task. It runs before recording begins, so it records no stages.
    * `extend_stack` grows the program's own stack, whose pages do not go through the modelled faults.

Linux 5.10: fs/exec.c, fs/binfmt_elf.c, arch/arm/mm/pgd.c, arch/arm/mm/mmu.c, arch/arm/kernel/process.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from webapp.kernel.arch.arm.include.asm.memory import (
    MODULES_VADDR,
    PAGE_MASK,
    PAGE_OFFSET,
    PAGE_SHIFT,
    PAGE_SIZE,
    PHYS_OFFSET,
    PTRS_PER_PTE,
    STACK_TOP,
    pgd_index,
    pte_index,
)
from webapp.kernel.arch.arm.include.asm.pgalloc import PageDirectory, PageTable
from webapp.kernel.arch.arm.include.asm.pgtable import (
    L_PTE_DIRTY,
    L_PTE_RDONLY,
    L_PTE_USER,
    L_PTE_XN,
    PMD_BIT4,
    PMD_TYPE_TABLE,
    PTE_HWTABLE_OFF,
    USER_PGPROT,
    USER_PMD,
    mk_pte,
    vm_get_page_prot,
)
from webapp.kernel.arch.arm.mm.proc_v7_2level import PTE_EXT_NG, cpu_v7_set_pte_ext, hardware_pte
from webapp.kernel.errors import ModelBug, NotModelled, TaskKilled
from webapp.kernel.include.linux.mm import (
    VM_ACCOUNT,
    VM_DENYWRITE,
    VM_DONTEXPAND,
    VM_EXEC,
    VM_GROWSDOWN,
    VM_MAYEXEC,
    VM_MAYREAD,
    VM_MAYWRITE,
    VM_READ,
    VM_WRITE,
)
from webapp.kernel.include.linux.mm_types import Mm, Page, VmArea
from webapp.kernel.include.linux.page_flags import PG_swapbacked, PG_uptodate
from webapp.kernel.include.linux.sched import Task
from webapp.kernel.mm.anon_vma import join_anon_vma, new_root
from webapp.kernel.mm.expand_stack import expand_stack
from webapp.kernel.mm.page_alloc import memblock_alloc
from webapp.kernel.mm.vma import count_pages
from webapp.kernel.signal.signal import force_sig_fault

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmOperations
    from webapp.kernel.machine import Machine

PROGRAM = "prog"
MMAP_BASE = 0xB7000000  # arch_pick_mmap_layout() for a stack limit of 8 MiB
HEAP_END = 0x90000
START_STACK = 0xBEFFFEB0  # the stack pointer when the program was loaded: argc lies there
FIRST_PID = 101
PGD_ORDER = 2  # a page directory takes four frames
SEGV_MAPERR = 1

MAY = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC
RX, RO, RW = VM_READ | VM_EXEC, VM_READ, VM_READ | VM_WRITE
IMAGE = MAY | VM_DENYWRITE
SPECIAL: VmOperations = "special_mapping_vmops"


class Segment(NamedTuple):
    """One VMA of a fresh program; ``pgoff`` is in pages."""

    start: int
    end: int
    flags: int
    pgoff: int
    name: str
    ops: VmOperations | None
    written: bool = False  # it has pages of its own, though the program may no longer write to it


LAYOUT = (
    Segment(0x00010000, 0x00066000, RX | IMAGE, 0, PROGRAM, SPECIAL),
    Segment(0x00066000, 0x00068000, RO | IMAGE | VM_ACCOUNT, 0x56, PROGRAM, SPECIAL, True),
    Segment(0x00068000, 0x0006A000, RW | IMAGE | VM_ACCOUNT, 0x58, PROGRAM, SPECIAL),
    Segment(0x0006A000, HEAP_END, RW | MAY | VM_ACCOUNT, 0x6A, "[heap]", None),
    Segment(0xB6FFD000, 0xB6FFE000, RX | MAY | VM_DONTEXPAND, 0, "[sigpage]", SPECIAL),
    Segment(0xB6FFE000, 0xB6FFF000, RO | VM_MAYREAD | VM_DONTEXPAND, 0, "[vvar]", SPECIAL),
    Segment(0xB6FFF000, 0xB7000000, RX | MAY | VM_DONTEXPAND, 0, "[vdso]", SPECIAL),
    Segment(0xBEFDF000, STACK_TOP, RW | MAY | VM_ACCOUNT | VM_GROWSDOWN, 0xBEFDF, "[stack]", None),
)
HEAP = "[heap]"
ELF_HEADER = b"\x7fELF\1\1\1\3" + bytes(8) + b"\2\0\x28\0\1\0\0\0"  # 32 bits, little endian, Linux, executable, ARM
TEXT_MAPPED = 16 * PAGE_SIZE
TOUCHED = (0xB6FFF,)  # the [vdso]: the C library looks into it before main runs
HEAP_ROOM = 0x26000  # from the last variable to the end of the heap
MALLOC_USED = 0x22000  # bytes from the end of the heap down to the page in which malloc's free part of it begins

# The kernel's half. Bits of a section descriptor: 1 MiB, privileged read and write, no user access, domain 0.
SECTION = 0b10 | 0b11 << 2 | 1 << 4 | 1 << 10 | 1 << 12 | 1 << 16
KERNEL_PMD = PMD_TYPE_TABLE | PMD_BIT4
VECTORS_PMD = KERNEL_PMD | 3 << 5  # domain 3
KERNEL_PAGE = USER_PGPROT | L_PTE_DIRTY | L_PTE_XN
VECTORS_PAGE = USER_PGPROT | L_PTE_USER | L_PTE_RDONLY
STUBS_PAGE = USER_PGPROT | L_PTE_RDONLY
VECTORS_BASE = 0xFFFF0000
FIXMAP_SLOT = 0xFFC00000  # mappings that the kernel makes for a moment: it has a page table, and nothing in it now
MODULE_PAGES = 64  # of kernel modules, from MODULES_VADDR on


def start_process(k: Machine, comm: str, image: dict[int, bytearray]) -> Task:
    """The first process, with ``image`` (virtual page number -> 4096 bytes) in its memory.

    The frames *are* the given byte arrays: whoever writes to them writes memory.
    """
    directory = memblock_alloc(k, PGD_ORDER)
    mm = Mm(k.journal, pgd=PageDirectory(k.journal, pfn=directory.pfn, _ram=k.ram), mmap_base=MMAP_BASE)
    map_kernel(k, mm)
    for segment in LAYOUT:
        add_segment(k, mm, segment, image)
    for address in (LAYOUT[0].start, STACK_TOP - PAGE_SIZE):  # the loader has been there
        add_page_table(k, mm, pgd_index(address))
    for vpn in TOUCHED:
        map_image_page(k, mm, vpn, bytearray(PAGE_SIZE))
    for vpn, content in sorted(image.items()):
        map_image_page(k, mm, vpn, content)
    map_text(k, mm)
    heap = next(vma for vma in mm._mmap if vma.name == HEAP)
    mm.start_brk, mm.brk = heap.vm_end - HEAP_ROOM, heap.vm_end
    map_image_page(k, mm, (heap.vm_end - MALLOC_USED) >> PAGE_SHIFT, bytearray(PAGE_SIZE))
    return Task(k.journal, pid=FIRST_PID, comm=comm, mm=mm)


def add_segment(k: Machine, mm: Mm, segment: Segment, image: dict[int, bytearray]) -> None:
    """One VMA of the program; the heap reaches as far as the image has variables."""
    start, end, flags, pgoff, name, ops, written = segment
    if name == "[heap]":
        used = (vpn for vpn in image if vpn < MMAP_BASE >> PAGE_SHIFT)
        end += max(0, ((max(used, default=0) + 1) << PAGE_SHIFT) - start)
    vma = VmArea(
        k.journal, vm_mm=mm, vm_start=start, vm_end=end, vm_flags=flags, vm_page_prot=vm_get_page_prot(flags),
        vm_pgoff=pgoff, name=name, _vm_ops=ops,
    )  # fmt: skip
    if flags & VM_WRITE or written:
        join_anon_vma(vma, new_root(k.journal))
    mm._mmap.append(vma)
    vma.linked = True
    mm.map_count += 1
    count_pages(mm, flags, vma.pages)


def map_text(k: Machine, mm: Mm) -> None:
    """The first 64 KiB of the program's code, from its file: the fault on its first page has mapped them all.

    There is no machine code in it, as programs are not compiled to any here: only the head of the ELF file is true.
    """
    text, frames = mm._mmap[0], 0
    for address in range(text.vm_start, text.vm_start + TEXT_MAPPED, PAGE_SIZE):
        table = mm._tables[pgd_index(address)]
        if table.linux(pte_index(address)):
            continue
        page = memblock_alloc(k, index=(address - text.vm_start) >> PAGE_SHIFT, flags=PG_uptodate, mapcount=1)
        if address == text.vm_start:
            k.ram.frame(page.pfn)[: len(ELF_HEADER)] = ELF_HEADER
        cpu_v7_set_pte_ext(table, pte_index(address), mk_pte(page.pfn, text.vm_page_prot), PTE_EXT_NG)
        frames += 1
    mm.rss_file += frames
    k.vmstat.nr_mapped += frames


def check_code(k: Machine, call: str) -> None:
    """The program's code must stay where it is: there is no machine code here whose fetching could fault instead."""
    text = LAYOUT[0]
    covered = text.start
    for vma in k.mm._mmap:
        if vma.vm_start <= covered < vma.vm_end and vma.vm_flags & VM_EXEC:
            covered = vma.vm_end
    if covered < text.end:
        raise NotModelled(
            f"{call}() took the program's own code, {text.start:#x}-{text.end:#x}, away from it: its next instruction "
            "would fault, and programs have no machine code here."
        )


def map_image_page(k: Machine, mm: Mm, vpn: int, content: bytearray) -> None:
    """Put a page of the image into a frame and map it, as if the program had used it already."""
    address = vpn << PAGE_SHIFT
    vma = next((v for v in mm._mmap if v.vm_start <= address < v.vm_end), None)
    if vma is None:
        raise ModelBug(f"map_image_page: {address:#010x} is in no VMA of a fresh program")
    table = mm._tables.get(pgd_index(address)) or add_page_table(k, mm, pgd_index(address))
    page = memblock_alloc(k)
    k.ram.frames[page.pfn] = content
    map_private_page(k, mm, table, address, page, vma)


def map_private_page(k: Machine, mm: Mm, table: PageTable, address: int, page: Page, vma: VmArea) -> None:
    """Point a PTE at a page: written to before, if it could be written at all."""
    page.mapcount = 1
    page.index = address >> PAGE_SHIFT
    page.flags = PG_uptodate
    pte = mk_pte(page.pfn, vma.vm_page_prot)
    if vma.anon_vma is not None:
        page.anonymous = True
        page._anon_vma = vma.anon_vma
        page.flags |= PG_swapbacked
        pte |= L_PTE_DIRTY
        if vma.vm_flags & VM_WRITE:
            pte &= ~L_PTE_RDONLY
        mm.rss_anon += 1
        k.vmstat.nr_anon_pages += 1
    else:
        mm.rss_file += 1
        k.vmstat.nr_mapped += 1
    cpu_v7_set_pte_ext(table, pte_index(address), pte, PTE_EXT_NG)


def add_page_table(k: Machine, mm: Mm, slot: int) -> PageTable:
    """A page of PTEs for one 2 MiB slot."""
    page = memblock_alloc(k)
    table = PageTable(k.journal, pfn=page.pfn, mm=mm, slot=slot, _ram=k.ram, _page=page)
    mm._tables[slot] = table
    base = (page.pfn << PAGE_SHIFT) + PTE_HWTABLE_OFF
    mm.pgd.set_pair(slot, base | USER_PMD, (base + 1024) | USER_PMD)
    mm.pgtables_bytes += PTRS_PER_PTE * 4
    k.vmstat.nr_page_table_pages += 1
    return table


def map_kernel(k: Machine, mm: Mm) -> None:
    """The kernel's half, the same in every page directory: RAM in sections, modules and vectors in pages."""
    for mib in range(0, k.settings.memory_mib, 2):
        first = PHYS_OFFSET + (mib << 20) | SECTION
        second = first + (1 << 20) if mib + 1 < k.settings.memory_mib else 0
        mm.pgd.set_pair(pgd_index(PAGE_OFFSET + (mib << 20)), first, second)
    modules = {
        address: KERNEL_PAGE for address in range(MODULES_VADDR, MODULES_VADDR + MODULE_PAGES * PAGE_SIZE, PAGE_SIZE)
    }
    map_kernel_pages(k, mm, modules, KERNEL_PMD)
    map_kernel_pages(k, mm, {FIXMAP_SLOT: 0}, KERNEL_PMD)
    map_kernel_pages(k, mm, {VECTORS_BASE: VECTORS_PAGE, VECTORS_BASE + PAGE_SIZE: STUBS_PAGE}, VECTORS_PMD)


def map_kernel_pages(k: Machine, mm: Mm, pages: dict[int, int], pmd: int) -> None:
    """Map kernel pages that lie in one slot: ``pages`` gives the protection of each address."""
    table = memblock_alloc(k)
    base = (table.pfn << PAGE_SHIFT) + PTE_HWTABLE_OFF
    mm.pgd.set_pair(pgd_index(min(pages)), base | pmd, (base + 1024) | pmd)
    for address, prot in pages.items():
        if not prot:
            continue
        pfn = memblock_alloc(k).pfn
        k.ram.set_word(base + pte_index(address) * 4, hardware_pte(mk_pte(pfn, prot), 0))


def extend_stack(k: Machine, low: int) -> None:
    """Make the program's own stack reach down to address ``low``; raises `TaskKilled` at its limit of 8 MiB.

    In Linux each page of it would come from a write fault. Here they come at once, written and mapped.
    """
    mm = k.mm
    vma = next((v for v in reversed(mm._mmap) if v.vm_flags & VM_GROWSDOWN and v.vm_end == STACK_TOP), None)
    if vma is None or (low < vma.vm_start and expand_stack(k, vma, low)):
        force_sig_fault(k, "SIGSEGV", SEGV_MAPERR, low)
        raise TaskKilled("SIGSEGV")
    address = low & PAGE_MASK
    while address < STACK_TOP:
        table = mm._tables.get(pgd_index(address)) or add_page_table(k, mm, pgd_index(address))
        if table.linux(pte_index(address)):
            return
        page = memblock_alloc(k)
        map_private_page(k, mm, table, address, page, vma)
        k.tlb.pin(address >> PAGE_SHIFT, k.ram.frame(page.pfn), True)
        address += PAGE_SIZE
