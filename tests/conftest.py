"""What several test modules use: the command line as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

import carextract
from carextract.cli import main

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


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same as `run` in this process: where it is what is said and written that counts."""

    def call(
        *arguments: str | Path, stdin: bytes = b"", **environment: str
    ) -> "subprocess.CompletedProcess[bytes]":
        out, error = BytesIO(), BytesIO()
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["carextract", *map(str, arguments)])
            patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), "utf-8"))
            for name, stream in {"stdout": out, "stderr": error}.items():
                wrapper = TextIOWrapper(stream, "utf-8", "backslashreplace", write_through=True)
                patch.setattr(sys, name, wrapper)
            with pytest.raises(SystemExit) as end:
                main()
            assert isinstance(end.value.code, int)
            # A wrapper that is collected closes what it wraps.
            said = (out.getvalue(), error.getvalue())
        return subprocess.CompletedProcess(arguments, end.value.code, *said)

    return call
