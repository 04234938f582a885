"""The golden run: every stage of a small program, and the rows after some of them.

The browser reads the same files (tests/e2e/test_timeline.py), so both sides of the wire carry state over stages alike.
`pytest tests/session/test_golden.py --update-golden` writes them anew; read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from webapp.kernel.journal import Rows, apply, revert
from webapp.session.run import Recipe, Run

FOLDER = Path(__file__).parent.parent / "golden"
PROGRAM = FOLDER / "short_read.c"
STAGES = FOLDER / "short_read.jsonl"
ROWS = FOLDER / "short_read.rows.json"
SELECTED = (100, 255, 256, 400, 512)  # rows are kept after these, some at the browser's keyframes, and after the last

Stage = dict[str, Any]


def line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def model_stages() -> list[Stage]:
    """What the model does now, as it goes over the wire."""
    return Run(Recipe(PROGRAM.read_text(), PROGRAM.name)).finish().stages()


def golden_stages() -> list[Stage]:
    return [json.loads(text) for text in STAGES.read_text().splitlines()]


def rows_after(stages: list[Stage], wanted: set[int]) -> dict[str, Rows]:
    """The rows after each wanted stage, by carrying the changes forwards."""
    rows: Rows = {}
    kept: dict[str, Rows] = {}
    for n, stage in enumerate(stages):
        apply(rows, stage.get("changes", ()))
        if n in wanted:
            kept[str(n)] = json.loads(json.dumps(rows))
    return kept


@pytest.fixture(scope="module", autouse=True)
def up_to_date(update_golden: bool) -> None:
    """With --update-golden: write the files from what the model does now."""
    if update_golden:
        stages = model_stages()
        rows = rows_after(stages, {*SELECTED, len(stages) - 1})
        replace(STAGES, "".join(f"{line(stage)}\n" for stage in stages))
        replace(ROWS, "{\n" + ",\n".join(f'"{n}":{line(rows[n])}' for n in rows) + "\n}\n")


def replace(path: Path, text: str) -> None:
    """Write a file at once: tests that run beside this one read it, too."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)


def test_the_model_still_does_what_the_golden_run_did() -> None:
    stages = model_stages()
    for now, then in zip(stages, golden_stages(), strict=False):
        assert now == then
    assert len(stages) == len(golden_stages())


def test_the_golden_run_shows_what_matters() -> None:
    kinds = {stage.get("kind") for stage in golden_stages()}

    assert {"ra-window", "submit-bio", "wait", "io-done", "retry", "set-pte", "clear-pte", "exit"} <= kinds
    assert len(golden_stages()) > 512  # more than two keyframes of the browser


def test_the_golden_rows_follow_from_the_golden_stages() -> None:
    expected = json.loads(ROWS.read_text())

    assert rows_after(golden_stages(), {int(n) for n in expected}) == expected


def test_the_golden_rows_are_reached_backwards_too() -> None:
    stages = golden_stages()
    expected = json.loads(ROWS.read_text())
    rows = json.loads(json.dumps(expected[str(len(stages) - 1)]))
    for n in range(len(stages) - 1, -1, -1):
        if str(n) in expected:
            assert rows == expected[str(n)], f"after stage {n}"
        revert(rows, stages[n].get("changes", []))

    assert rows == {}


def test_the_golden_files_stay_small() -> None:
    assert STAGES.stat().st_size + ROWS.stat().st_size <= 300_000
