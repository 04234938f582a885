"""What must hold in every state of the model, whatever a program did."""

from __future__ import annotations

from collections import Counter

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PHYS_OFFSET
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_RDONLY, pte_pfn
from webapp.kernel.arch.arm.mm.proc_v7_2level import PTE_EXT_NG, hardware_pte
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.fs import I_DIRTY_PAGES
from webapp.kernel.include.linux.mm import VM_SHARED, VM_WRITE
from webapp.kernel.include.linux.mm_types import Mm
from webapp.kernel.include.linux.page_flags import (
    PG_dirty,
    PG_locked,
    PG_lru,
    PG_mlocked,
    PG_private,
    PG_swapbacked,
    PG_uptodate,
    PG_writeback,
)
from webapp.kernel.journal import Rows, Tracked
from webapp.kernel.machine import Machine
from webapp.kernel.mm.page_alloc import PROGRAM_FRAMES, frames_left


def check(k: Machine) -> None:
    """Assert every invariant of a machine at rest."""
    mm = k.mm
    check_vmas(mm)
    check_page_tables(k, mm)
    check_frames(k)
    check_lists(k)
    check_dirty(k)
    check_io_lists(k)
    check_anon_vmas(mm)
    assert all(task.state != "sleeping" or k._events or k.page_waiters for task in k.sched.tasks)


def check_vmas(mm: Mm) -> None:
    """VMAs are sorted, apart, not empty and inside user space; the counts agree with the list."""
    borders = [border for vma in mm._mmap for border in (vma.vm_start, vma.vm_end)]
    assert borders == sorted(borders)
    assert all(vma.vm_start < vma.vm_end for vma in mm._mmap)
    assert mm.map_count == len(mm._mmap)
    assert mm.total_vm == sum(vma.pages for vma in mm._mmap)


def check_page_tables(k: Machine, mm: Mm) -> None:
    """Every present PTE maps an up-to-date page, inside a VMA; mapcounts and rss add up; hardware words agree."""
    mapped: Counter[int] = Counter()
    for slot, table in mm._tables.items():
        assert mm.pgd.pair(slot) != (0, 0)
        for index in range(512):
            pte = table.linux(index)
            if not pte:
                assert table.hardware(index) == 0
                continue
            address = (slot << 21) + (index << PAGE_SHIFT)
            assert any(vma.vm_start <= address < vma.vm_end for vma in mm._mmap), hex(address)
            assert table.hardware(index) == hardware_pte(pte, PTE_EXT_NG) or pte & 0x100 == 0
            mapped[pte_pfn(pte)] += 1
            check_pte(k, mm, address, pte)
    for pfn, ptes in mapped.items():
        page = k.mem_map.get(pfn)
        if page is None or pfn == k.zero_page.pfn:
            continue
        assert page.flags & PG_uptodate
        assert page.mapcount == ptes
    files = [page for page in k.mem_map.values() if not page.anonymous]
    anonymous = [page for page in k.mem_map.values() if page.anonymous]
    assert sum(page.mapcount for page in files) == mm.rss_file + mm.rss_shmem
    assert k.vmstat.nr_mapped == sum(page.mapcount > 0 for page in files)
    assert k.vmstat.nr_anon_pages == len(anonymous) == mm.rss_anon


def check_pte(k: Machine, mm: Mm, address: int, pte: int) -> None:
    """What may be written to without a fault is the VMA's own copy, or a page that is known to be dirty."""
    vma = next(vma for vma in mm._mmap if vma.vm_start <= address < vma.vm_end)
    page = k.mem_map[pte_pfn(pte)]
    if page.anonymous:
        assert vma.anon_vma is not None
        assert not vma.vm_flags & VM_SHARED
    elif not vma.vm_flags & VM_SHARED:
        assert pte & L_PTE_RDONLY
    elif vma._vm_ops == "ext4_file_vm_ops":
        assert bool(pte & L_PTE_DIRTY) <= bool(page.flags & PG_dirty)
        assert bool(pte & L_PTE_DIRTY) or pte & L_PTE_RDONLY
    if not pte & L_PTE_RDONLY:
        assert vma.vm_flags & VM_WRITE


