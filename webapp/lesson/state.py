"""Questions about the state after a stage, as expressions ask them. What is not there has zeros, like an empty PTE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_PRESENT, L_PTE_RDONLY, L_PTE_YOUNG
from webapp.kernel.include.linux.page_flags import PAGE_FLAG_NAMES
from webapp.kernel.journal import Row, Rows
from webapp.lesson.expression.problem import ExpressionError
from webapp.lesson.expression.world import Value

PAGE_SHIFT, SLOT_SHIFT, ENTRIES = 12, 21, 512
TASK = "task/1"  # the program; its children are not asked about
FLAGS = {name.removeprefix("PG_"): bit for name, bit in PAGE_FLAG_NAMES.items()}
PTE_FLAGS = {"present": L_PTE_PRESENT, "young": L_PTE_YOUNG, "dirty": L_PTE_DIRTY, "rdonly": L_PTE_RDONLY}
LISTS = ("inactive_file", "active_file", "inactive_anon", "active_anon", "unevictable")
EMPTY: Row = {}


class State:
    """The rows after one stage, with the scene's files."""

    def __init__(self, rows: Rows, files: Iterable[str]) -> None:
        self.rows = rows
        self.files = tuple(files)

    def function(self, name: str, args: Sequence[Value]) -> Value:
        """``cached``, ``mapped``, ``flagged`` and ``on_list``."""
        file = self.file(args[0])
        if name == "mapped":
            return self.mapped(file)
        pages = self.pages(file)
        if name == "flagged":
            flag = FLAGS.get(str(args[1]))
            if flag is None:
                raise ExpressionError(f"There is no page flag '{args[1]}'.", f"Flags: {', '.join(FLAGS)}.")
            return frozenset(index for index, page in pages.items() if page["flags"] & flag)
        if name == "on_list":
            if args[1] not in LISTS:
                raise ExpressionError(f"There is no LRU list '{args[1]}'.", f"Lists: {', '.join(LISTS)}.")
            return frozenset(index for index, page in pages.items() if page.get("lru") == args[1])
        return frozenset(pages)

    def object_field(self, kind: str, args: Sequence[Value], field: str) -> Value:
        """A field of a page, a PTE or a VMA."""
        file = self.file(args[0])
        if kind == "vma":
            vma = self.vma(file)
            fields: dict[str, int | bool] = {
                "exists": bool(vma),
                "start": vma.get("vm_start", 0),
                "end": vma.get("vm_end", 0),
            }
            fields["pages"] = (fields["end"] - fields["start"]) >> PAGE_SHIFT
            fields["pgoff"] = vma.get("vm_pgoff", 0)
            return fields[field]
        index = args[1]
        if not isinstance(index, int):
            raise ExpressionError(f"{index} is no number of a page.", "Write a whole number.")
        if kind == "page":
            page = self.pages(file).get(index, EMPTY)
            return bool(page.get("flags", 0) & FLAGS[field]) if field in FLAGS else int(page.get(field, 0))
        linux, hw = self.pte(file, index)
        if field in PTE_FLAGS:
            return bool(linux & PTE_FLAGS[field])
        return {"linux": linux, "hw": hw, "pfn": linux >> PAGE_SHIFT}[field]

    def row_field(self, row: str, field: str) -> Value:
        """A field of a row of which there is one."""
        ref = {"task": TASK, "mm": self.rows.get(TASK, EMPTY).get("mm", "")}.get(row, row)
        found = self.rows.get(ref, EMPTY)
        value = found.get(field)
        if isinstance(value, bool | int | float | str):
            return value
        known = [key for key, value in found.items() if isinstance(value, bool | int | float | str)]
        raise ExpressionError(f"`{row}` has no field `{field}`.", f"It has {', '.join(known) or 'none now'}.")

    def file(self, name: Value) -> str:
        """A file of the scene."""
        if name not in self.files:
            raise ExpressionError(f"The program has no file '{name}'.", f"Files: {', '.join(self.files) or 'none'}.")
        return str(name)

    def pages(self, file: str) -> dict[int, Row]:
        """The cached pages of a file, by number."""
        inode = next((ref for ref, row in self.rows.items() if ref.startswith("inode/") and row["name"] == file), "")
        cache = self.rows.get(self.rows.get(inode, EMPTY).get("i_mapping", ""), EMPTY)
        return {int(key): self.rows[ref] for key, ref in cache.items() if key.isdigit() and ref in self.rows}

    def mapped(self, file: str) -> frozenset[int]:
        """Pages of a file at which PTEs of the program point."""
        frames = {page["pfn"]: index for index, page in self.pages(file).items()}
        mm = self.rows.get(TASK, EMPTY).get("mm")
        words = (
            words[0]
            for ref, row in self.rows.items()
            if ref.startswith("pt/") and row.get("mm") == mm
            for key, words in row.items()
            if key.isdigit()
        )
        pfns = (word >> PAGE_SHIFT for word in words if word & L_PTE_PRESENT)
        return frozenset(frames[pfn] for pfn in pfns if pfn in frames)

    def vmas(self, file: str) -> list[Row]:
        """The program's mappings of a file, by address."""
        mm = self.rows.get(TASK, EMPTY).get("mm")
        found = [
            row
            for ref, row in self.rows.items()
            if ref.startswith("vma/") and row.get("vm_file") and row.get("name") == file and row.get("vm_mm") == mm
        ]
        return sorted(found, key=lambda row: int(row["vm_start"]))

    def vma(self, file: str) -> Row:
        """The first of them."""
        return next(iter(self.vmas(file)), EMPTY)

    def pte(self, file: str, index: int) -> tuple[int, int]:
        """Linux's word and the MMU's, of the first mapping that covers this page of the file."""
        for vma in self.vmas(file):
            address = vma["vm_start"] + ((index - vma["vm_pgoff"]) << PAGE_SHIFT)
            if vma["vm_start"] <= address < vma["vm_end"]:
                slot, entry = address >> SLOT_SHIFT, str(address >> PAGE_SHIFT & (ENTRIES - 1))
                for ref, row in self.rows.items():
                    if ref.startswith("pt/") and row.get("slot") == slot and row.get("mm") == vma["vm_mm"]:
                        linux, hw = row.get(entry) or (0, 0)
                        return int(linux), int(hw)
        return 0, 0
