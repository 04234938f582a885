"""Handlers, sets of signals, and what ends a program that has none."""

from tests.program.test_sites import HEAD, printed
from webapp.session import Recipe, Run, outcome

HANDLER = "static volatile int seen; static void h(int sig) { seen = seen * 100 + sig; }"


def ended(body: str, before: str = "") -> str:
    return Run(Recipe(f"{HEAD}#include <stdlib.h>\n{before}\nint main(void) {{ {body} }}\n", "prog.c")).finish().why


def test_a_handler_runs_before_raise_returns():
    assert printed('signal(SIGUSR1, h); raise(SIGUSR1); printf("%d", seen); return 0;', HANDLER) == "10"


def test_a_blocked_signal_waits_until_it_is_let_through():
    body = """sigset_t set; sigemptyset(&set); sigaddset(&set, SIGUSR2); signal(SIGUSR2, h);
    sigprocmask(SIG_BLOCK, &set, NULL); kill(getpid(), SIGUSR2); x = seen;
    sigprocmask(SIG_UNBLOCK, &set, NULL); printf("%d %d %d", x, seen, sigismember(&set, SIGUSR2)); return 0;"""

    assert printed(body, HANDLER) == "0 12 1"


def test_signal_tells_what_was_there_before():
    body = 'x = signal(SIGTERM, h) == SIG_DFL; printf("%d %d", x, signal(SIGTERM, SIG_IGN) == h); return 0;'

    assert printed(body, HANDLER) == "1 1"


def test_an_ignored_signal_does_nothing():
    assert printed('signal(SIGTERM, SIG_IGN); raise(SIGTERM); printf("on"); return 0;') == "on"


def test_without_a_handler_the_default_ends_the_program():
    assert ended("raise(SIGTERM); return 0;") == "SIGTERM"
    assert ended("abort();") == "SIGABRT"
    assert ended("kill(getpid(), SIGKILL); return 0;") == "SIGKILL"


def test_sigkill_takes_no_handler():
    assert printed('printf("%d", signal(SIGKILL, h) == SIG_ERR); return 0;', HANDLER) == "1"


def test_a_handler_that_repairs_nothing_faults_again_until_the_run_is_stopped():
    body = "signal(SIGSEGV, h); *(volatile int *)16 = 1; return 0;"

    assert ended(body, HANDLER).startswith("Stopped after")


def test_a_handler_once_reset_is_gone():
    body = """struct sigaction a = {0}; a.sa_handler = h; a.sa_flags = SA_RESETHAND; sigaction(SIGUSR1, &a, NULL);
    raise(SIGUSR1); raise(SIGUSR1); return 0;"""

    assert ended(body, HANDLER) == "SIGUSR1"


def test_a_sleep_ends_early_for_a_handler():
    body = """signal(SIGUSR1, h); pid_t me = getpid();
    if (fork() == 0) { usleep(3000000); kill(me, SIGUSR1); _exit(0); }
    x = sleep(100); wait(&s); printf("%d %d", seen, x); return 0;"""

    assert printed(body, HANDLER) == "10 97"


def test_a_child_that_is_killed_says_by_what():
    body = """if (fork() == 0) { *(volatile int *)16 = 1; }
    wait(&s); printf("%d %d", WIFSIGNALED(s), WTERMSIG(s)); return 0;"""
    done = Run(Recipe(f"{HEAD}int main(void) {{ int s; {body} }}\n", "prog.c")).finish()

    assert outcome.stdout(done.rows) == "1 11"
