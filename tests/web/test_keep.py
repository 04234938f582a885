"""Checking while one writes, stored links, frames and exports: what the server answers."""

from __future__ import annotations

import pytest

from tests.session.conftest import until
from webapp.web import create_app
from webapp.web.app import registry_of

PROGRAM = "int main(void)\n{\n\treturn 0;\n}\n"
SHARE = {"program": PROGRAM, "name": "prog.c", "stage": 5, "title": "Five"}


@pytest.fixture
def real(tmp_path):
    """An application on the real model."""
    app = create_app({"TESTING": True, "DATABASE": f"sqlite:///{tmp_path}/real.sqlite3"})
    yield app
    registry_of(app).runner.stop()


def test_a_check_finds_mistakes_and_starts_no_run(desk, app):
    wrong = desk.say("check", {"program": "int main(void) { return x; }"})
    right = desk.say("check", {"program": PROGRAM})

    assert wrong["error"]["errors"][0]["message"] == "'x' is not declared."
    assert right == {"ok": True, "error": None}
    assert registry_of(app).stats()["runs"] == 0


def test_a_check_tells_of_settings_and_files_that_cannot_be(desk):
    machine = desk.say("check", {"program": PROGRAM, "machine": {"read_ahead_kb": 9999}})
    files = desk.say("check", {"program": "// files: a=60000\n" + PROGRAM})

    assert "read_ahead_kb=9999" in machine["error"]["what"]
    assert "this server takes" in files["error"]["what"]


def test_a_program_too_long_to_check_is_refused(make_app):
    from tests.web.conftest import Desk

    reply = Desk(make_app(source_bytes=100)).say("check", {"program": "x" * 101})

    assert reply["ok"] is False
    assert "this server takes 100 at most" in reply["error"]["what"]


def test_checks_count_against_the_rate(make_app):
    from tests.web.conftest import Desk

    desk = Desk(make_app(message_burst=25, messages_per_second=0.1))
    replies = [desk.say("check", {"program": PROGRAM}) for _ in range(3)]

    assert [reply["ok"] for reply in replies] == [True, True, False]
    assert "Too many messages" in replies[2]["error"]["what"]


def test_a_stored_link_opens_what_was_stored(desk, client):
    id = desk.say("keep", {"share": SHARE})["id"]

    page = client.get(f"/s/{id}").text

    assert '"title": "Five"' in page
    assert desk.say("keep", {"share": SHARE})["id"] == id


def test_a_stored_program_cannot_leave_its_script_tag(desk, client):
    id = desk.say("keep", {"share": SHARE | {"note": "</script><script>alert(1)</script>"}})["id"]

    assert "<script>alert" not in client.get(f"/s/{id}").text


@pytest.mark.parametrize("wrong", [{}, {"share": 5}, {"share": SHARE | {"name": "../x"}}, {"share": SHARE | {"x": 1}}])
def test_a_share_that_makes_no_sense_is_refused(desk, wrong):
    reply = desk.say("keep", wrong)

    assert reply["ok"] is False
    assert "was not understood" in reply["error"]["what"]


@pytest.mark.parametrize("id", ["nothing", "x" * 12, "..%2f..%2fetc", "<script>", "%00" * 12])
def test_an_unknown_id_gets_a_page_that_says_so(client, id):
    for prefix in ("/s/", "/embed/s/"):
        reply = client.get(prefix + id)
        assert reply.status_code == 404
        assert "<script>" not in reply.text


def test_only_frames_may_be_framed(client):
    assert "frame-ancestors *" in client.get("/embed").headers["Content-Security-Policy"]
    for path in ("/play", "/model.json", "/embed/s/nothing", "/nothing"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def run_of(app, program: str = PROGRAM) -> str:
    """The id of a run whose stages have all been sent."""
    from tests.web.conftest import Desk

    desk = Desk(app)
    run: str = desk.say("open", {"program": program})["run"]
    desk.wait("ended")
    return run


@pytest.mark.parametrize(
    ("form", "mimetype", "words"),
    [
        ("chrome", "application/json", '"traceEvents"'),
        ("ftrace", "text/plain", "# tracer: function_graph"),
        ("faults", "text/csv", "time us"),
        ("digest", "application/json", '"totals"'),
    ],
)
def test_a_run_is_exported(real, form, mimetype, words):
    run = run_of(real)

    reply = real.test_client().get(f"/runs/{run}/{form}", buffered=True)

    assert (reply.status_code, reply.mimetype) == (200, mimetype)
    assert words in reply.text


def test_an_export_ends_where_the_client_was_sent_to(real):
    from tests.web.conftest import Desk

    desk = Desk(real)
    run = desk.say("open", {"program": "int main(void) { for (int i = 0; i < 5000; i++) ; return 0; }"})["run"]
    until(lambda: registry_of(real).runner.idle)  # out of credit
    stream = registry_of(real).shelf.get(run)
    assert stream is not None
    sent = stream.sent

    assert [stage["n"] for stage in registry_of(real).replay(run)] == list(range(sent))


def test_what_is_no_run_or_no_form_is_not_exported(real):
    client = real.test_client()

    assert "not known here" in client.get("/runs/nothing/chrome").text
    assert "There is no form" in client.get(f"/runs/{run_of(real)}/exe").text


def test_exports_at_once_are_bounded_and_each_gives_its_place_back(real):
    client, run = real.test_client(), run_of(real)
    held = [client.get(f"/runs/{run}/chrome") for _ in range(2)]

    assert client.get(f"/runs/{run}/chrome").status_code == 503
    for reply in held:
        reply.close()
    assert client.get(f"/runs/{run}/chrome", buffered=True).status_code == 200
    for _ in range(3):
        assert client.get("/runs/nothing/chrome").status_code == 404
