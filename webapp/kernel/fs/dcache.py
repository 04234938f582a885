"""The dentry cache: names that were looked up, and what they led to.

    in use (d_count > 0) --dput--> unused, on the LRU list --reclaim--> gone, and its inode loses a reference
            ^                         |
            +------- looked up -------+   (it stays on the list, and DCACHE_REFERENCED saves it once)

A dentry that is gone costs a look into the directory the next time. What the page cache has of the file is not
touched by that: it hangs on the inode (`fs/inode.py`).

Rules for callers:
    * `d_lookup` finds a name and takes a reference; `d_alloc` makes a new one; `dput` gives a reference back.
    * `prune_dcache_sb` is what reclaim calls.

Linux 5.10: fs/dcache.c.  Not modelled: names above the one directory of the disk, renaming, the hash table itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.inode import iput
from webapp.kernel.include.linux.dcache import DCACHE_LRU_LIST, DCACHE_REFERENCED, Dentry
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.list_lru import LruStatus, list_lru_walk

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.machine import Machine


# Finding and making.


@kernel_function
def __d_lookup_rcu(k: Machine, parent: Dentry, name: str) -> Dentry | None:
    """The dentry of this name, if it is in memory. Takes no lock and no reference, so many can look at once."""
    return k.fs.dentries.get(name)


def d_lookup(k: Machine, parent: Dentry, name: str) -> Dentry | None:
    """The same with a reference for the caller (in Linux when the walk ends: complete_walk)."""
    dentry = __d_lookup_rcu(k, parent, name)
    return None if dentry is None else dget(dentry)


def dget(dentry: Dentry) -> Dentry:
    """One more reference."""
    dentry.d_count += 1
    return dentry


@kernel_function
def d_alloc(k: Machine, parent: Dentry, name: str) -> Dentry:
    """A new dentry, with a reference for the caller; it holds one to its directory."""
    return Dentry(k.journal, name, dget(parent))


@kernel_function
def d_splice_alias(k: Machine, inode: Inode | None, dentry: Dentry) -> None:
    """The name leads to this inode, whose reference the dentry takes over; or to nothing. From now on it is found."""
    dentry.d_inode = inode
    k.fs.dentries[dentry.d_name] = dentry
    what = f"leads to inode {inode.i_ino}" if inode is not None else "is no file's: that is remembered too"
    k.stage("note", f"the name {dentry.d_name} {what}", dentry=dentry.ref)


@kernel_function
def d_instantiate(k: Machine, dentry: Dentry, inode: Inode) -> None:
    """A name that was nobody's has got a file."""
    dentry.d_inode = inode


@kernel_function
def d_delete(k: Machine, dentry: Dentry) -> None:
    """The name is gone from the disk.

    If nobody else holds the dentry, it goes on as a negative one. Otherwise it is only no longer found: open files
    keep it, and with it the inode.
    """
    if dentry.d_count == 1:
        dentry_unlink_inode(k, dentry)
    else:
        __d_drop(k, dentry)


# Letting go.


@kernel_function
def dput(k: Machine, dentry: Dentry) -> None:
    """Give a reference back. With the last one the dentry becomes unused: it stays for whoever asks next.

    Unless nobody can find it any more: then it ends.
    """
    dentry.d_count -= 1
    if dentry.d_count:
        return
    if d_unhashed(k, dentry):
        __dentry_kill(k, dentry)
    elif not dentry.d_flags & DCACHE_LRU_LIST:
        d_lru_add(k, dentry)
    else:
        dentry.d_flags |= DCACHE_REFERENCED


def d_unhashed(k: Machine, dentry: Dentry) -> bool:
    """Whether a lookup cannot find it."""
    return dentry is not k.fs.s_root and k.fs.dentries.get(dentry.d_name) is not dentry


@kernel_function
def d_lru_add(k: Machine, dentry: Dentry) -> None:
    """Put it on the list of unused dentries, where reclaim comes to it last."""
    dentry.d_flags |= DCACHE_LRU_LIST
    k.fs.s_dentry_lru[dentry] = None
    k.stage("note", f"the name {dentry.d_name} is unused: it stays in memory, and reclaim may take it", ref=dentry.ref)


def d_lru_del(k: Machine, dentry: Dentry) -> None:
    """Take it off that list."""
    dentry.d_flags &= ~DCACHE_LRU_LIST
    k.fs.s_dentry_lru.pop(dentry, None)


def __d_drop(k: Machine, dentry: Dentry) -> None:
    """From now on no lookup finds it."""
    if k.fs.dentries.get(dentry.d_name) is dentry:
        del k.fs.dentries[dentry.d_name]


@kernel_function
def __dentry_kill(k: Machine, dentry: Dentry) -> None:
    """The end of a dentry: its inode and its directory lose a reference each."""
    d_lru_del(k, dentry)
    __d_drop(k, dentry)
    if dentry.d_inode is not None:
        dentry_unlink_inode(k, dentry)
    parent = dentry.d_parent
    dentry.forget()
    if parent is not None:
        dput(k, parent)


@kernel_function
def dentry_unlink_inode(k: Machine, dentry: Dentry) -> None:
    """The name no longer leads to its inode."""
    inode, dentry.d_inode = dentry.d_inode, None
    assert inode is not None
    iput(k, inode)


# Reclaim.


@kernel_function
async def prune_dcache_sb(k: Machine, nr_to_scan: int) -> int:
    """Look at so many unused dentries, the longest unused first; may sleep. How many went off the list."""
    dispose: list[Dentry] = []

    async def isolate(dentry: Dentry) -> LruStatus:
        return dentry_lru_isolate(k, dentry, dispose)

    freed = await list_lru_walk(k.fs.s_dentry_lru, isolate, nr_to_scan)
    shrink_dentry_list(k, dispose)
    return freed


@kernel_function
def dentry_lru_isolate(k: Machine, dentry: Dentry, freeable: list[Dentry]) -> LruStatus:
    """Is this one to go?  Not if it is in use again; and if it was used again since it came here, not this time."""
    if dentry.d_count:
        dentry.d_flags &= ~DCACHE_LRU_LIST
        return LruStatus.REMOVED
    if dentry.d_flags & DCACHE_REFERENCED:
        dentry.d_flags &= ~DCACHE_REFERENCED
        return LruStatus.ROTATE
    dentry.d_flags &= ~DCACHE_LRU_LIST
    freeable.append(dentry)
    return LruStatus.REMOVED


@kernel_function
def shrink_dentry_list(k: Machine, dentries: list[Dentry]) -> None:
    """End these dentries, but for those that somebody has looked up meanwhile."""
    for dentry in reversed(dentries):
        if not dentry.d_count:
            k.stage("reclaim", f"the name {dentry.d_name} is forgotten", dentry=dentry.ref)
            __dentry_kill(k, dentry)
