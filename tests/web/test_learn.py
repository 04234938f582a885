"""A lesson over the wire: nothing leaves the server before its question is answered, whoever asks and however."""

from __future__ import annotations

import json

import pytest

from tests.session.conftest import until
from tests.web.conftest import Desk
from tests.web.reader import ID, JSON, Reader, app_students
from webapp.web import create_app
from webapp.web.app import registry_of
from webapp.web.learn import COOKIE


def test_the_page_holds_no_step_behind_the_question(reader):
    steps = {step["id"]: step for step in reader.boot["lesson"]["steps"]}
    question = reader.lesson.step("how-many").task

    assert steps["how-many"]["task"]["ask"]
    assert steps["kernel"] == {"id": "kernel", "kind": "play", "held": True}
    assert question.after.plain not in reader.html
    assert "fault[1].pages_read" not in reader.html


def test_the_run_stops_at_the_question_and_goes_on_after_it(reader):
    run = reader.open()
    gate = reader.stage("how-many")
    before = reader.stages(run)
    assert [stage["n"] for stage in before] == list(range(gate + 1))
    assert reader.desk.of("stages")[-1]["held"] is True

    reader.answer("how-many", answer=1, sure="certain")
    reader.desk.say("want", {"run": run, "upto": None})

    assert len(reader.stages(run)) > gate + 1


def test_a_hostile_client_gets_no_stage_behind_the_question(reader):
    run = reader.open()
    limit = reader.stage("how-many") + 1
    reader.stages(run)

    reader.desk.say("want", {"run": run, "upto": None})
    reader.desk.say("want", {"run": run, "upto": 10**6})
    assert reader.desk.say("ack", {"run": run, "have": limit + 5})["ok"] is False
    refused = reader.desk.say("resume", {"run": run, "have": limit + 5})
    again = reader.desk.say("resume", {"run": run, "have": 0})
    forms = {form: reader.http.get(f"/runs/{run}/{form}").text for form in ("chrome", "ftrace", "faults", "digest")}

    assert refused["ok"] is False
    assert str(limit) in refused["error"]["what"]
    assert again["produced"] <= limit
    assert max(stage["n"] for stage in reader.stages(run)) < limit
    assert all(batch["produced"] <= limit for batch in reader.desk.of("stages"))
    assert '"submit_bio"' not in forms["chrome"]
    assert "submit_bio" not in forms["ftrace"]


def test_another_client_that_knows_the_run_sees_no_more(reader, taught, folder):
    run = reader.open()
    gate = reader.stage("how-many")
    reader.stages(run)
    stranger = Desk(taught)

    stranger.say("resume", {"run": run, "have": 0})
    until(lambda: registry_of(taught).runner.idle)
    seen = [stage["n"] for batch in stranger.of("stages") for stage in batch["stages"]]

    assert max(seen, default=0) <= gate


def test_a_changed_program_and_a_claimed_exercise_stop_there_too(reader):
    changed = reader.open(reader.lesson.program.text + "\n// changed\n")
    claimed = reader.open(step="spare")
    gate = reader.stage("how-many")

    assert len(reader.stages(changed)) == gate + 1
    assert len(reader.stages(claimed)) == gate + 1


def test_an_evicted_run_is_rebuilt_behind_its_gate(reader, taught):
    run = reader.open()
    gate = reader.stage("how-many")
    reader.stages(run)
    stream = registry_of(taught).shelf.get(run)
    assert stream is not None
    assert stream.evict()
    reader.desk.say("want", {"run": run, "upto": None})
    until(lambda: registry_of(taught).runner.idle)

    assert max(stage["n"] for stage in reader.stages(run)) == gate
    assert stream.produced == gate + 1


def test_a_whole_lesson_with_wrong_answers_first(reader):
    first = reader.answer("how-many", answer=1, sure="certain")
    verdict = first["answers"]["how-many"]
    assert (verdict["right"], verdict["is"], verdict["sure"]) == (False, reader.lesson.values["pages"], "certain")
    assert "one request" in verdict["say"]
    assert not next(step for step in first["steps"] if step["id"] == "kernel").get("held")

    page = first
    while page["turn"]:
        turn = page["turn"]
        page = reader.answer("kernel", answer=0, turn=turn["number"])
    play = page["answers"]["kernel"]
    assert play["done"]
    assert 0 <= play["credit"] < 1
    assert any(turn["say"] for turn in play["turns"] if not turn["right"])

    wrong = next(n for n, choice in enumerate(reader.lesson.step("whose").task.choices) if not choice.right)
    quiz = reader.answer("whose", answer=[wrong])["answers"]["whose"]
    assert not quiz["right"]
    assert "is" not in quiz
    quiz = reader.answer("whose", answer=[1 - wrong])["answers"]["whose"]
    assert (quiz["right"], quiz["attempts"], quiz["is"]) == (True, 2, [1 - wrong])

    task = reader.lesson.step("spare").task
    failed = reader.post("attempt", {"step": "spare", "program": task.program.text}).json
    assert not failed["solved"]
    assert failed["mistake"]
    solved = reader.post("attempt", {"step": "spare", "program": task.solution.program.text}).json
    assert solved["solved"], solved
    assert solved["golf"][0]["value"] <= solved["golf"][0]["par"]

    kept = reader.answer("back", answer="When few pages are needed.")["answers"]["back"]
    assert kept["sample"]
    assert reader.post("place", {"step": "back"}).json == {"finished": True}


def test_the_first_answer_counts(reader):
    reader.answer("how-many", answer=1)

    again = reader.post("answer", {"step": "how-many", "answer": reader.lesson.values["pages"]})

    assert again.status_code == 422
    assert "first answer counts" in again.json["error"]["what"]


