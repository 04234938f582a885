"""A run: system calls, output, the ways to end, and the limits."""

import pytest

from tests.program.fake_cpu import FakeCpu, output, start
from webapp.kernel.errors import NotModelled, RunLimit, TaskKilled
from webapp.program import Limits, compile_program

INCLUDES = "".join(
    f"#include <{name}.h>\n" for name in ("stdio", "stdlib", "string", "unistd", "fcntl", "errno", "assert", "sys/mman")
)


def run(body: str, cpu: FakeCpu | None = None, limits: Limits | None = None):
    return start(INCLUDES + "int main(void) {\n" + body + "\nreturn 0; }\n", cpu, limits)


def test_system_calls_get_numbers_except_for_the_path_of_open_and_the_offset_of_mmap_in_pages() -> None:
    cpu = FakeCpu(results={"open": 3, "mmap": 0xB6FBD000})

    run(
        'int fd = open("data.bin", O_RDONLY); char *p = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 3 * 4096);'
        "madvise(p, 4096, MADV_RANDOM); munmap(p, 8192); usleep(20); sleep(1); close(fd);",
        cpu,
    )

    assert cpu.calls == [
        ("open", "data.bin", 0),
        ("mmap", 0, 8192, 1, 1, 3, 3),
        ("madvise", 0xB6FBD000, 4096, 1),
        ("munmap", 0xB6FBD000, 8192),
        ("clock_nanosleep", 0, 20000),
        ("clock_nanosleep", 1, 0),
        ("close", 3),
    ]


def test_an_error_becomes_minus_one_and_errno_and_perror_names_it() -> None:
    cpu = FakeCpu(results={"munmap": -22, "mmap": -12})

    run(
        'int r = munmap((void *)1, 2); printf("%d %d\\n", r, errno); perror("munmap");'
        'void *p = mmap(0, 1, 1, 1, 1, 0); printf("%d %s", p == MAP_FAILED, strerror(errno));',
        cpu,
    )

    assert cpu.printed == "-1 22\nmunmap: Invalid argument\n1 Cannot allocate memory"


def test_the_c_library_itself_refuses_an_offset_within_a_page() -> None:
    _, cpu, _ = run('printf("%d %d", mmap(0, 1, 1, 1, 3, 100) == MAP_FAILED, errno);')

    assert cpu.printed == "1 22"
    assert cpu.calls == []


@pytest.mark.parametrize(
    ("body", "status"),
    [("return 3;", 3), ("exit(259);", 3), ("_exit(-1);", 255), ("", 0), ("return 256;", 0)],
)
def test_the_exit_status_is_the_low_byte(body: str, status: int) -> None:
    assert run(body)[0] == status


def test_main_without_return_ends_with_status_zero() -> None:
    assert start("int main(void) { }")[0] == 0


def test_main_gets_the_name_of_the_program() -> None:
    text = '#include <stdio.h>\nint main(int argc, char *argv[]) { printf("%d %s %p", argc, argv[0], argv[1]); }'

    assert output(text) == "1 /prog (nil)"


@pytest.mark.parametrize("expression", ["1 / zero", "1 % zero", "1u / zero", "1LL % zero"])
def test_a_division_by_zero_ends_with_sigfpe(expression: str) -> None:
    with pytest.raises(TaskKilled, match="SIGFPE"):
        run(f"volatile int zero = 0; return {expression};")


def test_a_failed_assertion_says_so_and_aborts() -> None:
    cpu = FakeCpu()

    with pytest.raises(TaskKilled, match="SIGABRT"):
        run("int n = 2;\nassert(n == 3);", cpu)

    assert cpu.printed == "prog: prog.c:11: main: Assertion `n == 3' failed.\n"


