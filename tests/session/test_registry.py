"""Clients, runs, credits, eviction: the registry on the fake model."""

from __future__ import annotations

import orjson
import pytest

from tests.session.conftest import until
from webapp.session.messages import Ack, Cat, Close, Open, Refused, Resume, Want
from webapp.session.registry import TooFast

FLIGHTS = {"batch_stages": 10, "batches_in_flight": 2}


def opened(registry, program: str, sid: str = "s") -> str:
    """Connect if need be, open a run, and let its stages come."""
    if sid not in registry._clients:
        registry.join(sid)
    run = registry.open(sid, Open(program))["run"]
    registry.released(sid)
    return run


def resumed(registry, sid: str, run: str, have: int) -> dict:
    hello = registry.resume(sid, Resume(run, have))
    registry.released(sid)
    return hello


def numbers(outbox, sid: str, run: str) -> list[int]:
    """The stage numbers that a socket received, in order."""
    batches = [batch for batch in outbox.of(sid, "stages") if batch["run"] == run]
    return [stage["n"] for batch in batches for stage in orjson.loads(orjson.dumps(batch["stages"]))]


def follow(registry, outbox, sid: str, run: str) -> None:
    """Acknowledge every batch until the run has ended."""
    seen = 0
    while not [end for end in outbox.of(sid, "ended") if end["run"] == run]:
        outbox.wait(lambda seen=seen: len(outbox.of(sid, "stages")) > seen or outbox.of(sid, "ended"))
        for batch in outbox.of(sid, "stages")[seen:]:
            seen += 1
            if batch["run"] == run:
                count = len(orjson.loads(orjson.dumps(batch["stages"])))
                registry.ack(sid, Ack(run, batch["from"] + count))


def test_a_client_that_acknowledges_gets_every_stage_once_and_then_the_end(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "500")

    follow(registry, outbox, "s", run)

    assert numbers(outbox, "s", run) == list(range(500))
    assert outbox.of("s", "stages")[-1]["done"] is True
    assert outbox.of("s", "ended") == [{"run": run, "stages": 500, "why": "exit status 0", "limit": False}]


def test_nothing_is_sent_before_the_reply_that_names_the_run(make_registry, outbox):
    registry = make_registry()
    registry.join("s")
    registry.open("s", Open("100"))
    registry.runner.submit(next(iter(registry._clients["s"].runs.values())))
    until(lambda: registry.runner.idle)

    assert outbox.sent == []
    registry.released("s")
    outbox.wait(lambda: outbox.of("s", "stages"))


def test_a_client_that_does_not_acknowledge_gets_only_its_credit(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "100000")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    until(lambda: registry.runner.idle)

    assert numbers(outbox, "s", run) == list(range(20))
    assert registry.shelf.get(run).produced < 200


def test_want_bounds_what_is_sent_exactly(make_registry, outbox):
    registry = make_registry(batch_stages=10)
    registry.join("s")
    run = registry.open("s", Open("1000"))["run"]
    registry.want("s", Want(run, 25))
    registry.released("s")
    outbox.wait(lambda: len(numbers(outbox, "s", run)) >= 25)
    until(lambda: registry.runner.idle)
    assert numbers(outbox, "s", run) == list(range(25))

    registry.ack("s", Ack(run, 25))
    registry.want("s", Want(run, None))
    follow(registry, outbox, "s", run)
    assert numbers(outbox, "s", run) == list(range(1000))


def test_an_acknowledgement_of_what_was_never_sent_is_refused_and_changes_nothing(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "500")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)

    with pytest.raises(Refused, match="Stage 20 was never sent"):
        registry.ack("s", Ack(run, 21))

    until(lambda: registry.runner.idle)
    assert numbers(outbox, "s", run) == list(range(20))
    follow(registry, outbox, "s", run)
    assert numbers(outbox, "s", run) == list(range(500))


