"""Reading /proc and /sys at any stage of a run: what would ``cat`` have shown there and then?

    cat(run, "/proc/self/smaps", 120)     the text after stage 120
    PATHS                                 the files there are, each with a sentence about it

Nothing was written down at the time. The text is made from the state at that stage, by the functions that serve
the program's own reads (`webapp/kernel/fs/proc`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.errors import PagewalkError
from webapp.kernel.fs.proc.root import find, paths

if TYPE_CHECKING:
    from webapp.kernel.journal import Rows
    from webapp.session.run import Run

PATHS = paths()
CHUNK = 1024  # stages


class CatError(PagewalkError):
    """There is no such file, or no such stage; the text is a sentence."""


def cat(run: Run, path: str, stage: int | None = None) -> str:
    """The content of a file after a stage of the run; without one, as the program ends.

    ``self`` is the program that runs. Raises `CatError`.
    """
    count = len(run.log)
    at = last_moment(run) if stage is None else stage
    if not 0 <= at < count:
        raise CatError(f"There is no stage {at}; the run has stages 0 to {count - 1}.")
    return show(run.rows_at(at + 1), path)


def show(rows: Rows, path: str) -> str:
    """The content of a file in this state, for the program that runs. Raises `CatError`."""
    found = find(rows, path, running_task(rows))
    if found is None:
        raise CatError(f"{path} is not a file that can be read here. There are: {', '.join(PATHS)}.")
    file, task = found
    return file.show(rows, task)


def last_moment(run: Run) -> int:
    """The last stage of the first program before it ends and gives its memory back; the last of all if it does not."""
    count = len(run.log)
    for start in range((count - 1) // CHUNK * CHUNK, -1, -CHUNK):
        for stage in reversed(run.stages(start, min(start + CHUNK, count))):
            if stage.get("kind") == "exit" and stage["task"] == 1:
                return max(int(stage["n"]) - 1, 0)
    return count - 1


def running_task(rows: Rows) -> str:
    """The program that runs; the first one while all of them sleep."""
    running = (ref for ref, row in rows.items() if ref.startswith("task/") and row["state"] == "running")
    return next(running, "task/1")
