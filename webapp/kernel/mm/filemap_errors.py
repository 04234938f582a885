"""Errors of writing a file back, and who is told of them.

The write happens long after the store that made the page dirty, in nobody's name. So the error is kept with the file
(wb_err) and with the file system, as an errseq: each open file is told once, by its next fsync, msync or fdatasync.
close(2) does not tell, and neither does sync(2); syncfs(2) does, once per open file too.

Linux 5.10: mm/filemap.c, include/linux/pagemap.h
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.lib.errseq import errseq_check_and_advance, errseq_set
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace, File
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/filemap.c"


@kernel_function(inlined=True, file="include/linux/pagemap.h")
def mapping_set_error(k: Machine, mapping: AddressSpace, error: int) -> None:
    """Note that pages of this file could not be written."""
    mapping.wb_err = errseq_set(mapping.wb_err, error)
    k.fs.wb_err = errseq_set(k.fs.wb_err, error)


@kernel_function
def file_check_and_advance_wb_err(k: Machine, file: File) -> int:
    """The error that this open file has not been told yet, or 0; from now on it has been told."""
    mapping = file.inode.mapping
    err, mapping.wb_err, file.f_wb_err = errseq_check_and_advance(mapping.wb_err, file.f_wb_err)
    if err:
        k.stage("note", f"a write of {file.inode.name} has failed since this file was last asked; now it has been told")
    return err
