"""The two ways to serve: `serve` and gunicorn, each as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from tests.web.conftest import Window

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "int main(void)\n{\n\treturn 3;\n}\n"


@contextmanager
def process(*command: str, **environ: str):
    """A process that is ended with the test."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environ, text=True, stdout=pipe, stderr=pipe) as running:
        try:
            yield running
        finally:
            running.kill()


def health(address: str) -> dict:
    """What /healthz says, once the server listens."""
    deadline = time.monotonic() + 40
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=5) as reply:
                found: dict = orjson.loads(reply.read())
                return found
        except OSError:  # refused, reset, or not answered in time
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.05)


def follow_a_run(address: str) -> str:
    """Why a small program ended, over a window of its own."""
    window = Window(address)
    hello = window.say("open", program=PROGRAM)
    assert hello["ok"], hello
    end = window.follow(hello["run"])
    window.close()
    assert end is not None
    assert len(window.stages) == end["stages"]
    return str(end["why"])


def test_serve_says_where_it_is_and_leaves_quietly():
    with process(sys.executable, "-c", "from webapp.web import serve; serve(port=0)") as server:
        assert server.stdout is not None
        found = re.fullmatch(r"Pagewalk is serving on http://(127\.0\.0\.1:\d+)\n", server.stdout.readline())
        assert found is not None
        assert health(found[1])["ok"]
        assert follow_a_run(found[1]) == "exit status 3"
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=20)

    assert (out, err, server.returncode) == ("", "", 0)


def test_a_limit_that_cannot_be_stops_the_start():
    with process(sys.executable, "-c", "from webapp.web import serve; serve(port=0)", PAGEWALK_RUNS="-1") as server:
        _, err = server.communicate(timeout=20)

    assert "runs=-1 is outside 1..100000" in err
    assert server.returncode == 1


@pytest.mark.slow
def test_gunicorn_serves_it_too():
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", "8", "--no-control-socket"]
    with process(*gunicorn, "-b", address, "webapp.web.wsgi:app") as server:
        assert health(address)["ok"]
        assert [follow_a_run(address) for _ in range(3)] == ["exit status 3"] * 3
        server.send_signal(signal.SIGTERM)
        _, err = server.communicate(timeout=40)

    assert server.returncode == 0
    assert "Traceback" not in err
