"""A machine for tests: files mapped whole, every page readable after its first touch, no kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from webapp.kernel.errors import TaskKilled
from webapp.program import Process, Program, compile_program
from webapp.program.limits import Limits

PAGE = 4096


@dataclass
class FakeCpu:
    """Records what a program asks of it. ``memory`` is what a load finds, by virtual page number."""

    fuel: int = 1_000_000
    slices: int = 0
    readable: dict[int, bytearray] = field(default_factory=dict)
    writable: dict[int, bytearray] = field(default_factory=dict)
    memory: dict[int, bytearray] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)
    calls: list[tuple] = field(default_factory=list)
    places: list[tuple[int, str, dict[str, int | str]]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    printed: str = ""

    answer: tuple[int, ...] = (0, 0, 0)
    call_handler: Callable | None = None
    children: list[Callable] = field(default_factory=list)

    def user(self, line, fn, variables, sp):
        self.places.append((line, fn, variables))

    async def fork(self, child):
        self.children.append(child)
        return 102

    def on_signal(self, call):
        self.call_handler = call

    def peek(self, address):
        page = self.readable.get(address >> 12)
        return page[address & 4095] if page is not None else 0

    def own_page(self, address):
        raise TaskKilled("SIGSEGV")

    async def load(self, address, size):
        self.touched.append(f"r{size}:{address:x}")
        return int.from_bytes(bytes([self.byte(address + i)[0] for i in range(size)]), "little")

    async def store(self, address, size, value):
        self.touched.append(f"w{size}:{address:x}")
        for i in range(size):
            page = self.byte(address + i)[1]
            self.writable[(address + i) >> 12] = page
            page[(address + i) & 4095] = value >> 8 * i & 255

    def byte(self, address):
        page = self.memory.get(address >> 12)
        page = self.readable.get(address >> 12) if page is None else page
        if page is None:
            raise TaskKilled("SIGSEGV")
        self.readable[address >> 12] = page
        return page[address & 4095], page

    async def syscall(self, name, *args):
        self.calls.append((name, *args))
        if name == "tgkill":
            raise TaskKilled("SIGABRT")
        return self.results.get(name, 0)

    async def out_of_fuel(self):
        self.slices += 1
        self.fuel = 1_000_000

    def print(self, text):
        self.printed += text

    def grow_stack(self, low):
        vpn = low >> 12
        while vpn not in self.readable:
            self.readable[vpn] = self.writable[vpn] = bytearray(PAGE)
            vpn += 1

    def map_file(self, address, pages):
        """Let loads find the recordings' file content at an address."""
        for page in range(pages):
            base = PAGE * page
            self.memory[(address >> 12) + page] = bytearray(
                (131 * (base + j) + 17 * page + 7) & 255 for j in range(PAGE)
            )


def drive(coroutine):
    """Run a coroutine that never really waits."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def start(text: str, cpu: FakeCpu | None = None, limits: Limits | None = None) -> tuple[int, FakeCpu, Process]:
    """Compile and run: exit status, machine, process."""
    program = compile_program(text, "prog.c", limits)
    cpu = cpu or FakeCpu()
    process = program.load()
    process.image.pin(cpu.readable, cpu.writable)
    return drive(process.main(cpu)), cpu, process


def output(text: str, cpu: FakeCpu | None = None) -> str:
    """What a program prints."""
    return start(text, cpu)[1].printed


def value(expression: str, before: str = "") -> str:
    """What ``printf("%lld")`` prints of a C expression."""
    body = f'{before}\nprintf("%lld", (long long)({expression})); return 0;'
    return output(f"#include <stdio.h>\n#include <stdint.h>\nint main(void) {{ {body} }}\n")


__all__ = ["PAGE", "FakeCpu", "Program", "drive", "output", "start", "value"]
