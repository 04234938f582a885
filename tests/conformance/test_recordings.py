"""The model does what a real Linux 5.10 on ARM did: every recording in lessons/recordings/, event by event."""

import json

import pytest

from webapp.kernel.machine import REGISTRY
from webapp.paths import lessons_dir
from webapp.session import Recipe, Run
from webapp.session.compare import differences
from webapp.session.digest import digest

RECORDINGS = lessons_dir() / "recordings"
PROGRAMS = {path.stem: path for path in sorted(RECORDINGS.rglob("*.c"))}
# Here the kernel itself faults, on the buffer of a read or write: the tree of such a fault is a part of the call's.
FAULTS_IN_CALLS = {"read_into_map", "write_from_map", "vector_io"}
TRACED_OTHERWISE = {
    "read_then_map",
    "write_sync",
    "context_mix",
}  # the traced run was slower, and its faults came out differently


def run(name: str) -> Run:
    return Run(Recipe(PROGRAMS[name].read_text(), f"{name}.c"))


def recorded(name: str) -> dict:
    return json.loads(PROGRAMS[name].with_suffix(".json").read_text())


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_model_does_what_the_kernel_did(name):
    assert "\n".join(differences(recorded(name), digest(run(name)))) == ""


@pytest.mark.parametrize("name", ["memcg_scan", "course_caches", "dirty_background", "fork_private", "truncate_mapped"])
def test_every_step_belongs_to_a_function_whose_source_is_shown(name):
    steps = [stage for stage in run(name) if stage["op"] == "step" and stage["ctx"] != "user"]

    assert {stage["fn"] for stage in steps} <= set(REGISTRY)


def test_every_program_has_its_recording():
    assert sorted(path.stem for path in RECORDINGS.rglob("*.json")) == sorted(PROGRAMS)


def test_every_recorded_fault_has_a_call_tree_for_some_outcome():
    """Outcomes that the tracer never met again may lack theirs. With handlers or several tasks it saw further faults
    (on stack and heap), which could not be told from those of the events: such recordings have no trees of faults.
    """
    bare = []
    for name in set(PROGRAMS) - FAULTS_IN_CALLS - TRACED_OTHERWISE:
        recording = recorded(name)
        without = not any("calls" in event.get("fault", {}) for event in recording["events"])
        if recording.get("varies") or without:  # the first: its events are not compared
            continue
        for number, event in enumerate(recording["events"]):
            outcomes = [event, *recording.get("alternatives", {}).get(str(number), [])]
            if "fault" in event and not any("calls" in outcome["fault"] for outcome in outcomes):
                bare.append((name, number))

    assert bare == []
