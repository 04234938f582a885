"""What the model costs: a recorded stage, a load that hits the TLB, the memory that a stage is kept in."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

from webapp.kernel.boot import boot, start
from webapp.kernel.machine import Machine, MachineSettings
from webapp.program import Limits as ProgramLimits
from webapp.program import compile_program
from webapp.session.run import Recipe, Run

SCAN = """// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 512 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 512; i++)
		sum += p[i * 4096];
	munmap((void *)p, 512 * 4096);
	return 0;
}
"""
HITS = """// files: data.bin=1
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	for (int i = 0; i < 200000; i++)
		sum += p[i & 4095];
	return 0;
}
"""


def timed(program: str) -> tuple[float, Run]:
    """Seconds of CPU time that a whole run takes, and the run."""
    run = Run(Recipe(program))
    start = process_time()
    run.finish()
    return process_time() - start, run


def median_of(times: int, measure: Callable[[], float]) -> float:
    """The median of some measurements."""
    return median(measure() for _ in range(times))


def stage_us() -> float:
    """Microseconds for each recorded and encoded stage of a sequential scan."""
    seconds, run = timed(SCAN)
    return seconds / len(run.log) * 1e6


def hit_us() -> float:
    """Microseconds for one round of a loop with one load that hits the TLB."""
    return timed(HITS)[0] / 200_000 * 1e6


STREAM = """// files: data.bin=16384
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	volatile char *p = mmap(NULL, 16384 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	for (int i = 0; i < 16384; i++)
		sum += p[i * 4096];
	return 0;
}
"""
SINGLE = STREAM.replace(
    "	int sum = 0;", "	int sum = 0;\n	madvise((void *)p, 16384 * 4096, MADV_RANDOM);"
).replace("i < 16384", "i < 2048")


def unrecorded(program: str, **settings: int) -> tuple[float, Machine]:
    """Seconds of CPU time that a run takes with recording off, and the machine afterwards."""
    compiled = compile_program(program, "bench.c", ProgramLimits())
    machine = boot(MachineSettings(**settings), compiled.scene.files)
    machine.journal.recording = False
    process = compiled.load()
    start(machine, process.image, process.main)
    began = process_time()
    while not machine.sched.run_slice():
        pass
    return process_time() - began, machine


def print_unrecorded() -> None:
    """Print what the model does with recording off: faults, a long stream, the same with too little memory."""
    seconds, machine = unrecorded(SINGLE)
    print(f"  faults, unrecorded  {machine.fault.n / seconds:8,.0f} a second, each with a read of one page")
    seconds, _ = unrecorded(STREAM)
    print(f"  64 MiB stream       {seconds:8.2f} s    recording off, memory enough")
    seconds, machine = unrecorded(STREAM, memory_mib=64)
    print(f"  64 MiB in 64 MiB    {seconds:8.2f} s    recording off, {machine.vmstat.pgsteal_file:,} pages reclaimed")


def main() -> None:
    """Print the figures."""
    _, run = timed(SCAN)
    print(
        f"  recorded stage      {median_of(5, stage_us):8.2f} us   (aim 5), {len(run.log):,} stages a scan of 512 pages"
    )
    print(f"  TLB-hit load in C   {median_of(5, hit_us):8.2f} us   (aim 2), loop included")
    per_stage = run.log.nbytes / len(run.log)
    print(f"  kept stage          {per_stage:8.1f} bytes, {per_stage * 1e6 / 2**20:,.0f} MiB a million")
    print_unrecorded()
