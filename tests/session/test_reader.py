"""Going back and forth in a log, and reading files on the way."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.session import Recipe, Run, reader
from webapp.session.reader import Reader
from webapp.session.trace import HEADER, trace_at

PROGRAM = """
// files: data.bin=8
#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	char *p = mmap(0, 8 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	return p[0];
}
"""


@cache
def run() -> Run:
    return Run(Recipe(PROGRAM)).finish()


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_a_reader_finds_the_same_rows_on_every_way(ways):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "CHUNK", 50)
        reading = Reader(run().log)
        for way in ways:
            stage = round(way * (len(run().log) - 1))

            assert reading.rows_after(stage) == run().rows_at(stage + 1)


def test_the_trace_of_a_stage_begins_where_the_program_last_ran():
    stages = run().stages()
    submit = next(s["n"] for s in stages if s.get("kind") == "submit-bio")
    load = max(s["n"] for s in stages[:submit] if s["ctx"] == "user")

    lines = trace_at(run().log, submit).splitlines()

    assert lines[0] == HEADER
    assert stages[load]["text"] in lines[1]
    assert "submit_bio() {" in lines[-2]
    assert "submit-bio" in lines[-1]
