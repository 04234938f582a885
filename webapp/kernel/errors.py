"""What can end a run before the program does.

    PagewalkError
    ├── SettingsError   a machine setting is out of its range
    ├── NotModelled     the program asked for something that this model does not have
    ├── RunLimit        the run used up what it may use (statements, stages, memory, depth)
    ├── TaskKilled      a signal ended the task: a modelled result, carried to whoever runs it
    └── ModelBug        an invariant of the model is broken; names the function first

Errors of the modelled kernel (``-ENOMEM``, ``VM_FAULT_SIGBUS``) are return values, never exceptions.
"""


class PagewalkError(Exception):
    """Base of everything the model raises; ``str()`` is a sentence for the student."""


class SettingsError(PagewalkError):
    """A machine setting that no machine can have; quotes the value and the range."""


class NotModelled(PagewalkError):
    """The program is right but asks for a part of Linux that is not modelled; names that part."""


class RunLimit(PagewalkError):
    """The run was stopped at one of its limits; what it did until then stays valid."""


class TaskKilled(PagewalkError):
    """A signal with no handler ended the task. ``signal`` is its name, such as ``SIGBUS``."""

    def __init__(self, signal: str) -> None:
        super().__init__(f"killed by {signal}")
        self.signal = signal


class ModelBug(PagewalkError):
    """The model contradicts itself: never the student's fault."""
