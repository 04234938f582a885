"""Counters that are read with an error."""

from webapp.kernel.lib.percpu_counter import PercpuCounter


def test_a_counter_shows_nothing_before_the_batch_is_full_but_the_sum_is_exact() -> None:
    counter = PercpuCounter(8)
    for _ in range(7):
        counter.add(1)
    assert (counter.read_positive(), counter.sum()) == (0, 7)

    counter.add(1)

    assert (counter.read_positive(), counter.sum()) == (8, 8)


def test_a_count_below_zero_is_read_as_zero() -> None:
    counter = PercpuCounter(2)
    counter.add(-2)

    assert (counter.read_positive(), counter.sum()) == (0, -2)
