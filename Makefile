# make run    makes .venv, installs, serves http://127.0.0.1:8000
# make test   the same without serving, then every test, those in a real browser included
# make check  format, lint and types
# make bench  prints how fast it is
# make lock   chooses versions anew
# make clean  removes what the others made

PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))) no-python-3.11-or-newer)
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What an installed package is made of, apart from its own source, which is read where it stands.
PARTS := pyproject.toml requirements.lock webapp/__init__.py webapp/assets.py static/build.py static/package.json \
	static/package-lock.json $(wildcard static/entries/*)

.PHONY: run test check bench lock clean

run: .venv/installed
	$(BIN)/pagewalk serve $(ARGS)

test: .venv/installed-dev
	$(BIN)/python -m tests.e2e.chromium
	$(BIN)/python -m pytest -n auto --maxprocesses 8 $(ARGS)

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python -m tests.e2e.chromium
	$(BIN)/python -m tests.bench $(ARGS)

# Debian and Ubuntu keep `venv` in a package of its own.
$(BIN)/python:
	@$(PYTHON) -m venv .venv || { rm -rf .venv; $(PYTHON) -m virtualenv .venv; } || { rm -rf .venv; \
		test "$$(id -u)" = 0 && apt-get update -q && apt-get install -q -y python3-venv && $(PYTHON) -m venv .venv; } || \
		{ rm -rf .venv; echo "make: no virtual environment; try: sudo apt-get install python3-venv" >&2; exit 1; }

.venv/installed: $(PARTS) | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps -e .
	touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' pyproject.toml

lock: | $(BIN)/python
	$(PIP) install uv
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock
	cd static && npm update --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf .venv static/vendor static/dist build dist test-results .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find webapp tests static -name __pycache__ -type d -exec rm -rf {} +
