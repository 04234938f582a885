"""Lists of unused objects, the longest unused first, and how a shrinker goes over them.  Linux 5.10: mm/list_lru.c

Not modelled: one list for every group and node. All objects that are followed here belong to one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class LruStatus(Enum):
    """enum lru_status: what has become of an object."""

    REMOVED = "off the list"
    ROTATE = "to be looked at again last"
    RETRY = "to be looked at again now"

    def brief(self) -> str:
        """What a stage shows of it."""
        return self.name


async def list_lru_walk(
    items: OrderedDict[T, None], isolate: Callable[[T], Awaitable[LruStatus]], nr_to_walk: int
) -> int:
    """Look at up to ``nr_to_walk`` objects, the longest unused first; may sleep. How many went off the list.

    Each look counts, also a second one at the same object. A list of one is not gone round twice.
    """
    isolated = 0
    while items and nr_to_walk:
        nr_to_walk -= 1
        item = next(iter(items))
        alone = len(items) == 1
        status = await isolate(item)
        if status is LruStatus.REMOVED:
            items.pop(item, None)
            isolated += 1
        elif status is LruStatus.ROTATE:
            items.move_to_end(item)
            if alone:
                break
    return isolated
