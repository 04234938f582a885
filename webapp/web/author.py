"""The authoring page: a lesson's source on the left, the lesson as its students see it on the right.

Only `pagewalk lesson serve` attaches it, to a server of one lesson for its author on this machine.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from flask import Flask, Response, abort, g, jsonify, redirect, render_template, request

from webapp import __version__
from webapp.lesson.check import Report
from webapp.lesson.tutor import Tutor
from webapp.lesson.workshop import MOST_FILES, Workshop, WorkshopError, sheet_of, version_of
from webapp.web import learn

MOST_BYTES = 4_000_000
SELF = "'self'"
HOME = ("127.0.0.1", "localhost")


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of a lesson, by path."""

    files: dict[str, str]


class Save(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same, to be kept; ``version`` is what the author's page knows of the folder."""

    files: dict[str, str]
    version: str


@dataclass(frozen=True, slots=True)
class AuthorBoot:
    """What the page starts with."""

    id: str
    folder: str
    files: dict[str, str]
    version: str
    model: str
    most_files: int = MOST_FILES


def register(app: Flask, workshop: Workshop, tutor: Tutor) -> None:
    """Attach the page and what it asks for."""

    @app.before_request
    def at_home() -> None:
        """Only under the names of this machine: another site may lead its name to our address."""
        if request.host.partition(":")[0] not in HOME:
            abort(403, "The authoring page is for this machine alone: open it at 127.0.0.1.")
        g.framed = SELF  # the lesson stands in a frame of the authoring page

    @app.get("/teach")
    def teach() -> Any:
        return redirect(f"/teach/lessons/{workshop.id}")

    @app.get("/teach/lessons/<id>")
    def author(id: str) -> str:
        mine(id)
        files = workshop.files()
        boot = AuthorBoot(workshop.id, workshop.folder.name, files, version_of(files), __version__)
        return render_template("author.html", boot=asdict(boot))

    @app.post("/teach/lessons/<id>/draft")
    def draft(id: str) -> Response:
        mine(id)
        report, shown = workshop.attempt(learn.message(Draft, MOST_BYTES).files)
        tutor.library.reload()
        return jsonify(asdict(_sheet(report, shown)))

    @app.post("/teach/lessons/<id>/save")
    def save(id: str) -> Response:
        mine(id)
        given = learn.message(Save, MOST_BYTES)
        return jsonify({"version": workshop.save(given.files, given.version)})

    @app.get("/teach/lessons/<id>/disk")
    def disk(id: str) -> Response:
        mine(id)
        files = workshop.files()
        version = version_of(files)
        known = version == request.args.get("known")
        return jsonify({"version": version} if known else {"version": version, "files": files})

    @app.get("/teach/lessons/<id>/at/<step>")
    def preview(id: str, step: str) -> Any:
        """The lesson at a step, every question before it given up: a new student for each look."""
        mine(id)
        student = learn.welcome(tutor)
        tutor.lead(student, learn.lesson_of(tutor, id, student), step)
        return redirect(f"/lessons/{id}?{request.query_string.decode('ascii', 'ignore')}")

    def mine(id: str) -> None:
        if id != workshop.id:
            abort(404, f"Here is only the lesson “{workshop.id}”.")

    def _sheet(report: Report, shown: bool) -> Any:
        lesson = tutor.library.variant(workshop.id, "0") if shown else None
        if lesson is None:
            return sheet_of(report, None, None)
        with tutor.library.facts(lesson) as facts:
            return sheet_of(report, lesson, facts)

    app.register_error_handler(WorkshopError, lambda error: learn.refuse(str(error), 409))
