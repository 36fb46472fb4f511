"""`python -m carextract` is the same as the command `carextract`."""

import sys

from carextract.cli import main

if __name__ == "__main__":
    sys.exit(main())
