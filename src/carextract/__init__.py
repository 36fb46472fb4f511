"""Cited facts from review papers on cell therapy in lupus and other autoimmune disease.

`parse` reads a file, `parse_text` a string; both give a `Document` whose every value points at
the characters it was read from. The names are loaded when they are first used, so that
`import carextract` costs next to nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carextract.pipeline import parse, parse_text

__version__ = "0.1.0"
__all__ = ["__version__", "parse", "parse_text"]


def __getattr__(name: str) -> object:
    if name in ("parse", "parse_text"):
        from carextract import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
