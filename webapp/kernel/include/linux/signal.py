"""Signals: what a task does about them, what has been sent.  Linux 5.10: include/linux/{signal_types,sched/signal}.h"""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.kernel.include.uapi.asm_generic.signal import SIG_DFL


@dataclass
class KSigAction:
    """struct k_sigaction: ``handler`` is an address in the program, SIG_DFL or SIG_IGN; ``mask`` a set of signals."""

    handler: int = SIG_DFL
    mask: int = 0
    flags: int = 0


@dataclass
class SigInfo:
    """struct kernel_siginfo: which signal, why (``code``), and where or from whom."""

    sig: int
    code: int = 0
    addr: int = 0
    pid: int = 0

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return {"sig": self.sig, "code": self.code}


@dataclass
class Sighand:
    """What one task does about signals (sighand_struct), which it blocks and which wait for it (sigpending)."""

    actions: dict[int, KSigAction] = field(default_factory=dict)
    blocked: int = 0
    pending: list[SigInfo] = field(default_factory=list)

    def action(self, sig: int) -> KSigAction:
        """What happens on this signal."""
        return self.actions.setdefault(sig, KSigAction())

    def copy(self) -> Sighand:
        """For a child: the same actions and blocked signals, and nothing pending."""
        actions = {sig: KSigAction(a.handler, a.mask, a.flags) for sig, a in self.actions.items()}
        return Sighand(actions, self.blocked)

    def next(self) -> SigInfo | None:
        """The signal that is taken next: one that a fault has caused, else the lowest number that is not blocked."""
        ready = [info for info in self.pending if not self.blocked >> (info.sig - 1) & 1]
        return min(ready, key=lambda info: (info.sig not in SYNCHRONOUS, info.sig), default=None)


SYNCHRONOUS = frozenset([4, 5, 7, 8, 11, 31])  # SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS
