"""Output to a file, whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

from carextract.errors import CarextractError


def write_output(path: Path, data: bytes) -> None:
    """Write a file beside the place where it belongs, then move it there in one step.

    A reader sees the old file or the new one, never half of it; when anything fails, the old one
    stays. What is not a regular file (a pipe, a terminal) is simply written to.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise CarextractError(f"{path}: cannot be written: {error.strerror or error}") from None


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
