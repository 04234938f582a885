"""`make bench`: every figure, one after another. Medians; machines differ, so read ratios rather than absolutes."""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path


def main() -> int:
    """Run each bench_*.py beside this file, or those named on the command line."""
    wanted = set(sys.argv[1:])
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or path.stem.removeprefix("bench_") in wanted:
            print(f"\n{path.stem.removeprefix('bench_')}")
            importlib.import_module(f"tests.bench.{path.stem}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
