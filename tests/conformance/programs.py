"""Random programs in the playground's C, for tests that hold the model against itself and against a real kernel.

A program is a list of statements that do not need each other to compile, so that any of them can be left out when a
failing program is made smaller. The generator keeps a rough account of what is mapped where, and mostly does what
makes sense; some calls have wrong arguments, and some accesses end the program.

    program = generate(Random(7), FEATURES)
    program.text()              # C
    program.only([0, 3, 4])     # the same with some of its statements

The buffer of the calls on files is written to beforehand, and again after a fork: a fault on it, within a call, would
depend on where the compiler has put it.

With ``calm`` the program sleeps after whatever starts I/O, so that a read is over before the next statement: otherwise
a real kernel's faults depend on how fast its disk is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

FILES = {"data.bin": (48, "fd"), "small.bin": (3, "fs")}  # pages, and the variable that holds the descriptor
SMALL_EXTRA = 100  # bytes on the page behind
SLOTS = 6
R, W, X = "PROT_READ", "PROT_WRITE", "PROT_EXEC"
PROTS = [R, f"{R} | {W}", f"{R} | {W}", f"{R} | {W}", f"{R} | {X}", "PROT_NONE"]
HEAD = """#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

char *m[6];
char buf[12288];
unsigned char vec[64];
int fd, fs, sum;

