"""What holds for the whole: who may import whom, what stays unloaded, the same bytes every time."""

import ast
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from conftest import PACKAGE_PARENT, ROOT, Run

import carextract

PACKAGE = Path(carextract.__file__).parent
# Left to right: a module imports only from rooms on its left, or from its own.
ROOMS = (
    "errors",
    "tracked",
    "values",
    "records",
    "facts_file",
    "spreadsheets",
    "grammar",
    "rules",
    "read",
    "decisions",
    "clean",
    "find",
    "link",
    "write",
    "pipeline",
    "evaluate",
    "synthesize",
    "batch",
    "annotate",
    "report",
    "cli",
    "__main__",
)
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE / "patterns")
HEAVY = {
    "altair",
    "jieba",
    "jinja2",
    "numpy",
    "opencc",
    "pdfplumber",
    "pypdf",
    "pypdfium2",
    "rapidocr",
    "rich",
}


def room(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = chain.from_iterable(
        [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
    return {name.split(".")[1] for name in names if name.startswith("carextract.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_import_only_from_their_left(path: Path) -> None:
    own = room(path.relative_to(PACKAGE).parts)
    if own == "__init__":
        return
    assert own in ROOMS, f"{own} has no place in the flow"
    left = set(ROOMS[: ROOMS.index(own) + 1])
    assert imported_rooms(path) <= left


def test_tracked_and_errors_need_the_standard_library_only() -> None:
    for name in ("tracked.py", "errors.py"):
        tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in sys.stdlib_module_names
            elif isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= sys.stdlib_module_names


def loaded_after(code: str) -> set[str]:
    """Top-level names of the modules that a fresh interpreter has loaded after some code."""
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PACKAGE_PARENT), "PATH": ""},
    )
    return {name.split(".")[0] for name in result.stderr.split()}


def test_importing_the_package_loads_next_to_nothing() -> None:
    loaded = loaded_after("import carextract; carextract.__version__")
    assert not loaded & (HEAVY | {"pydantic", "typer", "charset_normalizer"})


@pytest.mark.parametrize("arguments", [["--help"], ["parse", "--help"], ["--version"]])
def test_help_loads_only_typer(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['carextract', *{arguments!r}]\n"
        "from carextract.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0, end.code"
    )
    loaded = loaded_after(code)
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"charset_normalizer", "tomllib"})


def test_parsing_plain_english_loads_no_chinese_tools() -> None:
    loaded = loaded_after(
        "import carextract; carextract.parse_text('One patient had grade 1 CRS.')"
    )
    assert not loaded & HEAVY


def test_only_the_two_calls_are_exported() -> None:
    assert {"parse", "parse_text", "__version__"} <= set(dir(carextract))
    with pytest.raises(AttributeError, match="no attribute 'parse_pdf'"):
        carextract.parse_pdf  # noqa: B018


SAMPLES = sorted((ROOT / "samples").glob("*.txt"))


@pytest.mark.parametrize(
    "output_format",
    ["json", *(pytest.param(form, marks=pytest.mark.slow) for form in ("jsonl", "csv"))],
)
def test_output_is_the_same_bytes_under_every_hash_seed(run: Run, output_format: str) -> None:
    assert SAMPLES
    for sample in (SAMPLES[0], SAMPLES[-1]):  # English, Chinese
        outputs = {
            run("parse", sample, "--format", output_format, PYTHONHASHSEED=seed).stdout
            for seed in ("1", "4711")
        }
        assert len(outputs) == 1


@pytest.mark.slow
def test_every_sample_is_the_same_bytes_under_many_hash_seeds(run: Run) -> None:
    for sample in SAMPLES:
        outputs = {run("parse", sample, PYTHONHASHSEED=str(seed)).stdout for seed in range(6)}
        assert len(outputs) == 1


def test_the_document_names_no_path_and_no_time(run: Run) -> None:
    sample = SAMPLES[0]
    assert str(sample.parent).encode() not in run("parse", sample).stdout