def test_a_lost_connection_resumes_where_the_client_was(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "300")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    registry.leave("s")
    registry.join("t")

    hello = resumed(registry, "t", run, 13)
    follow(registry, outbox, "t", run)

    assert hello["have"] == 13
    assert hello["digest"]
    assert numbers(outbox, "t", run) == list(range(13, 300))


def test_a_run_that_has_ended_can_be_resumed_and_says_its_end_again(make_registry, outbox):
    registry = make_registry()
    run = opened(registry, "30")
    follow(registry, outbox, "s", run)
    registry.join("t")

    resumed(registry, "t", run, 30)
    outbox.wait(lambda: outbox.of("t", "ended"))

    assert numbers(outbox, "t", run) == []


def test_nobody_resumes_ahead_of_the_run(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "300")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    until(lambda: registry.runner.idle)
    registry.join("t")

    with pytest.raises(Refused, match="nobody can hold 301"):
        registry.resume("t", Resume(run, 301))

    follow(registry, outbox, "s", run)
    assert numbers(outbox, "s", run) == list(range(300))


def test_the_second_window_takes_a_run_over_and_the_first_is_told(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "300")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    registry.join("t")

    resumed(registry, "t", run, 0)

    assert "Another window has taken over" in outbox.of("s", "trouble")[0]["error"]["what"]
    with pytest.raises(Refused, match="does not follow this run"):
        registry.ack("s", Ack(run, 10))
    registry.leave("s")  # must not take the run from its new owner
    follow(registry, outbox, "t", run)
    assert numbers(outbox, "t", run) == list(range(300))


@pytest.mark.parametrize("message", [Ack("guess", 0), Want("guess", 1), Close("guess")])
def test_a_run_of_others_cannot_be_touched(make_registry, outbox, message):
    registry = make_registry()
    run = opened(registry, "10")
    registry.join("t")
    act = getattr(registry, type(message).__name__.lower())

    with pytest.raises(Refused) as unknown:
        act("t", message)
    with pytest.raises(Refused) as foreign:
        act("t", Close(run) if isinstance(message, Close) else type(message)(run, 0))

    assert unknown.value.what == foreign.value.what
    assert registry.shelf.get(run) is not None


def test_a_bad_program_is_refused_with_its_mistakes_and_takes_no_place(make_registry):
    registry = make_registry(runs=1)
    registry.join("s")

    with pytest.raises(Refused) as caught:
        registry.open("s", Open("nonsense"))

    assert caught.value.errors[0]["line"] == 1
    assert registry.open("s", Open("5"))["ok"]


def test_a_program_that_is_too_long_is_refused(make_registry):
    registry = make_registry(source_bytes=64)
    registry.join("s")

    with pytest.raises(Refused, match="65 bytes long; this server takes 64"):
        registry.open("s", Open("5" * 63 + "é"))


def test_a_model_that_breaks_ends_its_run_and_no_other(make_registry, outbox, caplog):
    registry = make_registry()
    bad, good = opened(registry, "100 fail", "a"), opened(registry, "100", "b")

    follow(registry, outbox, "b", good)
    outbox.wait(lambda: outbox.of("a", "ended"))

    assert numbers(outbox, "a", bad) == list(range(100))
    assert "the model fell over" in outbox.of("a", "trouble")[0]["error"]["what"]
    assert outbox.of("a", "ended")[0]["limit"] is True
    assert "failed" in caplog.text


def test_a_closed_run_sends_nothing_more_and_is_forgotten(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "100000")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    registry.close("s", Close(run))
    until(lambda: registry.runner.idle)

    assert len(outbox.of("s", "stages")) == 2
    with pytest.raises(Refused, match="not known here"):
        registry.resume("s", Resume(run, 0))


