"""Signals that the program brings upon itself, and the one by which the kernel kills it.

Linux 5.10: kernel/signal.c.  Not modelled: handlers, other senders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/signal.c"
SI_KERNEL = 0x80  # si_code: sent by the kernel, for no reason that lies in an instruction
SIGNAL_CODES = {
    ("SIGSEGV", 1): "SEGV_MAPERR: no mapping there",
    ("SIGSEGV", 2): "SEGV_ACCERR: the mapping forbids it",
    ("SIGBUS", 2): "BUS_ADRERR: nothing behind the mapping",
}


@kernel_function
def force_sig_fault(k: Machine, sig: str, code: int, addr: int) -> None:
    """Send the running task a signal that it cannot put off; without a handler it ends the task.

    ``code`` and ``addr`` are si_code and si_addr of the siginfo; addr is the exact byte.
    """
    k.current.signal = sig
    k.stage("signal", f"{sig} at {addr:#010x}, {SIGNAL_CODES.get((sig, code), f'si_code {code}')}", sig=sig, code=code)


@kernel_function
def do_send_sig_info(k: Machine, sig: str, code: int, task: Task) -> None:
    """Send a task a signal. It finds it on its way back to user mode."""
    task.signal = sig
    k.stage("signal", f"{sig} for {task.comm}", sig=sig, code=code)
    wake_up_process(k, task)
