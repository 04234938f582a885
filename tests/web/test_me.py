"""One's own data moves by a code or a file, is graded again on the way in, and goes away when one says so."""

from __future__ import annotations

import json

import pytest

from tests.web.reader import ID, JSON, app_students
from webapp.web.learn import COOKIE


def post(client, path: str, body, **headers):
    return client.post(path, data=json.dumps(body), headers={**JSON, **headers})


def test_a_code_takes_a_student_to_another_browser(reader):
    reader.answer("how-many", answer=1, sure="fairly")
    code = post(reader.http, "/me/code", {}).json["code"]
    other = reader.app.test_client()

    assert post(other, "/me/resume", {"code": code}).status_code == 200
    assert '"sure": "fairly"' in other.get(f"/lessons/{ID}").text
    assert post(reader.app.test_client(), "/me/resume", {"code": code}).status_code == 429


def test_a_wrong_code_changes_nothing(reader):
    reply = post(reader.http, "/me/resume", {"code": "AAAAA-AAAAA"})

    assert "not known" in reply.json["error"]["what"]
    assert reader.http.get_cookie(COOKIE).value == reader.token


def test_a_file_comes_back_and_is_graded_again(reader, taught):
    reader.answer("how-many", answer=1)
    saved = reader.http.get("/me/answers.json").json
    saved["answers"][0]["right"] = True
    other = taught.test_client()

    assert post(other, "/me/import", saved).json == {"answers": 1}

    student = app_students(taught).of(other.get_cookie(COOKIE).value)
    assert (student.seed, app_students(taught).answers(student)[0].right) == (saved["seed"], False)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"version": 2},
        {"seed": "../../etc"},
        {"answers": [{"lesson": ID, "step": "how-many", "answer": 1, "turn": 10**9}]},
        {"answers": [{"lesson": ID, "step": "how-many", "answer": 1, "student": "x"}]},
        {"answers": [{"lesson": ID, "step": "how-many", "answer": 1}] * 5_000},
        {"answers": "all"},
        {"more": 1},
    ],
)
def test_a_file_that_is_none_of_ours_changes_nothing(reader, change):
    reader.answer("how-many", answer=1)
    saved = reader.http.get("/me/answers.json").json

    reply = post(reader.http, "/me/import", saved | change)

    assert reply.status_code == 422
    assert reader.http.get("/me/answers.json").json["answers"] == saved["answers"]


def test_what_a_file_says_about_lessons_there_are_not_is_left_out(reader):
    saved = reader.http.get("/me/answers.json").json
    answers = [
        {"lesson": "none", "step": "a", "answer": 1},
        {"lesson": ID, "step": "none", "answer": 1},
        {"lesson": ID, "step": "how-many", "answer": "many"},
        {"lesson": ID, "step": "kernel", "answer": 0, "turn": 40},
        {"lesson": ID, "step": "spare", "answer": {"program": 5}},
        {"lesson": ID, "step": "whose", "answer": [0]},
    ]

    assert post(reader.http, "/me/import", saved | {"answers": answers}).json == {"answers": 1}


def test_a_giant_file_is_refused(reader):
    assert post(reader.http, "/me/import", {"format": "x" * 1_100_000}).status_code == 413


def test_forgetting_needs_a_yes_and_then_leaves_nothing(reader):
    reader.answer("how-many", answer=1)
    unsure = post(reader.http, "/me/forget", {"sure": False})
    kept = app_students(reader.app).answers(app_students(reader.app).of(reader.token))

    sure = post(reader.http, "/me/forget", {"sure": True})

    assert (unsure.status_code, len(kept), sure.status_code) == (422, 1, 200)
    assert app_students(reader.app).answers(app_students(reader.app).of(reader.token)) == []
    assert reader.http.get_cookie(COOKIE) is None


@pytest.mark.parametrize("path", ["code", "resume", "import", "forget"])
def test_no_other_site_can_touch_it(reader, path):
    assert post(reader.http, f"/me/{path}", {"sure": True}, Origin="https://elsewhere.example").status_code == 403


def test_the_catalogue_shows_how_far_one_is(reader):
    reader.post("place", {"step": "how-many"})
    mine, fresh = reader.http.get("/lessons").text, reader.app.test_client().get("/").text

    assert "2 of 6" in mine
    assert "Begin: 1. A page of a file" in fresh
    assert "Set-Cookie" not in reader.app.test_client().get("/").headers
