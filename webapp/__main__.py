"""`python -m webapp` is the command `pagewalk`."""

import sys

from webapp.cli import main

if __name__ == "__main__":
    sys.exit(main())
