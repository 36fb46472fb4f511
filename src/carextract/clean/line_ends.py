"""Line ends that were kept between two figures, in a text whose lines are put together already."""

from __future__ import annotations

from collections.abc import Iterator

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText

STEP = "linebreaks"

_BETWEEN_FIGURES = Pattern(r"(?<=[0-9])\n(?=[0-9])")
_CELL_EDGE = " | "
_LONGEST_NUMBER = 30
_REGISTRY_NUMBER = Pattern(
    r"(?:NCT[ :：#-]{0,2}[0-9]{8}|ChiCTR[ :：#-]{0,2}(?:[0-9]{10}|[A-Z0]{3,4}-?[0-9]{8})"
    r"|jRCT[ :：#]{0,2}(?:[0-9]{10}|[a-ds][0-9]{9})|ISRCTN ?[0-9]{8}|ACTRN ?[0-9]{14}"
    r"|DRKS ?[0-9]{8}|UMIN ?[0-9]{9}|KCT ?[0-9]{7}|(?<![A-Za-z])CTR ?20[0-9]{6}"
    r"|(?<![0-9])20[0-9]{2}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?)(?![0-9])"
)


def line_ends(source: str) -> TrackedText:
    """The source with its line ends between two figures of a paragraph read as what they are.

    Where both sides together are a whole registry number, the number was cut: that is a repair. Any
    other is the space between two words, as the reader of the page writes it at all other line
    ends, and repairs nothing. Lines with cells are rows of a table and stay apart.

    >>> line_ends("EU CT 2022-50\\n2634-15-00 began in 2021\\n12 patients").text
    'EU CT 2022-502634-15-00 began in 2021 12 patients'
    >>> line_ends("No | CRS\\n1 | 2\\n2 | 1").text
    'No | CRS\\n1 | 2\\n2 | 1'
    """
    ends = list(_ends_between_figures(source))
    if not ends:
        return TrackedText.of(source)
    characters = list(source)
    for at in ends:
        characters[at] = " "
    cut = [at for at in ends if _is_inside_a_number(source, at)]
    read = TrackedText(source, "".join(characters), (), ())
    return read.replace(STEP, [(at, at + 1, "") for at in cut])


def _ends_between_figures(source: str) -> Iterator[int]:
    """Where a line of prose ends with a figure and the next begins with one."""
    for found in _BETWEEN_FIGURES.finditer(source):
        at = found.start()
        first = source.rfind("\n", 0, at) + 1
        last = source.find("\n", at + 1)
        lines = source[first : last if last >= 0 else len(source)]
        if _CELL_EDGE not in lines:
            yield at


def _is_inside_a_number(source: str, at: int) -> bool:
    """Whether a registry number is whole only with the figures on both sides of a line end."""
    before = source[max(0, at - _LONGEST_NUMBER) : at]
    after = source[at + 1 : at + 1 + _LONGEST_NUMBER]
    numbers = _REGISTRY_NUMBER.finditer(before + after)
    return any(number.start() < len(before) < number.end() for number in numbers)
