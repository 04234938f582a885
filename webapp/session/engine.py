"""The seam between a session and the model: the only module here that knows how the two are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from webapp.kernel.boot import boot, start
from webapp.kernel.errors import NotModelled, RunLimit, SettingsError
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.machine import MachineSettings
from webapp.program import Limits as ProgramLimits
from webapp.program import Program, ProgramError, compile_program
from webapp.program.scene import MACHINE_KEYS, SHORT_FORMS
from webapp.session.limits import Limits
from webapp.session.messages import Refused

if TYPE_CHECKING:
    from webapp.session.run import Recipe

Sink = Callable[[Iterable[dict[str, Any]]], None]


class Engine:
    """A machine with a program on it, driven in slices; ``why`` is how it ended, ``limited`` whether a limit ended it."""

    def __init__(self, program: Program, settings: MachineSettings, limits: Limits, sink: Sink) -> None:
        self.settings: dict[str, int | float] = asdict(settings)
        self.files = program.scene.files
        self.why = ""
        self.limited = False
        process = program.load()
        self.k = k = boot(settings, self.files, limits.stages_per_run, limits.statements_per_run)
        k.journal.sink = lambda stages: sink([stage.as_dict() for stage in stages])

        async def main(cpu: Cpu) -> int:
            try:
                return await process.main(cpu)
            finally:
                k.stdout.note("flushed", None, len(process.stdout))

        start(k, process.image, main)

    def slice(self) -> bool:
        """Execute a little, hand its stages to the sink, and tell whether the run has ended."""
        try:
            if not self.k.sched.run_slice():
                return False
            self.why = self.k.place.exit or ""
            if self.why.startswith("status "):
                self.why = f"exit {self.why}"
        except (NotModelled, RunLimit) as end:
            self.why, self.limited = str(end), isinstance(end, RunLimit)
        self.k.journal.flush()
        return True


def build(recipe: Recipe, limits: Limits, sink: Sink) -> Engine:
    """Compile the recipe's program and boot a machine for it; stages go to ``sink``. Raises `Refused`."""
    try:
        program = compile_program(recipe.program, recipe.name, program_limits(limits))
        if sum(program.scene.files.values()) > limits.file_bytes:
            raise Refused(f"The files of the program are larger than {limits.file_bytes >> 20} MiB together.")
        return Engine(program, machine_settings(program, recipe.machine), limits, sink)
    except ProgramError as error:
        places = [
            {"line": m.line, "column": m.column, "message": m.message, "source": m.source, "caret": m.caret}
            for m in error.mistakes
        ]
        count = len(places)
        raise Refused(f"{recipe.name} has {count} mistake{'s' if count > 1 else ''}.", places) from None
    except SettingsError as error:
        raise Refused(str(error)) from None


def program_limits(limits: Limits) -> ProgramLimits:
    """What the server's limits mean for one program."""
    return ProgramLimits(
        source_bytes=limits.source_bytes,
        data_bytes=min(limits.memory_bytes, ProgramLimits().data_bytes),
        stack_depth=limits.call_depth,
        output_chars=limits.output_bytes,
    )


def machine_settings(program: Program, overrides: dict[str, int | float]) -> MachineSettings:
    """The program's own settings, then those that override them."""
    settings: dict[str, Any] = dict(program.scene.machine)
    for name, value in overrides.items():
        key = SHORT_FORMS.get(name, name)
        if key not in MACHINE_KEYS:
            raise Refused(f"{name!r} is no setting of the machine. Settings are: {', '.join(MACHINE_KEYS)}.")
        settings[key] = value
    return MachineSettings(**settings)
