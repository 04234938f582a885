"""A run in the forms of other tools."""

from __future__ import annotations

import csv
import io
import itertools

import orjson
import pytest

from webapp import paths
from webapp.session.digest import digest
from webapp.session.export import FORMS, Replay
from webapp.session.limits import Limits
from webapp.session.run import Recipe, Run


@pytest.fixture(scope="module")
def run() -> Run:
    program = (paths.lessons_dir() / "recordings/seq_read.c").read_text()
    return Run(Recipe(program, "seq_read.c")).finish()


def written(form: str, run) -> str:
    return "".join(FORMS[form].write(run))


def test_a_trace_names_its_process_and_threads_and_nests_its_slices(run):
    trace = orjson.loads(written("chrome", run))["traceEvents"]
    names = {(event["name"], event["tid"]): event["args"]["name"] for event in trace if event["ph"] == "M"}

    assert names["process_name", 0] == "seq_read.c on Pagewalk's Linux 5.10"
    assert {event["tid"] for event in trace if event["ph"] == "X"} <= {
        tid for name, tid in names if name == "thread_name"
    }
    by_thread = itertools.groupby(
        sorted((e for e in trace if e["ph"] == "X" and e["tid"] < 1000), key=lambda e: (e["tid"], e["ts"], -e["dur"])),
        key=lambda e: e["tid"],
    )
    for _, slices in by_thread:
        open_ends: list[float] = []
        for each in slices:
            while open_ends and open_ends[-1] <= each["ts"] + 1e-9:
                open_ends.pop()
            assert not open_ends or each["ts"] + each["dur"] <= open_ends[-1] + 1e-6, each
            open_ends.append(each["ts"] + each["dur"])


def test_every_request_has_a_slice_on_the_disk_and_an_arrow_to_it(run):
    trace = orjson.loads(written("chrome", run))["traceEvents"]

    slices = [event for event in trace if event["ph"] == "X" and event["cat"] == "io"]
    starts = {event["id"]: event for event in trace if event["ph"] == "s"}
    ends = {event["id"]: event for event in trace if event["ph"] == "f"}
    assert len(slices) == len(starts) == sum(stage.get("kind") == "submit-bio" for stage in run.stages())
    assert starts.keys() == ends.keys()
    assert all(starts[id]["ts"] <= ends[id]["ts"] for id in starts)


def test_the_tracers_text_has_its_columns_and_balances(run):
    lines = written("ftrace", run).splitlines()
    body = [line for line in lines if not line.startswith("#")]

    assert lines[0] == "# tracer: function_graph"
    assert sum(line.endswith("{") for line in body) == sum("} /*" in line for line in body)
    assert any("filemap_fault() {" in line for line in body)
    assert not any("do_read_fault" in line for line in body)  # inlined in the real kernel
    assert all(line.split("|")[1].strip().startswith("0)") for line in body)


def test_the_fault_table_has_a_row_for_each_fault(run):
    rows = list(csv.reader(io.StringIO(written("faults", run))))

    assert len(rows) == 1 + 7
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row[-1] for row in rows[1:]].count("major") == 3


def test_the_digest_is_the_digest(run):
    assert orjson.loads(written("digest", run)) == orjson.loads(orjson.dumps(digest(run)))


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_replay_holds_no_more_than_was_sent(form, run):
    replay = Replay(run.recipe, Limits(), 300)

    assert [stage["n"] for stage in replay] == list(range(300))
    assert written(form, Replay(run.recipe, Limits(), 300))
    assert list(Replay(run.recipe, Limits(), 0)) == []
