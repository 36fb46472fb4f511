"""What a user names, and the papers that stand for it."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import Run
from real_runs import ENGLISH, as_parsed, batch, entries, make_papers

from carextract.batch import find_papers, names_in
from carextract.batch.journal import written_files
from carextract.errors import InputError

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
ANY_NAMES = pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes but / and NUL")
TREE = (
    "b.txt",
    "a.PDF",
    "c.md",
    "d.text",
    "notes.docx",
    "table.csv",
    "README",
    ".hidden.txt",
    "deeper/e.txt",
    "deeper/f.pdf",
    "deeper/deepest/g.txt",
    "deeper/more.csv",
    ".git/h.txt",
    "Above/i.txt",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files, in the folder where the tests run."""
    monkeypatch.chdir(tmp_path)
    for name in TREE:
        path = tmp_path / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ENGLISH, encoding="utf-8")
    return Path("papers")


def found_in(folder: Path, glob: str | None = None) -> list[str]:
    """The papers of a folder, by their names in it."""
    paths = find_papers([str(folder)], glob=glob).paths
    return [path.relative_to(folder).as_posix() for path in paths]


def test_a_folder_gives_its_papers_at_any_depth_by_name(folder: Path) -> None:
    assert found_in(folder) == [
        "Above/i.txt",
        "a.PDF",
        "b.txt",
        "c.md",
        "d.text",
        "deeper/deepest/g.txt",
        "deeper/e.txt",
        "deeper/f.pdf",
    ]


GLOBS = [
    ("*.pdf", ["deeper/f.pdf"]),
    ("**/*.pdf", ["deeper/f.pdf"]),
    ("*.[pP][dD][fF]", ["a.PDF", "deeper/f.pdf"]),
    ("deeper/*.txt", ["deeper/e.txt"]),
    ("*.csv", ["deeper/more.csv", "table.csv"]),
    ("README", ["README"]),
    ("?.md", ["c.md"]),
    ("*.epub", []),
]


@pytest.mark.parametrize(("glob", "names"), GLOBS)
def test_a_pattern_says_which_files_are_papers(folder: Path, glob: str, names: list[str]) -> None:
    assert found_in(folder, glob) == names


@pytest.mark.parametrize("glob", ["", "**/"])
def test_an_empty_pattern_is_an_error_of_the_user(folder: Path, glob: str) -> None:
    with pytest.raises(InputError):
        find_papers([str(folder)], glob=glob)


def test_what_was_passed_over_is_counted_by_its_kind(folder: Path) -> None:
    Path("papers", "link").symlink_to("deeper")
    Path("papers", "broken.txt").symlink_to("nowhere.txt")
    assert find_papers(["papers"]).passed_over == Counter(
        {
            ".csv": 2,
            ".docx": 1,
            "without extension": 1,
            "linked folder": 1,
            "not a file": 1,
        }
    )


def test_a_linked_file_is_a_paper_and_a_linked_folder_is_not_walked(folder: Path) -> None:
    Path("links").mkdir()
    Path("links", "one.txt").symlink_to("../papers/b.txt")
    Path("links", "round").symlink_to(".")
    assert found_in(Path("links")) == ["one.txt"]


def test_a_linked_folder_that_is_named_is_walked(folder: Path) -> None:
    Path("link").symlink_to("papers")
    assert found_in(Path("link")) == found_in(folder)


def test_a_hidden_file_or_folder_that_is_named_is_read(folder: Path) -> None:
    found = find_papers(["papers/.hidden.txt", "papers/.git"])
    assert found.paths == (Path("papers/.hidden.txt"), Path("papers/.git/h.txt"))


def test_names_keep_their_order_and_stand_once(folder: Path) -> None:
    names = ["papers/c.md", "papers/deeper", "papers/b.txt", "papers/deeper/e.txt", "papers/c.md"]
    assert [path.name for path in find_papers(names).paths] == [
        "c.md",
        "g.txt",
        "e.txt",
        "f.pdf",
        "b.txt",
    ]
    assert len(find_papers(["papers", str(folder.absolute())]).paths) == 8


