"""What is measured: ratios of two CPU times, taken in turn in this process or its children."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
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
    """Cost per character as the text grows: the dearest size beside the cheapest."""
    texts = {size: mixed_text(_SIZES[size]) for size in sizes}
    carextract.parse_text(texts[sizes[0]])
    costs = {}
    for size, text in texts.items():
        repeats = max(1, 1_000_000 // _SIZES[size])
        times = [_cpu(_repeated, text, repeats) for _ in range(rounds if repeats > 1 else 1)]
        costs[size] = statistics.median(times) / repeats / len(text)
    detail = ", ".join(f"{size} {cost * 1e6:.2f} µs/char" for size, cost in costs.items())
    yield Result("cost per character", max(costs.values()) / min(costs.values()), 1.2, detail)


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


def _repeated(text: str, times: int) -> None:
    for _ in range(times):
        carextract.parse_text(text)


def _cpu(function: Callable[..., object], *arguments: object) -> float:
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


def _child_cpu(arguments: Sequence[str]) -> float:
    """User and system time of one run of this Python, waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
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
