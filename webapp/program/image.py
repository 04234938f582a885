"""The program image: what the loader puts into a fresh address space before `main` runs.

The layout is that of a static ARM binary, so that the kernel's view of the address space equals the recordings':

    00010000-00066000 r-xp prog      text (not modelled: the image has no pages here but for literals beyond 8 KiB)
    00066000-00068000 r--p prog      string literals
    00068000-0006a000 rw-p prog      global variables, from errno on
    0006a000-00090000 rw-p [heap]    more of them, and behind them what malloc gives out; further up with many variables
    befdf000-bf000000 rw-p [stack]   the image has its topmost pages; the program asks for more as it goes deeper

Rules for the machine: pin every page of ``pages`` for as long as the program runs, those in ``writable`` for stores
too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT
TEXT_END = 0x00066000
RODATA_START, RODATA_END = 0x00066000, 0x00068000
DATA_START, HEAP_START = 0x00068000, 0x0006A000
HEAP_ROOM = 0x26000  # from the last variable to the end of the heap, when main begins
ARENA_LEFT = 0x21268  # of it nobody has asked malloc for yet; what the C library itself asked for lies below
STACK_TOP, STACK_PAGES = 0xBF000000, 4  # pages present from the start
FIRST_SP = 0xBEFFFC00  # above it: the strings and the table of main's arguments
ERRNO = DATA_START
ERROR_BUFFER, ERROR_BUFFER_SIZE = DATA_START + 8, 64  # what strerror() returns
STAT_BUFFER, STAT_SIZE = FIRST_SP + 64, 104  # where the C library has the kernel put a struct stat64
PROGRAM_PATH = b"/prog\0"  # argv[0]
FUNCTIONS_START, FUNCTION_SIZE = 0x00010400, 0x100  # where functions seem to lie
SPARE_RODATA_START = 0x00040000  # literals beyond the first 8 KiB lie in the text segment, as gcc's .rodata does


@dataclass(slots=True)
class Segments:
    """Where the compiler puts global variables and literals."""

    rodata: bytearray = field(default_factory=bytearray)
    spare: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=lambda: bytearray(8 + ERROR_BUFFER_SIZE))  # begins with errno
    literals: dict[bytes, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)  # addresses of those whose address is taken

    def function(self, name: str) -> int:
        """Address of a function of the program."""
        return self.functions.setdefault(name, FUNCTIONS_START + len(self.functions) * FUNCTION_SIZE)

    def functions_by_address(self) -> dict[int, str]:
        """Which function lies at an address."""
        return {address: name for name, address in self.functions.items()}

    def literal(self, content: bytes) -> int:
        """Address of a string literal; equal ones share it. -1 when there is no room left."""
        if content not in self.literals:
            if len(self.rodata) + len(content) <= RODATA_END - RODATA_START:
                self.literals[content] = RODATA_START + len(self.rodata)
                self.rodata += content + bytes(-len(content) % 4)
            elif len(self.spare) + len(content) <= TEXT_END - SPARE_RODATA_START:
                self.literals[content] = SPARE_RODATA_START + len(self.spare)
                self.spare += content + bytes(-len(content) % 4)
            else:
                return -1
        return self.literals[content]

    def reserve(self, size: int, align: int) -> int:
        """Address of a new global variable of zeros."""
        self.data += bytes(-len(self.data) % align)
        address = DATA_START + len(self.data)
        self.data += bytes(size)
        return address

    def put(self, address: int, content: bytes) -> None:
        """Set the initial bytes of a global variable."""
        offset = address - DATA_START
        self.data[offset : offset + len(content)] = content


class Image:
    """The pages of one run: ``pages`` by virtual page number; stores may go to those in ``writable``."""

    def __init__(self, segments: Segments) -> None:
        self.pages: dict[int, bytearray] = {}
        self.writable: set[int] = set()
        self.copy_in(SPARE_RODATA_START, bytes(segments.spare), writable=False)
        self.copy_in(RODATA_START, bytes(segments.rodata).ljust(RODATA_END - RODATA_START, b"\0"), writable=False)
        self.copy_in(DATA_START, bytes(segments.data).ljust(HEAP_START - DATA_START, b"\0"), writable=True)
        self.data_end = DATA_START + len(segments.data)
        self.heap_end = -(-max(self.data_end, HEAP_START) // PAGE_SIZE) * PAGE_SIZE + HEAP_ROOM
        self.stack_low = STACK_TOP - STACK_PAGES * PAGE_SIZE
        self.copy_in(self.stack_low, bytes(STACK_PAGES * PAGE_SIZE), writable=True)
        self.argv = self.place_arguments()

    def copy_in(self, start: int, content: bytes, writable: bool) -> None:
        """Make pages from ``start`` on that hold ``content``."""
        for at in range(0, len(content), PAGE_SIZE):
            vpn = (start + at) >> PAGE_SHIFT
            self.pages[vpn] = bytearray(content[at : at + PAGE_SIZE].ljust(PAGE_SIZE, b"\0"))
            if writable:
                self.writable.add(vpn)

    def place_arguments(self) -> int:
        """Put argv for `main` at the top of the stack; returns its address."""
        page = self.pages[(STACK_TOP - 1) >> PAGE_SHIFT]
        path, argv = PAGE_SIZE - 4 - len(PROGRAM_PATH), FIRST_SP & (PAGE_SIZE - 1)
        page[path : path + len(PROGRAM_PATH)] = PROGRAM_PATH
        page[argv : argv + 4] = (STACK_TOP - PAGE_SIZE + path).to_bytes(4, "little")
        return FIRST_SP

    def pin(self, readable: dict[int, bytearray], writable: dict[int, bytearray]) -> None:
        """Let user code reach the image through these two tables."""
        readable.update(self.pages)
        writable.update({vpn: self.pages[vpn] for vpn in self.writable})
