"""The order that the pieces of a page are read in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from carextract.read.pdf.bands import Item
from carextract.read.pdf.columns import Column, columns
from carextract.read.pdf.furniture import furniture
from carextract.read.pdf.layout import Block, Role, Segment
from carextract.read.pdf.lines import lines
from carextract.read.pdf.paragraphs import continues, paragraphs
from carextract.read.pdf.roles import with_captions, with_footnotes, without_labels

__all__ = ["arrange", "continues"]

_IN_FLOW = frozenset((Role.BODY, Role.TABLE, Role.CAPTION))


def arrange(
    segments: Sequence[Segment], height: float, *, tables: Sequence[Block] = ()
) -> tuple[Block, ...]:
    """The blocks of a page in reading order; what is outside its text stands behind it.

    Tables were found before: they take their place among the text.
    """
    if not segments:
        return tuple(tables)
    em = _usual_size(segments)
    pieces = sorted(segments, key=_place)
    outside = furniture(pieces, tables, height, em)
    items: list[Item] = [piece for i, piece in enumerate(pieces) if i not in outside]
    items += tables
    found = [block for column in columns(items, em) for block in _blocks(column, em)]
    found = without_labels(with_captions(_under_captions(found, tables), em), em)
    found += map(_outside, lines([pieces[i] for i in sorted(outside)]))
    return tuple(sorted(found, key=lambda block: block.role not in _IN_FLOW))


def _under_captions(blocks: Sequence[Block], tables: Sequence[Block]) -> list[Block]:
    """Blocks with the caption of each table at once before it, if another table stands beside."""
    captions = {
        id(table): caption
        for caption, table in pairwise(tables)
        if caption.role is Role.CAPTION and table.role is Role.TABLE
    }
    moved = {id(caption) for caption in captions.values()}
    found: list[Block] = []
    for block in blocks:
        if id(block) in captions:
            found.append(captions[id(block)])
        if id(block) not in moved:
            found.append(block)
    return found


def _place(piece: Segment) -> tuple[object, ...]:
    """What tells pieces apart, so that the order of the file does not matter."""
    return piece.baseline, piece.box, piece.size, piece.text


def _usual_size(segments: Sequence[Segment]) -> float:
    """The size that most characters of a page have."""
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[round(segment.size, 1)] += len(segment.text)
    return max(sizes, key=lambda size: (sizes[size], size)) or 1.0


def _outside(line: Segment) -> Block:
    return Block(Role.FURNITURE, (line,), line.box)


def _blocks(column: Column, em: float) -> Iterator[Block]:
    """The paragraphs of a column, with the tables between them."""
    blocks: list[Block] = []
    run: list[Segment] = []
    for item in column.items:
        if isinstance(item, Segment):
            run.append(item)
            continue
        blocks += paragraphs(lines(run), column.x0, column.x1)
        run = []
        blocks.append(item)
    blocks += paragraphs(lines(run), column.x0, column.x1)
    for block in with_footnotes(blocks, em):
        aside = column.is_note and block.role is Role.BODY
        yield replace(block, role=Role.SIDE) if aside else block
