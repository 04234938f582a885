"""Fixtures of the session's tests: the fake model, and a registry whose messages are kept."""

from __future__ import annotations

import threading
import time

import pytest

from tests.session.fake import FakeEngine
from webapp.session.limits import Limits
from webapp.session.registry import Registry


@pytest.fixture
def fake_model(monkeypatch):
    """Runs are made by the fake."""
    monkeypatch.setattr("webapp.session.run.build", FakeEngine)


class Outbox:
    """What the registry sent, by socket; tests wait on it instead of sleeping."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict]] = []
        self.changed = threading.Condition()

    def __call__(self, sid: str, event: str, payload: dict) -> None:
        with self.changed:
            self.sent.append((sid, event, payload))
            self.changed.notify_all()

    def of(self, sid: str, event: str) -> list[dict]:
        return [payload for to, kind, payload in list(self.sent) if (to, kind) == (sid, event)]

    def wait(self, condition, seconds: float = 30.0) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, seconds), f"never happened; sent so far: {self.sent[-5:]}"


def until(condition, seconds: float = 30.0) -> None:
    """Poll until ``condition()``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "never happened"
        time.sleep(0.002)


@pytest.fixture
def outbox():
    return Outbox()


@pytest.fixture
def make_registry(fake_model, outbox):
    """Registries with their own limits; their threads end with the test."""
    made: list[Registry] = []

    def make(**limits) -> Registry:
        registry = Registry(Limits(**limits), outbox)
        made.append(registry)
        return registry

    yield make
    for registry in made:
        registry.runner.stop()
