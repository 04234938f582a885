"""System calls: from the program's ``svc`` instruction to the function that serves it, and back.

Linux 5.10: arch/arm/kernel/entry-common.S, arch/arm/tools/syscall.tbl
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from webapp.kernel.arch.arm.kernel.signal import sys_rt_sigreturn
from webapp.kernel.arch.arm.kernel.sys_arm import sys_arm_fadvise64_64
from webapp.kernel.errors import NotModelled
from webapp.kernel.exit import sys_wait4
from webapp.kernel.fork_process import sys_fork
from webapp.kernel.fs.exec import check_code
from webapp.kernel.fs.file_table import sys_close, sys_dup, sys_dup2
from webapp.kernel.fs.llseek import sys_llseek
from webapp.kernel.fs.namei import sys_unlink
from webapp.kernel.fs.open import sys_open
from webapp.kernel.fs.read_write import (
    sys_pread64,
    sys_preadv,
    sys_pwrite64,
    sys_pwritev,
    sys_read,
    sys_readv,
    sys_write,
    sys_writev,
)
from webapp.kernel.fs.stat import sys_fstat64, sys_stat64
from webapp.kernel.fs.sync import sys_fdatasync, sys_fsync, sys_sync, sys_sync_file_range, sys_syncfs
from webapp.kernel.fs.truncate import sys_ftruncate, sys_ftruncate64, sys_truncate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.brk import sys_brk
from webapp.kernel.mm.fadvise import sys_readahead
from webapp.kernel.mm.madvise import sys_madvise
from webapp.kernel.mm.mincore import sys_mincore
from webapp.kernel.mm.mlock import sys_mlock, sys_mlock2, sys_mlockall, sys_munlock, sys_munlockall
from webapp.kernel.mm.mmap import sys_mmap_pgoff
from webapp.kernel.mm.mprotect import sys_mprotect
from webapp.kernel.mm.mremap import sys_mremap
from webapp.kernel.mm.msync import sys_msync
from webapp.kernel.mm.munmap import sys_munmap
from webapp.kernel.signal.signal import sys_kill, sys_rt_sigaction, sys_rt_sigprocmask, sys_tgkill
from webapp.kernel.sys import sys_getpid, sys_getppid
from webapp.kernel.task_work import task_work_run
from webapp.kernel.time.hrtimer import sys_clock_nanosleep_time64

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/kernel/entry-common.S"

SYS_CALL_TABLE: dict[str, Callable[..., Any]] = {
    "open": sys_open,
    "close": sys_close,
    "dup": sys_dup,
    "dup2": sys_dup2,
    "unlink": sys_unlink,
    "stat64": sys_stat64,
    "fstat64": sys_fstat64,
    "read": sys_read,
    "write": sys_write,
    "pread64": sys_pread64,
    "pwrite64": sys_pwrite64,
    "readv": sys_readv,
    "writev": sys_writev,
    "preadv": sys_preadv,
    "pwritev": sys_pwritev,
    "_llseek": sys_llseek,
    "truncate64": sys_truncate,
    "ftruncate": sys_ftruncate,
    "ftruncate64": sys_ftruncate64,
    "arm_fadvise64_64": sys_arm_fadvise64_64,
    "readahead": sys_readahead,
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
    "mincore": sys_mincore,
    "msync": sys_msync,
    "fsync": sys_fsync,
    "fdatasync": sys_fdatasync,
    "sync": sys_sync,
    "syncfs": sys_syncfs,
    "clock_nanosleep": sys_clock_nanosleep_time64,
    "fork": sys_fork,
    "wait4": sys_wait4,
    "getpid": sys_getpid,
    "getppid": sys_getppid,
    "kill": sys_kill,
    "tgkill": sys_tgkill,
    "rt_sigaction": sys_rt_sigaction,
    "rt_sigprocmask": sys_rt_sigprocmask,
    "rt_sigreturn": sys_rt_sigreturn,
    "brk": sys_brk,
    "sync_file_range": sys_sync_file_range,
}


@kernel_function(inlined=True)
async def vector_swi(k: Machine, name: str, args: tuple[Any, ...]) -> int:
    """The ``svc`` instruction enters the kernel here; the number in r7 picks the function from a table."""
    if name not in SYS_CALL_TABLE:
        raise NotModelled(f"{name}() is not modelled yet. Calls you can use: {', '.join(SYS_CALL_TABLE)}.")
    result = SYS_CALL_TABLE[name](k, *args)
    result = int(await result if isawaitable(result) else result)
    if name in ("munmap", "mremap", "mprotect", "mmap"):
        check_code(k, name)
    if k.current._task_works:
        await task_work_run(k)
    return result