def test_hints_come_one_by_one_and_the_solution_last(reader):
    reader.answer("how-many", skip=True)
    reader.answer("kernel", skip=True)
    early = reader.post("solution", {"step": "spare"})
    opened = [reader.post("hint", {"step": "spare"}).json["opened"]["spare"] for _ in range(2)]
    none_left = reader.post("hint", {"step": "spare"})

    assert "hints first" in early.json["error"]["what"]
    assert [len(rungs) for rungs in opened] == [1, 2]
    assert "no further hint" in none_left.json["error"]["what"]
    assert "MAP_POPULATE" in reader.post("solution", {"step": "spare"}).json["program"]["text"]


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("answer", {"step": "whose", "answer": [0]}, "still open"),
        ("answer", {"step": "nothing", "answer": 1}, "no step"),
        ("answer", {"step": "how-many", "answer": "8"}, "number"),
        ("answer", {"step": "how-many", "answer": [1] * 9}, "number"),
        ("answer", {"step": "how-many"}, "Give an answer"),
        ("answer", {"step": "how-many", "answer": 1, "right": True}, "not understood"),
        ("answer", {"step": "how-many", "answer": 1, "sure": "very"}, "not understood"),
        ("answer", {"step": "missing", "answer": 1}, "asks for no answer"),
        ("answer", [], "not understood"),
        ("place", {"step": "spare"}, "still open"),
        ("hint", {"step": "spare"}, "still open"),
        ("solution", {"step": "spare"}, "still open"),
        ("attempt", {"step": "spare", "program": "int main(void) { return 0; }"}, "still open"),
    ],
)
def test_forged_messages_are_refused_in_a_sentence(reader, what, body, words):
    reply = reader.post(what, body)

    assert reply.status_code == 422
    assert words in reply.json["error"]["what"]


def test_claims_behind_a_question_are_not_told(reader):
    known = reader.http.get(f"/lessons/{ID}/claims/{reader.lesson.steps[0].id}")
    behind = reader.http.get(f"/lessons/{ID}/claims/kernel")

    assert known.json[0]["model"] is True
    assert behind.status_code == 422


def test_a_giant_answer_is_refused(reader):
    deep = reader.http.post(f"/lessons/{ID}/answer", data="[" * 60_000, headers=JSON)
    giant = reader.post("answer", {"step": "how-many", "answer": "x" * 200_000})

    assert (deep.status_code, giant.status_code) == (422, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_no_other_site_can_answer_for_a_student(reader, headers):
    reply = reader.post("answer", {"step": "how-many", "answer": 1}, **headers)

    assert reply.status_code == 403
    assert app_students(reader.app).answers(app_students(reader.app).of(reader.token)) == []


def test_the_cookie_is_random_and_not_for_scripts(taught):
    first, second = (taught.test_client().get(f"/lessons/{ID}").headers["Set-Cookie"] for _ in range(2))

    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    assert first.split(";")[0] != second.split(";")[0]


def test_students_are_kept_apart(reader, taught, folder):
    reader.answer("how-many", answer=1)
    other = Reader(taught, folder)

    assert other.boot["lesson"]["answers"] == {}
    assert len(other.stages(other.open())) == other.stage("how-many") + 1


@pytest.mark.parametrize("token", ["", "x", "a" * 33, "../" * 8 + "abcdefgh", "' OR 1=1 --" + "a" * 21])
def test_a_cookie_that_is_not_ours_is_no_student(taught, token):
    client = taught.test_client()
    client.set_cookie(COOKIE, token)

    assert client.post(f"/lessons/{ID}/answer", json={"step": "how-many", "answer": 1}).status_code == 422
    assert "Set-Cookie" in client.get(f"/lessons/{ID}").headers


def test_answers_survive_the_server(reader, taught, folder, tmp_path):
    reader.answer("how-many", answer=1, sure="guess")
    again = create_app({"TESTING": True, "LESSONS": folder, "DATABASE": f"sqlite:///{tmp_path}/learn.sqlite3"})
    client = again.test_client()
    client.set_cookie(COOKIE, reader.token)
    html = client.get(f"/lessons/{ID}").text
    registry_of(again).runner.stop()

    boot = json.loads(html.split('id="boot">')[1].split("</script>")[0])
    assert boot["lesson"]["answers"]["how-many"]["sure"] == "guess"
    assert boot["lesson"]["turn"]["step"] == "kernel"


def test_classmates_get_different_numbers_and_each_keeps_theirs(taught, folder):
    readers = [Reader(taught, folder) for _ in range(6)]

    assert len({reader.boot["lesson"]["program"]["text"] for reader in readers}) > 1
    for reader in readers[:2]:
        assert reader.http.get(f"/lessons/{ID}").text.count(json.dumps(reader.lesson.program.name)) >= 1


SESSION = {"title": "T", "program": "int main(void) { return 0; }", "name": "p.c", "notes": [{"stage": 0}]}


def test_a_recorded_session_comes_back_as_a_lesson(taught):
    reply = taught.test_client().post("/lessons/draft", json=SESSION)

    assert reply.status_code == 200
    assert reply.mimetype == "application/zip"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="t.zip"'


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"notes": [{"stage": 9_999_999}]}, "no stage 9999999"),
        ({"notes": []}, "notes"),
        ({"notes": [{"stage": 0}] * 41}, "notes"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_session_is_refused(taught, change, what):
    reply = taught.test_client().post("/lessons/draft", json=SESSION | change)

    assert reply.status_code == 422
    assert what in reply.json["error"]["what"]


def test_another_site_gets_no_draft(taught):
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert taught.test_client().post("/lessons/draft", json=SESSION, headers=headers).status_code == 403
