"""Output to a file, whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from carextract.errors import CarextractError


def write_output(path: Path, data: bytes) -> None:
    """Write a file in one step; see `output_file`."""
    with output_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def output_file(path: Path, *, temporary: Path | None = None) -> Iterator[BinaryIO]:
    """A file beside the place where it belongs, moved there in one step when it is complete.

    A reader sees the old file or the new one, never half of it; when anything fails, the old one
    stays, and a power cut changes nothing in that. What is not a regular file (a pipe, a terminal)
    is simply written to. `temporary` is for a writer who knows that nobody else writes the same
    file: with a name that is always the same, what a killed run left is written over.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as file:
                yield file
        else:
            with _replacing(path.resolve(), temporary) as file:
                yield file
    except OSError as error:
        raise CarextractError(f"{path}: cannot be written: {error.strerror or error}") from None


@contextlib.contextmanager
def _replacing(path: Path, temporary: Path | None) -> Iterator[BinaryIO]:
    if temporary is None:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
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
