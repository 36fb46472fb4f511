"""Text that knows, for every character, where in the source it was read.

Each cleaning step makes a new `TrackedText` from an older one. A step only says what it changes;
how positions lead back to the source is kept here, one layer a step, and never searched again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Piece = str | tuple[int, int]
"""Part of a rearranged region: new text, or the (start, end) of text that is moved there."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of source offsets, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, in source offsets: `before == source[start:end]`, and what stands there now."""

    step: str
    start: int
    end: int
    before: str
    after: str


class _Layer:
    """The changes of one step: places in the text before it, and in the text it made."""

    __slots__ = ("after", "ends", "foreign", "length", "moved", "starts", "step")

    def __init__(self, step: str, length: int, *, foreign: bool) -> None:
        self.step = step
        self.length = length
        self.foreign = foreign
        self.starts = array("q")
        self.ends = array("q")
        self.moved = array("q")
        self.after: list[str] = []

    def _before(self, place: int) -> int:
        """Index of the last change that begins at or before a place in the new text, or -1."""
        return bisect_right(self.moved, place) - 1

    def _origin(self, place: int) -> tuple[int, int]:
        """Where one character of the new text was: empty when it was inserted."""
        i = self._before(place)
        if i < 0:
            return place, place + 1
        start, end, moved = self.starts[i], self.ends[i], self.moved[i]
        size = len(self.after[i])
        if place >= moved + size:
            old = end + place - moved - size
            return old, old + 1
        if size == end - start:
            return start + place - moved, start + place - moved + 1
        return start, end

    def back(self, start: int, end: int) -> list[tuple[int, int]]:
        """The range of the old text that a range of the new one came from.

        Inserted characters at the edges do not widen it; a range of nothing but inserted
        characters is answered with its two neighbours.
        """
        first, last = start, end - 1
        low, low_end = self._origin(first)
        while low == low_end and first < last:
            i = self._before(first)
            first = min(last, self.moved[i] + len(self.after[i]))
            low, low_end = self._origin(first)
        if low == low_end:
            return [(max(0, low - 1), min(self.length, low + 1))]
        high_start, high = self._origin(last)
        while high_start == high and last > first:
            last = max(first, self.moved[self._before(last)] - 1)
            high_start, high = self._origin(last)
        return [(low, high)]

    def touches(self, start: int, end: int) -> bool:
        """Whether a change made, or took away from inside, the characters of a new range."""
        i = bisect_left(self.moved, end) - 1
        return i >= 0 and self.moved[i] + len(self.after[i]) > start

    def changes(self) -> Iterator[tuple[int, int, str]]:
        """Every change: its range in the old text, and what stands there now."""
        return zip(self.starts, self.ends, self.after, strict=True)

    def forward(self, place: int) -> int | None:
        """Where a boundary of the old text is in the new one; None when it was written over."""
        i = bisect_right(self.starts, place) - 1
        if i < 0:
            return place
        start, end, moved = self.starts[i], self.ends[i], self.moved[i]
        size = len(self.after[i])
        if place >= end:
            return moved + size + place - end
        if place == start or size == 0:
            return moved
        return moved + place - start if size == end - start else None


class _Rewriting(_Layer):
    """A step that wrote the whole text anew, character by character: nothing moved."""

    __slots__ = ("new", "old")

    def __init__(self, step: str, old: str, new: str) -> None:
        super().__init__(step, len(old), foreign=False)
        self.old = old
        self.new = new

    def back(self, start: int, end: int) -> list[tuple[int, int]]:
        return [(start, end)]

    def touches(self, start: int, end: int) -> bool:
        return self.old[start:end] != self.new[start:end]

    def forward(self, place: int) -> int | None:
        return place

    def changes(self) -> Iterator[tuple[int, int, str]]:
        start = -1
        for place, (old, new) in enumerate(zip(self.old, self.new, strict=True)):
            if old != new:
                start = place if start < 0 else start
            elif start >= 0:
                yield start, place, self.new[start:place]
                start = -1
        if start >= 0:
            yield start, len(self.old), self.new[start:]


