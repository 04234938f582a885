"""Making tasks: fork.

fork makes a second task that goes on from the same instruction as the first, in an address space of its own. What the
two share afterwards: the open files with their positions and readahead state, and every page that neither has written
to since. What is copied at once: the list of VMAs, and the PTEs that page faults could not make again.

Linux 5.10: kernel/fork.c.  Not modelled: threads, namespaces, vfork's waiting for exec, limits on processes of a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.mm.context import asid, new_context
from webapp.kernel.arch.arm.mm.pgd import pgd_alloc
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_mm
from webapp.kernel.errors import ModelBug, RunLimit
from webapp.kernel.exit import mmput, run_program
from webapp.kernel.fork import vm_area_dup
from webapp.kernel.fs.file_table import get_file
from webapp.kernel.include.linux.mm import VM_DONTCOPY, VM_LOCKED, VM_LOCKONFAULT, VM_SHARED, VM_WIPEONFORK
from webapp.kernel.include.linux.mm_types import Mm
from webapp.kernel.include.linux.sched import Task
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.locking.rwsem import down_write_killable, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_fork
from webapp.kernel.mm.interval_tree import vma_interval_tree_insert_after
from webapp.kernel.mm.memory_fork import copy_page_range
from webapp.kernel.mm.vma import count_pages, update_hiwater_rss, update_hiwater_vm
from webapp.kernel.sched.core import wake_up_new_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from webapp.kernel.hw.cpu import Cpu
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/fork.c"
MOST_TASKS = 64  # that one run may make


@kernel_function
async def sys_fork(k: Machine) -> int:
    """fork(2): the child's pid for the parent, or -ENOMEM; the child will see 0."""
    return await kernel_clone(k)


@kernel_function
async def kernel_clone(k: Machine) -> int:
    """Make the child and let it run when its turn comes; the parent goes on at once."""
    task = await copy_process(k)
    if task is None:
        return -ENOMEM
    wake_up_new_task(k, task)
    return task.pid


@kernel_function
async def copy_process(k: Machine) -> Task | None:
    """A second task_struct, filled in piece by piece: files, signal handlers, memory, and where it goes on.

    None if there is no memory for its page tables.
    """
    parent = k.current
    if k.sched.made >= MOST_TASKS:
        raise RunLimit(f"Stopped at fork(): a run may make {MOST_TASKS} tasks, and this one has made them all.")
    if parent._child is None:
        raise ModelBug("copy_process: the program does not say where the child goes on")
    mm = await copy_mm(k)
    if mm is None:
        return None
    task = Task(k.journal, pid=parent.pid - parent._number + k.sched.made + 1, comm=parent.comm, mm=mm, parent=parent)
    copy_files(k, task)
    task._sighand = parent._sighand.copy()
    task._number = k.sched.made + 1
    task._place = parent._place = (k.place.fn, k.place.line, k.place.vars)
    task._coroutine, parent._child = ret_from_fork(k, parent._child), None
    task.nr_dirtied_pause = parent.nr_dirtied_pause
    parent._children.append(task)
    k.stage("task", f"{task.ref} is made: a copy of {parent.ref} with pid {task.pid}", task=task.ref, pid=task.pid)
    return task


@kernel_function(inlined=True)
def copy_files(k: Machine, task: Task) -> None:
    """The same open files under the same numbers: one struct file for both, so they share its position."""
    for fd, file in k.current._files.items():
        task._files[fd] = get_file(file)


@kernel_function(inlined=True)
async def copy_mm(k: Machine) -> Mm | None:
    """An address space for the child (only threads share one)."""
    return await dup_mm(k, k.mm)


@kernel_function
async def dup_mm(k: Machine, oldmm: Mm) -> Mm | None:
    """A new mm_struct with an empty page directory, then a copy of every mapping; None without memory for that."""
    mm = mm_init(k, oldmm)
    if await dup_mmap(k, mm, oldmm):
        await mmput(k, mm)
        return None
    update_hiwater_rss(mm)
    update_hiwater_vm(mm)
    return mm


@kernel_function
def mm_init(k: Machine, oldmm: Mm) -> Mm:
    """The numbers that a copy starts with. The kernel's half of the page directory is the same in all of them."""
    return Mm(
        k.journal, pgd=pgd_alloc(k, oldmm.pgd), mmap_base=oldmm.mmap_base, total_vm=oldmm.total_vm,
        data_vm=oldmm.data_vm, exec_vm=oldmm.exec_vm, stack_vm=oldmm.stack_vm, def_flags=oldmm.def_flags,
        start_brk=oldmm.start_brk, brk=oldmm.brk, _own=set(oldmm._own),
    )  # fmt: skip


@kernel_function
async def dup_mmap(k: Machine, mm: Mm, oldmm: Mm) -> int:
    """Copy the VMAs one by one, and the PTEs that have to be copied; may sleep. 0 or -ENOMEM.

    MADV_DONTFORK leaves a VMA out; MADV_WIPEONFORK copies it without its pages. Locks on memory are not inherited.
    Last the parent's TLB entries go: PTEs have become read-only.
    """
    error = 0
    await down_write_killable(k, oldmm._sem)
    for mpnt in list(oldmm._mmap):
        if mpnt.vm_flags & VM_DONTCOPY:
            count_pages(mm, mpnt.vm_flags, -mpnt.pages)
            k.stage("note", f"{mpnt.ref} is not for children (MADV_DONTFORK)", vma=mpnt.ref)
            continue
        error = await dup_vma(k, mm, mpnt)
        if error:
            break
    disown(k, oldmm, mm)
    flush_tlb_mm(k, oldmm)
    up_write(k, oldmm._sem)
    return error


async def dup_vma(k: Machine, mm: Mm, mpnt: VmArea) -> int:
    """One round of dup_mmap: the child's copy of one VMA."""
    tmp = vm_area_dup(k, mpnt)
    tmp.vm_mm = mm
    if tmp.vm_flags & VM_WIPEONFORK:
        tmp.anon_vma = None
    else:
        anon_vma_fork(k, tmp, mpnt)
    tmp.vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT)
    if tmp.vm_file is not None:
        mapping = get_file(tmp.vm_file).inode.mapping
        if tmp.vm_flags & VM_SHARED:
            mapping._i_mmap_writable += 1
        vma_interval_tree_insert_after(k, tmp, mpnt, mapping)
    mm._mmap.append(tmp)
    tmp.linked = True
    mm.map_count += 1
    return 0 if tmp.vm_flags & VM_WIPEONFORK else await copy_page_range(k, tmp, mpnt)


def disown(k: Machine, oldmm: Mm, mm: Mm) -> None:
    """The pages of the program's own data and stack belong to two now: from here on their PTEs decide, on both sides.

    Its text stays at hand for both.
    """
    mm.context_id = new_context(k)
    old = k.tlb.pages(asid(oldmm))
    for vpn in sorted(old.pinned):
        if vpn in old.writable:
            k.tlb.unpin(vpn, asid(oldmm))
            oldmm._own.add(vpn)
            mm._own.add(vpn)
        else:
            k.tlb.pin(vpn, old.readable[vpn], False, asid(mm))


async def ret_from_fork(k: Machine, child: Callable[[Cpu], Awaitable[int]]) -> None:
    """Where a new task begins: on the way back to user mode, with 0 as the result of fork."""
    k.ctx = k.regs.mode = "user"
    await run_program(k, child)
