"""What a user names (files, folders, a list on standard input) to the papers to be read."""

import os
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from carextract.errors import InputError
from carextract.read import EXTENSIONS


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers in the order of their names, and what else was in the folders."""

    paths: tuple[Path, ...]
    passed_over: Counter[str]  # by extension


def find_papers(
    names: Iterable[str], *, glob: str | None = None, leave_out: Collection[Path] = ()
) -> Papers:
    """The files that names stand for, each once: a folder for those in it, at any depth, by name.

    Of a folder the files with a known extension are taken, or those that match `glob`; hidden ones
    never. A name that stands for nothing is kept: it fails as a paper of its own. `leave_out` is
    what the run itself writes. Raises InputError for a folder that cannot be listed.
    """
    own = {path.absolute() for path in leave_out}
    passed_over: Counter[str] = Counter()
    found: dict[Path, Path] = {}
    for name in names:
        path = Path(name)
        files = _files_in(path, glob, passed_over) if path.is_dir() else [path]
        for file in files:
            if file.absolute() not in own:
                found.setdefault(file.absolute(), file)
    return Papers(tuple(found.values()), passed_over)


def _files_in(folder: Path, glob: str | None, passed_over: Counter[str]) -> list[Path]:
    wanted = []
    for place, folders, files in os.walk(folder, onerror=_cannot_be_listed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if linked := sum((Path(place) / name).is_symlink() for name in folders):
            passed_over["linked folder"] += linked
        for file in (Path(place) / name for name in files if not name.startswith(".")):
            if _taken(file, folder, glob):
                wanted.append(file)
            else:
                passed_over[_sort_of(file)] += 1
    return sorted(wanted)


def _taken(file: Path, folder: Path, glob: str | None) -> bool:
    if glob is None:
        return file.suffix.lower() in EXTENSIONS and file.is_file()
    return file.relative_to(folder).match(glob.removeprefix("**/")) and file.is_file()


def _sort_of(file: Path) -> str:
    if not file.is_file():
        return "not a file"
    return file.suffix.lower() or "without extension"


def _cannot_be_listed(error: OSError) -> NoReturn:
    raise InputError(
        f"{error.filename}: cannot be listed: {error.strerror}; check its permissions",
        code="no-permission",
    )


def names_in(data: bytes) -> list[str]:
    r"""The names in a list, one a line, or with NUL between them as `find -print0` writes it.

    >>> names_in(b"a.txt\nb c.pdf\n")
    ['a.txt', 'b c.pdf']
    """
    separator = b"\0" if b"\0" in data else b"\n"
    return [os.fsdecode(name.rstrip(b"\r")) for name in data.split(separator) if name.strip()]
