"""The fuzzer itself, and a small dose of it."""

from __future__ import annotations

from random import Random

import pytest

from tests.conformance.fuzz import KNOWN, Failure, fails, fuzz, shrink
from tests.conformance.programs import MAKERS, Program, generate


@pytest.mark.parametrize("seed", range(4))
def test_random_programs_run_the_same_way_twice_and_keep_every_invariant(seed: int) -> None:
    failures = fuzz(seed, 5, KNOWN)

    assert [(program.text(), failure) for program, failure in failures] == []


def test_the_same_seed_makes_the_same_program() -> None:
    assert generate(Random("3/1"), KNOWN) == generate(Random("3/1"), KNOWN)
    assert generate(Random("3/1"), KNOWN) != generate(Random("3/2"), KNOWN)


def test_a_failing_program_is_made_as_small_as_it_gets() -> None:
    program = Program(tuple(f"sum += {i};" for i in range(20)), "read_ahead_kb=16")

    small = shrink(program, lambda p: {"sum += 3;", "sum += 17;"} <= set(p.statements))

    assert small.statements == ("sum += 3;", "sum += 17;")
    assert small.machine == ""


def test_what_a_real_kernel_did_otherwise_is_a_failure() -> None:
    program = Program(("m[0] = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);",))

    failure = fails(
        program, lambda text: {"exit": {"status": 1}, "stdout": "0", "maps": [], "resident": {}, "events": []}
    )

    assert isinstance(failure, Failure)
    assert failure.kind == "differs"
    assert 'exit recorded {"status": 1} but found {"status": 0}' in failure.what


def test_a_program_that_does_not_compile_is_a_failure_of_the_generator() -> None:
    failure = fails(Program(("sum += nonsense();",)))

    assert failure is not None
    assert failure.kind == "refused"


@pytest.mark.parametrize("name", MAKERS)
def test_every_feature_makes_statements(name: str) -> None:
    program = generate(Random(f"feature {name}"), [name] * 40)

    assert len(program.statements) > 5
