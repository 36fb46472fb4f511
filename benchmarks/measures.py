"""What is measured: ratios of two CPU times, taken in turn in this process or its children."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import opencc

import carextract
from benchmarks.copies import write_copies
from benchmarks.texts import LANGUAGES, mixed_text, text_of

_BASELINE = ("-c", "import pydantic, typer")
_SIZES = {"10 kB": 10_000, "1 MB": 1_000_000, "20 MB": 20_000_000}


@dataclass(frozen=True, slots=True)
class Result:
    """A ratio beside its target, with what it was measured from."""

    name: str
    ratio: float
    target: float
    detail: str

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target


def against_opencc(rounds: int) -> Iterator[Result]:
    """parse_text beside the conversion to Simplified alone, on the same text of each language."""
    convert = opencc.OpenCC("t2s").convert
    for language in LANGUAGES:
        text = text_of(language, 60_000)
        carextract.parse_text(text[:3000])
        pairs = [(_cpu(carextract.parse_text, text), _cpu(convert, text)) for _ in range(rounds)]
        yield _compared(f"parse_text / opencc t2s, {language}", pairs, 1.5, unit=len(text))


def start_up(rounds: int) -> Iterator[Result]:
    """The command line beside the import of the two libraries that it stands on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.txt"
        path.write_text(text_of("zh-Hans", 600), encoding="utf-8")
        commands = {
            "carextract --help": (("-m", "carextract", "--help"), 2.0),
            "carextract parse, small file": (("-m", "carextract", "parse", str(path)), 2.6),
        }
        for name, (command, target) in commands.items():
            for warm_up in (command, _BASELINE):
                _child_cpu(warm_up)
            pairs = [(_child_cpu(command), _child_cpu(_BASELINE)) for _ in range(rounds)]
            yield _compared(f"{name} / import pydantic, typer", pairs, target)


def growth(rounds: int, sizes: Sequence[str] = tuple(_SIZES)) -> Iterator[Result]:
    """Cost per character as the text grows: the dearest size beside the cheapest.

    Small texts are all those that a text of 1 MB is cut into: a single one may hold more or fewer
    facts than most, and its cost would tell of that.
    """
    texts = {size: list(_texts(_SIZES[size])) for size in sizes}
    carextract.parse_text(texts[sizes[0]][0])
    costs: dict[str, list[float]] = {size: [] for size in sizes}
    for number in range(rounds):
        for size in sizes[: 2 if number else None]:  # the largest takes minutes: once
            characters = sum(map(len, texts[size]))
            costs[size].append(_cpu(_parse_all, texts[size]) / characters)
    cost = {size: statistics.median(times) for size, times in costs.items()}
    detail = ", ".join(f"{size} {each * 1e6:.2f} µs/char" for size, each in cost.items())
    yield Result("cost per character", max(cost.values()) / min(cost.values()), 1.2, detail)


def _texts(octets: int) -> Iterator[str]:
    """Texts of a size: one, or those that a text of 1 MB is cut into between paragraphs."""
    parts: list[str] = []
    size = 0
    for paragraph in mixed_text(max(octets, _SIZES["1 MB"])).split("\n\n"):
        parts.append(paragraph)
        size += len(paragraph.encode()) + 2
        if size >= octets:
            yield "\n\n".join(parts)
            parts, size = [], 0


def tripled_rules(rounds: int) -> Iterator[Result]:
    """The same text with every rule in force three times under other names."""
    text = mixed_text(150_000)
    with tempfile.TemporaryDirectory() as folder, _patterns(Path(folder), copies=2) as patterns:
        carextract.parse_text(text[:3000], patterns=patterns)
        carextract.parse_text(text[:3000])

        def tripled(text: str) -> None:
            carextract.parse_text(text, patterns=patterns)

        pairs = [(_cpu(tripled, text), _cpu(carextract.parse_text, text)) for _ in range(rounds)]
    yield _compared("rules tripled / rules as they are", pairs, 1.5, unit=len(text))


@contextmanager
def _patterns(folder: Path, *, copies: int) -> Iterator[Path]:
    write_copies(folder, copies=copies)
    yield folder


def _parse_all(texts: Iterable[str]) -> None:
    for text in texts:
        carextract.parse_text(text)


def _cpu(function: Callable[..., object], *arguments: object) -> float:
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


def _child_cpu(arguments: Sequence[str]) -> float:
    """User and system time of one run of this Python, waited for. It may write byte code, which
    an installed program has: a warm-up before leaves it on disk."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _compared(
    name: str, pairs: Sequence[tuple[float, float]], target: float, unit: int | None = None
) -> Result:
    """The median of the ratios of the rounds; beside it the medians of both sides."""
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    if unit is None:
        detail = f"{ours * 1000:.0f} ms / {theirs * 1000:.0f} ms"
    else:
        detail = f"{ours / unit * 1e6:.2f} / {theirs / unit * 1e6:.2f} µs/char"
    return Result(name, ratio, target, detail)
