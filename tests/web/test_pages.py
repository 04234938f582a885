"""Pages, documents, headers and health."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from flask import render_template

from webapp import paths
from webapp.session import catalogue
from webapp.web import create_app
from webapp.web.app import registry_of


@pytest.fixture(scope="module")
def shared_client():
    app = create_app({"LIMITS": {}})
    yield app.test_client()
    registry_of(app).runner.stop()


def boot_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html, re.S)
    assert found is not None
    boot: dict = json.loads(found[1])
    return boot


def test_the_playground_starts_with_a_program(shared_client):
    reply = shared_client.get("/play")
    boot = boot_of(reply.text)

    assert reply.status_code == 200
    assert boot["lesson"] is None
    assert "int main" in boot["program"]["text"]
    assert boot["program"]["name"] in [program["name"] for program in boot["programs"]]
    assert boot["limits"]["stages_per_run"] > 0
    assert boot["version"]


def test_every_lesson_has_a_page(shared_client):
    lessons = [path.parent.name for path in paths.lessons_dir().glob("*/lesson.md")]
    assert lessons

    for id in lessons:
        boot = boot_of(shared_client.get(f"/lessons/{id}").text)
        assert boot["lesson"]["id"] == id
        assert boot["program"] == boot["lesson"]["program"]
        assert boot["lesson"]["steps"]


@pytest.mark.parametrize("path", ["/lessons/none", "/lessons/..%2f..%2fetc", "/lessons/<script>", "/nothing"])
def test_what_is_not_there_gets_a_page_that_says_so(shared_client, path):
    reply = shared_client.get(path)

    assert reply.status_code == 404
    assert "Not Found" in reply.text
    assert "<script>" not in reply.text


def test_a_program_cannot_leave_its_script_tag(app):
    boot: dict = {
        "programs": [],
        "program": {"name": "a", "text": "</script><script>alert(1)</script>"},
        "lesson": None,
    }
    with app.test_request_context():
        html = render_template("playground.html", boot=boot)

    assert "<script>alert" not in html
    assert boot_of(html)["program"]["text"] == "</script><script>alert(1)</script>"


def test_an_error_of_ours_shows_a_page_without_its_cause(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/broken")
    def broken():
        raise RuntimeError("the secret cause")

    reply = app.test_client().get("/broken")

    assert reply.status_code == 500
    assert "on our side" in reply.text
    assert "secret" not in reply.text


@pytest.mark.parametrize("path", ["/play", "/nothing", "/healthz", "/model.json", "/static/css/base.css"])
def test_every_response_is_strict(shared_client, path):
    headers = shared_client.get(path, buffered=True).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws://localhost wss://localhost"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_a_strange_host_does_not_get_into_the_policy(shared_client):
    headers = shared_client.get("/healthz", headers={"Host": "a; script-src *"}).headers

    assert "script-src" not in headers["Content-Security-Policy"]


def test_pages_hold_nothing_inline(shared_client):
    for path in (
        "/",
        "/me",
        "/play",
        "/nothing",
        *(f"/lessons/{p.parent.name}" for p in paths.lessons_dir().glob("*/lesson.md")),
    ):
        html = shared_client.get(path).text
        for tag in re.findall(r"<script[^>]*>", html):
            assert 'src="' in tag or 'type="application/json"' in tag
        assert "<style" not in html
        assert not re.search(r'<[^>]+\s(style|on\w+)="', html)


def test_own_scripts_are_asked_for_again_and_vendored_ones_kept(shared_client):
    own = shared_client.get("/static/js/main.js", buffered=True).headers

    assert own["Cache-Control"] == "no-cache"
    assert own["ETag"]
    assert (
        shared_client.get("/static/js/main.js", headers={"If-None-Match": own["ETag"]}, buffered=True).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("path", "make"),
    [("/model.json", catalogue.model), ("/sources.json", catalogue.sources), ("/programs.json", catalogue.programs)],
)
def test_a_document_is_compressed_and_known_by_its_hash(shared_client, path, make):
    plain = shared_client.get(path)
    packed = shared_client.get(path, headers={"Accept-Encoding": "gzip"})

    assert plain.data == gzip.decompress(packed.data) == make().body
    assert plain.mimetype == "application/json"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert shared_client.get(path, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_the_catalogue_holds_the_functions_of_the_read_path(shared_client):
    model = shared_client.get("/model.json").json
    fault = model["functions"]["filemap_fault"]

    assert fault["file"] == "mm/filemap.c"
    source = shared_client.get("/sources.json").json["filemap_fault"]
    assert source[0].startswith("async def filemap_fault(")
    assert fault["doc"]
    assert fault["line"] > 1
    assert model["names"]["errno"]["EINVAL"] == 22
    assert model["names"]["page_flags"]["PG_uptodate"] == 4
    assert model["settings"]["read_ahead_kb"]["default"] == 128


def test_every_program_has_a_title_of_its_own(shared_client):
    programs = shared_client.get("/programs.json").json

    assert len({program["id"] for program in programs}) == len(programs) >= 14
    assert all(program["title"] and "files:" not in program["title"] for program in programs)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("// Read every page.\n// files: a=1\n", "Read every page"),
        ("/*\n * Two mappings.\n */\n", "Two mappings"),
        ("// files: a=1\nint main", ""),
        ("int main", ""),
    ],
)
def test_the_title_of_a_program_is_its_first_comment(text, title):
    assert catalogue._title(text) == title


def test_health_counts_and_tells_no_secrets(shared_client):
    health = shared_client.get("/healthz").json

    assert health["ok"] is True
    assert set(health) == {"ok", "version", "uptime_s", "sockets", "runs", "runs_remembered", "log_bytes"}
