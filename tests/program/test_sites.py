"""Calls that come back more than once: fork goes on in the child where the parent stands, and jumps come back."""

from pathlib import Path

import pytest

from webapp.program import compile_program
from webapp.session import Recipe, Run, outcome

TASKS = Path(__file__).parent / "tasks"
HEAD = "#include <setjmp.h>\n#include <signal.h>\n#include <stdio.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"


def run(body: str, before: str = "") -> Run:
    return Run(Recipe(f"{HEAD}{before}\nint main(void) {{ int x = 0, s; {body} }}\n", "prog.c")).finish()


def printed(body: str, before: str = "") -> str:
    return outcome.stdout(run(body, before).rows)


def test_fork_goes_on_wherever_a_call_can_stand():
    """The output is that of the same program under gcc."""
    done = Run(Recipe((TASKS / "forks.c").read_text(), "forks.c")).finish()

    assert outcome.stdout(done.rows) == (TASKS / "forks.out").read_text()
    assert done.why == "exit status 0"


def test_variables_of_parent_and_child_are_their_own():
    body = 'x = 1; if (fork() == 0) { x = 2; _exit(x); } wait(&s); printf("%d %d", x, WEXITSTATUS(s)); return 0;'

    assert printed(body) == "1 2"


def test_so_is_a_variable_whose_address_is_taken():
    body = """int *p = &x; *p = 1; if (!fork()) { *p = 7; _exit(x); }
    wait(&s); printf("%d %d", *p, WEXITSTATUS(s)); return 0;"""

    assert printed(body) == "1 7"


def test_what_stands_in_the_buffer_is_printed_by_both():
    body = (
        'printf("a"); if (fork() == 0) { printf("b"); fflush(stdout); _exit(0); } wait(&s); printf("c\\n"); return 0;'
    )

    assert printed(body) == "abac\n"


def test_a_program_without_such_calls_is_compiled_as_ever():
    program = compile_program("int f(int a) { return a + 1; }\nint main(void) { return f(2); }\n")

    assert program.resumable == {}
    assert "_at" not in program.python_source


def test_only_functions_on_the_way_to_a_fork_can_go_on_in_the_middle():
    text = "int g(void) { return 1; }\nint f(void) { return fork(); }\nint main(void) { return f() + g(); }\n"

    assert set(compile_program("#include <unistd.h>\n" + text).resumable) == {"f", "main"}


def test_a_jump_to_a_function_that_has_returned_is_refused():
    before = "static jmp_buf b; static void f(void) { setjmp(b); }"

    assert "a function that has returned" in run("f(); longjmp(b, 1);", before).why


def test_a_jump_with_an_empty_buffer_is_refused():
    assert "that setjmp() has not filled" in run("longjmp(b, 1);", "static jmp_buf b;").why


def test_fork_within_a_handler_is_refused():
    before = "static void h(int sig) { fork(); }"

    assert "fork() within a signal handler" in run("signal(SIGTERM, h); raise(SIGTERM); return 0;", before).why


def test_a_run_makes_a_bounded_number_of_tasks():
    assert "a run may make 64 tasks" in run("while (1) { if (fork() == 0) _exit(0); wait(&s); } return 0;").why


@pytest.mark.parametrize("seen", ["int", "long"])
def test_volatile_counters_survive_a_jump(seen):
    before = "static jmp_buf b;"
    body = f'volatile {seen} n = 0; s = setjmp(b); n++; if (n < 5) longjmp(b, n); printf("%d %d", (int)n, s); return 0;'

    assert printed(body, before) == "5 4"
