"""Bad input: exit 1, nothing on standard output, one clear line that says which, what and why."""

import os
from pathlib import Path

import pytest
from conftest import Run

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)

FILES = [
    ("empty.txt", b"", "is empty"),
    ("blank.txt", b" \r\n\t\n", "is empty"),
    ("blank16.txt", "\ufeff \n".encode("utf-16-le"), "is empty"),
    ("mark.txt", b"\xef\xbb\xbf", "is empty"),
    ("cut.pdf", b"%PDF-1.7\n...", "ends before its end"),
    ("cut.txt", b"%PDF-1.7\n...", "ends before its end"),
    ("late.txt", b"\n\n%PDF-1.4\n1 0 obj\n%%EOF\n", "table of contents"),
    ("letter.pdf", b"Dear colleague,\n", "not a PDF"),
    ("empty.pdf", b"\n", "is empty"),
    ("scan.txt", PNG, "image"),
    ("paper.md", b"PK\x03\x04" + bytes(60), "zip or office file"),
    ("noise.txt", bytes(range(256)) * 4, "not text in a known encoding"),
    ("control.txt", b"\x01\x02\x03 a \x04\x05" * 20, "not text in a known encoding"),
    ("paper.docx", b"text", "unknown extension '.docx'"),
    ("paper", b"text", "unknown extension ''"),
]


def assert_one_line(result_stderr: bytes, *parts: str) -> None:
    lines = result_stderr.decode().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("carextract: ")
    for part in parts:
        assert part in lines[0]


@pytest.mark.parametrize(("name", "data", "what"), FILES, ids=[name for name, _, _ in FILES])
def test_file_that_cannot_be_read(
    call: Run, tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(data)
    result = call("parse", name)
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, f"{name}: ", what)


@pytest.mark.parametrize("command", [["parse"], ["text"], ["text", "--edits"], ["evaluate"]])
def test_missing_file(call: Run, command: list[str]) -> None:
    result = call(*command, "nowhere.txt")
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, "nowhere.txt: ", "check the name")


def test_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").mkdir()
    result = run("parse", "papers.txt")
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, "papers.txt: is a folder")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_file_without_permission(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("text", encoding="utf-8")
    (tmp_path / "secret.txt").chmod(0)
    result = run("parse", "secret.txt")
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, "secret.txt: may not be read")


def test_permission_error_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The same for who is root, and may read everything."""
    from carextract.errors import InputError
    from carextract.read import read

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.txt"
    path.write_text("text", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=r"secret\.txt: may not be read; check its permissions"):
        read(path)


@pytest.mark.parametrize(
    ("stdin", "code"),
    [(b"", "empty"), (b"\n", "empty"), (b"%PDF-1.4\n", "truncated"), (PNG, "not-text")],
)
def test_standard_input_that_cannot_be_read(call: Run, stdin: bytes, code: str) -> None:
    result = call("parse", "-", stdin=stdin)
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, "standard input: ", f"[{code}]")


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("[[rule]\n", ["broken.toml: not readable as TOML"]),
        ('kind = "weather"\n', ["broken.toml: ", "kind must be one of"]),
        (
            'kind = "doses"\ncolour = "red"\n',
            ["broken.toml: ", "unknown key 'colour'"],
        ),
        (
            'kind = "doses"\n[[rule]]\nid = "dose.x"\nabout = "x"\ntokens = "NOSUCHCLASS"\n',
            ["broken.toml: dose.x: ", "NOSUCHCLASS"],
        ),
        (
            'kind = "doses"\n[[rule]]\nid = "dose.x"\ntokens = "DOSE"\n',
            ["broken.toml: dose.x: ", "about is missing"],
        ),
    ],
)
def test_broken_pattern_file(call: Run, tmp_path: Path, toml: str, parts: list[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.toml").write_text(toml, encoding="utf-8")
    result = call("parse", "-", "--patterns", "mine", stdin=b"text")
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, *parts)


def test_missing_pattern_folder(call: Run) -> None:
    result = call("parse", "-", "--patterns", "nowhere", stdin=b"text")
    assert (result.returncode, result.stdout) == (1, b"")
    assert_one_line(result.stderr, "nowhere: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse"],
        ["parse", "-", "--format", "xml"],
        ["nonsense"],
        ["text", "-", "--cleaned", "--edits"],
        ["text", "-", "--layout"],
        ["parse", "-", "--pages", "three"],
        ["parse", "-", "--ocr", "perhaps"],
    ],
)
def test_wrong_usage(call: Run, arguments: list[str]) -> None:
    result = call(*arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Error: " in result.stderr
    assert b"Traceback" not in result.stderr
