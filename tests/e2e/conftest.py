"""A server of its own for every test process, and pages that fail the test when the browser complains."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e import chromium

ROOT = Path(__file__).parent.parent.parent
ANNOUNCEMENT = re.compile(r"Pagewalk is serving on (http://\S+)")
QUIET_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class Server:
    """`pagewalk serve`, or another command that serves, in a process of its own, with everything that it says."""

    def __init__(self, *options: str, command: tuple[str, ...] = ("serve", "--host", "127.0.0.1")) -> None:
        self.command = [*command, *options]
        self.folder = tempfile.TemporaryDirectory(prefix="pagewalk-e2e-")
        self.database = f"sqlite:///{self.folder.name}/answers.sqlite3"
        self.start()

    def start(self, port: int = 0) -> None:
        command = [sys.executable, "-u", "-m", "webapp", *self.command, "--port", str(port)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PAGEWALK_DATABASE": self.database},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.news = threading.Condition()
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self.read, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    def read(self, stream: IO[str]) -> None:
        """Takes in what the server says, so that it never waits for a full pipe."""
        with stream:
            for line in stream:
                with self.news:
                    self.lines.append(line)
                    self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def output(self) -> str:
        return "".join(self.lines[-200:]) or "(nothing)"

    def url(self) -> str | None:
        return next((found[1] for line in self.lines if (found := ANNOUNCEMENT.search(line))), None)

    def restart(self) -> None:
        """Stop, and serve again at the same address: what was in memory is gone."""
        port = int((self.url() or "").rpartition(":")[2])
        self.stop()
        self.start(port)
        wait_for_server(self)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(10)


def wait_for_server(server: Server, seconds: float = 30) -> str:
    """The server's address once it listens; fails with what it said when it died or stayed silent."""
    deadline = time.monotonic() + seconds
    with server.news:
        while (url := server.url()) is None:
            left = deadline - time.monotonic()
            if server.process.poll() is not None or not server.reader.is_alive():
                pytest.fail(f"the server ended before it served; it said:\n{server.output()}", pytrace=False)
            if left <= 0:
                pytest.fail(f"the server gave no address in {seconds} s; it said:\n{server.output()}", pytrace=False)
            server.news.wait(min(left, 0.5))
    return url


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()
    running.folder.cleanup()


@pytest.fixture(scope="session")
def server_url(server: Server) -> str:
    """`http://127.0.0.1:PORT`, without a slash at the end."""
    return wait_for_server(server)


@pytest.fixture(scope="session")
def base_url(server_url: str) -> str:
    """Lets tests write `page.goto("/play")`."""
    return server_url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    """Contexts with this folder's address, whichever folder's tests came first."""
    return browser_context_args | {"base_url": base_url}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.on_this_machine()
    if path is None:  # then it must be Playwright's own, which it finds by itself
        return browser_type_launch_args | {"args": QUIET_FLAGS}
    return browser_type_launch_args | {"args": QUIET_FLAGS, "executable_path": path}


@pytest.fixture
def expected_complaints() -> list[str]:
    """A test that provokes an error in the browser's console appends a part of its text here."""
    return []


@pytest.fixture
def page(page: Page, server: Server, expected_complaints: list[str]) -> Iterator[Page]:
    """A fresh page; errors in its console, and errors that nobody caught, fail the test."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    yield page
    unexpected = [each for each in complaints if not any(part in each for part in expected_complaints)]
    if unexpected:
        said = "\n".join(unexpected)
        pytest.fail(f"the browser complained:\n{said}\nthe server said:\n{server.output()}", pytrace=False)


def settle(page: Page, n: int | None = None) -> None:
    """Waits until the page shows its stage, or stage `n`, and nothing moves."""
    stage = "" if n is None else f'[data-stage="{n}"]'
    page.wait_for_selector(f'html[data-settled="1"]{stage}', state="attached")


@pytest.fixture
def settled() -> Callable[..., None]:
    """`settled(page)` and `settled(page, 61)`."""
    return settle
