"""Kernel threads, timers and wait queues: who sleeps, who is woken, and when a run is over."""

from __future__ import annotations

from collections.abc import Callable

from tests.kernel.conftest import Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.jiffies import TICK_NS, jiffies
from webapp.kernel.include.linux.wait import WaitQueueHead
from webapp.kernel.kthread import kthread_run
from webapp.kernel.machine import Machine
from webapp.kernel.sched.wait import finish_wait, prepare_to_wait, wake_up
from webapp.kernel.time.timer import schedule_timeout


async def sleep_for(k: Machine, queue: WaitQueueHead, ticks: int) -> int:
    prepare_to_wait(k, queue)
    left = await schedule_timeout(k, ticks)
    finish_wait(k, queue)
    return left


def test_a_thread_with_a_timer_runs_again_and_again_until_the_program_ends(bench: Callable[..., Bench]) -> None:
    b, ran = bench(), []

    async def clock() -> None:
        while True:
            await sleep_for(b.k, WaitQueueHead("clock"), 5)
            ran.append(jiffies(b.k))

    kthread_run(b.k, clock, "clock", 9)

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("clock_nanosleep", 0, 20 * TICK_NS)

    b.run(program)

    assert ran == [6, 12, 18]  # a timer never comes early
    assert b.k.place.exit == "status 0"


def test_waking_a_sleeper_early_leaves_it_the_ticks_that_were_left(bench: Callable[..., Bench]) -> None:
    b, left, queue = bench(), [], WaitQueueHead("work")

    async def worker() -> None:
        left.append(await sleep_for(b.k, queue, 100))

    kthread_run(b.k, worker, "worker", 9)

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("clock_nanosleep", 0, 40 * TICK_NS)
        wake_up(b.k, queue)
        await cpu.syscall("clock_nanosleep", 0, 1000)

    b.run(program)

    assert left == [60]
    assert queue.head == []


def test_the_timer_of_a_sleeper_that_was_woken_is_called_off(bench: Callable[..., Bench]) -> None:
    b, queue = bench(), WaitQueueHead("work")

    async def worker() -> None:
        await sleep_for(b.k, queue, 100)

    kthread_run(b.k, worker, "worker", 9)

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("clock_nanosleep", 0, 1000)
        wake_up(b.k, queue)
        await cpu.syscall("clock_nanosleep", 0, 1000)

    b.run(program)

    assert b.k._events == []


def test_the_stages_of_kernel_threads_have_numbers_below_zero_and_programs_keep_theirs(
    bench: Callable[..., Bench],
) -> None:
    b, queue = bench(), WaitQueueHead("work")

    async def worker() -> None:
        while True:
            await sleep_for(b.k, queue, 1)

    kthread_run(b.k, worker, "worker", 9)

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("clock_nanosleep", 0, 5 * TICK_NS)

    b.run(program)

    assert {s["task"] for s in b.calls("schedule_timeout")} == {-2}
    assert {s["task"] for s in b.stages if s["ctx"] == "user"} == {1}
    assert {"task/1", "kthread/1", "kthread/2"} <= set(b.rows())