int main(void) {
    fd = open("data.bin", O_RDWR);
    fs = open("small.bin", O_RDWR);
    memset(buf, 1, sizeof(buf));
"""
TAIL = """    printf("%d\\n", sum);
    return 0;
}
"""
MACHINES = ["", "", "", "read_ahead_kb=16", "fault_around_bytes=4096", "read_ahead_kb=64 fault_around_bytes=16384"]


@dataclass(frozen=True)
class Program:
    """Statements and the machine they run on."""

    statements: tuple[str, ...]
    machine: str = ""
    seed: str = ""

    def text(self) -> str:
        """The whole program."""
        head = f"// random program {self.seed}\n" if self.seed else ""
        head += f"// files: data.bin=48, small.bin=3+{SMALL_EXTRA}\n"
        head += f"// machine: {self.machine}\n" if self.machine else ""
        return head + HEAD + "".join(f"    {statement}\n" for statement in self.statements) + TAIL

    def only(self, kept: Iterable[int]) -> Program:
        """The program with these of its statements."""
        return replace(self, statements=tuple(self.statements[i] for i in kept))


@dataclass
class Mapping:
    """What the generator believes about m[slot]: its pages that are still there, with their protection."""

    pages: dict[int, str]
    anonymous: bool
    shared: bool
    eof: int  # pages from its start that the file reaches


@dataclass
class Generator:
    """Makes one statement after the other."""

    random: Random
    calm: bool
    slots: dict[int, Mapping] = field(default_factory=dict)

    def statement(self, features: Sequence[str]) -> str:
        """One more statement."""
        while True:
            made = MAKERS[self.random.choice(features)](self)
            if made is not None:
                text, waits = made
                return f"{text} usleep(20000);" if waits and self.calm else text

    def some(self) -> tuple[int, Mapping] | None:
        """A mapping, if there is one."""
        alive = [slot for slot, mapping in self.slots.items() if mapping.pages]
        if not alive:
            return None
        slot = self.random.choice(alive)
        return slot, self.slots[slot]

    def run_of(self, mapping: Mapping, most: int = 12) -> tuple[int, int]:
        """A first page and a number of pages within a mapping, or slightly beyond."""
        first = self.random.choice(list(mapping.pages))
        return first, self.random.randint(1, most)


Made = tuple[str, bool] | None


def mmap(g: Generator) -> Made:
    """A new mapping; now and then with MAP_FIXED over a part of another."""
    slot, pages = g.random.randrange(SLOTS), g.random.choice([1, 2, 5, 12, 20, 40])
    prot = g.random.choice(PROTS)
    shared = g.random.random() < 0.55
    flags = "MAP_SHARED" if shared else "MAP_PRIVATE"
    if g.random.random() < 0.1:
        flags += " | MAP_POPULATE"
    address = "NULL"
    other = g.some()
    if other is not None and g.random.random() < 0.15:
        first, length = g.run_of(other[1], 4)
        if max(other[1].pages) >= first + length - 1:
            pages, address, flags = length, f"m[{other[0]}] + {first} * 4096", flags + " | MAP_FIXED"
            for page in range(first, first + length):
                other[1].pages.pop(page, None)
            if slot == other[0]:
                slot = (slot + 1) % SLOTS
    anonymous = g.random.random() < 0.25
    if anonymous:
        source, eof = "-1, 0", pages
        flags += " | MAP_ANONYMOUS"
    else:
        name, start = (
            g.random.choice(["data.bin", "data.bin", "data.bin", "small.bin"]),
            g.random.choice([0, 0, 1, 3, 30]),
        )
        source, eof = f"{FILES[name][1]}, {start} * 4096", FILES[name][0] + (name == "small.bin") - start
    g.slots[slot] = Mapping(dict.fromkeys(range(pages), prot), anonymous, shared, eof)
    return f"m[{slot}] = mmap({address}, {pages} * 4096, {prot}, {flags}, {source});", "POPULATE" in flags


def access(g: Generator, write: bool) -> Made:
    """One load or store, nearly always one that is allowed."""
    found = g.some()
    if found is None:
        return None
    slot, mapping = found
    need = W if write else R
    fine = [page for page, prot in mapping.pages.items() if need in prot and page < mapping.eof]
    if g.random.random() < 0.01:
        fine = list(mapping.pages)
    if not fine:
        return None
    page, at = g.random.choice(fine), g.random.choice([0, 0, 7, 4000])
    place = f"m[{slot}][{page} * 4096 + {at}]"
    return (f"{place} = {g.random.randint(1, 99)};" if write else f"sum += {place};"), True


def sweep(g: Generator) -> Made:
    """Several pages in a row, or with a stride."""
    found = g.some()
    if found is None:
        return None
    slot, mapping = found
    first, count = g.run_of(mapping)
    step, write = g.random.choice([1, 1, 2, 5]), g.random.random() < 0.5
    need = W if write else R
    if any(
        need not in mapping.pages.get(page, "") or page >= mapping.eof
        for page in range(first, first + count * step, step)
    ):
        return None
    what = f"m[{slot}][({first} + i * {step}) * 4096]"
    pause = " usleep(20000);" if g.calm else ""
    return f"for (int i = 0; i < {count}; i++) {{ {f'{what} = i' if write else f'sum += {what}'};{pause} }}", False


def range_call(call: str, tails: Sequence[str], waits: bool) -> Callable[[Generator], Made]:
    """A call on a range of a mapping: ``call(address, length`` and one of the tails."""

    def make(g: Generator) -> Made:
        found = g.some()
        if found is None:
            return None
        slot, mapping = found
        first, count = g.run_of(mapping, 20)
        tail = g.random.choice(tails)
        odd = " + 5" if g.random.random() < 0.04 else ""
        length = g.random.choice([f"{count} * 4096", f"{count} * 4096", f"{count} * 4096 - 100", "0"])
        changed = range(first, first + count) if length != "0" and not odd else range(0)
        if call == "munmap":
            for page in changed:
                mapping.pages.pop(page, None)
        elif call == "mprotect":
            for page in changed:
                if page not in mapping.pages:
                    break
                mapping.pages[page] = tail
        return f"sum += {call}(m[{slot}] + {first} * 4096{odd}, {length}{', ' if tail else ''}{tail});", waits

    return make


def on_file(*templates: str, waits: bool = True) -> Callable[[Generator], Made]:
    """A call on a descriptor; ``{fd}``, ``{at}`` (bytes), ``{n}`` (bytes) are filled in."""

    def make(g: Generator) -> Made:
        text = g.random.choice(templates).format(
            fd=g.random.choice(["fd", "fd", "fs", "fs", "99"] if g.random.random() < 0.2 else ["fd", "fd", "fs"]),
            at=g.random.choice([0, 4096, 5000, 3 * 4096, 30 * 4096 + 50, 47 * 4096, 60 * 4096]),
            n=g.random.choice([1, 100, 4096, 5000, 8192, 12288]),
        )
        return text, waits

    return make


def mremap(g: Generator) -> Made:
    """Grow, shrink or move a mapping that is whole."""
    found = g.some()
    if found is None:
        return None
    slot, mapping = found
    old = len(mapping.pages)
    if sorted(mapping.pages) != list(range(old)) or len(set(mapping.pages.values())) != 1:
        return None
    new, flags = (
        g.random.choice([1, old, old + 3, old + 20]),
        g.random.choice(["0", "MREMAP_MAYMOVE", "MREMAP_MAYMOVE"]),
    )
    if flags == "0" and new > old:
        return f"sum += mremap(m[{slot}], {old} * 4096, {new} * 4096, 0) == MAP_FAILED;", False
    prot = mapping.pages[0]
    mapping.pages = dict.fromkeys(range(new), prot)
    if mapping.anonymous and mapping.shared:
        mapping.eof = min(mapping.eof, new)
    elif mapping.anonymous:
        mapping.eof = new
    return f"m[{slot}] = mremap(m[{slot}], {old} * 4096, {new} * 4096, {flags});", False


def mincore(g: Generator) -> Made:
    """Ask which pages are in memory, and add the answer up."""
    made = range_call("mincore", ["vec"], False)(g)
    assert made is None or made[0].endswith("vec);")
    return made and (f"{made[0]} for (int i = 0; i < 20; i++) sum += vec[i];", False)


def fork(g: Generator) -> Made:
    """A child that touches a few pages and ends; the parent waits for it."""
    inner = [made[0] for made in (access(g, g.random.random() < 0.5) for _ in range(3)) if made is not None]
    after = [made[0] for made in (access(g, True) for _ in range(1)) if made is not None]
    if not inner:
        return None
    child = f"if (fork() == 0) {{ {' '.join(inner)} _exit(sum & 63); }}"
    return f"{child} wait(NULL); memset(buf, 1, sizeof(buf)); {' '.join(after)}", True


def wrong(g: Generator) -> Made:
    """A call that fails."""
    return g.random.choice(WRONG), False


WRONG = [
    "sum += mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? errno : 0;",
    "sum += mmap(NULL, 4096, PROT_READ, 0, fd, 0) == MAP_FAILED ? errno : 0;",
    "sum += mmap(NULL, 4096, PROT_READ, MAP_SHARED, 77, 0) == MAP_FAILED ? errno : 0;",
    "sum += munmap(m[0] + 1, 4096);",
    "sum += munmap((char *)0xc0000000, 4096);",
    "sum += madvise((char *)0x40000000, 4096, MADV_WILLNEED);",
    "sum += msync((char *)0x40000000, 4096, MS_SYNC);",
    "sum += mprotect((char *)0x40000000, 4096, PROT_READ);",
    "sum += fsync(99);",
    "sum += msync(NULL, 0, 77);",
]
ADVICE = [
    "MADV_NORMAL", "MADV_RANDOM", "MADV_SEQUENTIAL", "MADV_WILLNEED", "MADV_DONTNEED", "MADV_DONTNEED", "MADV_COLD",
    "MADV_FREE", "77",
]  # fmt: skip
MAKERS: dict[str, Callable[[Generator], Made]] = {
    "mmap": mmap,
    "load": lambda g: access(g, False),
    "store": lambda g: access(g, True),
    "sweep": sweep,
    "wrong": wrong,
    "munmap": range_call("munmap", [""], False),
    "mprotect": range_call("mprotect", PROTS, False),
    "madvise": range_call("madvise", ADVICE, True),
    "msync": range_call("msync", ["MS_SYNC", "MS_SYNC", "MS_ASYNC", "MS_SYNC | MS_INVALIDATE"], True),
    "fsync": on_file("sum += fsync({fd});", "sum += fdatasync({fd});"),
    "sync": on_file("sync();", "sum += syncfs({fd});"),
    "read": on_file("sum += read({fd}, buf, {n}) + buf[3];"),
    "pread": on_file("sum += pread({fd}, buf, {n}, {at}) + buf[3];"),
    "write": on_file("sum += write({fd}, buf, {n});"),
    "pwrite": on_file("sum += pwrite({fd}, buf, {n}, {at});"),
    "lseek": on_file("sum += lseek({fd}, {at}, SEEK_SET);", "sum += lseek({fd}, {n}, SEEK_CUR);", waits=False),
    "posix_fadvise": on_file(
        *(f"sum += posix_fadvise({{fd}}, {{at}}, {{n}}, POSIX_FADV_{name});" for name in
          ("NORMAL", "RANDOM", "SEQUENTIAL", "WILLNEED", "DONTNEED", "NOREUSE"))
    ),
    "readahead": on_file("sum += readahead({fd}, {at}, {n});"),
    "mremap": mremap,
    "mlock": range_call("mlock", [""], True),
    "munlock": range_call("munlock", [""], False),
    "mincore": mincore,
    "fork": fork,
}  # fmt: skip
ALWAYS = ["mmap", "mmap", "load", "load", "load", "store", "store", "store", "sweep", "sweep", "wrong"]


def generate(random: Random, features: Sequence[str], calm: bool = True, length: int = 24) -> Program:
    """A random program of about ``length`` statements; ``features`` are names of `MAKERS` beyond those always used."""
    g = Generator(random, calm)
    choice = [*ALWAYS, *features]
    statements = [g.statement(["mmap"]), *(g.statement(choice) for _ in range(random.randint(length // 2, length)))]
    return Program(tuple(statements), random.choice(MACHINES))
