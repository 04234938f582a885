"""Calling a handler, and going back to where the program was.

The kernel cannot call a function of the program. It prepares a stack frame below the program's stack pointer that holds
all registers and the set of blocked signals, and goes back to user mode at the handler. The handler returns to a few
instructions in the [sigpage] that make the system call sigreturn, which puts everything back.

Linux 5.10: arch/arm/kernel/signal.c.  The frame itself is Linux's, but of its contents only the siginfo is filled in:
the program cannot look at registers here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from webapp.kernel.include.uapi.asm_generic.signal import SA_NODEFER, SIG_DFL, signal_name
from webapp.kernel.machine import kernel_function
from webapp.kernel.signal.signal import UNMASKABLE, get_signal, sigmask

if TYPE_CHECKING:
    from webapp.kernel.include.linux.signal import KSigAction, SigInfo
    from webapp.kernel.machine import Machine

SIGFRAME = 888  # bytes: siginfo 128, ucontext 744, return code 16
UCONTEXT = 128  # where the ucontext lies in it


class SignalFrame(NamedTuple):
    """What lies on the program's stack while a handler runs: what to put back, and what the handler is told."""

    address: int
    info: SigInfo
    handler: int
    sp: int
    blocked: int


@kernel_function
def do_work_pending(k: Machine) -> SignalFrame | str | None:
    """Before the program goes on: is there a signal? Its handler's frame, or the name of one that ends the task."""
    return do_signal(k)


@kernel_function(inlined=True)
def do_signal(k: Machine) -> SignalFrame | str | None:
    """Act on one signal."""
    taken = get_signal(k)
    if taken is None:
        return None
    info, action = taken
    return signal_name(info.sig) if action.handler == SIG_DFL else handle_signal(k, info, action)


@kernel_function(inlined=True)
def handle_signal(k: Machine, info: SigInfo, action: KSigAction) -> SignalFrame:
    """Make the frame; while the handler runs, its own signal is blocked (but for SA_NODEFER), and those of its mask."""
    task = k.current
    frame = setup_frame(k, info, action)
    task._sp = frame.address
    own = 0 if action.flags & SA_NODEFER else sigmask(info.sig)
    task._sighand.blocked = (task._sighand.blocked | action.mask | own) & ~UNMASKABLE
    k.stage(
        "signal", f"on {signal_name(info.sig)} the program goes on in its handler at {action.handler:#010x}",
        handler=action.handler, sp=frame.address,
    )  # fmt: skip
    return frame


@kernel_function(inlined=True)
def setup_frame(k: Machine, info: SigInfo, action: KSigAction) -> SignalFrame:
    """Make room below the program's stack pointer, at a multiple of 8, and remember what to put back."""
    task = k.current
    return SignalFrame((task._sp - SIGFRAME) & ~7, info, action.handler, task._sp, task._sighand.blocked)


@kernel_function
def sys_rt_sigreturn(k: Machine, sp: int, blocked: int) -> int:
    """The handler has returned: what its frame holds is put back, the stack pointer and the blocked signals."""
    k.current._sp, k.current._sighand.blocked = sp, blocked
    return 0
