"""A differential fuzzer: random programs, run on the model and, if there is one to ask, on a real kernel.

    python -m tests.conformance.fuzz --seed 1 --count 50
    python -m tests.conformance.fuzz --seed 1 --count 5 --oracle 'record.py {prog}' --features read,pread

Each program runs twice on the model. It must compile, do the same both times, leave a machine on which every invariant
holds, and stages that lead back to every earlier state. With ``--oracle``, a command that prints the digest of a
program on a real kernel, the two digests must be equal as `compare.differences` has it. A program that fails is made
as small as it gets, and printed with what is wrong. ``--features`` limits the calls it may use; unless it is given,
it is all that the playground's C knows.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import orjson

from tests.conformance.programs import MAKERS, Program, generate
from tests.kernel.invariants import check, check_rows
from webapp.kernel.errors import ModelBug
from webapp.kernel.journal import Rows, apply, revert
from webapp.program.library import LIBRARY
from webapp.session import Recipe, Refused, Run
from webapp.session.compare import differences
from webapp.session.digest import digest
from webapp.session.engine import Model

Oracle = Callable[[str], dict[str, Any]]
ORACLE_SECONDS = 300
KNOWN = [name for name in MAKERS if name in LIBRARY and name not in ("mmap", "load", "store", "sweep", "wrong")]


@dataclass(frozen=True)
class Failure:
    """What is wrong with a program's run: ``kind`` is what must stay the same while the program shrinks."""

    kind: str
    what: str


def fails(program: Program, oracle: Oracle | None = None) -> Failure | None:
    """Run a program in every way; the first thing that is wrong, if any."""
    text = program.text()
    try:
        run = Run(Recipe(text, "fuzz.c"))
        assert isinstance(run.engine, Model)
        machine = run.engine._machine
        run.finish()
    except Refused as refusal:
        return Failure("refused", "\n".join([refusal.what, *(str(mistake["message"]) for mistake in refusal.errors)]))
    except (ModelBug, AssertionError, KeyError, AttributeError, TypeError, IndexError, ValueError) as error:
        return Failure(f"{type(error).__name__}", repr(error))
    if run.limited or "not modelled" in run.why:
        return None  # the model has said that it stops here
    return (
        broken(machine, run) or varying(text, run) or irreversible(run) or (differing(text, oracle) if oracle else None)
    )


def broken(machine: Any, run: Run) -> Failure | None:
    """An invariant that does not hold when the program has ended."""
    try:
        check(machine)
        check_rows(machine, run.rows)
    except AssertionError as error:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else "?"
        return Failure(f"invariant {where}", str(error) or where)
    return None


def varying(text: str, run: Run) -> Failure | None:
    """A second run that is not like the first."""
    again = Run(Recipe(text, "fuzz.c")).finish()
    return None if seal(run) == seal(again) else Failure("varies", "two runs of the program have different stages")


def seal(run: Run) -> str:
    """A hash of all stages."""
    return sha256(b"\n".join(orjson.dumps(stage) for stage in run.stages())).hexdigest()


def irreversible(run: Run) -> Failure | None:
    """Stages that do not lead back from the end to the middle and to the start."""
    stages = run.stages()
    rows: Rows = {}
    middle = len(stages) // 2
    for stage in stages:
        if stage["n"] == middle:
            kept = orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)
        apply(rows, stage.get("changes", ()))
    for stage in reversed(stages):
        revert(rows, stage.get("changes", []))
        if stage["n"] == middle and orjson.dumps(rows, option=orjson.OPT_SORT_KEYS) != kept:
            return Failure("irreversible", f"going back to stage {middle} gives another state")
    return Failure("irreversible", "going back to the start leaves something") if rows else None


def differing(text: str, oracle: Oracle) -> Failure | None:
    """What a real kernel did otherwise."""
    found = differences(oracle(text), digest(Run(Recipe(text, "fuzz.c"))))
    return Failure("differs", "\n".join(found)) if found else None


def shrink(program: Program, still: Callable[[Program], bool]) -> Program:
    """Leave out statements, many at a time at first, as long as the rest still fails."""
    size = len(program.statements) // 2
    while size:
        at = 0
        while at < len(program.statements):
            kept = [i for i in range(len(program.statements)) if not at <= i < at + size]
            smaller = program.only(kept)
            if kept and still(smaller):
                program = smaller
            else:
                at += size
        size //= 2
    return replace(program, machine="") if program.machine and still(replace(program, machine="")) else program


def fails_alike(kind: str, oracle: Oracle | None, program: Program) -> bool:
    """Whether a program fails in this way."""
    failure = fails(program, oracle)
    return failure is not None and failure.kind == kind


def from_command(command: str) -> Oracle:
    """Ask a command; ``{prog}`` in it becomes the path of the program."""

    def ask(text: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fuzz.c")
            path.write_text(text)
            words = [word.format(prog=path) for word in shlex.split(command)]
            done = subprocess.run(words, stdout=subprocess.PIPE, check=True, timeout=ORACLE_SECONDS)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return ask


def fuzz(seed: int, count: int, features: Sequence[str], oracle: Oracle | None = None) -> list[tuple[Program, Failure]]:
    """Try ``count`` programs; those that fail, made small, with what is wrong."""
    failures = []
    for number in range(count):
        program = replace(generate(Random(f"{seed}/{number}"), features), seed=f"{seed}/{number}")
        failure = fails(program, oracle)
        if failure is not None:
            small = shrink(program, partial(fails_alike, failure.kind, oracle))
            failures.append((small, fails(small, oracle) or failure))
    return failures


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--oracle", help="a command that prints a real kernel's digest of {prog}")
    parser.add_argument("--features", help=f"calls to use, of {','.join(KNOWN)}")
    options = parser.parse_args()
    features = options.features.split(",") if options.features is not None else KNOWN
    if unknown := [name for name in features if name and name not in MAKERS]:
        parser.error(f"there is no feature {unknown[0]!r}; features are {', '.join(MAKERS)}")
    oracle = from_command(options.oracle) if options.oracle else None
    failures = fuzz(options.seed, options.count, [name for name in features if name], oracle)
    for program, failure in failures:
        print(f"{failure.kind}: {failure.what}\n{program.text()}")
    print(f"{options.count} programs, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
