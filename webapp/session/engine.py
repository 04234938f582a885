"""The seam between a session and the model: the only module here that knows how the two are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Protocol

from webapp.kernel.boot import boot, start
from webapp.kernel.errors import NotModelled, RunLimit, SettingsError
from webapp.kernel.journal import RawStage
from webapp.kernel.machine import Machine, MachineSettings
from webapp.program import Limits as ProgramLimits
from webapp.program import Mistake, Program, ProgramError, compile_program
from webapp.session.limits import Limits
from webapp.session.messages import Refused

if TYPE_CHECKING:
    from webapp.session.run import Recipe

Sink = Callable[[Iterable[dict[str, Any]]], None]


class Engine(Protocol):
    """A machine with a program on it, driven in slices."""

    settings: dict[str, int | float]
    files: dict[str, int]
    why: str  # how it ended
    limited: bool  # whether a limit ended it

    def slice(self) -> bool:
        """Execute a little, hand its stages to the sink, and tell whether the run has ended."""


class Model:
    """The real thing."""

    def __init__(self, machine: Machine, program: Program, sink: Sink) -> None:
        self.settings: dict[str, int | float] = asdict(machine.settings)
        self.files = program.scene.files
        self.why = ""
        self.limited = False
        self._machine = machine
        self._program: Program | None = program
        self._sink = sink
        machine.journal.sink = self._take

    def slice(self) -> bool:
        """Run the machine until the program pauses; the first time, load the program."""
        machine = self._machine
        try:
            if self._program is not None:
                process, self._program = self._program.load(), None
                start(machine, process.image, process.main)
            finished = machine.sched.run_slice()
        except (RunLimit, NotModelled) as end:
            finished, self.why, self.limited = True, str(end), isinstance(end, RunLimit)
        else:
            self.why = ending(machine.place.exit) if finished else ""
        finally:
            machine.journal.flush()
        return finished

    def _take(self, stages: list[RawStage]) -> None:
        self._sink(stage.as_dict() for stage in stages)


def build(recipe: Recipe, limits: Limits, sink: Sink) -> Engine:
    """Compile the recipe's program and boot a machine for it; stages go to ``sink``. Raises `Refused`."""
    program, settings = prepare(recipe, limits)
    scene = program.scene
    machine = boot(settings, scene.files, limits.stages_per_run, limits.statements_per_run, scene.bad)
    return Model(machine, program, sink)


def prepare(recipe: Recipe, limits: Limits) -> tuple[Program, MachineSettings]:
    """Compile and settle everything that can be refused before a machine stands; raises `Refused`."""
    try:
        program = compile_program(recipe.program, recipe.name, program_limits(limits))
        settings = MachineSettings(**known_settings({**program.scene.machine, **recipe.machine}))  # type: ignore[arg-type]
    except ProgramError as error:
        raise Refused(refusal(error), [place(mistake) for mistake in error.mistakes]) from None
    except SettingsError as error:
        raise Refused(str(error)) from None
    check_files(program.scene.files, limits)
    return program, settings


def program_limits(limits: Limits) -> ProgramLimits:
    """The bounds of a program, as its compiler wants them."""
    return ProgramLimits(
        source_bytes=limits.source_bytes,
        data_bytes=limits.memory_bytes,
        stack_bytes=limits.memory_bytes,
        stack_depth=limits.call_depth,
        output_chars=limits.output_bytes,
    )


def known_settings(settings: dict[str, int | float]) -> dict[str, int | float]:
    """The settings, if the machine has them all; raises `SettingsError`."""
    whole = {setting.name: isinstance(setting.default, int) for setting in fields(MachineSettings)}
    for name, value in settings.items():
        if name not in whole:
            raise SettingsError(f"There is no machine setting {name!r}. Settings are: {', '.join(whole)}.")
        if whole[name] and value != int(value):
            raise SettingsError(f"{name}={value} is not a whole number.")
    return {name: int(value) if whole[name] else value for name, value in settings.items()}


def check_files(files: dict[str, int], limits: Limits) -> None:
    """Refuse a program whose files are more than this server would hold in memory."""
    total = sum(files.values())
    if total > limits.file_bytes:
        raise Refused(f"The program's files have {total:,} bytes together; this server takes {limits.file_bytes:,}.")


def refusal(error: ProgramError) -> str:
    """One sentence for all mistakes of a program; they follow one by one."""
    count = len(error.mistakes)
    return "The program has a mistake." if count == 1 else f"The program has {count} mistakes."


def place(mistake: Mistake) -> dict[str, Any]:
    """A mistake as the wire has it."""
    return {
        "line": mistake.line,
        "column": mistake.column,
        "message": mistake.message,
        "source": mistake.source,
        "caret": mistake.caret,
    }


def ending(exit: str | None) -> str:
    """How a program ended, in the words of the wire: a status or the name of a signal."""
    return f"exit {exit}" if exit and exit.startswith("status") else str(exit)
