"""The stage log: cuts, packing, and the seal."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.session.log import BLOCK, GROUP, Seal, StageLog


def stage(n: int, size: int = 0) -> dict:
    return {"n": n, "text": "x" * size}


def filled(count: int, sizes: list[int] | None = None) -> StageLog:
    log = StageLog()
    log.extend(stage(n, sizes[n % len(sizes)] if sizes else 0) for n in range(count))
    return log


def test_a_log_gives_back_every_stage():
    log = filled(3 * BLOCK + 5)

    assert len(log) == 3 * BLOCK + 5
    assert [s["n"] for s in log] == list(range(3 * BLOCK + 5))


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=8),
    st.integers(1, 5 * BLOCK),
    st.integers(0, 5 * BLOCK),
    st.integers(0, 5 * BLOCK),
    st.integers(1, 5_000),
)
def test_a_cut_holds_as_many_stages_as_fit_and_at_least_one(sizes, count, start, length, most):
    log = filled(count, sizes)
    start = min(start, count - 1)

    text, end = log.cut(start, start + length, most)

    stages = orjson.loads(b"[" + text + b"]")
    assert [s["n"] for s in stages] == list(range(start, end))
    assert end <= min(start + length, count)
    if length:
        assert end > start
        assert len(text) <= most or end == start + 1
        if end < min(start + length, count):
            assert len(text) + 1 + len(orjson.dumps(stage(end, sizes[end % len(sizes)]))) > most


@pytest.mark.parametrize("at", [0, 1, BLOCK * GROUP - 1, BLOCK * GROUP, BLOCK * GROUP + 7])
def test_packed_stages_read_as_before(at):
    count = BLOCK * GROUP * 2 + 10
    log = filled(count, [0, 40, 7])
    before = log.read(at, at + 300)
    size = log.nbytes

    while log.pack(count):
        pass

    assert log.read(at, at + 300) == before
    assert log.nbytes < size / 2


def test_nothing_is_packed_that_a_client_has_yet_to_read():
    log = filled(BLOCK * GROUP * 2)

    assert not log.pack(BLOCK * GROUP - 1)
    assert log.pack(BLOCK * GROUP)
    assert not log.pack(BLOCK * GROUP)


def test_a_log_grows_after_packing():
    log = filled(BLOCK * GROUP)
    log.pack(len(log))
    log.extend(stage(n) for n in range(BLOCK * GROUP, BLOCK * GROUP + 100))

    assert [s["n"] for s in log] == list(range(BLOCK * GROUP + 100))


def test_the_seal_covers_whole_blocks_only():
    assert filled(BLOCK).seal() == filled(BLOCK + 9).seal()
    assert filled(BLOCK).seal() != filled(2 * BLOCK).seal()


def test_a_log_notices_that_it_departs_from_an_earlier_one():
    seal = filled(2 * BLOCK).seal()
    same, other = StageLog(seal), StageLog(Seal(seal.stages, "something else"))
    for log in (same, other):
        log.extend(stage(n) for n in range(3 * BLOCK))

    assert not same.differs
    assert other.differs
