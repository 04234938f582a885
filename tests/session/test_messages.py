"""What clients may say."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.session.strategies import anything
from webapp.session.messages import KINDS, Ack, Open, Refused, Resume, Want, read


def test_an_open_message_has_defaults():
    assert read(Open, {"program": "int main"}) == Open("int main", "prog.c", {})


def test_a_want_may_be_lifted():
    assert read(Want, {"run": "r", "upto": None}) == Want("r", None)


@pytest.mark.parametrize(
    ("kind", "payload", "quoted"),
    [
        (Open, {"program": 5}, "program is 5"),
        (Open, {"program": "x", "name": "../etc"}, 'name is "../etc"'),
        (Open, {"program": "x", "machine": {"read_ahead_kb": "much"}}, "read_ahead_kb"),
        (Open, {"program": "x", "speed": 1}, "speed"),
        (Open, "text", '"text"'),
        (Resume, {"run": "r", "have": -1}, "have is -1"),
        (Ack, {"run": "r", "have": 1.5}, "have is 1.5"),
        (Ack, {"run": "r"}, "have"),
        (Ack, {"run": "r", "have": True}, "have is true"),
        (Ack, {"run": "", "have": 1}, 'run is ""'),
        (Ack, None, "null"),
        (Ack, [], "[]"),
    ],
)
def test_a_refusal_quotes_the_value_and_gives_the_form(kind, payload, quoted):
    with pytest.raises(Refused) as caught:
        read(kind, payload)

    assert quoted in caught.value.what
    assert caught.value.what.endswith(f"Send {kind.FORM}.")


def test_a_refusal_does_not_repeat_a_long_value_in_full():
    with pytest.raises(Refused) as caught:
        read(Resume, {"run": "r" * 100_000, "have": 0})

    assert len(caught.value.what) < 400


@given(anything)
def test_whatever_comes_is_read_or_refused(payload):
    for kind in KINDS.values():
        what = refusal_of(kind, payload)
        assert what is None or (what.endswith(".") and len(what) < 1_000)


def refusal_of(kind, payload) -> str | None:
    """Why the message is refused, or None when it is read."""
    try:
        return None if isinstance(read(kind, payload), kind) else "something else."
    except Refused as refusal:
        return refusal.what
