"""Every limit of the server in one place.

A limit is a field of `Limits`; its environment variable is ``PAGEWALK_`` and the field's name in capitals,
such as ``PAGEWALK_STAGES_PER_RUN=50000``. What is out of range stops the start with a sentence.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "PAGEWALK_"


class LimitsError(ValueError):
    """A limit that cannot be; quotes the variable, the value and the range."""


def _limit(default: int | float, low: int | float, high: int | float, help: str) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "help": help})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run, one client and the whole server may use."""

    # One run.
    stages_per_run: int = _limit(200_000, 64, 10_000_000, "stages that one run may record")
    statements_per_run: int = _limit(20_000_000, 1_000, 10**12, "loop rounds and calls that one run may execute")
    memory_bytes: int = _limit(2**20, 2**12, 2**28, "bytes of global variables, and as many of stack, in one program")
    call_depth: int = _limit(500, 8, 5_000, "nested C calls in one program")
    output_bytes: int = _limit(65_536, 64, 2**26, "bytes that one program may print")
    file_bytes: int = _limit(64 * 2**20, 4_096, 2**31, "bytes of all files of one program together")
    source_bytes: int = _limit(65_536, 64, 2**22, "bytes of C source in one program")

    # One client.
    runs_per_socket: int = _limit(4, 1, 1_000, "runs that one socket may follow at a time")
    batch_stages: int = _limit(256, 1, 65_536, "stages in one batch")
    batch_bytes: int = _limit(65_536, 1_024, 2**24, "bytes of stages in one batch; a larger stage travels alone")
    batches_in_flight: int = _limit(4, 1, 1_000, "batches sent and not yet acknowledged")
    messages_per_second: float = _limit(50.0, 0.1, 1e6, "messages that one socket may send in the long run")
    message_burst: int = _limit(150, 1, 1_000_000, "messages that one socket may send at once")
    message_bytes: int = _limit(262_144, 1_024, 2**26, "bytes of one message from a client")

    # The whole server.
    sockets: int = _limit(200, 1, 100_000, "sockets open at a time; each needs a thread of the web server")
    runs: int = _limit(64, 1, 100_000, "runs held in memory at a time")
    log_bytes: int = _limit(512 * 2**20, 2**16, 2**40, "bytes of recorded stages of all runs together")
    remembered: int = _limit(2_000, 1, 10_000_000, "evicted runs that can still be rebuilt")
    remembered_bytes: int = _limit(32 * 2**20, 2**10, 2**40, "bytes of source kept for evicted runs")
    share_bytes: int = _limit(131_072, 256, 2**24, "bytes of one stored link, with its program")
    shares: int = _limit(20_000, 1, 10**9, "stored links")
    shares_bytes: int = _limit(256 * 2**20, 2**10, 2**40, "bytes of all stored links together")
    shares_per_hour: int = _limit(500, 1, 10**9, "new links stored in an hour")
    students: int = _limit(50_000, 1, 10**9, "students whose answers are kept")
    students_per_hour: int = _limit(2_000, 1, 10**9, "new students in an hour")
    codes_per_minute: int = _limit(30, 1, 10**6, "codes to resume with that may be tried in a minute")
    idle_seconds: float = _limit(600.0, 0.05, 1e9, "seconds without use after which a run is evicted")
    slice_seconds: float = _limit(0.002, 0.0001, 1.0, "seconds that one run may compute before the next one's turn")

    def __post_init__(self) -> None:
        for limit in fields(self):
            low, high = limit.metadata["low"], limit.metadata["high"]
            value = getattr(self, limit.name)
            if not low <= value <= high:
                raise LimitsError(f"{limit.name}={value} is outside {low}..{high}: {limit.metadata['help']}.")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Limits:
        """Limits from ``PAGEWALK_*`` variables; keyword arguments win over them."""
        environ = os.environ if environ is None else environ
        read = {f.name: _number(f, environ[_variable(f.name)]) for f in fields(cls) if _variable(f.name) in environ}
        unknown = sorted(set(overrides) - {f.name for f in fields(cls)})
        if unknown:
            raise LimitsError(f"There is no limit called {unknown[0]!r}.")
        return cls(**{**read, **overrides})


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _number(limit: Any, text: str) -> int | float:
    """The value of an environment variable, in the type of the limit's default."""
    kind: type[int] | type[float] = type(limit.default)
    try:
        return kind(text)
    except ValueError:
        need = "a whole number" if kind is int else "a number"
        raise LimitsError(f"{_variable(limit.name)}={text!r} is not {need}: {limit.metadata['help']}.") from None
