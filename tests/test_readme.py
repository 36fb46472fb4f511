"""The README is true: its commands are the real ones, its outputs what they print."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT, Run

README = ROOT / "README.md"
CONSOLE = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_python_examples() -> None:
    failures, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert tried
    assert not failures


@pytest.mark.parametrize("block", CONSOLE)
def test_console_examples(run: Run, call: Run, tmp_path: Path, block: str) -> None:
    command, _, expected = block.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "carextract"
    (tmp_path / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    # A batch starts processes, which this one is no program to start from.
    result = (run if "batch" in arguments else call)(*arguments)
    assert result.returncode == ("1 failed" in expected)
    check = doctest.OutputChecker().check_output
    assert check(expected, (result.stdout + result.stderr).decode(), doctest.ELLIPSIS)


def test_quick_start_has_two_commands_and_they_exist() -> None:
    section = README.read_text(encoding="utf-8").split("## Quick start")[1].split("\n## ")[0]
    commands = re.findall(r"^    (.*)$", section, re.MULTILINE)
    assert commands == [
        "pip install . && carextract parse samples/zh-hans-clean.txt",
        "pip install '.[test]' && pytest",
    ]
    assert (ROOT / "samples/zh-hans-clean.txt").is_file()


def test_quick_start_command_parses_its_sample(run: Run) -> None:
    result = run("parse", ROOT / "samples/zh-hans-clean.txt")
    assert (result.returncode, result.stderr) == (0, b"")


def test_commands_under_use_are_all_there(call: Run) -> None:
    section = README.read_text(encoding="utf-8").split("## Use")[1].split("\n## ")[0]
    named = set(re.findall(r"^    carextract (\w+)", section, re.MULTILINE))
    commands = call("--help").stdout.decode().split("Commands:")[1]
    assert named == set(re.findall(r"^  (\w+) ", commands, re.MULTILINE))
