"""A student's own data: a code for another browser, a file to keep or to bring back, and forgetting all of it."""

from __future__ import annotations

import secrets

import msgspec
import orjson
from flask import Flask, Response, g, jsonify, render_template, request

from webapp.lesson import AnswerError
from webapp.lesson.transfer import File, load, save
from webapp.lesson.tutor import Tutor
from webapp.web.learn import COOKIE, TOKEN_BYTES, known_student, message, student_of, welcome

FILE_BYTES = 1_000_000


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message that says nothing but what its address does."""


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code from another browser."""

    code: str


class Sure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The student was asked, and is sure."""

    sure: bool


def register(app: Flask, tutor: Tutor) -> None:
    """Attach all of it."""
    students = tutor.students

    @app.get("/me")
    def me() -> str:
        student = student_of(tutor, request.cookies)
        answers = students.answers(student) if student else []
        places = students.places(student) if student else {}
        return render_template("me.html", answers=len(answers), lessons=len(places))

    @app.post("/me/code")
    def make_code() -> Response:
        message(Nothing)
        return jsonify({"code": students.make_code(known_student(tutor))})

    @app.post("/me/resume")
    def resume() -> Response:
        given = message(Code)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        students.redeem(given.code[:40], token)
        g.new_token = token
        return jsonify({"ok": True})

    @app.get("/me/answers.json")
    def save_answers() -> Response:
        student = student_of(tutor, request.cookies) or students.of("")
        text = orjson.dumps(save(tutor, student), option=orjson.OPT_INDENT_2)
        return Response(text, mimetype="application/json")

    @app.post("/me/import")
    def bring_back() -> Response:
        file = message(File, FILE_BYTES)
        return jsonify({"answers": load(tutor, welcome(tutor), file)})

    @app.post("/me/forget")
    def forget() -> Response:
        if not message(Sure).sure:
            raise AnswerError("Nothing was deleted: say that you are sure.")
        student = student_of(tutor, request.cookies)
        if student is not None:
            students.forget(student)
        response = jsonify({"ok": True})
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
        return response
