"""Faults on private memory that has no file behind it: zeros, until the program writes something else.

Linux 5.10: mm/memory.c.  Not modelled: swap, huge pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_RDONLY, L_PTE_YOUNG, mk_pte
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER_MOVABLE, GFP_KERNEL
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_WRITE,
    VM_FAULT_OOM,
    VM_FAULT_SIGBUS,
    VM_SHARED,
    VM_WRITE,
    vm_fault_t,
)
from webapp.kernel.include.linux.page_flags import PG_uptodate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_prepare
from webapp.kernel.mm.memcontrol import mem_cgroup_charge
from webapp.kernel.mm.memory_pte import pte_alloc
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.rmap import page_add_new_anon_rmap
from webapp.kernel.mm.swap import lru_cache_add_inactive_or_unevictable, put_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmFault
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"


@kernel_function(inlined=True)
async def do_anonymous_page(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Memory without a file: a write gets a page of zeros, a read only the zero page.

    There is one zero page for everybody, mapped read-only, so memory that is only read costs nothing.
    """
    vma = vmf.vma
    if vma.vm_flags & VM_SHARED:
        return VM_FAULT_SIGBUS
    if not await pte_alloc(k, vmf):
        return VM_FAULT_OOM
    table = vmf.table
    assert table is not None
    if not vmf.flags & FAULT_FLAG_WRITE:
        if table.linux(pte_index(vmf.address)) == 0:
            set_pte_at(k, vma.vm_mm, table, vmf.address, mk_pte(k.zero_page.pfn, vma.vm_page_prot))
            k.fault.set_pte()
        return 0
    if anon_vma_prepare(k, vma):
        return VM_FAULT_OOM
    page = await __alloc_pages_nodemask(k, GFP_HIGHUSER_MOVABLE)
    if page is None:
        return VM_FAULT_OOM
    if await mem_cgroup_charge(k, page, GFP_KERNEL):
        put_page(k, page)
        return VM_FAULT_OOM
    page.flags |= PG_uptodate
    entry = mk_pte(page.pfn, vma.vm_page_prot) | L_PTE_YOUNG
    if vma.vm_flags & VM_WRITE:
        entry = (entry | L_PTE_DIRTY) & ~L_PTE_RDONLY
    vma.vm_mm.rss_anon += 1
    page_add_new_anon_rmap(k, page, vma, vmf.address)
    lru_cache_add_inactive_or_unevictable(k, page, vma)
    set_pte_at(k, vma.vm_mm, table, vmf.address, entry)
    k.fault.set_pte()
    return 0