def check_frames(k: Machine) -> None:
    """No frame is both free and used; none is lost."""
    free = set(k.free_frames.reused)
    assert len(free) == len(k.free_frames.reused)
    assert not free & set(k.mem_map)
    assert k.vmstat.nr_free_pages == len(k.free_frames)
    assert k.free_frames.end == (PHYS_OFFSET >> PAGE_SHIFT) + PROGRAM_FRAMES + frames_left(k.zone.managed)
    for pfn, page in k.mem_map.items():
        assert page.pfn == pfn
        assert page.refcount > 0
        if page.mapping is not None:
            assert page.mapping._pages[page.index] is page
            assert page.refcount >= 1 + page.mapcount + bool(page.flags & PG_private)
        elif page.anonymous:
            assert page.refcount == page.mapcount + (page.lru == "pagevec")


def check_lists(k: Machine) -> None:
    """The page cache and the LRU lists agree about every page."""
    cached = [page for page in k.mem_map.values() if page.mapping is not None]
    assert k.vmstat.nr_file_pages == len(cached)
    assert all(page.lru for page in cached)
    listed = [page for page in k.mem_map.values() if page.lru]
    assert all((page.lru != "pagevec") == bool(page.flags & PG_lru) for page in listed)
    for name in ("inactive_file", "active_file", "inactive_anon", "active_anon", "unevictable", "pagevec"):
        assert getattr(k.lru, name) == sum(page.lru == name for page in listed)
    evictable = [page for page in listed if page.lru not in ("pagevec", "unevictable")]
    on_lists = [(str(page.lru), bool(page.flags & PG_swapbacked)) for page in evictable]
    assert k.vmstat.nr_mlock == sum(bool(page.flags & PG_mlocked) for page in k.mem_map.values())
    assert all(page.flags & PG_mlocked for page in listed if page.lru == "unevictable")
    assert all(("anon" in lru) == swapbacked for lru, swapbacked in on_lists)
    for name, pages in k.lru._lists.items():
        assert getattr(k.lru, name) == len(pages)
        assert all(page.lru == name and page.refcount > 0 for page in pages)
        order = [page.lru_pos for page in pages]
        assert order == sorted(order)  # oldest first
    assert k.lru.isolated_file == k.lru.isolated_anon == 0
    check_shadows(k)
    check_charges(k)
    if not k.disk.queued:
        assert not any(page.flags & (PG_locked | PG_writeback) for page in cached)


def check_shadows(k: Machine) -> None:
    """A shadow lies only where no page is; nodes know what is in them; those with shadows only are on the list."""
    nodes = set()
    for inode in k.fs.inodes.values():
        mapping = inode.mapping
        assert not set(mapping._shadows) & set(mapping._pages)
        assert mapping.nrexceptional == len(mapping._shadows)
        assert mapping.nrpages == len(mapping._pages)
        for number, (pages, values) in mapping._nodes.items():
            assert pages == sum(index >> 6 == number for index in mapping._pages)
            assert values == sum(index >> 6 == number for index in mapping._shadows)
            if values and not pages:
                nodes.add((mapping.ref, number))
    assert {(mapping.ref, number) for mapping, number in k.shadow_nodes} == nodes
    assert k.vmstat.workingset_nodes == len(nodes)


def check_charges(k: Machine) -> None:
    """A group pays for its pages, for what its CPU has in stock, and for pages of small objects; never too much."""
    if k.memcg is None:
        return
    charged = sum(page._memcg is k.memcg for page in k.mem_map.values())
    objects = k.memcg.usage - k.memcg.stock - charged
    assert 0 < objects < 16
    assert k.memcg.usage <= max(k.memcg.limit, k.memcg.max_usage)


