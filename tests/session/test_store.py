"""Stored links: the same content has the same id, and nothing grows without bound."""

from __future__ import annotations

import threading

import msgspec
import pytest

from webapp.session.limits import Limits
from webapp.session.messages import Keep, Refused, Share, read
from webapp.session.store import Shares, connect

PROGRAM = "int main(void) { return 0; }\n"


@pytest.fixture
def make(tmp_path):
    """Stores on one database, each with its own limits."""
    made = []

    def make(**limits) -> Shares:
        shares = Shares(lambda: connect(f"sqlite:///{tmp_path}/deep/shares.sqlite3"), Limits(**limits))
        made.append(shares)
        return shares

    yield make
    for shares in made:
        shares._engine.dispose()


def share(program: str = PROGRAM, **more) -> Share:
    return Share(program=program, name="prog.c", **more)


def test_what_was_put_is_there_for_another_process_too(make):
    kept = share(stage=7, title="A title", note="A note", machine={"read_ahead_kb": 64})

    id = make().put(kept)

    assert make().get(id) == kept


def test_the_same_share_has_the_same_id_and_takes_no_more_room(make):
    shares = make(shares=1)

    assert shares.put(share()) == shares.put(share())
    assert len(shares.put(share())) == 12


def test_only_so_many_are_kept(make):
    shares = make(shares=2)
    shares.put(share(title="1"))
    shares.put(share(title="2"))

    with pytest.raises(Refused, match="as many links as it can hold"):
        shares.put(share(title="3"))


def test_all_together_are_bounded_in_bytes(make):
    shares = make(shares_bytes=2000)
    shares.put(share("x" * 1500))

    with pytest.raises(Refused, match="as many links as it can hold"):
        shares.put(share("y" * 1500))


def test_only_so_many_come_in_an_hour(make, monkeypatch):
    shares = make(shares_per_hour=1)
    shares.put(share(title="1"))
    with pytest.raises(Refused, match="1 new links an hour"):
        shares.put(share(title="2"))

    monkeypatch.setattr("webapp.session.store.time.time", lambda: 1e11)

    assert shares.put(share(title="2"))


def test_a_share_that_is_too_long_is_refused_with_its_length(make):
    with pytest.raises(Refused, match=r"This link has 10,\d+ bytes; the server keeps 300 at most"):
        make(share_bytes=300).put(share("x" * 10_000))


@pytest.mark.parametrize("id", ["", "nothing", "../../etc/pas", "' OR 1=1 -- ", "x" * 12, "x" * 10_000, "ééééééééééé1"])
def test_an_id_that_was_never_given_finds_nothing(make, id):
    shares = make()
    shares.put(share())

    assert shares.get(id) is None


def test_a_class_that_presses_the_button_at_once_is_served(make):
    shares = make()
    ids: list[str] = []
    threads = [threading.Thread(target=lambda i=i: ids.append(shares.put(share(title=str(i % 5))))) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 20
    assert len(set(ids)) == 5


def test_a_database_that_cannot_be_used_is_named():
    with pytest.raises(Refused, match="PAGEWALK_DATABASE"):
        connect("nonsense://x")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"program": ""},
        {"program": 5},
        {"name": "../x"},
        {"name": "a<b"},
        {"stage": -1},
        {"machine": {"a": "b"}},
        {"machine": []},
        {"place": {"fault": 1}},
        {"title": "x" * 121},
        {"note": "x" * 2001},
        {"admin": True},
    ],
)
def test_a_share_of_another_form_is_refused(wrong):
    content = {"program": PROGRAM, "name": "prog.c"} | wrong if wrong else {}

    with pytest.raises(Refused, match="The message 'keep' was not understood"):
        read(Keep, {"share": content})


def test_a_share_survives_json(make):
    kept = read(Keep, {"share": {"program": PROGRAM, "name": "ü.c", "machine": {"disk_page_us": 0.5}}}).share

    assert msgspec.json.decode(msgspec.json.encode(kept), type=Share) == kept
