"""What comes over plain HTTP: the pages, two JSON documents that all of them share, and the server's health."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from threading import BoundedSemaphore
from typing import Any

import msgspec
from flask import Flask, Response, abort, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from webapp import __version__, paths
from webapp.lesson.tutor import Tutor
from webapp.program import Limits as ProgramLimits
from webapp.session import catalogue
from webapp.session.export import FORMS
from webapp.session.messages import Refused, Share
from webapp.session.registry import Registry
from webapp.session.store import Shares
from webapp.web import documents, learn
from webapp.web import home as catalogue_page
from webapp.web.recordings import Shelf

log = logging.getLogger(__name__)

FIRST_PROGRAM = "seq_read"
NO_RECORDING = "There is no recording “{}”. All of them are at /recordings."
EXPORTS = 2  # at a time: each computes a run again


@dataclass(frozen=True, slots=True)
class Boot:
    """What a page knows before it has opened a run; the template writes it as JSON into the page."""

    programs: list[dict[str, str]]
    program: dict[str, str]
    machine: dict[str, int | float]
    lesson: dict[str, Any] | None
    share: dict[str, Any] | None
    limits: dict[str, int | float]
    version: str


@dataclass(frozen=True, slots=True)
class CompareBoot:
    """What the comparison knows before it has opened its runs; a side that the address does not name is null."""

    a: dict[str, Any] | None
    b: dict[str, Any] | None
    version: str


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What templates/error.html shows."""

    code: int
    title: str
    text: str


def register(app: Flask, registry: Registry, shares: Shares, tutor: Tutor) -> None:
    """Attach all pages."""
    exporting = BoundedSemaphore(EXPORTS)
    shelf = Shelf(paths.lessons_dir() / "recordings", registry.limits)

    @app.get("/")
    @app.get("/lessons")
    def home() -> str:
        student = learn.student_of(tutor, request.cookies)
        places = tutor.students.places(student) if student else {}
        found = catalogue_page.catalogue(tutor.library, places)
        return render_template("home.html", course=found, hero=request.path == "/", student=student is not None)

    @app.get("/play")
    def play() -> str:
        return render_template("playground.html", boot=asdict(_boot(registry, None)))

    @app.get("/s/<id>")
    def stored(id: str) -> str:
        return render_template("playground.html", boot=asdict(_boot(registry, None, _share(shares, id))))

    @app.get("/embed")
    def embed() -> str:
        g.framed = "*"  # by any page; all others by none
        return render_template("embed.html", boot=asdict(_boot(registry, None)))

    @app.get("/embed/s/<id>")
    def embed_stored(id: str) -> str:
        boot = _boot(registry, None, _share(shares, id))
        g.framed = "*"
        return render_template("embed.html", boot=asdict(boot))

    @app.get("/compare")
    def compare() -> str:
        a, b = (_side(shares, request.args.get(side, "")) for side in "ab")
        return render_template("compare.html", boot=asdict(CompareBoot(a, b, __version__)))

    @app.get("/lessons/<id>")
    def lesson(id: str) -> str:
        found = learn.lesson_of(tutor, id, student := learn.welcome(tutor))
        return render_template("lesson.html", boot=asdict(_boot(registry, tutor.page(student, found))))

    @app.get("/recordings")
    def recordings() -> str:
        return render_template("recordings.html", rows=shelf.rows)

    @app.get("/recordings/<name>")
    def recording(name: str) -> str:
        try:
            page = shelf.page(name)
        except Refused as refusal:
            abort(503, refusal.what)
        return render_template("recording.html", page=page or abort(404, NO_RECORDING.format(name)))

    @app.get("/recordings/<name>/run")
    def recorded_run(name: str) -> str:
        text = shelf.text(name) or abort(404, NO_RECORDING.format(name))
        boot = replace(_boot(registry, None), program={"name": f"{name}.c", "text": text})
        return render_template("playground.html", boot=asdict(boot))

    @app.get("/reference")
    def reference() -> str:
        return render_template("reference.html", here="reference")

    @app.get("/model.json")
    def model() -> Response:
        return documents.respond(catalogue.model(), "application/json")

    @app.get("/sources.json")
    def sources() -> Response:
        return documents.respond(catalogue.sources(), "application/json")

    @app.get("/programs.json")
    def programs() -> Response:
        return documents.respond(catalogue.programs(), "application/json")

    @app.get("/runs/<run>/<form>")
    def export(run: str, form: str) -> Response:
        if form not in FORMS:
            abort(404, f"There is no form “{form}”; there are {', '.join(FORMS)}.")
        if not exporting.acquire(blocking=False):
            abort(503, "Other runs are being exported just now. Try again in a few seconds.")
        try:
            replay = registry.replay(run)
        except Refused as refusal:
            exporting.release()
            abort(404, refusal.what)
        response = Response(FORMS[form].write(replay), mimetype=FORMS[form].mimetype)
        response.call_on_close(exporting.release)
        return response

    @app.get("/healthz")
    def health() -> Response:
        return jsonify({"ok": True, "version": __version__, **registry.stats()})

    app.register_error_handler(HTTPException, _error)


def _share(shares: Shares, id: str) -> Share:
    """What was stored under this id, or a page that says that there is nothing."""
    return shares.get(id) or abort(404, f"There is no stored link “{id}” on this server. Was the address cut short?")


def _side(shares: Shares, id: str) -> dict[str, Any] | None:
    """One side of a comparison by its id: a stored link, or one of the example programs."""
    if not id:
        return None
    example = next((each for each in catalogue.examples() if each.id == id), None)
    share = Share(example.text, example.name) if example else shares.get(id)
    if share is None:
        abort(404, f"There is neither a stored link nor a program “{id}” to compare. Was the address cut short?")
    found: dict[str, Any] = msgspec.to_builtins(share)
    return found


def _boot(registry: Registry, about: dict[str, Any] | None, share: Share | None = None) -> Boot:
    """The start of a page: a lesson with its program, or the first of the examples."""
    limits, program_limits = registry.limits, ProgramLimits()
    return Boot(
        programs=[catalogue.vars_of(example) for example in catalogue.examples()],
        program=about["program"] if about else _first_program(),
        machine=about["machine"] if about else {},
        lesson=about,
        share=msgspec.to_builtins(share),
        limits={
            "stages_per_run": limits.stages_per_run,
            "source_bytes": limits.source_bytes,
            "file_bytes": limits.file_bytes,
            "files": program_limits.files,
            "file_pages": program_limits.file_pages,
            "runs_per_socket": limits.runs_per_socket,
        },
        version=__version__,
    )


def _first_program() -> dict[str, str]:
    """The example that the playground starts with."""
    examples = catalogue.examples()
    first = next((example for example in examples if example.id == FIRST_PROGRAM), examples[0] if examples else None)
    return {"name": first.name, "text": first.text} if first else {"name": "prog.c", "text": ""}


def _error(error: HTTPException) -> tuple[str, int]:
    """A page for whatever went wrong; the cause of a 500 is in the log, not on the page."""
    code = error.code or 500
    text = error.description or ""
    if code >= 500:
        text = "Something went wrong on our side; it is in the server's log."
    context = ErrorContext(code, error.name, text)
    return render_template("error.html", error=context), code
