"""Memory groups: processes whose memory is counted together, and may be limited.  Fields only.

Linux 5.10: include/linux/memcontrol.h, include/linux/page_counter.h
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from webapp.kernel.journal import Tracked


@dataclass(eq=False)
class MemCgroup(Tracked):
    """struct mem_cgroup: one group below the root, of cgroup v1. All figures are pages.

    ``usage`` is what is charged against ``limit``; ``stock`` is the part of it that this CPU holds in reserve, so that
    most charges need not touch the shared counter. ``pgpgin`` and ``pgpgout`` count pages charged and uncharged since
    the start, ``max_usage`` is the highest usage, ``failcnt`` how often the limit was hit.
    """

    KIND: ClassVar[str] = "memcg"
    limit: int
    usage: int = 0
    stock: int = 0
    max_usage: int = 0
    failcnt: int = 0
    pgpgin: int = 0
    pgpgout: int = 0
