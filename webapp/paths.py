"""Where the files that are not Python stand: pages, styles, scripts and lessons.

A checkout (and an editable install) keeps them at its top level; a wheel carries them as webapp/_data/.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_data"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent


def static_dir() -> Path:
    """Styles, scripts and vendor/, served as /static/."""
    return _ROOT / "static"


def templates_dir() -> Path:
    """Jinja templates of the pages."""
    return _ROOT / "templates"


def lessons_dir() -> Path:
    """One folder a lesson, and recordings/ of the real kernel."""
    return _ROOT / "lessons"
