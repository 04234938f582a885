"""The pages of recordings: what the real kernel did, and where the model departs from it."""

import pytest

from webapp import paths
from webapp.session.limits import Limits
from webapp.web import create_app
from webapp.web.app import registry_of
from webapp.web.recordings import Shelf, event_rows, row_of, spans


@pytest.fixture(scope="module")
def shelf():
    return Shelf(paths.lessons_dir() / "recordings", Limits())


@pytest.fixture
def client():
    app = create_app({"TESTING": True})
    yield app.test_client()
    registry_of(app).runner.stop()


def test_every_recording_is_in_the_table_and_says_what_it_is_about(shelf):
    assert len(shelf.rows) == len(list((paths.lessons_dir() / "recordings").rglob("*.json")))
    assert [row.name for row in shelf.rows if not row.title] == []


def test_the_model_agrees_and_the_page_says_so(shelf):
    page = shelf.page("seq_read")

    assert (page.agree, len(page.events), page.wrong) == (9, 9, [])
    fault = page.events[1]
    assert (fault.what, fault.kind) == ("load of page 0 of mapping 1, 2 attempts", "major")
    assert (fault.tried, fault.ptes, fault.read) == ("0-15, 0-15", "0-15", "data.bin 0-31 in 1 request")


def test_a_recording_that_varies_is_compared_by_its_figures(shelf):
    page = shelf.page("memcg_scan")

    assert page.events == []
    assert [(low <= found <= high or abs(found - high) <= high // 10) for _, low, high, found in page.ranges[:3]] == [
        True
    ] * 3


def test_what_the_model_does_otherwise_is_shown():
    fault = {"task": 0, "mapping": 0, "page": 3, "write": True, "attempts": 1, "major": False, "ptes": []}
    recorded = {"events": [{"fault": fault}, {"call": {"task": 1, "name": "fsync", "ret": 0}}]}
    model = {"events": [{"fault": fault | {"major": True}}]}

    rows = list(event_rows(recorded, model))

    assert rows[0].differs == "major recorded null but found true"
    assert (rows[1].what, rows[1].differs) == ("task 2: fsync() returns 0", "the model has no such event")


def test_a_program_without_a_sentence_has_no_title(shelf):
    recorded, _ = shelf._read("seq_read")

    assert row_of("x", recorded, "#include <stdio.h>\n").title == ""
    assert spans([[0, 3], [7, 7], [9, 9], [11, 11], [13, 13], [15, 15], [17, 17]]) == "0-3, 7, 9, 11, 13, 15 and 1 more"


def test_the_pages_are_served(client):
    assert "seq_read.c" in client.get("/recordings").text
    assert "The model does the same in 9 of 9 events" in client.get("/recordings/seq_read").text
    run = client.get("/recordings/seq_read/run")
    assert run.status_code == 200
    assert "Read every page of a small file in order" in run.text


@pytest.mark.parametrize("path", ["/recordings/none", "/recordings/none/run", "/recordings/..%2Fseq_read"])
def test_what_was_not_recorded_is_told(client, path):
    assert client.get(path).status_code == 404
