"""The readahead algorithm against windows that were read off a real kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.kernel.conftest import Bench
from webapp.kernel.fs.open import sys_open
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.fs import ReadaheadControl
from webapp.kernel.include.linux.page_flags import PG_readahead
from webapp.kernel.mm.readahead import (
    force_page_cache_ra,
    get_init_ra_size,
    page_cache_async_ra,
    page_cache_sync_ra,
)


@dataclass
class Reader:
    """read(2) as far as readahead sees it: which pages it asks for, one request after another."""

    bench: Bench
    windows: list[tuple[int, int, int]] = field(default_factory=list)

    async def read(self, first: int, count: int) -> None:
        k = self.bench.k
        file = k.current._files[3]
        for index in range(first, first + count):
            left = first + count - index
            page = file.inode.mapping._pages.get(index)
            ractl = ReadaheadControl(file, file.inode.mapping, file.f_ra, index)
            if page is None:
                await page_cache_sync_ra(k, ractl, left)
            elif page.flags & PG_readahead:
                await page_cache_async_ra(k, ractl, page, left)
            file.f_ra.prev_pos = index << 12


def windows(
    bench: Callable[..., Bench], requests: list[tuple[int, int]], **settings: Any
) -> list[tuple[int, int, int]]:
    """The (start, nr, lookahead) of every window that these (first page, pages) requests cause."""
    b = bench({"data.bin": 1024}, **settings)

    async def program(cpu: Cpu) -> None:
        await sys_open(b.k, "data.bin", 0)
        reader = Reader(b)
        for first, count in requests:
            await reader.read(first, count)

    b.run(program)
    return [
        (s["args"]["ractl"]["index"], s["args"]["nr_to_read"], s["args"]["lookahead_size"])
        for s in b.calls("do_page_cache_ra")
    ]


def test_small_sequential_reads_ramp_the_window_up(bench: Callable[..., Bench]) -> None:
    found = windows(bench, [(page, 1) for page in range(61)])

    assert found[:5] == [(0, 4, 3), (4, 8, 8), (12, 16, 16), (28, 32, 32), (60, 32, 32)]


def test_large_reads_may_exceed_the_window(bench: Callable[..., Bench]) -> None:
    found = windows(bench, [(0, 64), (64, 64), (128, 64)])

    assert found[:5] == [(0, 64, 32), (64, 32, 32), (96, 64, 64), (160, 32, 32), (192, 32, 32)]


def test_random_reads_read_what_was_asked_for(bench: Callable[..., Bench]) -> None:
    assert windows(bench, [(500, 1), (100, 1), (101, 1), (102, 1)]) == [
        (500, 1, 0),
        (100, 1, 0),
        (101, 4, 3),
        (105, 8, 8),
    ]


def test_two_interleaved_streams_are_found_by_context(bench: Callable[..., Bench]) -> None:
    requests = [(page + stream, 1) for page in range(6) for stream in (200, 600)]

    assert windows(bench, requests) == [
        (200, 1, 0), (600, 1, 0), (201, 1, 0), (601, 1, 0), (202, 3, 1), (602, 3, 1),
        (205, 4, 4), (605, 4, 4), (209, 10, 10), (609, 10, 10),
    ]  # fmt: skip


def test_forced_readahead_takes_at_most_what_the_device_takes(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 1024})

    async def program(cpu: Cpu) -> None:
        await sys_open(b.k, "data.bin", 0)
        file = b.k.current._files[3]
        await force_page_cache_ra(b.k, ReadaheadControl(file, file.inode.mapping, file.f_ra, 0), 512)

    b.run(program)

    assert sorted(b.k.fs.inodes["data.bin"].mapping._pages) == list(range(320))


@pytest.mark.parametrize(
    ("request_size", "maximum", "window"),
    [(1, 32, 4), (2, 32, 4), (3, 32, 8), (4, 32, 8), (5, 32, 16), (8, 32, 16), (9, 32, 32), (2, 64, 8), (16, 64, 32)],
)
def test_the_first_window_grows_with_the_request(request_size: int, maximum: int, window: int) -> None:
    assert get_init_ra_size(request_size, maximum) == window
