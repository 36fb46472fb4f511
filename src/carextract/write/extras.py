"""Libraries that only some users need, and what to say where one is missing."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from carextract.errors import CarextractError


def library(name: str, *, needed_for: Path, extra: str = "tables") -> ModuleType:
    """A library of an extra; raises CarextractError, with advice, where it is missing."""
    try:
        return import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise CarextractError(
            f"{needed_for}: writing {needed_for.suffix} needs {package}, which is not installed:"
            f" pip install 'carextract[{extra}]'"
        ) from None
