"""The page's scripts and styles: the files that static/build.py made of them, or their sources while those are newer.

Standard library only: the build reads this module before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SOURCES = {"js": ".js", "css": ".css"}  # folder and the ending of what counts in it


@dataclass(frozen=True, slots=True)
class Assets:
    """Names below /static/: of the scripts, of what it imports at once, of the stylesheet and the main font."""

    script: str = "js/main.js"
    at_once: tuple[str, ...] = ()
    style: str = "css/app.css"
    font: str = "vendor/fonts/inter-latin-wght-normal.woff2"
    plain: str = "js/plain.js"  # the script of pages without a run
    compare: str = "js/compare.js"
    author: str = "js/author.js"


def sources_digest(static: Path) -> str:
    """A hash of our own scripts and styles."""
    digest = hashlib.sha256()
    for folder, ending in SOURCES.items():
        for path in sorted((static / folder).rglob(f"*{ending}")):
            digest.update(path.relative_to(static).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def find_assets(static: Path) -> Assets:
    """The bundled files when they were made of the sources as they are now; else the sources themselves."""
    try:
        manifest = json.loads((static / "dist/manifest.json").read_text())
    except FileNotFoundError:
        return Assets()
    if manifest["sources"] != sources_digest(static):
        return Assets()
    made = {source: f"dist/{name}" for source, name in manifest["files"].items()}
    return Assets(
        script=made["js/main.js"],
        at_once=tuple(f"dist/{name}" for name in manifest["at_once"]),
        style=made["css/app.css"],
        font=made[Assets().font],
        plain=made["js/plain.js"],
        compare=made["js/compare.js"],
        author=made["js/author.js"],
    )
