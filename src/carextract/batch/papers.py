"""What a user names (files, folders, a list on standard input) to the papers to be read."""

import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from carextract.batch.journal import written_files
from carextract.errors import InputError
from carextract.read import EXTENSIONS


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers in the order of their names, and what else was in the folders."""

    paths: tuple[Path, ...]
    passed_over: Counter[str]  # by extension


def find_papers(
    names: Iterable[str], *, glob: str | None = None, output: Path | None = None
) -> Papers:
    """The files that names stand for, each once: a folder for those in it, at any depth, by name.

    Of a folder the files with a known extension are taken, or those that match `glob`; hidden ones
    never. A name that stands for nothing is kept: it fails as a paper of its own. What a run with
    this `output` writes itself is no paper. Raises InputError for a folder that cannot be listed, a
    pattern that matches nothing, and an output that is one of the papers by another name.
    """
    pattern = None if glob is None else glob.removeprefix("**/")
    if pattern == "":
        raise InputError(f"--glob {glob!r}: matches nothing; give it as '*.pdf'", code="glob")
    folders: dict[Path, Path] = {}  # the files of a folder come one after the other
    own = {_place(path, folders) for path in written_files(output)} if output else set()
    passed_over: Counter[str] = Counter()
    found: dict[Path, Path] = {}
    for name in filter(None, names):
        path = Path(name)
        for file in _files_in(path, pattern, passed_over) if _is_folder(path) else [path]:
            place = _place(file, folders)
            if place not in own:
                found.setdefault(place, file)
    if output:
        _check_output(output, found.values())
    return Papers(tuple(found.values()), passed_over)


def _place(path: Path, folders: dict[Path, Path]) -> Path:
    """Where a file is, by whatever way its folder was named; a link is a file of its own.

    `folders` are those met before, as they were named, and where they are.
    """
    folder = path.parent
    if folder not in folders:
        try:
            folders[folder] = folder.resolve()
        except OSError:
            folders[folder] = folder.absolute()
    return folders[folder] / path.name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _check_output(output: Path, papers: Iterable[Path]) -> None:
    """Refuse to write over a paper that the output is a link to, or another name of."""
    if not output.exists():
        return
    status = output.stat()
    for path in papers:
        with suppress(OSError, ValueError):
            if os.path.samestat(path.stat(), status):
                raise InputError(
                    f"{output}: is one of the papers, {path}; give another place for the output",
                    code="output-is-input",
                )


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
    return file.relative_to(folder).match(glob) and file.is_file()


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