@pytest.mark.parametrize("other", ["papers/../papers", "link"])
def test_a_paper_by_two_ways_stands_once(folder: Path, other: str) -> None:
    Path("link").symlink_to("papers")
    assert len(find_papers(["papers", other]).paths) == 8


def test_a_name_that_stands_for_nothing_is_kept(folder: Path) -> None:
    assert find_papers(["no.txt", "papers/c.md"]).paths == (Path("no.txt"), Path("papers/c.md"))


def test_a_name_of_no_characters_is_not_the_folder_one_is_in(folder: Path) -> None:
    assert len(find_papers([""]).paths) <= 1


@pytest.mark.slow
def test_a_name_too_long_for_the_system_costs_itself_alone(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 1)
    ended = batch(tmp_path, "-", "-o", "facts.jsonl", stdin=b"x" * 300 + b".txt\n" + b"papers\n")
    assert ended.lines[-1].startswith("carextract: 1 done, 0 reused, 1 failed; ")
    assert (tmp_path / "facts.jsonl").read_bytes().endswith(as_parsed(*papers))


@pytest.mark.skipif(IS_ROOT, reason="root may list any folder")
def test_a_folder_that_may_not_be_listed_is_an_error(folder: Path) -> None:
    locked = Path("papers", "deeper")
    locked.chmod(0)
    try:
        with pytest.raises(InputError, match=r"papers.deeper: cannot be listed: .*permissions"):
            find_papers(["papers"])
    finally:
        locked.chmod(0o755)


LISTS = [
    (b"a.txt\nb.txt", ["a.txt", "b.txt"]),
    (b"a.txt\r\nb.txt\r\n", ["a.txt", "b.txt"]),
    (b"\na.txt\n\n \nb.txt\n\n", ["a.txt", "b.txt"]),
    (b"two words.txt\n  leading.txt\n", ["two words.txt", "  leading.txt"]),
    (b"a\nb.txt\0c.txt\0", ["a\nb.txt", "c.txt"]),
    (b"a.txt\0", ["a.txt"]),
    ("病例.txt\n".encode(), ["病例.txt"]),
    (b"", []),
]


@pytest.mark.parametrize(("data", "names"), LISTS)
def test_a_list_is_split_by_lines_or_by_nul(data: bytes, names: list[str]) -> None:
    assert names_in(data) == names


@ANY_NAMES
def test_a_name_of_any_bytes_in_a_list_comes_through() -> None:
    assert list(map(os.fsencode, names_in(b"\xff\xb2\xa1.txt\n"))) == [b"\xff\xb2\xa1.txt"]


@ANY_NAMES
@pytest.mark.parametrize("separator", [b"\0", pytest.param(b"\n", marks=pytest.mark.slow)])
def test_names_from_standard_input_come_through_to_the_output(
    tmp_path: Path, separator: bytes
) -> None:
    names = [b"two  words .txt", "病例 1.txt".encode(), b"\xb2\xa1\xc0\xfd.txt", b"-dash.txt"]
    if separator == b"\0":
        names.append(b"two\nlines.txt")
    for number, name in enumerate(names):
        numbers = {"number": number, "total": 9, "few": 3, "before": 12}
        path = tmp_path / os.fsdecode(name)
        path.write_text(ENGLISH.format(**numbers), encoding="utf-8")
    last = make_papers(tmp_path / "papers", 2)
    listed = separator.join(names)
    ended = batch(tmp_path, "papers", "-", "-o", "facts.jsonl", stdin=listed)
    assert (ended.code, len(ended.lines)) == (0, 1)
    named = [tmp_path / os.fsdecode(name) for name in names]
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*last, *named)
    ended = batch(tmp_path, "papers", "-", "-o", "facts.jsonl", stdin=listed)
    assert ended.lines[-1].startswith(f"carextract: 0 done, {len(names) + 2} reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*last, *named)


@ANY_NAMES
def test_a_name_of_any_bytes_that_fails_is_written_and_said(tmp_path: Path) -> None:
    ended = batch(tmp_path, "-", "-o", "facts.jsonl", stdin=b"\xb2\xa1.txt\n")
    assert ended.code == 1
    assert entries(tmp_path / "facts.jsonl")[0]["source"]["name"] == "\udcb2\udca1.txt"
    assert ended.lines[0].startswith(r"carextract: \udcb2\udca1.txt: no such file")


@pytest.mark.parametrize("files", [[], ["table.csv", "notes.docx"]])
def test_a_folder_without_papers_is_an_error_in_one_line(
    call: Run, tmp_path: Path, files: list[str]
) -> None:
    (tmp_path / "papers").mkdir()
    for name in files:
        (tmp_path / "papers" / name).touch()
    ended = call("batch", "papers", "-o", "facts.jsonl")
    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, ended.stdout, len(lines)) == (1, b"", 1)
    assert lines[0].startswith("carextract: papers: no papers there")
    assert ("only 2 other files" in lines[0]) == bool(files)
    assert not (tmp_path / "facts.jsonl").exists()