def test_an_idle_run_is_evicted_and_rebuilt_without_losing_a_stage(make_registry, outbox):
    registry = make_registry(idle_seconds=0.05, **FLIGHTS)
    run = opened(registry, "700")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    registry.ack("s", Ack(run, 20))
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 4)
    registry.leave("s")
    until(lambda: registry.shelf.get(run).run is None)
    assert registry.stats()["log_bytes"] == 0

    registry.join("t")
    resumed(registry, "t", run, 33)
    follow(registry, outbox, "t", run)

    assert numbers(outbox, "t", run) == list(range(33, 700))


def test_a_client_that_was_quiet_for_long_goes_on_as_if_nothing_had_been_evicted(make_registry, outbox):
    registry = make_registry(idle_seconds=0.05, **FLIGHTS)
    run = opened(registry, "700")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)
    until(lambda: registry.shelf.get(run).run is None)

    registry.ack("s", Ack(run, 20))
    follow(registry, outbox, "s", run)

    assert sorted(set(numbers(outbox, "s", run))) == list(range(700))


def test_a_rebuilt_run_that_comes_out_different_is_ended(make_registry, outbox, caplog):
    registry = make_registry(idle_seconds=0.05, **FLIGHTS)
    run = opened(registry, "700 drift")
    for have in (20, 40, 60, 80):
        outbox.wait(lambda have=have: len(numbers(outbox, "s", run)) >= have)
        registry.ack("s", Ack(run, have))
    registry.leave("s")
    until(lambda: registry.shelf.get(run).run is None)

    registry.join("t")
    resumed(registry, "t", run, 10)
    outbox.wait(lambda: outbox.of("t", "trouble"))

    assert "came out different" in outbox.of("t", "trouble")[0]["error"]["what"]


def test_a_full_shelf_gives_the_place_of_whoever_is_idle(make_registry, outbox):
    registry = make_registry(runs=2, **FLIGHTS)
    first = opened(registry, "15", "a")
    outbox.wait(lambda: len(outbox.of("a", "stages")) == 2)
    second = opened(registry, "15", "b")
    outbox.wait(lambda: len(outbox.of("b", "stages")) == 2)
    until(lambda: registry.runner.idle)

    opened(registry, "15", "c")

    assert registry.shelf.get(first).run is None
    assert registry.shelf.get(second).run is not None


def test_a_shelf_full_of_busy_runs_refuses(make_registry, outbox):
    registry = make_registry(runs=1)
    registry.join("s")
    registry.open("s", Open("100000"))

    with pytest.raises(Refused, match="busy with 1 runs"):
        registry.open("s", Open("5"))


def test_stages_of_all_runs_together_are_bounded(make_registry, outbox):
    registry = make_registry(log_bytes=65_536, batch_stages=256)
    run = opened(registry, "100000")

    follow(registry, outbox, "s", run)

    end = outbox.of("s", "ended")[0]
    assert end["limit"] is True
    assert 100 < end["stages"] < 2_000
    assert numbers(outbox, "s", run) == list(range(end["stages"]))


def test_only_so_many_evicted_runs_are_remembered(make_registry, outbox):
    registry = make_registry(idle_seconds=0.05, remembered=2)
    runs = [opened(registry, "10", f"s{n}") for n in range(4)]
    outbox.wait(lambda: all(outbox.of(f"s{n}", "ended") for n in range(4)))
    for n in range(4):
        registry.leave(f"s{n}")

    until(lambda: len(registry.shelf) == 2)
    assert registry.shelf.get(runs[0]) is None
    assert registry.shelf.get(runs[3]) is not None


def test_a_window_that_opens_one_run_too_many_lets_go_of_its_oldest(make_registry, outbox):
    registry = make_registry(runs_per_socket=2, **FLIGHTS)
    first, second, third = (opened(registry, "300") for _ in range(3))

    assert set(registry._clients["s"].runs) == {second, third}
    assert outbox.of("s", "trouble")[0]["run"] == first
    resumed(registry, "s", first, 0)
    assert first in registry._clients["s"].runs


