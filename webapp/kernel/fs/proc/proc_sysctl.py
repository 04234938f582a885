"""Settings that a program may change by writing a number to a file.

    /proc/sys/vm/drop_caches                1, 2 or 3: empty caches (fs/drop_caches.py)
    /proc/sys/vm/dirty_*                    when dirty pages are written back
    /sys/block/vda/queue/read_ahead_kb      the readahead window of files that are opened from now on

A setting takes a number as C writes it (decimal, 0x.., 0..) and spaces around it. What is written behind the start of
the file is ignored without an error, and only does again what was asked for last: to write twice, open twice.

Linux 5.10: fs/proc/proc_sysctl.c, kernel/sysctl.c, mm/page-writeback.c, block/blk-sysfs.c.  Not modelled: others.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled, SettingsError
from webapp.kernel.fs.drop_caches import drop_caches_sysctl_handler
from webapp.kernel.fs.fs_writeback import wakeup_flusher_threads
from webapp.kernel.include.uapi.asm_generic.errno import EINVAL
from webapp.kernel.machine import MIN_DIRTY_BYTES, kernel_function
from webapp.kernel.mm.dirty_limits import writeback_set_ratelimit

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

PREFIX = "/proc/sys/"
VM = PREFIX + "vm/"
DROP_CACHES = VM + "drop_caches"
READ_AHEAD_KB = "/sys/block/vda/queue/read_ahead_kb"
WRITE_ONLY = (DROP_CACHES,)
NUMBER = re.compile(rb"\s*(-?)(0[xX][0-9a-fA-F]+|\d+)(?=[ \t\n]|$)\s*")
LONGEST = 21  # characters of a number
INT_MAX, UINT_MAX = 0x7FFFFFFF, 0xFFFFFFFF
Handler = Callable[["Machine", int], Awaitable[None]]


@kernel_function
async def proc_sys_write(k: Machine, path: str, text: bytes, pos: int) -> int:
    """Write ``text`` to the setting at a path; may sleep. The number of bytes taken, or -EINVAL."""
    if path == READ_AHEAD_KB:
        return await queue_ra_store(k, text)
    if not text:
        return 0
    if pos:
        if path == DROP_CACHES and k.sysctl_drop_caches:
            await drop_caches_sysctl_handler(k, k.sysctl_drop_caches)
        return len(text)
    low, high, handler = WRITERS[path]
    value, taken = proc_get_long(text)
    if value is None or not low <= value <= high:
        return -EINVAL
    await handler(k, value)
    return taken


def proc_get_long(text: bytes) -> tuple[int | None, int]:
    """The number that a text begins with, and how much of the text it takes; None if there is none."""
    match = NUMBER.match(text)
    if match is None or len(match[2]) >= LONGEST:
        return None, 0
    digits = match[2].decode()
    if digits[:1] == "0" and digits[1:].isdigit():
        if set(digits) & {"8", "9"}:
            return None, 0
        digits = "0o" + digits
    number = int(digits, 0)
    return (-number if match[1] else number), match.end()


def change(k: Machine, **values: int) -> None:
    """Give settings of the machine other values, for everybody and from now on."""
    try:
        k.settings = replace(k.settings, **values)
    except SettingsError as error:
        raise NotModelled(f"Linux would take this value, but this model cannot: {error}") from error
    for name, value in values.items():
        setattr(k.settings_row, name, value)
    k.stage("note", ", ".join(f"{name} is {value} now" for name, value in values.items()))


# The handlers.


@kernel_function(file="mm/page-writeback.c")
async def dirty_background_ratio_handler(k: Machine, value: int) -> None:
    """A percentage: the limit in bytes is void then."""
    change(k, dirty_background_ratio=value, dirty_background_bytes=0)


@kernel_function(file="mm/page-writeback.c")
async def dirty_background_bytes_handler(k: Machine, value: int) -> None:
    """A limit in bytes: the percentage is void then."""
    change(k, dirty_background_bytes=value, dirty_background_ratio=0)


@kernel_function(file="mm/page-writeback.c")
async def dirty_ratio_handler(k: Machine, value: int) -> None:
    """A percentage, likewise; and how often a task looks at the limits follows from it."""
    if value != k.settings.dirty_ratio:
        change(k, dirty_ratio=value, dirty_bytes=0)
        writeback_set_ratelimit(k)


@kernel_function(file="mm/page-writeback.c")
async def dirty_bytes_handler(k: Machine, value: int) -> None:
    """A limit in bytes, likewise."""
    if value != k.settings.dirty_bytes:
        change(k, dirty_bytes=value, dirty_ratio=0)
        writeback_set_ratelimit(k)


@kernel_function(file="mm/page-writeback.c")
async def dirty_writeback_centisecs_handler(k: Machine, value: int) -> None:
    """How often the flusher looks for old data. It is woken at once, since it may sleep for the old time otherwise."""
    before = k.settings.dirty_writeback_centisecs
    change(k, dirty_writeback_centisecs=value)
    if value and value != before:
        wakeup_flusher_threads(k, "periodic")


async def dirty_expire_centisecs(k: Machine, value: int) -> None:
    """At which age data is old. (In Linux this is plain proc_dointvec_minmax.)"""
    change(k, dirty_expire_centisecs=value)


@kernel_function(file="block/blk-sysfs.c")
async def queue_ra_store(k: Machine, text: bytes) -> int:
    """The readahead window of the disk, in KiB, rounded down to pages. Files that are open keep theirs."""
    digits = text[:-1] if text.endswith(b"\n") else text
    number = digits.removeprefix(b"+")
    if not number.isdigit() or int(number) > UINT_MAX:
        return -EINVAL
    change(k, read_ahead_kb=int(number) >> 2 << 2)
    return len(text)


# path -> smallest and largest value, and who takes it
WRITERS: dict[str, tuple[int, int, Handler]] = {
    DROP_CACHES: (1, 4, drop_caches_sysctl_handler),
    VM + "dirty_background_ratio": (0, 100, dirty_background_ratio_handler),
    VM + "dirty_background_bytes": (1, UINT_MAX, dirty_background_bytes_handler),
    VM + "dirty_ratio": (0, 100, dirty_ratio_handler),
    VM + "dirty_bytes": (MIN_DIRTY_BYTES, UINT_MAX, dirty_bytes_handler),
    VM + "dirty_writeback_centisecs": (-INT_MAX - 1, INT_MAX, dirty_writeback_centisecs_handler),
    VM + "dirty_expire_centisecs": (0, INT_MAX, dirty_expire_centisecs),
}
WRITABLE = (*WRITERS, READ_AHEAD_KB)
