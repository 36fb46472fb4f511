"""Characters to pieces of lines: words with their spaces, exponents kept raised.

pdfium's order is trusted for what stands side by side, places for everything else.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import ge
from statistics import median

from carextract.read.pdf.glyphs import Glyphs
from carextract.read.pdf.layout import NO_BOX, Segment, surrounding

# All in type sizes (em).
_ASCENT, _DESCENT = 0.85, 0.2  # how far type reaches above and below its baseline
_COLUMN_GAP = 0.9  # wider than between two words, even on a stretched line
_OVERLAP = 0.5  # how far a character may reach back over the one before
_SAME_LINE = 0.2  # how far baselines on one line may differ
_SAME_SIZE = 0.12  # how far sizes in one piece may differ
_SEEN_GAP = 0.5  # a gap between two ideographs that a reader sees
_SMALL = 0.85  # raised type is smaller than this
_RAISED = (0.1, 0.8)  # how far above the baseline it stands
_LOWERED = (0.04, 0.45)
_BESIDE = 0.5  # how near it stands to what it belongs to
_LETTER_GAP = 0.18  # wider than between two letters
_WORD_GAP = 0.45  # as between two words of a line that is not stretched
_LONGEST_RAISED = 40  # characters
# In a line that is spaced out, one character of so many has a space behind it.
_SPACED_OUT = 5
_WIDER_GAP = 1.5  # a gap between words against those between the letters of such a line

_BAND = 12.0  # points: lines are looked for in bands of the page, to be found quickly

_RAISED_FORMS = dict(
    zip(
        "0123456789+-−–=()abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
)
_LOWERED_FORMS = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_BRACKETS = "[［【"


def segments(glyphs: Glyphs) -> list[Segment]:
    """The pieces of lines on a page, in the order of the file.

    Spaces stand where pdfium sees them, but none between two ideographs unless a reader would see
    it. Raised and lowered digits are superscript and subscript characters, so `10⁶` never becomes
    106; citation marks in brackets stay as they are.
    """
    return [run.segment() for run in _lines_joined(_raised_joined(list(_runs(glyphs))))]


@dataclass(slots=True)
class _Run:
    """Characters of one size side by side on one baseline."""

    chars: list[str]
    boxes: array[float]
    x0: float
    x1: float
    baseline: float
    size: float
    spaced: bool  # whether a space stood behind it

    def segment(self) -> Segment:
        """The run as it is handed on."""
        box = surrounding(self.boxes)
        return Segment("".join(self.chars), self.boxes, box, self.baseline, self.size)

    def append(self, other: _Run, *, space: bool) -> None:
        """Take in a run that goes on where this one ends."""
        if space:
            self.chars.append(" ")
            self.boxes.extend(NO_BOX)
        self.chars += other.chars
        self.boxes.extend(other.boxes)
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.spaced = other.spaced


def _runs(glyphs: Glyphs) -> Iterator[_Run]:
    """Runs of characters in the order of the file, cut where line, size or column change."""
    chars: list[str] = []
    places: list[int] = []
    x0 = x1 = last = line = size = far = back = 0.0
    # Between which lines and sizes a character goes on; nothing goes on at first.
    highest, lowest, smallest, largest = 1.0, 0.0, 1.0, 0.0
    space = -1  # the place of a space that was met and not yet used
    spaced = ended = False
    gaps: list[float] = []  # how wide each space of the run is
    unseen: list[int] = []  # where spaces stand between ideographs that show no gap

    def run() -> _Run:
        if unseen:
            _close_up(chars, places, gaps, unseen)
        return _Run(chars, _boxes(glyphs, places, line, size), x0, x1, line, size, spaced)

    characters = zip(
        glyphs.chars, glyphs.lefts, glyphs.rights, glyphs.sizes, glyphs.baselines, strict=True
    )
    for i, (char, left, right, height, baseline) in enumerate(characters):
        if char in _NOT_PRINTED:
            if char in _LINE_ENDS:
                ended = True  # pdfium sees one behind a raised digit too: a gap makes it a space
            elif char:
                spaced, space = True, i
            continue
        if (
            highest <= baseline <= lowest
            and smallest <= height <= largest
            and left - x1 <= far
            and last - left <= back
        ):
            if spaced or (ended and left - x1 > _LETTER_GAP * size):
                if left - x1 <= _SEEN_GAP * size and (_is_wide(chars[-1]) or _is_wide(char)):
                    unseen.append(len(chars))
                gaps.append(left - x1)
                chars.append(" ")
                places.append(space if spaced else i - 1)
        elif not height:
            continue
        else:
            if chars:
                yield run()
            chars, places, gaps, unseen = [], [], [], []
            x0, x1, line, size = left, left, baseline, height
            highest, lowest = line - _SAME_LINE * size, line + _SAME_LINE * size
            smallest, largest = (1 - _SAME_SIZE) * size, (1 + _SAME_SIZE) * size
            far, back = _COLUMN_GAP * size, _OVERLAP * size
        chars.append(char)
        places.append(i)
        last = left  # not the right side: the letters of a ligature are all as wide as the whole
        if right > x1:
            x1 = right
        spaced = ended = False
    if chars:
        yield run()


def _close_up(
    chars: list[str], places: list[int], gaps: Sequence[float], unseen: Sequence[int]
) -> None:
    """Take out spaces between ideographs, and around single letters in a line that is spaced out.

    A gap that is wider than those between the ideographs of the line stands between words.

    >>> chars = list("共 1 7 例 C A R - T 细 胞")
    >>> _close_up(chars, list(range(len(chars))), [1.0] * 10, [1, 5, 7, 17, 19])
    >>> "".join(chars)
    '共17例CAR-T细胞'
    """
    gone = set(unseen)
    if _SPACED_OUT * len(unseen) > len(chars):
        spaces = [at for at, char in enumerate(chars) if char == " "]
        width = dict(zip(spaces, gaps, strict=True))
        usual = _WIDER_GAP * median(width[at] for at in unseen)
        edges = [-1, *spaces, len(chars)]
        gone.update(
            at
            for before, at, behind in zip(edges, edges[1:], edges[2:], strict=False)
            if (at - before == 2 or behind - at == 2) and width[at] <= usual
        )
    for at in sorted(gone, reverse=True):
        del chars[at], places[at]


_SPACES = frozenset(" \t\u00a0\u3000\u2002\u2003\u2009")
_LINE_ENDS = frozenset("\r\n")
_NOT_PRINTED = _SPACES | _LINE_ENDS | {""}


def _is_wide(char: str) -> bool:
    """Whether a character is an ideograph, or a sign that is printed as wide as one."""
    return "\u2e80" <= char <= "\ufffd" or char >= "\U00020000" or char in "、。“”‘’…—"


def _boxes(glyphs: Glyphs, places: Sequence[int], line: float, size: float) -> array[float]:
    """Four numbers for each of some characters of a line; a space without width has no box."""
    first, last = places[0], places[-1]
    if last - first + 1 == len(places):
        lefts, rights = glyphs.lefts[first : last + 1], glyphs.rights[first : last + 1]
    else:
        lefts, rights = ([side[i] for i in places] for side in (glyphs.lefts, glyphs.rights))
    count = len(places)
    boxes = array("f", bytes(16 * count))
    boxes[0::4] = array("f", lefts)
    boxes[1::4] = array("f", [line - _ASCENT * size]) * count
    boxes[2::4] = array("f", rights)
    boxes[3::4] = array("f", [line + _DESCENT * size]) * count
    for at in [at for at, without_width in enumerate(map(ge, lefts, rights)) if without_width]:
        boxes[4 * at : 4 * at + 4] = array("f", NO_BOX)
    return boxes


def _raised_joined(runs: Sequence[_Run]) -> list[_Run]:
    """Small runs above or below the baseline of a neighbour joined to it, raised or lowered."""
    if all(abs(run.size - runs[0].size) <= _SAME_SIZE * run.size for run in runs):
        return list(runs)
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[run.size] += len(run.chars)
    small = _SMALL * sizes.most_common(1)[0][0]
    whole: list[_Run] = []
    strays: list[_Run] = []
    base: _Run | None = None
    for run in runs:
        forms = _forms(base, run) if base else None
        if base and forms is not None and _touches(base.x1, run.x0, base):
            base.append(_written(run, forms), space=False)
            continue
        base = run
        if run.size < small and len(run.chars) <= _LONGEST_RAISED:
            strays.append(run)
        else:
            whole.append(run)
    return [*whole, *_left_over(strays, whole)]


def _left_over(strays: Sequence[_Run], whole: Sequence[_Run]) -> Iterator[_Run]:
    """Small runs that stand elsewhere in the file than beside their neighbour on the page."""
    bands: dict[int, list[_Run]] = {}
    for run in whole if strays else ():
        bands.setdefault(int(run.baseline // _BAND), []).append(run)
    for stray in strays:
        band = int(stray.baseline // _BAND)
        near = [run for at in (band - 1, band, band + 1) for run in bands.get(at, ())]
        if not any(_attached(base, stray) for base in near):
            yield stray


def _attached(base: _Run, stray: _Run) -> bool:
    """Join a small run to the end or the beginning of a run, or put it into a gap that it has."""
    forms = _forms(base, stray)
    if forms is None:
        return False
    if _touches(base.x1, stray.x0, base):
        base.append(_written(stray, forms), space=False)
        return True
    at = 0 if _touches(stray.x1, base.x0, base) else _gap_for(base, stray)
    if at is None:
        return False
    raised = _written(stray, forms)
    base.chars[at:at] = raised.chars
    base.boxes[4 * at : 4 * at] = raised.boxes
    base.x0 = min(base.x0, stray.x0)
    return True


def _gap_for(base: _Run, stray: _Run) -> int | None:
    """Between which characters of a run another fits: the place of the one behind it, or None."""
    slack = _LETTER_GAP * base.size
    end = 0.0
    for at in range(len(base.chars)):
        x0, x1 = base.boxes[4 * at], base.boxes[4 * at + 2]
        if base.chars[at] == " " or not x1:
            continue
        if at and end <= stray.x0 + slack and stray.x1 <= x0 + slack:
            return at - 1 if base.chars[at - 1] == " " else at
        end = x1
    return None


def _forms(base: _Run, run: _Run) -> dict[str, str] | None:
    """The characters to write a run with beside another: raised, lowered, or None for neither."""
    if run.size >= _SMALL * base.size or len(run.chars) > _LONGEST_RAISED:
        return None
    above = (base.baseline - run.baseline) / base.size
    if _RAISED[0] <= above <= _RAISED[1]:
        return _RAISED_FORMS
    if _LOWERED[0] <= -above <= _LOWERED[1]:
        return _LOWERED_FORMS
    return None


def _touches(end: float, start: float, base: _Run) -> bool:
    return -_OVERLAP * base.size < start - end < _BESIDE * base.size


def _written(run: _Run, forms: dict[str, str]) -> _Run:
    """A run in raised or lowered characters; a mark in brackets stays as it is."""
    if run.chars[0] in _BRACKETS:
        return run
    run.chars = [forms.get(char, char) for char in run.chars]
    return run


def _lines_joined(runs: Sequence[_Run]) -> list[_Run]:
    """Runs that go on where another ends, on its baseline, joined to it."""
    numbered = sorted(enumerate(runs), key=lambda item: item[1].baseline)
    lines: list[list[tuple[int, _Run]]] = []
    for item in numbered:
        last = lines[-1][-1][1] if lines else None
        tolerance = _SAME_LINE * item[1].size
        if last and item[1].baseline - last.baseline <= tolerance:
            lines[-1].append(item)
        else:
            lines.append([item])
    firsts: list[tuple[int, _Run]] = []
    for line in lines:
        line.sort(key=lambda item: item[1].x0)
        begun: list[tuple[int, _Run]] = []
        for number, run in line:
            before = begun[-1] if begun else None
            if before and _goes_on(before[1], run, in_file=number - before[0] == 1):
                before[1].append(run, space=_is_spaced(before[1], run))
                begun[-1] = (number, before[1])
            else:
                begun.append((number, run))
                firsts.append((number, run))
    firsts.sort(key=lambda item: item[0])
    return [run for _, run in firsts]


def _goes_on(before: _Run, run: _Run, *, in_file: bool) -> bool:
    """Whether a run stands where another ends; nearer if something stood between in the file."""
    gap = run.x0 - before.x1
    size = min(before.size, run.size)
    return -_OVERLAP * size < gap < (_COLUMN_GAP if in_file else _WORD_GAP) * size


def _is_spaced(before: _Run, run: _Run) -> bool:
    """Whether a space stands between two runs of a line."""
    gap = (run.x0 - before.x1) / min(before.size, run.size)
    if _is_wide(before.chars[-1]) or _is_wide(run.chars[0]):
        return gap > _SEEN_GAP
    return gap > _LETTER_GAP or (before.spaced and gap > 0)
