"""Lessons over HTTP: the pages, and the answers of students, who are known by a random cookie alone.

Every POST is one small JSON object from a page of this very server; anything else is refused before it is read.
"""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from threading import BoundedSemaphore
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from flask import Flask, Request, Response, abort, g, jsonify, request

from webapp.lesson import AnswerError, Lesson
from webapp.lesson.exercise import Attempt, Coach
from webapp.lesson.record import NoSuchStage, Session, draft, lesson_id
from webapp.lesson.tutor import Given, Tutor, open_step, topic
from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.registry import Registry
from webapp.session.run import Recipe, Run
from webapp.session.students import Student

COOKIE = "pagewalk_student"
COOKIE_LASTS = 400 * 24 * 3600
TOKEN_BYTES = 24
MOST_BYTES = 65_536
ATTEMPT_BYTES = 262_144
NEXT_FAULT = 5_000  # stages beyond the last note: it may lie in an access whose fault is still to come
M = TypeVar("M", bound=msgspec.Struct)


class Stand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The step that the student reads."""

    step: str


class Ladder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step's hints: the numbers of those that are on show."""

    step: str
    shown: list[int] = []


def register(app: Flask, registry: Registry, tutor: Tutor, coach: Coach) -> None:
    """Attach what students send."""
    drafting = BoundedSemaphore(1)

    @app.post("/lessons/<id>/answer")
    def answer(id: str) -> Response:
        given = message(Given)
        student = known_student(tutor)
        lesson = lesson_of(tutor, id, student)
        found = tutor.answer(student, lesson, given)
        registry.reconsider(topic(student, lesson))
        return jsonify(found)

    @app.post("/lessons/<id>/place")
    def place(id: str) -> Response:
        stand = message(Stand)
        student = known_student(tutor)
        return jsonify({"finished": tutor.stand(student, lesson_of(tutor, id, student), stand.step)})

    @app.post("/lessons/<id>/attempt")
    def attempt(id: str) -> Response:
        given = message(Attempt, ATTEMPT_BYTES)
        student = known_student(tutor)
        return jsonify(coach.attempt(student, lesson_of(tutor, id, student), given))

    @app.post("/lessons/<id>/hint")
    def hint(id: str) -> Response:
        ladder = message(Ladder)
        student = known_student(tutor)
        return jsonify(tutor.hint(student, lesson_of(tutor, id, student), ladder.step, ladder.shown))

    @app.post("/lessons/<id>/solution")
    def show_solution(id: str) -> Response:
        ladder = message(Ladder)
        student = known_student(tutor)
        return jsonify(tutor.solution(student, lesson_of(tutor, id, student), ladder.step, ladder.shown))

    @app.post("/lessons/draft")
    def write_draft() -> Response:
        session = message(Session, ATTEMPT_BYTES)
        if not drafting.acquire(blocking=False):
            raise Refused("Another draft is being written just now. Try again in a few seconds.")
        try:
            files = draft_of(session, registry.limits)
        finally:
            drafting.release()
        return packed(lesson_id(session), files)

    @app.get("/lessons/<id>/claims/<step>")
    def claims(id: str, step: str) -> Response:
        student = student_of(tutor, request.cookies) or tutor.students.of("")
        lesson = lesson_of(tutor, id, student)
        found = open_step(lesson, step, tutor.standing(student, lesson))
        return jsonify([asdict(claim) for claim in tutor.library.claims(lesson, found)])

    @app.after_request
    def remember(response: Response) -> Response:
        token = g.get("new_token")
        if token:
            set_cookie(response, token)
        return response

    app.register_error_handler(AnswerError, lambda error: refuse(str(error), 422))
    app.register_error_handler(Refused, lambda error: refuse(error.what, 429))


def draft_of(session: Session, limits: Limits) -> dict[str, str]:
    """The lesson that a recorded session becomes; its program runs as far as the notes go, and a little on."""
    run = Run(Recipe(session.program, session.name, session.machine), limits)
    run.advance(goal=max(note.stage for note in session.notes) + NEXT_FAULT)
    try:
        return draft(session, run.stages())
    except NoSuchStage as error:
        raise AnswerError(str(error)) from None


def packed(id: str, files: Mapping[str, str]) -> Response:
    """A lesson's folder as a ZIP archive, the same bytes for the same lesson."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{id}/{name}"), text, zipfile.ZIP_DEFLATED)
    headers = {"Content-Disposition": f'attachment; filename="{id}.zip"'}
    return Response(data.getvalue(), mimetype="application/zip", headers=headers)


def message(kind: type[M], most: int = MOST_BYTES) -> M:
    """What a page of this server has sent."""
    check_origin(request)
    return read_body(kind, most)


def refuse(what: str, code: int) -> tuple[Response, int]:
    """A sentence for the page."""
    return jsonify({"error": {"what": what, "errors": []}}), code


def student_of(tutor: Tutor, cookies: Any) -> Student | None:
    """The student whose browser this is; None without a cookie of ours."""
    token = cookies.get(COOKIE, "")
    return tutor.students.of(token) if fits(token) else None


def fits(token: str) -> bool:
    """Could this be a token of ours?"""
    return len(token) == 32 and token.isascii() and token.replace("-", "").replace("_", "").isalnum()


def known_student(tutor: Tutor) -> Student:
    """The student who sends this; only who has opened a lesson has a cookie."""
    student = student_of(tutor, request.cookies)
    if student is None:
        raise AnswerError(
            "Your browser does not keep this site's cookie, so no answer can be kept. Allow it and reload."
        )
    return student


def welcome(tutor: Tutor) -> Student:
    """The student who opens a page; one who is new gets a cookie with it."""
    student = student_of(tutor, request.cookies)
    if student is None:
        g.new_token = secrets.token_urlsafe(TOKEN_BYTES)
        student = tutor.students.of(g.new_token)
    return student


def set_cookie(response: Response, token: str) -> None:
    """Not for scripts, and not sent by forms of other sites."""
    response.set_cookie(COOKIE, token, max_age=COOKIE_LASTS, httponly=True, samesite="Lax", secure=request.is_secure)


def lesson_of(tutor: Tutor, id: str, student: Student) -> Lesson:
    """This student's variant, in the language that the address asks for."""
    lesson = tutor.library.variant(id, student.seed, request.args.get("lang", "en"))
    return lesson or abort(404, f"There is no lesson called “{id}”.")


def check_origin(request: Request) -> None:
    """Only this server's own pages may speak for a student."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    strange = site not in (None, "same-origin") or (origin is not None and urlsplit(origin).netloc != request.host)
    if strange or request.mimetype != "application/json":
        abort(403, "This can only be sent as JSON, by a page of this server.")


def read_body(kind: type[M], most: int) -> M:
    """The one JSON object that came."""
    size = request.content_length
    if size is None or size > most:
        abort(413, f"Send one JSON object of at most {most:,} bytes.")
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise AnswerError(f"This was not understood: {str(error)[:200]}.") from None
