"""One paper to the line that stands for it in the output, or to why there is none."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import carextract
from carextract.errors import CarextractError


@dataclass(frozen=True, slots=True)
class Settings:
    """How the papers of a run are read. `seconds` and `gigabytes` bound each of them."""

    patterns: Path | None = None
    password: str | None = None
    ocr: str = "auto"
    seconds: float = 120
    gigabytes: float = 4


class Read(NamedTuple):
    """A paper that was read: its document on one line, and how many facts are in it."""

    line: bytes
    facts: int
    made_by: str


class Failed(NamedTuple):
    """A paper that could not be read. The message goes on after its name; `sha256` is that of the
    file, if it is one."""

    code: str
    message: str
    sha256: str | None = None


OUT_OF_MEMORY = "out-of-memory"


def read_paper(path: str, settings: Settings) -> Read | Failed:
    """The document of a paper. Never raises: whatever happens costs this paper alone."""
    try:
        from carextract.pipeline import parse
        from carextract.records import facts_of

        document = parse(
            path, patterns=settings.patterns, password=settings.password, ocr=settings.ocr
        )
        facts = sum(1 for _ in facts_of(document))
        line = document.model_dump_json().encode("utf-8")
        return Read(line, facts, made_by(document.generator, document.rules))
    except CarextractError as error:
        return Failed(error.code, str(error).removeprefix(f"{path}: "))
    except MemoryError:
        message = f"needs more than {settings.gigabytes:g} GB of memory; give it more with --memory"
        return Failed(OUT_OF_MEMORY, message)
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return Failed("internal-error", f"cannot be read, please report it: {what}")


def made_by(generator: str, rules: str) -> str:
    """What has to be the same for two documents of a paper to be the same: program and rules."""
    return f"{generator} {rules}"


def rules_in_force(patterns: Path | None) -> str:
    """What a document read here and now would be made by. Raises PatternError."""
    from carextract.rules import load_rules

    return made_by(f"carextract {carextract.__version__}", load_rules(patterns).digest)


def digest_of(path: str | Path) -> str | None:
    """SHA-256 of the bytes of a file, in hexadecimal; None for what is no file or not readable."""
    try:
        if not Path(path).is_file():
            return None
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
