"""The colour of each kind of facts."""

from typing import NamedTuple


class Colour(NamedTuple):
    """A colour, by its name and by its shares of red, green and blue, 0 to 255."""

    name: str
    red: int
    green: int
    blue: int


# Colours that the colour-blind can tell apart (Okabe and Ito); the report has the same ones.
COLOURS = {
    "trials": Colour("blue", 0, 114, 178),
    "doses": Colour("green", 0, 158, 115),
    "sledai": Colour("orange", 213, 94, 0),
    "toxicities": Colour("purple", 204, 121, 167),
}
"""By the names of the kinds in a document."""
