"""What every test may rely on: one hypothesis profile, and `--update-golden`."""

import os

import hypothesis
import pytest

# No deadlines: the same example is quick alone and slow beside a browser.  In CI the examples are the same every time.
hypothesis.settings.register_profile("dev", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the files in tests/golden/, then read the diff"
    )


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """True when golden files are to be written anew rather than compared."""
    return bool(pytestconfig.getoption("--update-golden"))