def test_an_empty_list_is_an_error_in_one_line(call: Run, tmp_path: Path) -> None:
    ended = call("batch", "-", "-o", "facts.jsonl")
    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, len(lines)) == (1, 1)
    assert "no papers there" in lines[0]


@pytest.mark.slow
def test_what_was_passed_over_is_said_and_is_no_failure(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 2)
    for name in ("a.csv", "b.CSV", "c.docx"):
        (tmp_path / "papers" / name).touch()
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.code == 0
    assert ended.lines[0] == "carextract: passed over in the folders: 2 .csv, 1 .docx"
    assert ended.lines[1].startswith("carextract: 2 done, 0 reused, 0 failed; ")


def test_the_output_inside_the_folder_is_never_a_paper(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 2)
    for _ in range(2):
        ended = batch(tmp_path, "papers", "-o", "papers/facts.txt", "--glob", "*")
        assert (ended.code, len(ended.lines)) == (0, 1)
        assert (tmp_path / "papers" / "facts.txt").read_bytes() == as_parsed(*papers)


@pytest.mark.parametrize("ending", ["", ".partial", ".sorted"])
def test_nothing_that_a_run_writes_is_a_paper(folder: Path, ending: str) -> None:
    output = folder / "facts.txt"
    assert [path.name for path in written_files(output)] == [
        "facts.txt",
        "facts.txt.partial",
        "facts.txt.sorted",
    ]
    output.with_name(output.name + ending).touch()
    found = find_papers(["papers"], glob="*", output=output)
    assert not [path for path in found.paths if path.name.startswith("facts")]


@pytest.mark.slow
@pytest.mark.parametrize("place", ["papers/../papers/facts.txt", "link/facts.txt"])
def test_the_output_by_another_way_is_never_a_paper_either(tmp_path: Path, place: str) -> None:
    papers = make_papers(tmp_path / "papers", 2)
    (tmp_path / "link").symlink_to("papers")
    for _ in range(2):
        batch(tmp_path, "papers", "-o", place)
    assert (tmp_path / "papers" / "facts.txt").read_bytes() == as_parsed(*papers)


@pytest.mark.parametrize(
    "output",
    [
        "paper.txt",
        *(pytest.param(way, marks=pytest.mark.slow) for way in ("../here/paper.txt", "link.txt")),
    ],
)
def test_an_output_that_is_an_input_is_refused(tmp_path: Path, output: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "paper.txt").write_text(ENGLISH, encoding="utf-8")
    (here / "other.txt").write_text(ENGLISH, encoding="utf-8")
    (here / "link.txt").symlink_to("paper.txt")
    before = sorted(path.name for path in here.iterdir())
    ended = batch(here, "other.txt", "paper.txt", "-o", output)
    assert (ended.code, len(ended.lines)) == (1, 1)
    assert f"{output}: is the input itself" in ended.lines[0]
    assert sorted(path.name for path in here.iterdir()) == before
    assert (here / "paper.txt").read_text(encoding="utf-8") == ENGLISH
    ended = batch(here, "-", "-o", output, stdin=b"other.txt\npaper.txt\n")
    assert (ended.code, len(ended.lines)) == (1, 1)


def test_an_output_linked_to_a_paper_in_a_folder_is_refused(call: Run, tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 2)
    before = papers[0].read_bytes()
    (tmp_path / "facts.jsonl").symlink_to(papers[0])
    assert call("batch", "papers", "-o", "facts.jsonl").returncode == 1
    assert papers[0].read_bytes() == before
