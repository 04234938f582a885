"""Signal numbers and flags.  Linux 5.10: arch/arm/include/uapi/asm/signal.h, include/uapi/asm-generic/signal-defs.h"""

from __future__ import annotations

SIG_DFL, SIG_IGN = 0, 1
SIGNALS = {
    "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7, "SIGFPE": 8,
    "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12, "SIGPIPE": 13, "SIGALRM": 14, "SIGTERM": 15,
    "SIGSTKFLT": 16, "SIGCHLD": 17, "SIGCONT": 18, "SIGSTOP": 19, "SIGTSTP": 20, "SIGTTIN": 21, "SIGTTOU": 22,
    "SIGURG": 23, "SIGXCPU": 24, "SIGXFSZ": 25, "SIGVTALRM": 26, "SIGPROF": 27, "SIGWINCH": 28, "SIGIO": 29,
    "SIGPWR": 30, "SIGSYS": 31,
}  # fmt: skip
SIGNAL_NAMES = {number: name for name, number in SIGNALS.items()}
SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGCHLD, SIGSTOP = 6, 7, 8, 9, 11, 17, 19
LAST_SIGNAL = 64
IGNORED_BY_DEFAULT = frozenset([17, 18, 23, 28])  # SIGCHLD, SIGCONT, SIGURG, SIGWINCH
STOPS = frozenset([19, 20, 21, 22])

SA_NOCLDSTOP, SA_NOCLDWAIT, SA_SIGINFO = 0x1, 0x2, 0x4
SA_ONSTACK, SA_RESTART, SA_NODEFER, SA_RESETHAND = 0x08000000, 0x10000000, 0x40000000, 0x80000000
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = 0, 1, 2

# si_code
SI_USER, SI_TKILL, SI_KERNEL = 0, -6, 128
SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR = 1, 2, 2
CLD_EXITED, CLD_KILLED = 1, 2


def signal_name(sig: int) -> str:
    """A signal by its name, or its number if it has none."""
    return SIGNAL_NAMES.get(sig, f"signal {sig}")