class _Moves(_Layer):
    """A step that also changes the order: regions built from moved pieces of the old text."""

    __slots__ = ("homes", "places")

    def __init__(self, step: str, length: int) -> None:
        super().__init__(step, length, foreign=False)
        self.places = array("q")  # where each piece begins in the new text
        self.homes = array("q")  # where it began in the old text, -1 for new characters

    def back(self, start: int, end: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        inserted = start
        i = max(0, bisect_right(self.places, start) - 1)
        while i < len(self.places) and self.places[i] < end:
            place, home = self.places[i], self.homes[i]
            stop = self.places[i + 1] if i + 1 < len(self.places) else end
            low, high = max(start, place), min(end, stop)
            if home >= 0 and low < high:
                found.append((home + low - place, home + high - place))
            elif home < 0:
                inserted = i
            i += 1
        return found or [self._neighbour(inserted)]

    def _neighbour(self, piece: int) -> tuple[int, int]:
        """The character before an inserted piece, or the one after it, or nothing."""
        if piece > 0 and self.homes[piece - 1] >= 0:
            home = self.homes[piece - 1] + self.places[piece] - self.places[piece - 1]
            return home - 1, home
        if piece + 1 < len(self.homes) and self.homes[piece + 1] >= 0:
            home = self.homes[piece + 1]
            return home, min(self.length, home + 1)
        return 0, min(self.length, 1)

    def forward(self, place: int) -> int | None:
        for new, home, size in self._pieces():
            if home <= place < home + size:
                return new + place - home
        return None

    def _pieces(self) -> Iterable[tuple[int, int, int]]:
        for i, home in enumerate(self.homes):
            end = self.places[i + 1] if i + 1 < len(self.places) else self.places[i] + self.length
            if home >= 0:
                yield self.places[i], home, end - self.places[i]


class TrackedText:
    """A text, what it was made from, and every change on the way. Never altered in place.

    >>> text = TrackedText.of("1O6 cells").replace("ocr", [(1, 2, "0")])
    >>> text.text, text.source_spans(0, 3)
    ('106 cells', (Span(start=0, end=3),))
    >>> text.repairs(0, 3), text.repairs(4, 9)
    (('ocr',), ())
    """

    __slots__ = ("_cuts", "_layers", "source", "text")

    source: str
    text: str

    def __init__(
        self, source: str, text: str, layers: tuple[_Layer, ...], cuts: tuple[int, ...]
    ) -> None:
        self.source = source
        self.text = text
        self._layers = layers
        self._cuts = cuts

    @classmethod
    def of(cls, source: str) -> TrackedText:
        """The text as it was read, nothing changed yet."""
        return cls(source, source, (), ())

    def replace(
        self, step: str, changes: Iterable[tuple[int, int, str]], *, foreign: bool = False
    ) -> TrackedText:
        """Replace pieces of the text: (start, end, new), sorted, not overlapping.

        A replacement of the same length keeps its characters one to one; of any other length, all
        new characters stand for the whole piece. `foreign` says that what is taken out never
        belonged to the sentence around it (a page footer): a quote over it becomes two spans.
        """
        layer = _Layer(step, len(self.text), foreign=foreign)
        parts: list[str] = []
        at = done = 0
        for change in changes:
            start, end, new = change
            if start < done or end < start or end > len(self.text):
                raise ValueError(f"{step}: change {start}-{end} is out of order or out of range")
            start, end, new = _trimmed(self.text, start, end, new)
            if start == end and not new:
                continue
            parts.append(self.text[done:start])
            parts.append(new)
            at += start - done
            layer.starts.append(start)
            layer.ends.append(end)
            layer.moved.append(at)
            layer.after.append(new)
            at += len(new)
            done = end
        if not layer.starts:
            return self
        parts.append(self.text[done:])
        return self._with("".join(parts), layer)

    def rewrite(self, step: str, new: str) -> TrackedText:
        """Put a text of the same length in this one's place, character by character.

        The way to change much of a long text: what it takes does not grow with the changes.

        >>> TrackedText.of("療效").rewrite("traditional", "疗效").edits[0].after
        '疗'
        """
        if len(new) != len(self.text):
            raise ValueError(f"{step}: {len(new)} characters for {len(self.text)}")
        if new == self.text:
            return self
        return self._with(new, _Rewriting(step, self.text, new))

    def rearrange(
        self, step: str, changes: Iterable[tuple[int, int, Sequence[Piece]]]
    ) -> TrackedText:
        """Rebuild regions from moved pieces: (start, end, pieces), sorted, not overlapping.

        Every moved piece keeps its characters one to one.
        """
        layer = _Moves(step, len(self.text))
        parts: list[str] = []
        at = done = 0

        def add(piece: Piece) -> None:
            nonlocal at
            new = piece if isinstance(piece, str) else self.text[piece[0] : piece[1]]
            if new:
                layer.places.append(at)
                layer.homes.append(-1 if isinstance(piece, str) else piece[0])
                parts.append(new)
                at += len(new)

        for start, end, pieces in changes:
            if start < done or end < start or end > len(self.text):
                raise ValueError(f"{step}: change {start}-{end} is out of order or out of range")
            add((done, start))
            layer.starts.append(start)
            layer.ends.append(end)
            layer.moved.append(at)
            known = len(parts)
            for piece in pieces:
                add(piece)
            layer.after.append("".join(parts[known:]))
            done = end
        if not layer.starts:
            return self
        add((done, len(self.text)))
        return self._with("".join(parts), layer)

    def _with(self, text: str, layer: _Layer) -> TrackedText:
        cuts = [cut for cut in map(layer.forward, self._cuts) if cut is not None]
        if layer.foreign:
            cuts.extend(at for at, new in zip(layer.moved, layer.after, strict=True) if not new)
        return TrackedText(self.source, text, (*self._layers, layer), tuple(sorted(set(cuts))))

    def source_spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the characters [start, end) were read, in reading order; empty for no characters.

        One span, with whatever was removed in between, unless the removed piece is foreign to the
        sentence or the characters were moved here from several places.

        >>> text = TrackedText.of("a |12| b").replace("page-furniture", [(2, 7, "")], foreign=True)
        >>> [text.source[s.start:s.end] for s in text.source_spans(0, 3)]
        ['a ', 'b']
        """
        if start >= end:
            return ()
        inside = self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)]
        edges = (start, *inside, end)
        spans: list[Span] = []
        for low, high in pairwise(edges):
            for piece in self._back(len(self._layers), low, high):
                last = spans[-1] if spans else None
                if last and last.start <= piece[0] <= last.end:
                    spans[-1] = Span(last.start, max(last.end, piece[1]))
                elif piece[0] < piece[1]:
                    spans.append(Span(*piece))
        return tuple(spans)

    def _back(self, depth: int, start: int, end: int) -> list[tuple[int, int]]:
        """Lead a range of the text made by the first `depth` steps back to the source."""
        ranges = [(start, end)]
        for layer in reversed(self._layers[:depth]):
            ranges = [old for low, high in ranges if low < high for old in layer.back(low, high)]
        return ranges

    def repairs(self, start: int, end: int) -> tuple[str, ...]:
        """Names of the steps that changed the characters [start, end) or took some from inside."""
        ranges = [(start, end)] if start < end else []
        names: set[str] = set()
        for layer in reversed(self._layers):
            if any(layer.touches(low, high) for low, high in ranges):
                names.add(layer.step)
            ranges = [old for low, high in ranges if low < high for old in layer.back(low, high)]
        return tuple(sorted(names))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every change in source offsets, step by step; worked out when asked for."""
        found: list[Edit] = []
        for depth, layer in enumerate(self._layers):
            for start, end, after in layer.changes():
                low, high = self._hull(depth, start, end)
                found.append(Edit(layer.step, low, high, self.source[low:high], after))
        return tuple(found)

    def _hull(self, depth: int, start: int, end: int) -> tuple[int, int]:
        """The source range of a range at some depth; an empty one sits behind what precedes it."""
        empty = start == end
        ranges = self._back(depth, max(0, start - 1), start) if empty else []
        ranges = ranges or self._back(depth, start, end)
        high = max((high for _, high in ranges), default=0)
        return (high, high) if empty else (min((low for low, _ in ranges), default=0), high)


def _trimmed(text: str, start: int, end: int, new: str) -> tuple[int, int, str]:
    """Leave out of a change what it does not change at either end.

    >>> _trimmed("10 9", 0, 4, "10^9")
    (2, 3, '^')
    """
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return start, end, new
