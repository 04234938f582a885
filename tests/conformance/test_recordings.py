"""The model does what a real Linux 5.10 on ARM did: every recording in lessons/recordings/, event by event."""

import json

import pytest

from tests.conformance.compare import differences
from webapp.paths import lessons_dir
from webapp.session import Recipe, Refused, Run
from webapp.session.digest import digest

RECORDINGS = lessons_dir() / "recordings"
NAMES = sorted(path.stem for path in RECORDINGS.glob("*.c"))
# What these programs need comes next; until then the model refuses them, naming it.
REFUSED = {
    "fork_share": "fork()",
    "memcg_scan": "memcg_pages",
    "pread_random": "pread()",
    "read_then_map": "read()",
}


def run(name: str) -> Run:
    return Run(Recipe((RECORDINGS / f"{name}.c").read_text(), f"{name}.c"))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_the_model_does_what_the_kernel_did(name):
    recording = json.loads((RECORDINGS / f"{name}.json").read_text())

    assert "\n".join(differences(recording, digest(run(name)))) == ""


@pytest.mark.parametrize(("name", "word"), REFUSED.items())
def test_a_program_that_needs_more_than_is_modelled_is_told_so(name, word):
    try:
        sentence = run(name).finish().why
    except Refused as refusal:
        sentence = "\n".join([refusal.what, *(mistake["message"] for mistake in refusal.errors)])

    assert word in sentence
    assert "not model" in sentence  # "is not modelled", "does not model"


def test_every_program_has_its_recording():
    assert sorted(path.stem for path in RECORDINGS.glob("*.json")) == NAMES


def test_nearly_every_recorded_fault_has_a_call_tree():
    """Outcomes that the tracer never met again may lack one; each fault has one for some outcome."""
    bare = []
    for name in set(NAMES) - set(REFUSED):
        recording = json.loads((RECORDINGS / f"{name}.json").read_text())
        for number, event in enumerate(recording["events"]):
            outcomes = [event, *recording.get("alternatives", {}).get(str(number), [])]
            if "fault" in event and not any("calls" in outcome["fault"] for outcome in outcomes):
                bare.append((name, number))

    assert bare == []