def test_a_full_server_refuses_sockets(make_registry):
    registry = make_registry(sockets=1)
    registry.join("a")

    with pytest.raises(Refused, match="This server is full: 1 windows"):
        registry.join("b")
    registry.leave("a")
    registry.join("b")


def test_a_client_that_sends_too_fast_is_told_once_and_in_the_end_given_up(make_registry):
    registry = make_registry(message_burst=2, messages_per_second=0.1)
    registry.join("s")
    registry.admit("s", 1)
    registry.admit("s", 1)
    refusals = []
    for _ in range(30):
        with pytest.raises(TooFast) as caught:
            registry.admit("s", 1)
        refusals.append(caught.value)

    assert [r.loud for r in refusals[:3]] == [True, False, False]
    assert not refusals[10].hopeless
    assert refusals[-1].hopeless


def test_acknowledging_what_came_is_never_too_fast(make_registry, outbox):
    registry = make_registry(message_burst=12, messages_per_second=0.1, batch_stages=1, batches_in_flight=2)
    run = opened(registry, "100")
    for have in range(1, 101):
        outbox.wait(lambda have=have: len(numbers(outbox, "s", run)) >= have)
        registry.admit("s", Ack.COST)
        registry.ack("s", Ack(run, have))


def test_twenty_runs_share_the_thread_equally(make_registry, outbox):
    registry = make_registry(batch_stages=64, batches_in_flight=1000)
    registry.runner.submit(gate := _Gate())
    runs = {f"s{n}": opened(registry, "6400", f"s{n}") for n in range(20)}
    gate.open()
    outbox.wait(lambda: all(outbox.of(sid, "ended") for sid in runs))

    order = [sid for sid, event, _ in outbox.sent if event == "stages"]
    for place in range(0, len(order), 20):
        assert len(set(order[place : place + 20])) == 20


class _Gate:
    """Holds the computing thread until everybody is there."""

    def __init__(self) -> None:
        import threading

        self._event = threading.Event()
        self.open = self._event.set

    def turn(self) -> bool:
        self._event.wait(10)
        return False

    def failed(self, error: Exception) -> bool:
        raise error


def test_a_file_is_read_at_a_stage_that_was_sent_and_at_no_other(make_registry, outbox):
    registry = make_registry(**FLIGHTS)
    run = opened(registry, "500")
    outbox.wait(lambda: len(outbox.of("s", "stages")) == 2)

    assert registry.cat("s", Cat(run, "/proc/sys/vm/swappiness", 19))["text"] == "60\n"
    with pytest.raises(Refused, match="Stage 20 has not been sent"):
        registry.cat("s", Cat(run, "/proc/sys/vm/swappiness", 20))
    with pytest.raises(Refused, match="/etc/passwd is not a file that can be read here"):
        registry.cat("s", Cat(run, "/etc/passwd", 3))


def test_a_file_of_another_windows_run_is_not_shown(make_registry):
    registry = make_registry()
    run = opened(registry, "50")
    registry.join("other")

    with pytest.raises(Refused, match="does not follow this run"):
        registry.cat("other", Cat(run, "/proc/sys/vm/swappiness", 0))


def test_a_file_of_an_evicted_run_is_read_from_a_run_computed_again(make_registry, outbox):
    registry = make_registry()
    run = opened(registry, "300")
    follow(registry, outbox, "s", run)
    stream = registry.shelf.get(run)
    until(stream.evict)

    assert registry.cat("s", Cat(run, "/proc/sys/vm/swappiness", 250))["text"] == "60\n"
    assert stream.run is not None


def test_a_long_file_is_cut_and_says_by_how_much(make_registry, outbox, monkeypatch):
    monkeypatch.setattr("webapp.session.stream.show", lambda rows, path: "x" * 100)
    registry = make_registry(output_bytes=64)
    run = opened(registry, "50")
    outbox.wait(lambda: outbox.of("s", "stages"))

    assert registry.cat("s", Cat(run, "/proc/self/smaps", 20)) == {"ok": True, "text": "x" * 64, "left": 36}
