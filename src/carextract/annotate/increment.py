"""Objects added to a PDF behind its bytes, which stay as they are.

The writer of pypdf can do it too, but it reads the whole file for it, and leaves out of the new
trailer where title and authors are, so that some viewers no longer show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from struct import pack

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
_START = re.compile(rb"startxref\s+(\d+)")
_OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj")
_CARRIED = ("/Root", "/Info", "/ID")


class Increment:
    """What is added to a file, or put in the place of what is there.

    Raises PdfReadError for a file that does not say where its table of contents is.
    """

    def __init__(self, data: bytes, reader: PdfReader) -> None:
        self._data = data
        self._reader = reader
        self._objects: dict[int, tuple[int, PdfObject]] = {}
        starts = _START.findall(data)
        if not starts:
            raise PdfReadError("startxref not found")
        self._previous = int(starts[-1])
        # Places in a file count from its header, before which there may be something else.
        self._zero = max(data.find(_HEADER, 0, _HEADER_WITHIN), 0)
        numbers = (number for known in reader.xref.values() for number in known)
        last = max([*numbers, *reader.xref_objStm], default=0)
        self._next = max(last + 1, int(reader.trailer.get("/Size", 0)))

    def add(self, new: PdfObject) -> IndirectObject:
        """A new object; the reference to it."""
        number = self._next
        self._next += 1
        self._objects[number] = (0, new)
        return IndirectObject(number, 0, self._reader)

    def replace(self, reference: IndirectObject, new: PdfObject) -> None:
        """Another object in the place of one that is in the file."""
        self._objects[reference.idnum] = (reference.generation, new)

    def written(self) -> bytes:
        """The bytes of the file with everything that was added."""
        out = BytesIO()
        out.write(self._data)
        if not self._data.endswith((b"\n", b"\r")):
            out.write(b"\n")
        places = {}
        for number, (generation, entry) in sorted(self._objects.items()):
            places[number] = (out.tell() - self._zero, generation)
            _write_object(out, number, generation, entry)
        start = out.tell() - self._zero
        if self._contents_are_a_stream():
            places[self._next] = (start, 0)
            _write_object(out, self._next, 0, self._stream_of_contents(places))
        else:
            out.write(b"xref\n" + b"".join(_table_of_contents(places)) + b"trailer\n")
            self._trailer(size=self._next).write_to_stream(out)
            out.write(b"\n")
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()

    def _contents_are_a_stream(self) -> bool:
        """Whether the file has its table of contents as a stream: then so has what is added."""
        return _OBJECT.match(self._data, self._zero + self._previous) is not None

    def _trailer(self, *, size: int) -> DictionaryObject:
        trailer = self._reader.trailer
        entries = {NameObject(name): trailer.raw_get(name) for name in _CARRIED if name in trailer}
        if "/ID" in trailer:
            entries[NameObject("/ID")] = _as_bytes(trailer["/ID"])
        entries[NameObject("/Size")] = NumberObject(size)
        entries[NameObject("/Prev")] = NumberObject(self._previous)
        return DictionaryObject(entries)

    def _stream_of_contents(self, places: dict[int, tuple[int, int]]) -> DecodedStreamObject:
        stream = DecodedStreamObject()
        stream.update(self._trailer(size=self._next + 1))
        runs = [NumberObject(part) for run in _runs(places) for part in (run[0], len(run))]
        stream[NameObject("/Type")] = NameObject("/XRef")
        stream[NameObject("/Index")] = ArrayObject(runs)
        stream[NameObject("/W")] = ArrayObject(map(NumberObject, (1, 4, 2)))
        stream.set_data(b"".join(pack(">BIH", 1, *places[number]) for number in sorted(places)))
        return stream


def _write_object(out: BytesIO, number: int, generation: int, entry: PdfObject) -> None:
    out.write(b"%d %d obj\n" % (number, generation))
    entry.write_to_stream(out)
    out.write(b"\nendobj\n")


def _table_of_contents(places: dict[int, tuple[int, int]]) -> Iterator[bytes]:
    for run in _runs(places):
        yield b"%d %d\n" % (run[0], len(run))
        for number in run:
            yield b"%010d %05d n \n" % places[number]


def _runs(numbers: dict[int, tuple[int, int]]) -> Iterator[list[int]]:
    """The numbers in order, those that follow each other together."""
    in_order = enumerate(sorted(numbers))
    for _, run in groupby(in_order, key=lambda item: item[1] - item[0]):
        yield [number for _, number in run]


def _as_bytes(identity: PdfObject) -> PdfObject:
    """The two names of a file as the bytes that they are; pypdf takes some of them for text."""
    if not isinstance(identity, ArrayObject):
        return identity
    return ArrayObject(
        ByteStringObject(part.original_bytes) if isinstance(part, TextStringObject) else part
        for part in identity
    )
