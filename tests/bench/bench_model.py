"""What the model costs: a recorded stage, a load that hits the TLB, the memory that a stage is kept in."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

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


def main() -> None:
    """Print the figures."""
    _, run = timed(SCAN)
    print(
        f"  recorded stage      {median_of(5, stage_us):8.2f} us   (aim 5), {len(run.log):,} stages a scan of 512 pages"
    )
    print(f"  TLB-hit load in C   {median_of(5, hit_us):8.2f} us   (aim 2), loop included")
    print(f"  kept stage          {run.log.nbytes / len(run.log):8.1f} bytes")
