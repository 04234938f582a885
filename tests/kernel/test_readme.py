"""webapp/kernel/README.md is the map of the model: made from the modules, so that it cannot be out of date."""

from __future__ import annotations

import ast
from pathlib import Path

import webapp.kernel

ROOT = Path(webapp.kernel.__path__[0])
README = ROOT / "README.md"
HEAD = """# The kernel model

Linux 5.10 on 32-bit ARM, as far as a mapped file needs it. The path of a module is its path in the Linux tree,
and its functions have Linux's names. This folder does no I/O, reads no clock, prints nothing and imports only
the standard library: what it does is decided by the program and the settings alone.

Start with `machine.py` (the machine, `@kernel_function`), `journal.py` (stages and tracked state), then follow a
fault: `hw/mmu.py`, `arch/arm/mm/fault.py`, `mm/memory.py`, `mm/filemap.py`, `mm/readahead.py`.

The other calls on an address space are in `mm/mremap.py`, `mm/mprotect.py`, `mm/madvise.py`, `mm/mlock.py` and
`mm/msync.py`. What /proc and /sys say is made from rows of state, for any stage: `fs/proc/root.py` and its neighbours.

A write fault goes on from `mm/memory.py` to `mm/memory_wp.py`; what it made dirty reaches the disk by `fs/sync.py`,
`fs/ext4/writepages.py` and `mm/page_writeback.py`; what nobody syncs, by the flusher (`fs/wb_writeback.py`), a kernel
thread; and `mm/balance_dirty_pages.py` slows down who dirties faster than the disk can write.

When memory runs short, `mm/page_alloc.py` wakes `mm/kswapd.py` or reclaims by itself (`mm/vmscan.py`, then
`mm/vmscan_lists.py` for a list and `mm/vmscan_pages.py` for a page); `mm/memcontrol.py` does it for a group that hit
its limit. What was evicted too early is found out by `mm/workingset.py`; the end is `mm/oom_kill.py`. There is no swap
area: anonymous pages are never reclaimed, but for those under MADV_FREE. Not modelled: several nodes, zones and CPUs,
huge pages, memory.low and memory.min.

How much is free when a program starts is what the recorded machine had left: of 512 MiB its kernel, its other processes
and its trace buffer of 64 MiB leave about 400 (`mm/page_alloc.py:frames_left`; a machine with less than 128 MiB did
without the buffer). Its 16 MiB for devices (CMA) count as ordinary memory here; on the real machine the kernel's own
objects may not lie there, so with 128 MiB or less kswapd wakes sooner than the model's.

Names and inodes stay in memory when nobody uses them (`fs/dcache.py`, `fs/inode.py`) until a shrinker takes them
(`mm/shrinker.py`, `fs/super.py`, `fs/prune_icache.py`), or `fs/drop_caches.py`. A program can read /proc and write some
of its settings (`fs/proc/inode.py`, `fs/proc/proc_sysctl.py`).

Two tasks: `fork_process.py` and `mm/memory_fork.py` make the second, `sched/fair.py` says who runs, `exit.py` ends one.
A signal is sent and taken in `signal/signal.py`; `arch/arm/kernel/signal.py` makes the program go on in its handler.

The calls on files begin in `fs/read_write.py`: read(2) goes to `mm/filemap_read.py`, write(2) by `fs/ext4/file.py` to
`mm/filemap_write.py`; both copy with `lib/iov_iter.py`, where the kernel itself may fault on the program's buffer.
Truncation begins in `fs/truncate.py` and goes by `fs/ext4/truncate.py` to `mm/truncate.py`. Where a file's blocks lie,
and where it has holes, is in `fs/ext4/extents.py`.

Pages of the disk's own, such as its inode table and bitmaps, are paid for by their group and take a place in a pagevec;
they are not followed any further.

Not modelled, and refused by name: swap, O_DIRECT, O_TMPFILE, fallocate, sendfile and splice, the C library's FILEs for
reading and writing files; locking or populating [sigpage] or [vdso] once it is writable. The disk is never full.

`tests/kernel/test_readme.py` makes this page; `pytest tests/kernel/test_readme.py --update-golden` rewrites it.

## Who offers what
"""


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py")


def entry(path: Path) -> str:
    """One module: its first sentence and the kernel functions in it."""
    tree = ast.parse(path.read_text())
    first = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
    names = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any("kernel_function" in ast.unparse(mark) for mark in node.decorator_list)
    ]
    listed = f"  \n  {', '.join(f'`{name}`' for name in names)}" if names else ""
    return f"- **{path.relative_to(ROOT)}**: {first}{listed}"


def test_the_map_lists_every_module_and_function(update_golden: bool) -> None:
    text = HEAD + "\n" + "\n".join(entry(path) for path in modules()) + "\n"
    if update_golden:
        README.write_text(text)

    assert README.read_text() == text


def test_every_module_says_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))]

    assert silent == []
