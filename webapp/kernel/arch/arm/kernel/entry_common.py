"""System calls: from the program's ``svc`` instruction to the function that serves it, and back.

Linux 5.10: arch/arm/kernel/entry-common.S, arch/arm/tools/syscall.tbl
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.open import sys_close, sys_open
from webapp.kernel.fs.sync import sys_fdatasync, sys_fsync, sys_sync, sys_syncfs
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.madvise import sys_madvise
from webapp.kernel.mm.mlock import sys_mlock, sys_mlock2, sys_mlockall, sys_munlock, sys_munlockall
from webapp.kernel.mm.mmap import sys_mmap_pgoff
from webapp.kernel.mm.mprotect import sys_mprotect
from webapp.kernel.mm.mremap import sys_mremap
from webapp.kernel.mm.msync import sys_msync
from webapp.kernel.mm.munmap import sys_munmap
from webapp.kernel.time.hrtimer import hrtimer_nanosleep

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/kernel/entry-common.S"

SYS_CALL_TABLE: dict[str, Callable[..., Any]] = {
    "open": sys_open,
    "close": sys_close,
    "mmap": sys_mmap_pgoff,
    "munmap": sys_munmap,
    "mprotect": sys_mprotect,
    "madvise": sys_madvise,
    "mremap": sys_mremap,
    "mlock": sys_mlock,
    "mlock2": sys_mlock2,
    "munlock": sys_munlock,
    "mlockall": sys_mlockall,
    "munlockall": sys_munlockall,
    "msync": sys_msync,
    "fsync": sys_fsync,
    "fdatasync": sys_fdatasync,
    "sync": sys_sync,
    "syncfs": sys_syncfs,
    "usleep": hrtimer_nanosleep,
}


@kernel_function(inlined=True)
async def vector_swi(k: Machine, name: str, args: tuple[Any, ...]) -> int:
    """The ``svc`` instruction enters the kernel here; the number in r7 picks the function from a table."""
    if name not in SYS_CALL_TABLE:
        raise NotModelled(f"{name}() is not modelled yet. Calls you can use: {', '.join(SYS_CALL_TABLE)}.")
    result = SYS_CALL_TABLE[name](k, *args)
    return int(await result if isawaitable(result) else result)
