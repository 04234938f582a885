"""Nodes of the page cache's index that hold nothing but shadows, and how they are given back.

The index is a tree of nodes with 64 slots. As long as a node has a page, its shadows cost nothing. A node that holds
shadows only is kept on a list, `shadow_nodes`. There may be one for every eight pages of memory or so; if there are
more, the oldest go, with all their shadows.

Above the nodes for 64 pages there are others that hold nodes: of those only the memory is accounted for.

Linux 5.10: mm/workingset.c, lib/xarray.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import obj_cgroup_charge, obj_cgroup_uncharge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/workingset.c"
XA_CHUNK_SHIFT = 6
XA_NODE_BYTES = 308  # of a node, with the pointer to the group that pays for it
XA_CHUNK_SIZE = 1 << XA_CHUNK_SHIFT


def workingset_update_node(k: Machine, mapping: AddressSpace, index: int, pages: int, values: int) -> None:
    """The node of this index has so many pages and shadows more: see whether it belongs on the list."""
    number = index >> XA_CHUNK_SHIFT
    node = mapping._nodes.setdefault(number, [0, 0])
    node[0] += pages
    node[1] += values
    key = (mapping, number)
    if node[1] and not node[0]:
        if key not in k.shadow_nodes:
            k.shadow_nodes[key] = None
            k.vmstat.workingset_nodes += 1
    elif key in k.shadow_nodes:
        del k.shadow_nodes[key]
        k.vmstat.workingset_nodes -= 1
    if not node[0] and not node[1]:
        before = nodes(mapping._nodes)
        del mapping._nodes[number]
        obj_cgroup_uncharge(k, (before - nodes(mapping._nodes)) * XA_NODE_BYTES)


def nodes(numbers: Iterable[int]) -> int:
    """The size of a tree whose lowest nodes have these numbers, those above included."""
    level = set(numbers)
    total = len(level)
    while max(level, default=0):
        level = {number >> XA_CHUNK_SHIFT for number in level}
        total += len(level)
    return total


async def charge_node(k: Machine, mapping: AddressSpace, index: int, gfp_mask: gfp_t) -> int:
    """Make the node for this index, if there is none yet: the group of the process pays for it. 0 or -ENOMEM."""
    number = index >> XA_CHUNK_SHIFT
    if number in mapping._nodes:
        return 0
    for _ in range(nodes({*mapping._nodes, number}) - nodes(mapping._nodes)):
        error = await obj_cgroup_charge(k, XA_NODE_BYTES, gfp_mask)
        if error:
            return error
    mapping._nodes.setdefault(number, [0, 0])
    return 0


def clear_shadow_entry(k: Machine, mapping: AddressSpace, index: int) -> None:
    """Forget the shadow at this index, if there is one: the page that was there has lost its meaning."""
    shadow = mapping._shadows.pop(index, None)
    if shadow is not None:
        mapping.note(index, shadow, None)
        mapping.nrexceptional -= 1
        workingset_update_node(k, mapping, index, 0, -1)


@kernel_function
def count_shadow_nodes(k: Machine, memcg: MemCgroup | None) -> int:
    """How many nodes there are too many of: more than an eighth of the pages that could ever refault."""
    lru = k.lru
    pages = k.zone.present
    if memcg is not None:
        pages = lru.inactive_anon + lru.active_anon + lru.inactive_file + lru.active_file + lru.unevictable
    return max(len(k.shadow_nodes) - (pages >> (XA_CHUNK_SHIFT - 3)), 0)


@kernel_function
def scan_shadow_nodes(k: Machine, nr_to_scan: int) -> int:
    """Delete the oldest nodes; the shadows in them are lost. A page that comes back there counts as never seen."""
    freed = 0
    for mapping, number in list(k.shadow_nodes)[:nr_to_scan]:
        first = number << XA_CHUNK_SHIFT
        for index in range(first, first + XA_CHUNK_SIZE):
            clear_shadow_entry(k, mapping, index)
        k.vmstat.workingset_nodereclaim += 1
        freed += 1
    return freed
