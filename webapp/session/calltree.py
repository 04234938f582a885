"""Call trees as the kernel's function-graph tracer would see them, folded so that repetition takes one line.

A tree is built from call and return stages. Functions outside `TRACED`, functions that the compiler inlined and
everything in interrupt context leave no node: what they call hangs below the function that called them.

    add_to_page_cache_lru x32     thirty-two equal siblings, then what each of them called
      lru_cache_add
    mark_page_accessed x8         eight times the pair mark_page_accessed, page_remove_rmap
    + page_remove_rmap x8
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.kernel.machine import REGISTRY

# The functions that the recordings of the real kernel trace. do_madvise and move_page_tables were asked for but never
# seen: the reference build enters them as do_madvise.part.0 and move_page_tables.part.0, as their first lines are
# inlined into their callers.
_TRACED = """
sys_mmap_pgoff ksys_mmap_pgoff vm_mmap_pgoff security_mmap_file do_mmap get_unmapped_area
arch_get_unmapped_area_topdown arch_get_unmapped_area vm_unmapped_area mmap_region vma_merge vm_area_alloc
ext4_file_mmap vma_link vma_set_page_prot __mm_populate populate_vma_page_range do_DataAbort do_PrefetchAbort
do_translation_fault do_page_fault find_vma expand_stack handle_mm_fault filemap_map_pages alloc_set_pte
finish_fault __do_fault ext4_filemap_fault filemap_fault pagecache_get_page find_get_entry do_page_cache_ra
page_cache_ra_unbounded add_to_page_cache_lru read_pages ext4_readahead ext4_mpage_readpages submit_bio
page_cache_async_ra page_cache_sync_ra ondemand_readahead force_page_cache_ra __lock_page_killable
__lock_page_or_retry put_and_wait_on_page_locked do_page_mkwrite ext4_page_mkwrite do_wp_page wp_page_copy
fault_dirty_shared_page balance_dirty_pages_ratelimited unmap_region unmap_vmas unmap_page_range free_pgtables
tlb_finish_mmu __vm_munmap __do_munmap __split_vma vm_area_free vm_area_dup vfs_fadvise generic_fadvise
mprotect_fixup change_protection page_remove_rmap set_page_dirty mark_page_accessed page_add_file_rmap
page_add_new_anon_rmap ext4_file_read_iter generic_file_read_iter generic_file_buffered_read ext4_file_write_iter
generic_perform_write ext4_da_write_begin ext4_da_write_end try_to_free_mem_cgroup_pages shrink_inactive_list
shrink_page_list shrink_active_list __remove_mapping workingset_refault workingset_eviction try_to_unmap
force_sig_fault __anon_vma_prepare v6_copy_user_highpage_nonaliasing ext4_sync_file copy_page_range
truncate_pagecache unmap_mapping_pages invalidate_mapping_pages lru_cache_add __pte_alloc
force_sig_info
"""
TRACED = frozenset(_TRACED.split())

Node = tuple[str, "Folded"]
Folded = tuple[tuple[tuple[Node, ...], int], ...]  # runs of one or two siblings, and how often each run comes


def visible_functions() -> frozenset[str]:
    """The traced functions that exist as functions in the reference build."""
    return frozenset(name for name in TRACED if name not in REGISTRY or not REGISTRY[name].inlined)


def fold(nodes: Sequence[Node]) -> Folded:
    """Collapse neighbouring repetitions: of one node where it repeats, else of a pair that does."""
    runs: list[tuple[tuple[Node, ...], int]] = []
    at = 0
    while at < len(nodes):
        period = next((p for p in (1, 2) if _repeats(nodes, at, p) > 1), 1)
        times = _repeats(nodes, at, period)
        runs.append((tuple(nodes[at : at + period]), times))
        at += period * times
    return tuple(runs)


def _repeats(nodes: Sequence[Node], at: int, period: int) -> int:
    """How often the ``period`` nodes from ``at`` come, one after the other."""
    unit, times = nodes[at : at + period], 1
    while len(unit) == period and nodes[at + times * period : at + (times + 1) * period] == unit:
        times += 1
    return times


def lines(runs: Folded, indent: int = 0) -> list[str]:
    """The folded tree as text, two blanks a level."""
    out: list[str] = []
    for unit, times in runs:
        for place, (name, kids) in enumerate(unit):
            out.append("  " * indent + ("+ " if place else "") + name + (f" x{times}" if times > 1 else ""))
            out += lines(kids, indent + 1)
    return out


@dataclass(slots=True)
class _Frame:
    name: str  # empty for a function that leaves no node
    kids: list[Node]


@dataclass(slots=True)
class TreeBuilder:
    """Follows one task. ``roots`` are the finished trees since it was last emptied."""

    visible: frozenset[str]
    roots: list[Node] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _known: dict[Node, Node] = field(default_factory=dict)  # equal subtrees are kept once, and compare by identity

    def call(self, name: str, depth: int) -> None:
        """A function was entered at ``depth``; what stood there and deeper never returned (its task was killed)."""
        self._unwind(depth)
        here = self._stack[-1].kids if self._stack else self.roots
        self._stack.append(_Frame(name, []) if name in self.visible else _Frame("", here))

    def leave(self, depth: int) -> None:
        """The function at ``depth`` returned."""
        self._unwind(depth)

    def take(self) -> list[str]:
        """The folded lines of everything since the last time, and a fresh start."""
        self._unwind(0)
        text = lines(fold(self.roots))
        self.roots.clear()
        return text

    def _unwind(self, depth: int) -> None:
        while len(self._stack) > depth:
            frame = self._stack.pop()
            if frame.name:
                node = (frame.name, fold(frame.kids))
                above = self._stack[-1].kids if self._stack else self.roots
                above.append(self._known.setdefault(node, node))
