"""Loads and stores: which reach the machine, in which order, and what the machine is told."""

import pytest

from tests.program.fake_cpu import PAGE, FakeCpu, start
from webapp.kernel.errors import TaskKilled

BASE = 0x40000000
HEAD = """#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	volatile unsigned char *p = (void *)0x40000000;
	unsigned char *q = (void *)0x40010000;
	volatile int *v = (void *)0x40020000;
	int i = 0, x = 0;
"""


def touches(body: str) -> list[str]:
    """What a statement asks the machine for, with every page missing from the fast tables; offsets from BASE."""
    cpu = NeverHits()
    cpu.map_file(BASE, 0x30)
    start(HEAD + body + "\n\treturn x;\n}\n", cpu)
    return cpu.asked


class NeverHits(FakeCpu):
    """A machine whose pages of files never come into reach of the fast path."""

    def __init__(self):
        super().__init__()
        self.asked: list[str] = []

    async def load(self, address, size):
        value = await super().load(address, size)
        self.note("r", address, size)
        return value

    async def store(self, address, size, value):
        await super().store(address, size, value)
        self.note("w", address, size)

    def note(self, what, address, size):
        for table in (self.readable, self.writable):
            table.pop(address >> 12, None)
        self.asked.append(f"{what}{size}:{address - BASE:x}")


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("x = p[1];", "r1:1"),
        ("p[1] = 5;", "w1:1"),
        ("x = p[1] + p[2] * p[3];", "r1:1 r1:2 r1:3"),
        ("x = p[3] - p[1];", "r1:3 r1:1"),
        ("p[1] += p[2];", "r1:2 r1:1 w1:1"),
        ("q[1] += q[2];", "r1:10001 r1:10002 w1:10001"),
        ("p[1]++;", "r1:1 w1:1"),
        ("p[1] = p[2] = p[3];", "r1:3 w1:2 w1:1"),
        ("printf('%d %d %d', p[1], q[2], p[3]);", "r1:1 r1:10002 r1:3"),
        ("v[v[1] & 0] = v[v[2] & 0];", "r4:20008 r4:20004 r4:20000 w4:20000"),
        ("v[v[1] & 0] = p[2];", "r1:2 r4:20004 w4:20000"),
        ("v[v[1] & 0] = v[2];", "r4:20004 r4:20008 w4:20000"),
        ("v[v[1] & 0] = v[2] + 1;", "r4:20008 r4:20004 w4:20000"),
        ("v[v[3] & 0] += v[v[4] & 0];", "r4:20010 r4:20000 r4:2000c r4:20000 w4:20000"),
        ("if (p[1] > p[2] && q[3]) x = 1;", "r1:1 r1:2 r1:10003"),
        ("if (p[1] < p[2] && q[3]) x = 1;", "r1:1 r1:2"),
        ("x = p[1] ? p[2] : p[3];", "r1:1 r1:2"),
        ("p[5];", "r1:5"),
        ("(void)p[5];", "r1:5"),
        ("q[5];", ""),
        ("(q[4], p[5]);", "r1:5"),
        ("x = (q[4], q[5]);", "r1:10005"),
        ("x = sizeof(p[1]);", ""),
        ("i = 1 || p[1];", ""),
        ("for (i = 0; i < 3; i++) x += q[i];", "r1:10000 r1:10001 r1:10002"),
        ("x = *(long long *)v > 0;", "r4:20000 r4:20004"),
        ("x = *(short *)(q + 2);", "r2:10002"),
    ],
)
def test_memory_is_reached_in_gccs_order(body: str, asked: str) -> None:
    assert " ".join(touches(body.replace("'", '"'))) == asked


def test_after_the_first_touch_of_a_page_loads_stay_on_the_fast_path() -> None:
    cpu = FakeCpu()
    cpu.map_file(BASE, 1)

    start(HEAD + "for (i = 0; i < 4096; i++) x += p[i]; return 0; }", cpu)

    assert cpu.touched == ["r1:40000000"]


def test_an_access_across_pages_goes_to_the_machine_even_when_both_are_there() -> None:
    cpu = FakeCpu()
    cpu.map_file(BASE, 2)
    cpu.readable |= cpu.memory

    text = HEAD + 'printf("%x", *(unsigned *)(0x40000000 + 4094)); return 0; }'
    start(text, cpu)

    content = bytes(cpu.memory[BASE >> 12] + cpu.memory[(BASE >> 12) + 1])
    assert cpu.printed == f"{int.from_bytes(content[PAGE - 2 : PAGE + 2], 'little'):x}"
    assert cpu.touched == ["r4:40000ffe"]


def test_a_stray_pointer_is_for_the_machine_to_judge() -> None:
    with pytest.raises(TaskKilled, match="SIGSEGV"):
        start("int main(void) { int *p = 0; return *p; }")


def test_a_negative_index_finds_the_page_below() -> None:
    cpu = FakeCpu()
    cpu.map_file(BASE, 1)

    status, _, _ = start("int main(void) { char *p = (char *)0x40000010; return p[-16]; }", cpu)

    assert status == 7


def test_the_machine_knows_line_function_and_variables_at_a_slow_access() -> None:
    cpu = FakeCpu()
    cpu.map_file(BASE, 1)
    text = """int first(char *from, int lambda)
{
	int unseen = 3, sum = lambda * 2;
	int order[] = {5, 6};
	{
		int inner = order[1];
		sum += *from;
	}
	int later = 9;
	return sum + later;
}
int main(void) { return first((char *)0x40000000, 4); }
"""

    start(text, cpu)

    assert cpu.places[0] == (
        7,
        "first",
        {"from": "0x40000000", "lambda": 4, "unseen": 3, "sum": 8, "order": "{5, 6}", "inner": 6},
    )


def test_an_inner_variable_hides_an_outer_one_of_its_name() -> None:
    text = "int main(void)\n{\n\tint x = 1;\n\t{\n\t\tint x = 2;\n\t\tgetpid();\n\t}\n\tgetpid();\n\treturn 0;\n}\n"

    _, cpu, _ = start("#include <unistd.h>\n" + text)

    assert [place[2] for place in cpu.places] == [{"x": 2}, {"x": 1}]


def test_uninitialised_variables_hold_zero_even_after_others_used_their_stack() -> None:
    text = """#include <stdio.h>
void fill(void) { int a[8]; for (int i = 0; i < 8; i++) a[i] = 77; }
void look(void) { int a[8], b; printf("%d %d %d", a[0], a[7], b); }
int main(void) { fill(); look(); return 0; }
"""

    assert start(text)[1].printed == "0 0 0"