def test_an_assertion_that_holds_is_silent() -> None:
    assert run("assert(1 < 2);")[1].printed == ""


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ('printf("lost");', ""),
        ('printf("kept\\n"); fflush(stdout); printf("lost\\n");', "kept\n"),
        ('setbuf(stdout, NULL); printf("kept\\n");', "kept\n"),
        ('for (int i = 0; i < 1000; i++) printf("12345\\n");', "12345\n" * 682 + "1234"),
    ],
)
def test_a_signal_loses_what_stdio_has_not_written_out(body: str, reached: str) -> None:
    program = compile_program(INCLUDES + "int main(void) {" + body + "abort(); }")
    process, cpu = program.load(), FakeCpu()
    process.image.pin(cpu.readable, cpu.writable)

    with pytest.raises(TaskKilled):
        process.main(cpu).send(None)

    assert process.stdout == reached


def test_errors_go_to_the_screen_but_not_to_standard_output() -> None:
    _, cpu, process = run('fprintf(stderr, "oops\\n"); puts("fine");')

    assert cpu.printed == "oops\nfine\n"
    assert process.stdout == "fine\n"


def test_loops_and_calls_cost_fuel() -> None:
    cpu = FakeCpu(fuel=100)

    run("for (int i = 0; i < 1000; i++) ;", cpu)

    assert cpu.slices == 1


def test_recursion_without_end_stops_with_a_sentence() -> None:
    text = "int f(int n)\n{\n\treturn f(n + 1) + 1;\n}\nint main(void) { return f(0); }\n"

    with pytest.raises(RunLimit) as caught:
        start(text)

    assert str(caught.value) == "prog.c:1: the call stack is 500 functions deep; is the recursion without end?"


def test_recursion_may_be_nearly_as_deep_as_the_limit() -> None:
    text = "int f(int n) { int here[4] = {n}; return n ? f(n - 1) + 1 : here[0]; }\nint main(void) { return f(490); }"

    assert start(text)[0] == 490 & 255


def test_a_stack_that_grows_asks_the_machine_for_pages() -> None:
    text = "int f(int n) { char a[9000]; a[0] = n; return n ? f(n - 1) : a[0]; }\nint main(void) { return f(20); }"

    status, cpu, process = start(text)

    assert status == 0
    assert min(vpn for vpn in cpu.writable if vpn > 0xB0000) < process.image.stack_low >> 12


def test_a_stack_that_grows_too_far_stops_with_a_sentence() -> None:
    text = "int f(int n) { char room[90000]; room[0] = n; return f(n + 1); }\nint main(void) { return f(0); }"

    with pytest.raises(RunLimit, match="take too much stack"):
        start(text)


def test_printing_without_end_stops_with_a_sentence() -> None:
    with pytest.raises(RunLimit, match="prints more than 100 characters"):
        run('for (;;) printf("%20d", 1);', limits=Limits(output_chars=100))


@pytest.mark.parametrize(
    "body", ['printf("%2000000000d", 1);', 'printf("%.2000000000d", 1);', 'printf("%*d", 99999999, 1);']
)
def test_a_width_without_end_stops_too(body: str) -> None:
    with pytest.raises(RunLimit, match="prints more than"):
        run(body)


def test_a_string_without_end_stops_too() -> None:
    cpu = FakeCpu()
    cpu.memory = {vpn: bytearray(b"x" * 4096) for vpn in range(0x40000, 0x40200)}

    with pytest.raises(RunLimit, match="this string has no end"):
        run("return strlen((char *)0x40000000);", cpu)


def test_a_format_made_at_run_time_is_checked_at_run_time() -> None:
    with pytest.raises(NotModelled, match="floating-point"):
        run('char f[] = "%f"; printf(f, 1);')


def test_library_functions_reach_mapped_memory_page_by_page() -> None:
    cpu = FakeCpu()
    cpu.map_file(0x40000000, 3)

    _, _, _ = run("static char to[12288]; memcpy(to, (void *)0x40000000, 12288); return to[4096] - 24;", cpu)

    assert cpu.touched == ["r1:40000000", "r1:40001000", "r1:40002000"]


def test_writing_to_a_string_literal_is_for_the_machine_to_judge() -> None:
    cpu = FakeCpu()

    run('char *s = "abc"; s[1] = 0;', cpu)

    assert cpu.touched == ["w1:66001"]
