"""What several test modules use: the command line as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import carextract

ROOT = Path(__file__).resolve().parent.parent
PACKAGE_PARENT = Path(carextract.__file__).resolve().parent.parent

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `python -m carextract ARGUMENT...` in an empty folder, on the package under test."""

    def run(
        *arguments: str | Path, stdin: bytes = b"", **environment: str
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "carextract", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT), **environment},
            check=False,
        )

    return run