def check_dirty(k: Machine) -> None:
    """Flags, marks and counters agree on which pages are dirty; a clean page is what the disk has."""
    for inode in k.fs.inodes.values():
        mapping = inode.mapping
        assert mapping._dirty == {i for i, page in mapping._pages.items() if page.flags & PG_dirty}
        assert mapping._writeback == {i for i, page in mapping._pages.items() if page.flags & PG_writeback}
        assert (mapping.tag_dirty, mapping.tag_writeback) == (len(mapping._dirty), len(mapping._writeback))
        if any(bad.kind == "write_error" and bad.file == inode.name for bad in k.disk._bad):
            continue  # a change that could not be written is forgotten
        for index, page in mapping._pages.items():
            if page.flags & PG_uptodate and not page.flags & (PG_dirty | PG_writeback):
                assert k.ram.frame(page.pfn) == content(inode, index)
    mappings = [inode.mapping for inode in k.fs.inodes.values()]
    assert k.vmstat.nr_dirty == sum(mapping.tag_dirty for mapping in mappings)
    assert k.vmstat.nr_writeback == sum(mapping.tag_writeback for mapping in mappings)
    assert k.vmstat._file_dirty.sum() == k.wb._reclaimable.sum() == k.vmstat.nr_dirty
    assert k.vmstat._under_writeback.sum() == k.wb._writeback.sum() == k.vmstat.nr_writeback


def check_io_lists(k: Machine) -> None:
    """Every dirty inode is on one of the flusher's lists, and the flusher will come for it."""
    listed = {name: k.wb._lists[name] for name in k.wb._lists}
    for name, inodes in listed.items():
        assert getattr(k.wb, name) == len(inodes)
        assert all(inode.i_io_list == name for inode in inodes)
    for inode in k.fs.inodes.values():
        assert (inode.i_io_list is not None) >= bool(inode.mapping._dirty)
        assert bool(inode.i_state & I_DIRTY_PAGES) >= bool(inode.mapping._dirty)
    if k.wb.has_dirty_io and k.settings.dirty_writeback_centisecs and not k.wb.running:
        assert k.wb._dwork is not None
        assert k.wb._dwork.pending


def check_anon_vmas(mm: Mm) -> None:
    """Each anon_vma knows how many VMAs have it."""
    users = Counter(vma.anon_vma.ref for vma in mm._mmap if vma.anon_vma is not None)
    for vma in mm._mmap:
        if vma.anon_vma is not None:
            assert vma.anon_vma.num_active_vmas == users[vma.anon_vma.ref]


def tracked_objects(k: Machine) -> list[Tracked]:
    """The live tracked objects that a machine at rest reaches."""
    mm = k.mm
    found: list[Tracked] = [k.regs, k.place, k.vmstat, k.lru, k.wb, k.fault, k.disk, k.current, mm]
    found += mm._mmap
    found += k.mem_map.values()
    found += [vma.vm_file for vma in mm._mmap if vma.vm_file]
    found += [vma.anon_vma for vma in mm._mmap if vma.anon_vma]
    found += k.fs.inodes.values()
    found += [inode.mapping for inode in k.fs.inodes.values()]
    return found


def check_rows(k: Machine, rows: Rows) -> None:
    """The rows that the stages add up to are the live state; page tables and page cache entry by entry."""
    for thing in tracked_objects(k):
        row = {field: value for field, value in rows[thing.ref].items() if not field.isdigit()}
        assert row == {name: value for name, value in thing.row().items()}, thing.ref
    for inode in k.fs.inodes.values():
        entries = {f: v for f, v in rows[inode.mapping.ref].items() if f.isdigit()}
        assert entries == {str(index): page.ref for index, page in inode.mapping._pages.items()}
    for table in k.mm._tables.values():
        for index in range(512):
            words = [table.linux(index), table.hardware(index)]
            assert rows[table.ref].get(str(index), [0, 0]) == words
