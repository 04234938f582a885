"""Runs of real programs on the real model."""

from __future__ import annotations

import pytest

from tests.session.conftest import Outbox, until
from tests.session.test_registry import follow, numbers, opened, resumed
from webapp.kernel.journal import apply
from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.registry import Registry
from webapp.session.run import Recipe, Run

READ = """// Read some pages.
// files: data.bin=24
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 24 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 24; i++)
		sum += p[i * 4096];
	printf("%d\\n", sum);
	return 7;
}
"""
LOOP = "int main(void)\n{\n\tfor (;;)\n\t\t;\n}\n"


@pytest.fixture(scope="module")
def run() -> Run:
    """A run that has been made once for all tests that only look."""
    return Run(Recipe(READ, "read.c")).finish()


def test_a_program_runs_to_its_end(run):
    assert (run.done, run.why, run.limited) == (True, "exit status 7", False)
    assert run.files == {"data.bin": 24 * 4096}
    assert run.machine["read_ahead_kb"] == 128
    assert run.stages(0, 1)[0]["kind"] == "boot"
    assert [stage["n"] for stage in run] == list(range(len(run.log)))


def test_the_same_recipe_makes_the_same_stages_however_it_is_sliced(run):
    other = Run(Recipe(READ, "read.c"))
    while not other.advance(seconds=0.0):
        pass

    assert other.log.seal() == run.log.seal()
    assert other.stages() == run.stages()


def test_rows_at_equals_replay(run):
    rows: dict = {}
    for stage in run:
        if stage["n"] % 97 == 0:
            assert run.rows_at(stage["n"]) == rows
        apply(rows, stage.get("changes", ()))

    assert run.rows == rows


def test_settings_of_the_client_override_those_of_the_program():
    program = "// machine: read_ahead_kb=64 tlb_entries=8\n" + READ

    assert Run(Recipe(program)).machine["read_ahead_kb"] == 64
    machine = Run(Recipe(program, "prog.c", {"read_ahead_kb": 32})).machine
    assert (machine["read_ahead_kb"], machine["tlb_entries"]) == (32, 8)


@pytest.mark.parametrize(
    ("machine", "sentence"),
    [
        ({"read_ahead_kb": -1}, "read_ahead_kb=-1"),
        ({"fault_around_bytes": 5000}, "5000"),
        ({"speed": 1}, "no machine setting 'speed'"),
        ({"tlb_entries": 8.5}, "tlb_entries=8.5 is not a whole number"),
        ({"read_ahead_kb": 10**30}, "read_ahead_kb"),
    ],
)
def test_a_machine_that_cannot_be_is_refused_with_a_sentence(machine, sentence):
    with pytest.raises(Refused) as caught:
        Run(Recipe(READ, "prog.c", machine))

    assert sentence in caught.value.what


def test_every_mistake_of_a_program_comes_with_its_place():
    with pytest.raises(Refused) as caught:
        Run(Recipe("int main(void)\n{\n\tint a = b;\n\treturn c;\n}\n"))

    errors = caught.value.errors
    assert [(error["line"], error["source"]) for error in errors] == [(3, "\tint a = b;"), (4, "\treturn c;")]
    assert all(error["caret"].endswith("^") and error["message"] for error in errors)


def test_files_beyond_what_the_server_holds_are_refused():
    with pytest.raises(Refused, match="98,304 bytes together; this server takes 4,096"):
        Run(Recipe(READ), Limits(file_bytes=4096))


def test_a_run_that_records_too_much_is_stopped_and_what_it_did_stays():
    run = Run(Recipe(READ), Limits(stages_per_run=100)).finish()

    assert (len(run.log), run.limited) == (100, True)
    assert "100 stages" in run.why


def test_a_run_that_goes_on_for_ever_is_stopped():
    run = Run(Recipe(LOOP), Limits(statements_per_run=5_000)).finish()

    assert run.limited
    assert "5,000" in run.why


def test_a_slice_of_an_endless_loop_ends():
    run = Run(Recipe(LOOP))

    assert not run.advance(seconds=0.002)
    assert not run.done


def test_an_evicted_run_is_rebuilt_and_goes_on_with_the_same_stages(run):
    outbox = Outbox()
    registry = Registry(Limits(idle_seconds=0.05, batch_stages=50, batches_in_flight=2), outbox)
    id = opened(registry, READ)
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    held = numbers(outbox, "s", id)
    registry.leave("s")
    until(lambda: not registry.shelf.loaded)

    registry.join("t")
    hello = resumed(registry, "t", id, len(held))
    follow(registry, outbox, "t", id)
    registry.runner.stop()

    assert hello["files"] == {"data.bin": 24 * 4096}
    assert held + numbers(outbox, "t", id) == list(range(len(run.log)))
    assert outbox.of("t", "ended")[0]["why"] == "exit status 7"
