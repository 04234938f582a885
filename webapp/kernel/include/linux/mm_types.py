"""The things that memory management is made of. Fields only; functions live where Linux has them.

Linux 5.10: include/linux/mm_types.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.rwsem import RwSemaphore
from webapp.kernel.journal import Journal, Tracked

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageDirectory, PageTable
    from webapp.kernel.include.linux.fs import AddressSpace, File
    from webapp.kernel.include.linux.memcontrol import MemCgroup


@dataclass(eq=False)
class Page(Tracked):
    """struct page: what the kernel knows about one frame while it holds something.

    ``index`` is the page of the file (of the VMA, if ``anonymous``), ``flags`` are PG_ bits, ``mapcount`` counts
    PTEs (from 0), ``refcount`` all references. ``lru`` names the list that holds it; a larger ``lru_pos`` is nearer
    the head.
    """

    KIND: ClassVar[str] = "page"
    pfn: int
    mapping: AddressSpace | None = None
    index: int = 0
    flags: int = 0
    mapcount: int = 0
    refcount: int = 1
    lru: str | None = None
    lru_pos: int = 0
    anonymous: bool = False
    _buffer_uptodate: bool = False  # its block has been read, though not for the page as a whole
    _memcg: MemCgroup | None = None  # the group that pays for it
    _buffer_memcg: MemCgroup | None = None  # who pays for its buffers
    _kmem: bool = False  # as memory of the kernel's
    _anon_vma: AnonVma | None = None  # where the VMAs that may map an anonymous page are found


@dataclass(eq=False)
class AnonVma(Tracked):
    """struct anon_vma: what those VMAs share that may map the same anonymous pages.

    ``num_active_vmas`` counts the VMAs whose new pages belong to it: one, or several after a split. After fork the
    child's VMA has an anon_vma of its own, whose ``parent`` is that of the parent's VMA; ``num_children`` counts those
    (a root counts itself). ``_vmas`` are all VMAs in which one of its pages may be mapped, children's too.
    """

    KIND: ClassVar[str] = "anon_vma"
    num_active_vmas: int = 0
    num_children: int = 0
    parent: AnonVma | None = None
    _vmas: list[VmArea] = field(default_factory=list)  # an interval tree in Linux


@dataclass(eq=False)
class VmArea(Tracked):
    """struct vm_area_struct: one mapping of a process, [vm_start, vm_end) in bytes, vm_pgoff in pages.

    ``name`` is what /proc/self/maps shows; ``anon_vma`` comes with the first page of its own. ``linked`` says that it
    is in the list of its address space: not yet while it is being made, and no longer while it is being unmapped.
    """

    KIND: ClassVar[str] = "vma"
    vm_mm: Mm
    vm_start: int
    vm_end: int
    vm_flags: int
    vm_page_prot: int = 0
    vm_pgoff: int = 0
    vm_file: File | None = None
    name: str = ""
    anon_vma: AnonVma | None = None
    linked: bool = False
    _vm_ops: VmOperations | None = None
    _anon_vma_chain: list[AnonVma] = field(default_factory=list)  # all whose pages it may map: its own and its parents'

    @property
    def pages(self) -> int:
        """Length in pages."""
        return (self.vm_end - self.vm_start) >> PAGE_SHIFT


VmOperations = Literal["ext4_file_vm_ops", "shmem_vm_ops", "special_mapping_vmops"]


@dataclass(eq=False)
class Mm(Tracked):
    """struct mm_struct: one address space. ``total_vm`` and the like are pages, ``pgtables_bytes`` bytes.

    ``hiwater_vm`` and ``hiwater_rss`` are the largest total_vm and resident set there have been, kept up to date when
    either is about to shrink.
    ``context_id`` is the number under which the TLB keeps its translations, its lowest 8 bits being the ASID (0: none
    yet); the heap lies from ``start_brk`` to ``brk``.
    ``_mmap`` is the list of VMAs in address order (Linux 5.10 has a list and a red-black tree of them).
    """

    KIND: ClassVar[str] = "mm"
    pgd: PageDirectory
    mmap_base: int
    map_count: int = 0
    total_vm: int = 0
    data_vm: int = 0
    exec_vm: int = 0
    stack_vm: int = 0
    locked_vm: int = 0
    rss_file: int = 0
    rss_anon: int = 0
    rss_shmem: int = 0
    pgtables_bytes: int = 0
    hiwater_vm: int = 0
    hiwater_rss: int = 0
    mmap_lock: str = "free"
    def_flags: int = 0
    mm_users: int = 1
    context_id: int = 0
    start_brk: int = 0
    brk: int = 0
    _sem: RwSemaphore = field(default_factory=RwSemaphore)
    _mmap: list[VmArea] = field(default_factory=list)
    _tables: dict[int, PageTable] = field(default_factory=dict)  # pgd slot -> its page of PTEs
    _own: set[int] = field(default_factory=set)  # pages of the program's own data and stack that a fork has shared
    _vmacache_seqnum: int = 0

    def __post_init__(self, journal: Journal) -> None:
        super().__post_init__(journal)
        self._sem.mm = self


@dataclass
class VmFault:
    """struct vm_fault: one attempt to serve one fault. ``address`` is page aligned, ``pgoff`` the file page."""

    vma: VmArea
    address: int
    flags: int
    pgoff: int
    prealloc_pte: Page | None = None  # a page of PTEs prepared in advance
    table: PageTable | None = None  # the page of PTEs, once there is one
    orig_pte: int = 0  # the PTE as the fault found it
    page: Page | None = None
    cow_page: Page | None = None  # the copy, for a private write

    def brief(self) -> dict[str, str | int]:
        """What a stage shows of it."""
        return {"vma": self.vma.ref, "address": self.address, "flags": self.flags, "pgoff": self.pgoff}
