"""Finds a Chromium for the browser tests; `python -m tests.e2e.chromium` installs one when there is none."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def on_this_machine() -> str | None:
    """$CHROMIUM, or a system browser that starts (Ubuntu's `chromium-browser` may only advertise a snap)."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        path = shutil.which(name) if name else None
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def install() -> None:
    """By the system's package manager when we may, otherwise by Playwright, which asks sudo for the libraries."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
        subprocess.run(["apt-get", "install", "-q", "-y", "chromium"], env=environment, check=False)
        if on_this_machine():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)


def main() -> None:
    if not (on_this_machine() or playwrights_own()):
        print("No Chromium found; installing one.", flush=True)
        install()
    path = on_this_machine() or playwrights_own()
    if path is None:
        sys.exit("The browser tests need Chromium: install the package chromium, or set CHROMIUM to a browser's path.")
    print(f"Browser tests use {path}")


if __name__ == "__main__":
    main()
