"""The comparison itself: it must see what differs, and nothing else."""

from copy import deepcopy
from typing import Any

import pytest

from webapp.session.compare import differences

FAULT: dict[str, Any] = {
    "task": 0, "mapping": 0, "page": 3, "abort": "data", "fsr": "0x17", "write": False, "attempts": 1,
    "results": ["NOPAGE"], "filemap_fault": 0, "major": False, "calls": ["do_DataAbort", "  do_page_fault"],
}  # fmt: skip
RECORDING: dict[str, Any] = {
    "exit": {"status": 0}, "stdout": "7", "maps": ["00001000-00002000 r--p 00000000 data.bin"],
    "resident": {"data.bin": [[0, 31]]}, "totals": {"faults": 1, "major": 0, "minor": 1},
    "events": [{"call": {"task": 0, "name": "munmap", "ret": 0}}, {"fault": FAULT}],
    "call_trees": [{"call": "munmap", "tree": ["__vm_munmap"]}],
}  # fmt: skip


@pytest.fixture
def digest() -> dict[str, Any]:
    return deepcopy(RECORDING)


def test_a_recording_equals_itself(digest):
    assert differences(RECORDING, digest) == []


@pytest.mark.parametrize("key", ["exit", "stdout", "maps", "resident", "call_trees"])
def test_each_part_is_compared(digest, key):
    digest[key] = "other" if key == "stdout" else []

    assert len(differences(RECORDING, digest)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("page", 4), ("fsr", "0x5"), ("results", ["RETRY", "NOPAGE"]), ("calls", ["do_DataAbort"]), ("signal", "SIGBUS")],
)
def test_each_field_of_a_fault_is_compared(digest, field, value):
    digest["events"][1]["fault"][field] = value

    assert [text for text in differences(RECORDING, digest) if field in text]


def test_absent_and_zero_are_the_same(digest):
    del digest["events"][1]["fault"]["filemap_fault"]

    assert differences(RECORDING, digest) == []


def test_missing_and_surplus_events_are_told(digest):
    fault = digest["events"].pop()
    assert "lacks 1 events" in differences(RECORDING, digest)[0]

    digest["events"] += [fault, fault]
    assert "has besides 1 events" in differences(RECORDING, digest)[0]


def test_an_alternative_is_right_with_its_own_call_tree_only(digest):
    other = FAULT | {"results": ["RETRY", "NOPAGE"], "calls": ["do_DataAbort", "  do_page_fault x2"]}
    recording = RECORDING | {"alternatives": {"1": [{"fault": other}]}}
    digest["events"][1] = {"fault": dict(other)}
    assert differences(recording, digest) == []

    digest["events"][1]["fault"]["calls"] = FAULT["calls"]
    assert len(differences(recording, digest)) == 1


def test_an_outcome_without_a_recorded_tree_accepts_any(digest):
    recording = deepcopy(RECORDING)
    del recording["events"][1]["fault"]["calls"], recording["call_trees"]

    assert differences(recording, digest) == []


def test_after_a_signal_the_address_space_is_not_compared(digest):
    recording = RECORDING | {"exit": {"signal": "SIGBUS"}}
    digest |= {"exit": {"signal": "SIGBUS"}, "maps": []}

    assert differences(recording, digest) == []


def test_of_a_varying_recording_only_whole_figures_count(digest):
    recording = RECORDING | {"varies": True, "ranges": {"faults": [90, 100], "cache": [5, 5]}}
    digest |= {"events": [], "totals": {"faults": 108}, "memcg_stat": {"cache": 7}}
    assert differences(recording, digest) == []

    digest["totals"] = {"faults": 111}
    assert differences(recording, digest) == ["faults recorded 90..100 but found 111"]
