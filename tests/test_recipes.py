"""The recipes of the README, run as they stand there on a folder of papers."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE_PARENT, ROOT

RECIPES = re.findall(
    r"```(sh|python)\n(.*?)```",
    (ROOT / "README.md").read_text(encoding="utf-8").split("## Recipes")[1].split("\n## ")[0],
    re.DOTALL,
)
# What a recipe uses beside the program, by a word in it; and what it prints, if all goes well.
NEEDS = {"xlsx": "xlsxwriter", "pandas": "pandas", "duckdb": "duckdb", "dask": "distributed"}
PRINTED = {"jq": "truncated.pdf\ttruncated\t", "pandas": "baseline_value", "duckdb": "cells/kg"}
PAPERS = ("zh-hans-clean.txt", "pdf/two-columns.pdf", "pdf/truncated.pdf")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of papers, and commands that run the package under test."""
    fill(tmp_path)
    return tmp_path


def fill(folder: Path) -> None:
    (folder / "papers").mkdir()
    for paper in PAPERS:
        shutil.copy(ROOT / "samples" / paper, folder / "papers")
    (folder / "bin").mkdir()
    for name, module in (("carextract", "carextract"), ("dask", "dask")):
        command = folder / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        command.chmod(0o755)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a batch read in the papers, and a table of it."""
    folder = tmp_path_factory.mktemp("read")
    fill(folder)
    assert run(folder, ["carextract", "batch", "papers", "-o", "facts.jsonl"]).returncode == 1
    assert run(folder, ["carextract", "table", "facts.jsonl", "-o", "facts.csv"]).stdout == ""
    return folder


def run(folder: Path, command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, whatever it leaves running: a cluster may take long to go."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    said, complained = folder / "said.txt", folder / "complained.txt"
    with (
        said.open("wb") as stdout,
        complained.open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(PACKAGE_PARENT)},
            start_new_session=True,
        ) as process,
    ):
        try:
            code = process.wait(timeout=120)
        finally:
            end_session(process.pid)
    texts = (each.read_text(encoding="utf-8") for each in (said, complained))
    return subprocess.CompletedProcess(command, code, *texts)


def end_session(session: int) -> None:
    """End all processes of a session, also those in process groups of their own (on Linux)."""
    for pid in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(pid) == session:
                os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(os.name == "nt", reason="the recipes are for a POSIX shell")
@pytest.mark.parametrize(
    ("language", "recipe"),
    [
        pytest.param(language, recipe, marks=[pytest.mark.slow] if "dask" in recipe else [])
        for language, recipe in RECIPES
    ],
)
def test_recipe(folder: Path, read: Path, language: str, recipe: str) -> None:
    for word, library in NEEDS.items():
        if word in recipe:
            pytest.importorskip(library)
    if "jq " in recipe and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    if "batch" not in recipe:
        for name in ("facts.jsonl", "facts.csv"):
            shutil.copy(read / name, folder)
    # One of the papers is damaged: the exit code of `batch` is 1, so the shell may not stop there.
    shell = ["bash", "-mc", recipe]
    result = run(folder, [sys.executable, "-c", recipe] if language == "python" else shell)
    if "batch" in recipe:
        assert "carextract: 2 done, 0 reused, 1 failed; " in result.stderr
    if "dask" not in recipe:  # a cluster that is ended says so at length
        assert "Traceback" not in result.stderr
    for word, printed in PRINTED.items():
        if f"{word} " in recipe or f"import {word}" in recipe:
            assert printed in result.stdout
    assert (folder / "facts.jsonl").read_text(encoding="utf-8").count("\n") == len(PAPERS)
    for written in re.findall(r"-o (\S+)", recipe):
        assert (folder / written).stat().st_size > 0
