"""A layer imports only from layers to its left: kernel, program, session, lesson, web; then the command line."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "webapp"
LAYERS = ["kernel", "program", "session", "lesson", "web", "cli"]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0].split(".")[0] in LAYERS)
# The model is the standard library's, less what would let in the outside world or the wall clock.
NOT_IN_KERNEL = {"asyncio", "datetime", "logging", "multiprocessing", "socket", "subprocess", "threading", "time"}


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, relative ones resolved."""
    package = path.relative_to(PACKAGE.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join(base + ([node.module] if node.module else []))
            yield from (f"webapp.{alias.name}" for alias in node.names) if module == "webapp" else [module]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_layers_to_its_left(path: Path) -> None:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("webapp.")}

    assert ours & set(LAYERS) <= set(LAYERS[: LAYERS.index(layer(path)) + 1])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_outside_libraries_stay_in_their_layer(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - {"webapp"}

    if layer(path) == "kernel":
        assert outside <= sys.stdlib_module_names - NOT_IN_KERNEL
    elif layer(path) != "web":
        assert not outside & {"flask", "flask_socketio", "socketio", "engineio"}
