"""The authoring page over HTTP: it serves one lesson, to its author, on this machine."""

import pytest

from webapp.lesson import Workshop, new_lesson
from webapp.web import create_app
from webapp.web.app import registry_of

PATH = "/teach/lessons/my-lesson"


@pytest.fixture
def workshop(tmp_path):
    made = Workshop(new_lesson(tmp_path, "my-lesson"))
    yield made
    made.close()


@pytest.fixture
def client(workshop):
    app = create_app({"TESTING": True, "WORKSHOP": workshop})
    yield app.test_client()
    registry_of(app).runner.stop()


def local(client, path, data=None, **options):
    """A request as the page makes it."""
    options = {"base_url": "http://127.0.0.1:8000"} | options
    return client.post(path, json=data, **options) if data is not None else client.get(path, **options)


def test_the_page_holds_the_texts(client, workshop):
    page = local(client, "/teach", follow_redirects=True)

    assert page.status_code == 200
    assert "How many will it read?" in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_a_draft_is_checked_and_its_steps_are_found_in_the_run(client, workshop):
    sheet = local(client, f"{PATH}/draft", {"files": workshop.files()}).json

    assert sheet["shown"]
    assert sheet["problems"] == []
    assert sheet["claims"] == {"all": 3, "model": 3, "kernel": 0}
    assert [line["id"] for line in sheet["lines"]][:2] == ["missing", "how-many"]
    assert all(line["stage"] for line in sheet["lines"] if line["at"])
    assert (sheet["run"]["faults"], sheet["run"]["major"], sheet["run"]["requests"]) == (2, 2, 1)


def test_a_wrong_draft_is_told_where(client, workshop):
    texts = workshop.files()
    texts["lesson.md"] = texts["lesson.md"].replace("at: fault[1].filemap_fault\n", "at: fault[9].filemap_fault\n")

    sheet = local(client, f"{PATH}/draft", {"files": texts}).json

    line = texts["lesson.md"].split("\n").index("at: fault[9].filemap_fault") + 1
    assert (line, "error") in [(problem["line"], problem["severity"]) for problem in sheet["problems"]]
    assert sheet["lines"][1]["stage"] is None


def test_the_preview_stands_at_a_step_with_the_questions_before_it_given_up(client):
    shown = local(client, f"{PATH}/at/kernel?theme=dark")

    assert shown.status_code == 302
    assert shown.location == "/lessons/my-lesson?theme=dark"
    page = local(client, shown.location).text
    assert "Which of these does the kernel enter next?" in page
    assert local(client, f"{PATH}/at/nowhere").status_code == 422


def test_saving_and_looking_at_the_disk(client, workshop):
    known = local(client, f"{PATH}/disk").json
    texts = known["files"] | {"solution.c": "int main(void) { return 0; }\n"}

    saved = local(client, f"{PATH}/save", {"files": texts, "version": known["version"]})

    assert saved.status_code == 200
    assert (workshop.folder / "solution.c").read_text() == texts["solution.c"]
    assert local(client, f"{PATH}/disk?known={saved.json['version']}").json == saved.json
    late = local(client, f"{PATH}/save", {"files": texts, "version": known["version"]})
    assert late.status_code == 409
    assert "changed on the disk" in late.json["error"]["what"]


def test_nobody_else_may_write(client, workshop):
    texts = {"files": workshop.files() | {"solution.c": "evil"}}
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert local(client, f"{PATH}/draft", texts, headers=headers).status_code == 403
    assert local(client, f"{PATH}/draft", texts, base_url="http://evil.example").status_code == 403
    assert local(client, "/teach/lessons/other").status_code == 404


def test_other_servers_have_no_authoring_page(make_app):
    assert make_app().test_client().get("/teach").status_code == 404
