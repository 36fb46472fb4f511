"""What is on disk while a batch runs, so that nothing is done twice and nothing is lost.

Documents are appended to a journal beside the output as they come, in any order. When all are
there, they are written to the output in the order of the papers, in one step, and the journal goes.
A run that finds a journal, or an output, takes from them what is still true.
"""

import json
import os
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from carextract.batch.reading import digest_of, made_by
from carextract.errors import CarextractError
from carextract.read import RECOGNISABLE
from carextract.records import FACT_KINDS
from carextract.write import output_file


class Making(NamedTuple):
    """What a document depends on beside its paper: program and rules (see `made_by`), and when
    characters are recognised."""

    makers: str
    ocr: str


class Place(NamedTuple):
    """Where a line stands: in which file, from which byte; and how many facts are in it."""

    in_journal: bool
    offset: int
    facts: int


@contextmanager
def open_journal(output: Path, *, papers: int, making: Making, resume: bool) -> Iterator["Journal"]:
    """The journal of an output, with what it and the output hold of earlier runs if `resume`.

    Raises CarextractError where the files cannot be read or written, or another run has them.
    """
    with ExitStack() as files:
        with _said_of(output, "check its folder, permissions and free space"):
            if output.exists() and not output.is_file():
                raise CarextractError(f"{output}: is no file; give another place for the output")
            own = _locked(output)
            files.callback(_closed, own)
            _check_is_journal(own, written_files(output)[1])
            earlier = None
            if resume and output.exists():
                earlier = files.enter_context(output.open("rb"))
            journal = Journal(output, own, earlier, papers=papers)
            journal.take_up(making, resume=resume)
        yield journal


def written_files(output: Path) -> tuple[Path, Path, Path]:
    """What a run writes: the output, the journal, and the output while it is put together."""
    return output, _beside(output, ".partial"), _beside(output, ".sorted")


def _beside(output: Path, ending: str) -> Path:
    return output.with_name(output.name + ending)


class Journal:
    """The lines of a run, each known by the number of its paper."""

    def __init__(
        self, output: Path, journal: BinaryIO, earlier: BinaryIO | None, *, papers: int
    ) -> None:
        self._path = output
        self._journal = journal
        self._earlier = earlier
        self._end = 0
        self._known: dict[str, dict[str, Place]] = {}
        # Two small arrays, since a run may have a million papers.
        self._in_journal = array("b", [0]) * papers
        self._offsets = array("q", [0]) * papers

    def take_up(self, making: Making, *, resume: bool) -> None:
        """Learn what earlier runs did. A torn last line of the journal is dropped; a journal of
        documents that were made otherwise is begun anew."""
        if self._earlier:
            for offset, line in _lines(self._earlier):
                self._learn(line, making, offset=offset, in_journal=False)
        header = json.dumps({"journal": making}).encode() + b"\n"
        self._journal.seek(0)
        if resume and self._journal.readline() == header:
            self._end = len(header)
            for offset, line in _lines(self._journal):
                self._learn(line, making, offset=offset, in_journal=True)
                self._end = offset + len(line)
        self._journal.truncate(self._end)
        if not self._end:
            self._append(header)

    def known(self, path: Path) -> Place | None:
        """The line of a paper that was read before, by its name and what is in it."""
        versions = self._known.get(path.name)
        return versions.get(digest_of(path) or "") if versions else None

    def reuse(self, number: int, place: Place) -> None:
        """Let a line that is there already stand for a paper."""
        self._in_journal[number] = place.in_journal
        self._offsets[number] = place.offset

    def add(self, number: int, line: bytes) -> None:
        """Keep the line of a paper. Once this returns, nothing but a power cut can undo it."""
        self.reuse(number, Place(True, self._end, 0))
        with _said_of(self._path, "what is done is kept: mend that and run the same command again"):
            self._append(line + b"\n")

    def finish(self) -> None:
        """Write the lines of all papers to the output, in one step, and end the journal."""
        _, journal, temporary = written_files(self._path)
        with output_file(self._path, temporary=temporary) as file:
            for in_journal, offset in zip(self._in_journal, self._offsets, strict=True):
                source = self._journal if in_journal or not self._earlier else self._earlier
                source.seek(offset)
                file.write(source.readline())
            if self._earlier:
                self._earlier.close()  # some systems replace no file that is open
        journal.unlink()

    def _append(self, line: bytes) -> None:
        self._journal.write(line)
        self._journal.flush()
        self._end += len(line)

    def _learn(self, line: bytes, making: Making, *, offset: int, in_journal: bool) -> None:
        """Remember a line, if reading its paper again could give nothing else."""
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            document = json.loads(line)
            source = document["source"]
            if made_by(document["generator"], document["rules"]) != making.makers:
                return
            if source["media_type"] != "application/pdf" or _read_alike(document, making.ocr):
                facts = sum(len(document[kind]) for kind in FACT_KINDS)
                place = Place(in_journal, offset, facts)
                self._known.setdefault(source["name"], {})[source["sha256"]] = place


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The whole lines of a file from where it stands, each with its first byte's offset."""
    offset = file.tell()
    for line in file:
        if line.endswith(b"\n"):
            yield offset, line
        offset += len(line)


def _read_alike(document: Mapping[str, Any], ocr: str) -> bool:
    """Whether a document shows no sign that its paper would be read otherwise now: that characters
    were recognised, or pages left out for want of that, where `ocr` says something else."""
    recognised = [
        quote["ocr_score"] is not None
        for kind in FACT_KINDS
        for record in document[kind]
        for quote in record["evidence"]
    ]
    if ocr == "never":
        return not any(recognised)
    left_out = any(warning["code"] in RECOGNISABLE for warning in document["warnings"])
    if ocr == "always":
        return bool(recognised) and all(recognised) and not left_out
    if not left_out:
        return True
    from carextract.read.ocr import available  # it takes 50 ms to load

    return not available()


def _locked(output: Path) -> BinaryIO:
    """The journal of an output, open, and locked until it is closed or this process is gone, where
    the system has locks."""
    path = written_files(output)[1]
    while True:
        journal = path.open("a+b")
        try:
            _lock(journal, output)
            # Another run may have ended, and taken its journal away, since this one was opened.
            if path.exists() and os.path.samestat(path.stat(), os.fstat(journal.fileno())):
                return journal
        except BaseException:
            journal.close()
            raise
        journal.close()


def _lock(journal: BinaryIO, output: Path) -> None:
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CarextractError(
                f"{output}: another run is writing it; wait for that, or give another output"
            ) from None
        except OSError:
            pass  # a file system without locks


def _check_is_journal(file: BinaryIO, path: Path) -> None:
    """Refuse to write to a file of that name which is something else: text that is no JSON."""
    file.seek(0)
    start = file.read(1000)
    if start[:1].isalnum() and b'"journal"' not in start:
        raise CarextractError(
            f"{path}: is in the way, and no journal of carextract; move it, or give another output"
        )


def _closed(journal: BinaryIO) -> None:
    """Close a journal. What could not be written was said, and is tried again by closing."""
    with suppress(OSError):
        journal.close()


@contextmanager
def _said_of(output: Path, advice: str) -> Iterator[None]:
    """What the system says of the files, as a user has to know it."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise CarextractError(f"{output}: cannot be written: {reason}; {advice}") from None
