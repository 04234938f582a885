"""The command line, a second face on the layers below: ``pagewalk run``, ``cat``, ``serve`` and ``lesson``.

Exit status 0: the program ran to its end, be it by a signal of the modelled kernel; the lessons are in order. 1: they
are not. 2: the program could not be run, or was stopped at a limit or at something that is not modelled; the sentence
that says why goes to stderr.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson

from webapp import __version__, lesson, paths
from webapp.kernel.errors import PagewalkError
from webapp.kernel.machine import MachineSettings
from webapp.lesson import LessonError, load_lessons, new_lesson
from webapp.session.cat import PATHS, cat
from webapp.session.digest import digest
from webapp.session.export import FORMS
from webapp.session.limits import Limits, LimitsError
from webapp.session.messages import Refused
from webapp.session.report import report
from webapp.session.run import Recipe, Run
from webapp.session.trace import trace

FAILED, WRONG = 2, 1
OWN_END = r"exit status \d+|SIG[A-Z]+"  # as `Run.why` puts it; anything else is a sentence about what stopped the run
SETTINGS = ", ".join(setting.name for setting in fields(MachineSettings))


class UsageError(Exception):
    """The command line asks for what cannot be; the text is a sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the result is the process's exit status."""
    args = parser().parse_args(argv)
    try:
        status: int = args.command(args)
        sys.stdout.flush()
    except Refused as refusal:
        print(refusal_text(refusal, getattr(args, "program", "") or ""), file=sys.stderr)
        return FAILED
    except LessonError as error:
        print(error, file=sys.stderr)
        return FAILED
    except (PagewalkError, LimitsError, UsageError) as error:
        print(f"pagewalk: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """Everything that the command line understands."""
    top = argparse.ArgumentParser(
        prog="pagewalk",
        description="Watch Linux 5.10 on 32-bit ARM serve an mmap file read, one kernel function at a time.",
    )
    top.add_argument("--version", action="version", version=f"pagewalk {__version__}")
    commands = top.add_subparsers(title="commands", metavar="{run,cat,serve,lesson}", required=True)

    run = commands.add_parser(
        "run",
        help="run a C program on the modelled kernel and tell what happened",
        description="Run a C program on the modelled kernel. Without an option: a readable account of its system calls "
        "and faults, its address space and the page cache.",
        epilog="The program's first lines may set its scene: '// files: data.bin=64, small.bin=3+100' (sizes in pages, "
        "or pages+bytes) and '// machine: read_ahead_kb=64'.",
    )
    run.add_argument("program", metavar="PROG.c", nargs="?", help="the program; - reads it from standard input")
    form = run.add_mutually_exclusive_group()
    form.add_argument(
        "--digest", action="store_true", help="print a digest that can be held against a real kernel's (JSON)"
    )
    form.add_argument("--trace", action="store_true", help="print every function call, like the function_graph tracer")
    form.add_argument("--events", action="store_true", help="print every recorded stage, one JSON object a line")
    form.add_argument(
        "--export",
        choices=[*FORMS],
        help="print the run for another tool: Perfetto, the kernel's tracer, a spreadsheet",
    )
    machine_option(run)
    run.set_defaults(command=command_run)

    cat = commands.add_parser(
        "cat",
        help="print a file of /proc or /sys as it was at a stage of a run",
        description="Run a C program and print a file of /proc or /sys as it was after one of the run's stages.",
        epilog="Files: " + " ".join(f"{path}: {about}" for path, about in PATHS.items()),
    )
    cat.add_argument("path", metavar="PATH", help="such as /proc/self/smaps; self is the program that runs")
    cat.add_argument("program", metavar="PROG.c", help="the program; - reads it from standard input")
    cat.add_argument(
        "--stage", metavar="N", type=int, help="after stage N (see run --events); default: as main returns"
    )
    machine_option(cat)
    cat.set_defaults(command=command_cat)

    serve = commands.add_parser("serve", help="serve the page", description="Serve the page until interrupted.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    serve.add_argument("--port", default=8000, type=port, help="port; 0 takes a free one (default: %(default)s)")
    serve.add_argument("--lessons", metavar="DIR", type=Path, help="serve this course (default: that of Pagewalk)")
    serve.set_defaults(command=command_serve)

    about = commands.add_parser("lesson", help="write and check lessons", description="Write and check lessons.")
    does = about.add_subparsers(title="commands", metavar="{new,check,serve,export}", required=True)
    new = does.add_parser(
        "new", help="begin a lesson that passes the check", description="Begin a lesson that passes the check."
    )
    new.add_argument("name", metavar="NAME", help="lower-case words joined by hyphens: the lesson's folder and id")
    new.add_argument(
        "--in", dest="directory", metavar="DIR", type=Path, help="where (default: the lessons of Pagewalk)"
    )
    new.set_defaults(command=command_lesson_new)
    check = does.add_parser(
        "check",
        help="find everything that is wrong with lessons",
        description="Find everything that is wrong with lessons: run their programs, solutions and known mistakes "
        "on the model, hold every claim against it and against recordings of the real kernel.",
        epilog="Exit status 1: there are errors. Warnings do not count.",
    )
    check.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="lessons or folders of them (default: all)")
    check.add_argument("--json", action="store_true", help="print problems and claims as JSON")
    check.set_defaults(command=command_lesson_check)
    author = does.add_parser(
        "serve",
        help="write a lesson beside its live result",
        description="Serve the authoring page of one lesson until interrupted: its source, what is wrong with it, and "
        "the lesson as its students see it. Only for this machine: whoever reaches the page can write the lesson.",
    )
    author.add_argument("path", metavar="PATH", type=Path, help="the lesson's folder")
    author.add_argument("--port", default=8000, type=port, help="port; 0 takes a free one (default: %(default)s)")
    author.set_defaults(command=command_lesson_serve)
    export = does.add_parser(
        "export",
        help="write a lesson as one HTML file to print",
        description="Write a lesson as one HTML file: text, questions, and a picture of the machine at each step. "
        "The pictures are drawn by a Chromium that Playwright leads.",
    )
    export.add_argument("path", metavar="PATH", type=Path, help="the lesson's folder")
    export.add_argument("-o", "--out", metavar="FILE", type=Path, help="where to (default: standard output)")
    export.add_argument("--answers", action="store_true", help="with the answers: for instructors")
    export.set_defaults(command=command_lesson_export)
    return top


def machine_option(command: argparse.ArgumentParser) -> None:
    """``--machine``, which every command that runs a program takes."""
    command.add_argument(
        "--machine", metavar="SETTING=N", nargs="+", action="extend", default=[],
        help=f"override the program's machine settings: {SETTINGS}",
    )  # fmt: skip


def port(text: str) -> int:
    """A TCP port number, for argparse."""
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def command_run(args: argparse.Namespace) -> int:
    """``pagewalk run``"""
    if args.program is None and args.machine and "=" not in args.machine[-1]:
        args.program = args.machine.pop()  # `--machine a=1 prog.c`
    if args.program is None:
        raise UsageError("No program was given; try: pagewalk run PROG.c")
    run = run_of(args)
    if args.digest:
        return print_digest(run)
    if args.export:
        for text in FORMS[args.export].write(run):
            sys.stdout.write(text)
    elif args.events:
        for stage in run:
            sys.stdout.buffer.write(orjson.dumps(stage) + b"\n")
    else:
        for line in trace(run) if args.trace else report(run):
            print(line)
    sys.stdout.flush()
    return complain_if_stopped(run)


def run_of(args: argparse.Namespace) -> Run:
    """The run that program and settings make."""
    name = "stdin.c" if args.program == "-" else Path(args.program).name
    recipe = Recipe(program_text(args.program), name, machine_settings(args.machine))
    return Run(recipe, Limits.from_environ())


def command_cat(args: argparse.Namespace) -> int:
    """``pagewalk cat``"""
    run = run_of(args)
    run.advance(goal=None if args.stage is None else args.stage + 1)
    sys.stdout.write(cat(run, args.path, args.stage))
    sys.stdout.flush()
    return complain_if_stopped(run) if run.done else 0


def command_lesson_new(args: argparse.Namespace) -> int:
    """``pagewalk lesson new``"""
    folder = new_lesson(args.directory or paths.lessons_dir(), args.name)
    print(f"{folder}/ is a lesson. Rewrite it, then: pagewalk lesson check {folder}")
    return 0


def command_lesson_check(args: argparse.Namespace) -> int:
    """``pagewalk lesson check``"""
    report = lesson.check(args.paths or [paths.lessons_dir()])
    if args.json:
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        for line in lesson.summary(report):
            print(line)
    return 0 if report.ok else WRONG


def print_digest(run: Run) -> int:
    """Print the digest of a program that came to its own end; what was stopped has none that could be compared."""
    found = digest(run)
    if status := complain_if_stopped(run):
        return status
    sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    return 0


def complain_if_stopped(run: Run) -> int:
    """The exit status of a finished run; says why when it was stopped."""
    if re.fullmatch(OWN_END, run.why):
        return 0
    print(f"pagewalk: {run.why}", file=sys.stderr)
    return FAILED


def command_serve(args: argparse.Namespace) -> int:
    """``pagewalk serve``"""
    return serve_at(args.host, args.port, {"LESSONS": lessons_folder(args.lessons)} if args.lessons else {})


def serve_at(host: str, port: int, config: dict[str, Any]) -> int:
    """Serve until interrupted."""
    from webapp.web import serve  # only now: running a program needs no web server

    try:
        serve(host, port, config)
    except OSError as error:
        raise UsageError(f"Cannot listen at {host}:{port}: {error.strerror or error}.") from None
    return 0


def command_lesson_serve(args: argparse.Namespace) -> int:
    """``pagewalk lesson serve``"""
    workshop = lesson.Workshop(args.path)
    try:
        return serve_at("127.0.0.1", args.port, {"WORKSHOP": workshop})
    finally:
        workshop.close()


def command_lesson_export(args: argparse.Namespace) -> int:
    """``pagewalk lesson export``"""
    from webapp.web.handout import HandoutError, write_handout

    workshop = lesson.Workshop(args.path)
    try:
        text = write_handout(workshop, args.answers)
    except HandoutError as error:
        raise UsageError(str(error)) from None
    finally:
        workshop.close()
    if args.out is None:
        sys.stdout.write(text)
        return 0
    try:
        args.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write {args.out}: {error.strerror}.") from None
    print(f"{args.out} holds the lesson.")
    return 0


def lessons_folder(path: Path) -> Path:
    """A folder of lessons in which nothing is wrong; `LessonError` with everything that is."""
    if not load_lessons(path):
        raise UsageError(f"{path} holds no lessons: no folder in it has a lesson.md. Try: pagewalk lesson new NAME.")
    return path


def program_text(path: str) -> str:
    """The program's source; `UsageError` when it cannot be read."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return data.decode()
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}.") from None


def machine_settings(words: Sequence[str]) -> dict[str, int | float]:
    """``["read_ahead_kb=64"]`` as numbers by name; the machine itself knows names and ranges."""
    settings: dict[str, int | float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        try:
            settings[name] = int(text, 0)
        except ValueError:
            try:
                settings[name] = float(text)
            except ValueError:
                raise UsageError(f"--machine {word}: give a setting and a number, such as read_ahead_kb=64.") from None
        if not equals or not name:
            raise UsageError(f"--machine {word}: give a setting and a number, such as read_ahead_kb=64.")
    return settings


def refusal_text(refusal: Refused, path: str) -> str:
    """Every mistake as ``file:line:column: message`` with the line and a caret; or the sentence alone."""
    if not refusal.errors:
        return f"pagewalk: {refusal.what}"
    lines = []
    for mistake in refusal.errors:
        lines.append(f"{path}:{mistake['line']}:{mistake['column']}: {mistake['message']}")
        lines += [mistake[key] for key in ("source", "caret") if mistake.get(key)]
    return "\n".join(lines)
