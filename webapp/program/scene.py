"""The scene of a program: the files it finds and the machine it runs on, from the first lines of its text.

// files: data.bin=512, small.bin=3+100     sizes in pages, or pages+bytes
// machine: read_ahead_kb=128 fault_around_bytes=65536
// disk: read_error=data.bin:5-7            pages that cannot be read (see bad_pages.py)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields

from webapp.kernel.errors import SettingsError
from webapp.kernel.hw.bad_pages import BadPages
from webapp.kernel.machine import MachineSettings
from webapp.program.bad_pages import read_bad_pages
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits

PAGE_SIZE = 4096
SCENE_LINES = 12  # directives further down are comments
DEFAULT_FILES = {"data.bin": 512 * PAGE_SIZE}
WHOLE = {setting.name: isinstance(setting.default, int) for setting in fields(MachineSettings)}  # by setting
SHORT_FORMS = {"mem": "memory_mib"}
DIRECTIVE = re.compile(r"//\s*(files|machine|disk):[ \t]*(.*)")
FILE = re.compile(r"\s*([^=,\s]*)\s*=\s*(\d{1,9})(?:\+(\d{1,9}))?\s*")
SETTING = re.compile(r"(\w+)=(\d{1,12}(?:\.\d{1,6})?)")


@dataclass(frozen=True, slots=True)
class Scene:
    """``files`` maps names to sizes in bytes; ``machine`` holds the settings that the program asks for.

    ``bad`` are pages that its disk cannot read or write.
    """

    files: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_FILES))
    machine: dict[str, int | float] = field(default_factory=dict)
    bad: tuple[BadPages, ...] = ()


def read_scene(text: str, mistakes: Mistakes, limits: Limits) -> Scene:
    """The scene that the first lines of ``text`` set."""
    files: dict[str, int] = dict(DEFAULT_FILES)
    machine: dict[str, int | float] = {}
    disks: list[tuple[str, int, int]] = []
    for number, line in enumerate(text.splitlines()[:SCENE_LINES], 1):
        if match := DIRECTIVE.match(line):
            if match[1] == "files":
                files = read_files(match[2], number, match.start(2) + 1, mistakes, limits)
            elif match[1] == "machine":
                machine.update(read_machine(match[2], number, match.start(2) + 1, mistakes))
            else:
                disks.append((match[2], number, match.start(2) + 1))
    bad = [pages for text, line, column in disks for pages in read_bad_pages(text, line, column, files, mistakes)]
    return Scene(files, machine, tuple(bad))


def read_files(text: str, line: int, column: int, mistakes: Mistakes, limits: Limits) -> dict[str, int]:
    """``data.bin=512, small.bin=3+100`` as sizes in bytes."""
    files: dict[str, int] = {}
    for part in text.split(","):
        at = column + len(part) - len(part.lstrip())
        column += len(part) + 1
        if not part.strip():
            continue
        match = FILE.fullmatch(part)
        if match is None:
            mistakes.add(line, at, f"'{part.strip()}' is not NAME=PAGES or NAME=PAGES+BYTES, as in data.bin=512.")
            continue
        name, size = match[1], int(match[2]) * PAGE_SIZE + int(match[3] or 0)
        if problem := file_name_problem(name, limits):
            mistakes.add(line, at, problem)
        elif name in files:
            mistakes.add(line, at, f"the file {name} is listed twice.")
        elif size > limits.file_pages * PAGE_SIZE:
            mistakes.add(line, at, f"{name} is too large: at most {limits.file_pages} pages.")
        else:
            files[name] = size
    if len(files) > limits.files:
        mistakes.add(line, column - 1, f"{len(files)} files are too many: at most {limits.files}.")
    return files


def file_name_problem(name: str, limits: Limits) -> str | None:
    """Why a file cannot have this name, if so."""
    if not re.fullmatch(r"[A-Za-z0-9_.\-]+", name) or name in (".", ".."):
        return f"'{name}' cannot be the name of a file: use letters, digits, '.', '-' and '_'."
    if len(name) > limits.file_name_chars:
        return f"the file name is too long: at most {limits.file_name_chars} characters."
    return None


def read_machine(text: str, line: int, column: int, mistakes: Mistakes) -> dict[str, int | float]:
    """``read_ahead_kb=128 mem=64`` as settings under their full names."""
    machine: dict[str, int | float] = {}
    for match in re.finditer(r"\S+", text):
        at, setting = column + match.start(), SETTING.fullmatch(match.group())
        if setting is None:
            mistakes.add(line, at, f"'{match.group()}' is not NAME=NUMBER, as in read_ahead_kb=128.")
            continue
        key = SHORT_FORMS.get(setting[1], setting[1])
        if key not in WHOLE:
            known = ", ".join(WHOLE)
            mistakes.add(line, at, f"'{setting[1]}' is no setting of the machine. Settings are: {known}.")
        elif "." in setting[2] and WHOLE[key]:
            mistakes.add(line, at, f"{key} is a whole number.")
        else:
            value = float(setting[2]) if "." in setting[2] else int(setting[2])
            if problem := setting_problem(key, value):
                mistakes.add(line, at, problem)
            else:
                machine[key] = value
    return machine


def setting_problem(key: str, value: int | float) -> str | None:
    """Why the machine cannot have this setting, if so."""
    try:
        MachineSettings(**{key: value})  # type: ignore[arg-type]
    except SettingsError as error:
        return str(error)
    return None
