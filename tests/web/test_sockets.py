"""The messages of a client, by Flask-SocketIO's client inside the process."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.session.strategies import anything
from tests.web.conftest import Desk
from webapp.session.messages import KINDS
from webapp.web.app import registry_of


def test_open_answers_with_what_the_page_needs_and_then_sends_stages(desk):
    hello = desk.say("open", {"program": "100", "name": "a.c", "machine": {"read_ahead_kb": 64}})
    batches = desk.wait("stages")
    desk.say("ack", {"run": hello["run"], "have": 64})
    end = desk.wait("ended")[0]

    assert hello["ok"]
    assert hello["program"] == {"name": "a.c", "text": "100"}
    assert hello["machine"]["read_ahead_kb"] == 64
    assert hello["files"] == {"data.bin": 4096}
    assert len(hello["digest"]) == 64
    assert batches[0]["from"] == 0
    assert end["why"] == "exit status 0"
    assert [s["n"] for batch in desk.of("stages") for s in batch["stages"]] == list(range(100))


def test_the_reply_to_open_comes_before_the_first_stage(app):
    order: list[str] = []
    desk = Desk(app)
    app.extensions["socketio"].server._send_packet = lambda sid, packet: order.append("reply")
    registry_of(app)._send = lambda sid, event, payload: order.append(event)

    desk.say("open", {"program": "100"})

    assert order[0] == "reply"


def test_a_program_with_mistakes_is_answered_in_the_reply(desk):
    reply = desk.say("open", {"program": "nonsense"})

    assert reply == {
        "ok": False,
        "error": {
            "what": "The program cannot be run.",
            "errors": [{"line": 1, "column": 1, "message": "no number"}],
        },
    }
    assert desk.troubles() == []


def test_two_runs_may_be_opened_at_once(desk):
    first, second = desk.say("open", {"program": "50"}), desk.say("open", {"program": "70"})
    desk.wait("ended", 2)

    counts = {end["run"]: end["stages"] for end in desk.of("ended")}
    assert counts == {first["run"]: 50, second["run"]: 70}


@pytest.mark.parametrize("payload", [(), (1,), ({}, {}), (None,), ([],), ({"run": 5},), ("x" * 1000,)])
@pytest.mark.parametrize("event", sorted(KINDS))
def test_a_message_that_does_not_fit_gets_trouble_and_changes_nothing(desk, app, event, payload):
    before = registry_of(app).stats() | {"uptime_s": 0}

    reply = desk.say(event, *payload)

    assert reply["ok"] is False
    assert desk.troubles()[0].startswith(f"The message '{event}' was not understood")
    assert registry_of(app).stats() | {"uptime_s": 0} == before


@pytest.mark.parametrize("event", ["shout", "message", "json", "unreadable", "__proto__", "x" * 500])
def test_an_unknown_message_gets_trouble(desk, event):
    desk.say(event, {})

    assert "Send one of open, check, resume, ack, want, close" in desk.troubles()[0]
    assert len(desk.troubles()[0]) < 300


@pytest.mark.parametrize(
    "packet",
    [
        '2["connect"]',
        '2["disconnect"]',
        '2["*",{}]',
        "2",
        "2{}",
        "2[]",
        "2[5]",
        '2["open",',
        '2["open",{"program":"\\ud800"}]',
        '51-["open",{"_placeholder":true,"num":0}]',
        '50-["open",{}]',
        '52000000000-["open"]',
        '61-["x"]',
        "3[]",
        "4{}",
        "9",
        "x",
        "2" + "[" * 5000,
        b"\x00\x01",
        b'2["ack",{}]',
        {"a": 1},
        "2" + "9" * 200 + '["ack"]',
        "2²[]",
    ],
)
def test_a_packet_that_is_no_message_gets_trouble_and_the_next_one_is_served(desk, packet):
    desk.raw(packet)

    assert "is not a message of ours" in desk.troubles()[0]
    assert desk.say("open", {"program": "5"})["ok"]


def test_another_namespace_is_refused(desk, app):
    desk.raw("0/admin,")
    desk.raw('2/admin,["open",{"program":"5"}]')

    assert registry_of(app).stats()["runs"] == 0


def test_a_disconnected_client_leaves_its_run_to_whoever_knows_the_id(app, desk):
    run = desk.say("open", {"program": "300"})["run"]
    desk.wait("ended")
    desk.inner.disconnect()
    other = Desk(app)

    assert other.say("resume", {"run": "guess", "have": 0})["ok"] is False
    assert other.say("resume", {"run": run, "have": 290})["ok"] is True
    assert [s["n"] for s in other.wait("stages")[0]["stages"]] == list(range(290, 300))


def test_a_handler_that_breaks_is_answered_and_logged(app, desk, monkeypatch, caplog):
    def break_down(sid, run):
        raise RuntimeError("the secret cause")

    monkeypatch.setattr(registry_of(app), "_own", break_down)

    reply = desk.say("close", {"run": "r"})

    assert reply["error"]["what"] == "Something went wrong on our side; it is in the server's log."
    assert "the secret cause" in caplog.text


def test_a_server_that_is_full_says_so(make_app):
    app = make_app(sockets=1)
    first, second = Desk(app), Desk(app)

    assert first.inner.is_connected()
    assert not second.inner.is_connected()


def test_a_client_that_sends_too_fast_is_slowed_down_and_told_once(make_app):
    desk = Desk(make_app(message_burst=3, messages_per_second=0.1))

    replies = [desk.say("close", {"run": "none"}) for _ in range(8)]

    assert ["Too many messages" in reply["error"]["what"] for reply in replies] == [False] * 3 + [True] * 5
    assert len([what for what in desk.troubles() if "Too many messages" in what]) == 1


packets = st.tuples(
    st.sampled_from([*KINDS, "shout"]) | st.text(max_size=10), st.lists(anything, max_size=3), st.booleans()
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(packets | st.text(max_size=30) | st.binary(max_size=20), max_size=6))
def test_no_sequence_of_packets_breaks_the_server(make_app, messages):
    app = make_app(message_burst=1_000_000, messages_per_second=1e6)
    desk = Desk(app)
    for message in messages:
        if isinstance(message, tuple):
            event, payload, acknowledged = message
            text = orjson.dumps([event, *payload], default=repr).decode() if _plain(payload) else "[]"
            desk.raw(f"2{7 if acknowledged else ''}{text}")
        elif not str(message).startswith(("0", "1")):  # hello and good-bye have tests of their own
            desk.raw(message)

    assert desk.say("open", {"program": "5"})["ok"]
    desk.wait("ended")


def _plain(payload: object) -> bool:
    """Whether orjson takes it: integers of 64 bits only."""
    try:
        orjson.dumps(payload)
    except orjson.JSONEncodeError:
        return False
    return True
