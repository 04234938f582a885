"""Signals: sending them, and what a task does about them on its way back to user mode.

A signal is only noted when it is sent. The task finds it before it goes back to its program: it is ignored, or ends
the task, or a function of the program, its *handler*, is called first.

Rules for callers:
    * `force_sig_fault` for what an instruction of the running task has caused. It cannot be put off: a task that
      blocks or ignores it is ended by it.
    * `send_signal` for everybody else's; a sleep that signals may end is ended.
    * `get_signal` is asked until it says that nothing is left to do.

Linux 5.10: kernel/signal.c.  Not modelled: stopping and continuing, realtime signals, queues of several, alternative
stacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.signal import KSigAction, SigInfo
from webapp.kernel.include.uapi.asm_generic.errno import EINVAL, EPERM, ESRCH
from webapp.kernel.include.uapi.asm_generic.signal import (
    IGNORED_BY_DEFAULT,
    LAST_SIGNAL,
    SA_RESETHAND,
    SI_TKILL,
    SI_USER,
    SIG_BLOCK,
    SIG_DFL,
    SIG_IGN,
    SIG_SETMASK,
    SIG_UNBLOCK,
    SIGKILL,
    SIGNALS,
    SIGSTOP,
    STOPS,
    signal_name,
)
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
UNMASKABLE = 1 << (SIGKILL - 1) | 1 << (SIGSTOP - 1)


def sigmask(sig: int) -> int:
    """A set of one signal."""
    return 1 << (sig - 1)


def signal_pending(task: Task) -> bool:
    """Whether the task has a signal to look at before it goes back to user mode."""
    return task._sighand.next() is not None


@kernel_function
def force_sig_fault(k: Machine, sig: str, code: int, addr: int) -> None:
    """Send the running task a signal that it cannot put off; without a handler it ends the task.

    ``code`` and ``addr`` are si_code and si_addr of the siginfo; addr is the exact byte.
    """
    force_sig_info_to_task(k, SigInfo(SIGNALS[sig], code, addr))
    k.stage("signal", f"{sig} at {addr:#010x}, {SIGNAL_CODES.get((sig, code), f'si_code {code}')}", sig=sig, code=code)


@kernel_function
def do_send_sig_info(k: Machine, sig: str, code: int, task: Task) -> None:
    """Send a task a signal. It finds it on its way back to user mode."""
    task._sighand.pending.append(SigInfo(SIGNALS[sig], code))
    task.signal = sig
    k.stage("signal", f"{sig} for {task.comm}", sig=sig, code=code)
    wake_up_process(k, task)


def force_sig_info_to_task(k: Machine, info: SigInfo) -> None:
    """A blocked or ignored signal would let the instruction fault for ever: then the default action counts."""
    sighand = k.current._sighand
    blocked = bool(sighand.blocked & sigmask(info.sig))
    if blocked or sighand.action(info.sig).handler == SIG_IGN:
        sighand.action(info.sig).handler = SIG_DFL
        sighand.blocked &= ~sigmask(info.sig)
    send_signal(k, info, k.current)


def send_signal(k: Machine, info: SigInfo, task: Task) -> None:
    """Note the signal, unless the task ignores it, and end a sleep that signals may end.

    Of several equal signals one is kept.
    """
    sighand = task._sighand
    if sig_ignored(task, info.sig) or any(each.sig == info.sig for each in sighand.pending):
        return
    sighand.pending.append(info)
    task.signal = signal_name(info.sig)
    if task.state == "sleeping" and sighand.next() is not None and wakes(task, info.sig):
        wake_up_process(k, task)


def sig_ignored(task: Task, sig: int) -> bool:
    """Whether the signal need not even be noted. One that is blocked is noted: its handler may change."""
    sighand = task._sighand
    if sighand.blocked & sigmask(sig):
        return False
    handler = sighand.action(sig).handler
    return handler == SIG_IGN or (handler == SIG_DFL and sig in IGNORED_BY_DEFAULT)


def wakes(task: Task, sig: int) -> bool:
    """Whether the signal ends the sleep that the task is in: some end by any signal, some only by a deadly one."""
    deadly = task._sighand.action(sig).handler == SIG_DFL
    return task._wakes_on == "signal" or (task._wakes_on == "kill" and deadly)


@kernel_function
def get_signal(k: Machine) -> tuple[SigInfo, KSigAction] | None:
    """Take signals until one has to be acted upon: by the end of the task (action SIG_DFL) or by a handler.

    None when nothing is left. A handler with SA_RESETHAND is good for one signal.
    """
    task = k.current
    sighand = task._sighand
    while (info := sighand.next()) is not None:
        sighand.pending.remove(info)
        task.signal = next((signal_name(each.sig) for each in sighand.pending), None)
        action = sighand.action(info.sig)
        if action.handler == SIG_IGN or (action.handler == SIG_DFL and info.sig in IGNORED_BY_DEFAULT):
            continue
        if action.handler == SIG_DFL:
            if info.sig in STOPS:
                raise NotModelled(f"{signal_name(info.sig)} stops a task, which is not modelled.")
            task.signal = signal_name(info.sig)
            return info, action
        taken = KSigAction(action.handler, action.mask, action.flags)
        if action.flags & SA_RESETHAND:
            action.handler = SIG_DFL
        return info, taken
    return None


# System calls.


@kernel_function
def sys_rt_sigaction(k: Machine, sig: int, given: int, handler: int, mask: int, flags: int) -> int:
    """Set what a signal does (if ``given``); the program gets what it did before: handler, mask, flags."""
    if not 1 <= sig <= LAST_SIGNAL or (given and sig in (SIGKILL, SIGSTOP)):
        return -EINVAL
    sighand = k.current._sighand
    old = sighand.action(sig)
    k.current._answer = (old.handler, old.mask, old.flags)
    if given:
        sighand.actions[sig] = KSigAction(handler, mask & ~UNMASKABLE, flags)
        if sig_ignored(k.current, sig):
            sighand.pending = [info for info in sighand.pending if info.sig != sig]
        what = {SIG_DFL: "the default", SIG_IGN: "nothing"}.get(handler, f"the handler at {handler:#010x}")
        k.stage("signal", f"{signal_name(sig)} now means: {what}", signo=sig, handler=handler)
    return 0


@kernel_function
def sys_rt_sigprocmask(k: Machine, how: int, given: int, mask: int) -> int:
    """Change the set of blocked signals (if ``given``); the program gets the set as it was."""
    sighand = k.current._sighand
    k.current._answer = (sighand.blocked,)
    if not given:
        return 0
    if how not in (SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK):
        return -EINVAL
    mask &= ~UNMASKABLE
    if how == SIG_BLOCK:
        sighand.blocked |= mask
    else:
        sighand.blocked = mask if how == SIG_SETMASK else sighand.blocked & ~mask
    return 0


@kernel_function
def sys_kill(k: Machine, pid: int, sig: int) -> int:
    """kill(2): a signal for one process; signal 0 only asks whether it exists."""
    if not 0 <= sig <= LAST_SIGNAL:
        return -EINVAL
    if pid <= 0:
        raise NotModelled(f"kill({pid}, ...): process groups are not modelled; name one process.")
    task = next((each for each in k.sched.tasks if each.pid == pid and each.state != "dead"), None)
    if task is None:
        return -EPERM if pid == 1 else -ESRCH
    if sig and task.state != "zombie":
        k.stage("signal", f"{k.current.ref} sends {task.ref} {signal_name(sig)}", signo=sig, pid=pid)
        send_signal(k, SigInfo(sig, SI_USER, pid=k.current.pid), task)
    return 0


@kernel_function
def sys_tgkill(k: Machine, sig: int) -> int:
    """What raise() uses: a signal for the task itself."""
    if not 0 <= sig <= LAST_SIGNAL:
        return -EINVAL
    if sig:
        send_signal(k, SigInfo(sig, SI_TKILL, pid=k.current.pid), k.current)
    return 0
