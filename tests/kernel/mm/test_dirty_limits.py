"""The arithmetic of dirty limits, against figures of a real kernel and against what it is meant to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.conftest import Bench
from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
from webapp.kernel.journal import Journal
from webapp.kernel.mm.balance_dirty_pages import dirty_poll_interval, wb_max_pause, wb_min_pause
from webapp.kernel.mm.dirty_bandwidth import wb_update_write_bandwidth
from webapp.kernel.mm.dirty_limits import DirtyThrottleControl, dirty_limits, pos_ratio_polynom, wb_position_ratio
from webapp.kernel.time.timer import calc_wheel_index

ONE = 1024


@pytest.fixture
def wb() -> BdiWriteback:
    return BdiWriteback(Journal())


@pytest.mark.parametrize(
    ("settings", "limits"),
    [
        ({}, (19838, 9906)),  # as /proc/vmstat of the recorded machine has them, with 99,215 pages to be dirtied
        ({"dirty_bytes": 262144, "dirty_background_bytes": 131072}, (64, 32)),
        ({"dirty_ratio": 5, "dirty_background_ratio": 10}, (4941, 2470)),  # the lower one is at most half
    ],
)
def test_limits(settings: dict[str, Any], limits: tuple[int, int]) -> None:
    assert dirty_limits(Bench(**settings).k, 99215) == limits


def test_the_ratio_is_two_at_freerun_one_at_the_setpoint_and_nothing_at_the_limit() -> None:
    ratios = [pos_ratio_polynom(1500, dirty, 2000) for dirty in (1000, 1250, 1500, 1750, 2000)]

    assert ratios[0] == pytest.approx(2 * ONE, abs=12)
    assert ratios[2] == ONE
    assert ratios[4] == pytest.approx(0, abs=12)
    assert ratios == sorted(ratios, reverse=True)


def test_at_the_limit_the_rate_is_nothing(wb: BdiWriteback) -> None:
    b = Bench()
    dtc = DirtyThrottleControl(dirty=64, thresh=64, bg_thresh=32, wb_dirty=64, wb_thresh=64)

    wb_position_ratio(b.k, wb, dtc)

    assert dtc.pos_ratio == 0


@pytest.mark.parametrize(
    ("dirty", "thresh", "pages"), [(0, 64, 8), (35, 64, 4), (63, 64, 1), (64, 64, 1), (0, 19838, 128)]
)
def test_the_next_look_comes_after_about_the_square_root_of_what_is_left(dirty: int, thresh: int, pages: int) -> None:
    assert dirty_poll_interval(dirty, thresh) == pages


def test_pauses_are_between_ten_and_two_hundred_milliseconds_on_a_fast_disk(wb: BdiWriteback) -> None:
    longest = wb_max_pause(wb, wb_dirty=100_000)
    shortest, pages = wb_min_pause(wb, longest, wb.dirty_ratelimit)

    assert longest == 50
    assert shortest == 2
    assert pages == 200


def test_the_measured_bandwidth_follows_what_was_written(wb: BdiWriteback) -> None:
    b = Bench()
    for written in range(0, 50 * 1000, 1000):
        wb_update_write_bandwidth(b.k, wb, 50, written)
        wb._written_stamp = written

    assert 5000 < wb.write_bandwidth < 10_000  # from the 25,600 that are assumed to the 5000 pages a second seen


@pytest.mark.parametrize(("delta", "late"), [(1, 1), (62, 1), (63, 1), (500, 4), (1250, 30)])
def test_a_timer_is_never_early_and_the_later_the_less_exact(delta: int, late: int) -> None:
    assert 0 < calc_wheel_index(delta, 0) - delta <= max(late, delta // 8 + 1)


def test_the_flusher_comes_every_1280_ticks() -> None:
    assert calc_wheel_index(1280 + 1250, 1280) == 2560
