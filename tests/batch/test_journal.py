"""What is kept while a batch runs: in order, once each, whatever happened to the files."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import carextract
from carextract.batch import Engine, Settings, Tally, find_papers, run_batch
from carextract.batch.journal import written_files
from carextract.batch.reading import Failed, Read, rules_in_force
from carextract.errors import CarextractError
from carextract.records import Document, SourceInfo

MORE_RULES = """about = "Names of drugs that nobody else uses."
[[term]]
class = "DRUG"
value = "evendumab"
words = "evendumab | 偶单抗"
"""


NAMES = ("one", "two", "three", "four", "five", "six")


class LostError(Exception):
    """What an engine raises that can read no longer."""


@dataclass
class Reader:
    """Stands for the processes that read: it knows what it was asked, and fails as it is told."""

    failing: Collection[str] = ()
    lost_after: int | None = None
    before: Callable[[Path], None] = lambda path: None
    asked: list[str] = field(default_factory=list)

    def __call__(self, paths: Sequence[str], settings: Settings, /) -> list[Read | Failed]:
        if self.lost_after is not None and len(self.asked) >= self.lost_after:
            raise LostError("the cluster is gone")
        return [self.one(Path(path), settings) for path in paths]

    def one(self, path: Path, settings: Settings) -> Read | Failed:
        """What becomes of a paper."""
        self.asked.append(path.name)
        self.before(path)
        if path.name in self.failing:
            return Failed("timed-out", "takes longer than 1 s", None)
        return Read(line_of(path, settings), 0, rules_in_force(settings.patterns))

    @contextmanager
    def engine(self, slots: int) -> Iterator[Engine]:
        """An engine whose threads ask this reader."""
        with ThreadPoolExecutor(slots) as executor:
            yield Engine(executor, self, slots)

    @property
    def names(self) -> list[str]:
        """The names of the papers it was asked for, sorted."""
        return sorted(self.asked)


def line_of(path: Path, settings: Settings = Settings()) -> bytes:  # noqa: B008 - it is frozen
    """The line of a paper: a document with no facts, as reading it would give."""
    data = path.read_bytes()
    document = Document(
        generator=f"carextract {carextract.__version__}",
        rules=rules_in_force(settings.patterns).rsplit(" ", 1)[1],
        source=SourceInfo(
            name=path.name,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type="text/plain",
            pages=None,
            characters=len(data),
            languages=("en",),
            encoding="utf-8",
        ),
    )
    return document.model_dump_json().encode()


def lines_of(*paths: Path) -> bytes:
    """What an undisturbed run writes."""
    return b"".join(line_of(path) + b"\n" for path in paths)


def run(
    papers: Collection[Path],
    output: Path,
    reader: Reader,
    *,
    settings: Settings = Settings(),  # noqa: B008 - it is frozen
    slots: int = 2,
    **options: Any,
) -> Tally:
    """A run with the reader given."""
    with reader.engine(slots) as engine:
        return run_batch(list(papers), output, engine=engine, settings=settings, **options)


def counts(tally: Tally) -> tuple[int, int, int]:
    """Papers done, reused, failed."""
    return tally.done, tally.reused, len(tally.failed)


def written(folder: Path) -> list[Path]:
    """Six papers: the first four so long that each is read by itself, the others together."""
    papers = [folder / f"{name}.txt" for name in NAMES]
    for number, path in enumerate(papers):
        text = f"Report {path.stem} of a trial that found nothing. "
        path.write_text(text * (400 if number < 4 else 1), encoding="utf-8")
    return papers


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    """Six papers in a folder of their own."""
    (tmp_path / "papers").mkdir()
    return written(tmp_path / "papers")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Where the output goes."""
    return tmp_path / "facts.jsonl"


def journal_of(facts: Path) -> Path:
    """The journal of an output."""
    return written_files(facts)[1]


def test_lines_stand_in_the_order_of_the_papers(papers: list[Path], facts: Path) -> None:
    first = papers[0].name
    reader = Reader(before=lambda path: time.sleep(0.1 if path.name == first else 0))
    assert counts(run(papers, facts, reader)) == (6, 0, 0)
    assert facts.read_bytes() == lines_of(*papers)
    assert [path.name for path in facts.parent.glob("facts*")] == ["facts.jsonl"]


def test_what_was_read_is_not_read_again(papers: list[Path], facts: Path) -> None:
    run(papers[1:], facts, Reader())
    reader = Reader()
    assert counts(run(papers[::-1], facts, reader)) == (1, 5, 0)
    assert reader.names == ["one.txt"]
    assert facts.read_bytes() == lines_of(*papers[::-1])


def test_without_resume_nothing_is_reused(papers: list[Path], facts: Path) -> None:
    run(papers, facts, Reader())
    run(papers, facts, Reader(failing=["six.txt"]), fail_fast=True)
    assert counts(run(papers, facts, Reader(), resume=False)) == (6, 0, 0)
    assert facts.read_bytes() == lines_of(*papers)


def test_papers_no_longer_asked_for_leave_the_output(papers: list[Path], facts: Path) -> None:
    run(papers, facts, Reader())
    assert counts(run(papers[2:4], facts, Reader())) == (0, 2, 0)
    assert facts.read_bytes() == lines_of(*papers[2:4])


def test_a_run_that_loses_its_engine_is_gone_on_with(papers: list[Path], facts: Path) -> None:
    with pytest.raises(CarextractError, match=r"LostError.*run the same command again") as error:
        run(papers, facts, Reader(lost_after=3), slots=1)
    assert "\n" not in str(error.value)
    assert not facts.exists()
    reader = Reader()
    assert counts(run(papers, facts, reader)) == (3, 3, 0)
    assert reader.names == ["five.txt", "four.txt", "six.txt"]
    assert facts.read_bytes() == lines_of(*papers)


def test_a_changed_file_is_read_again(papers: list[Path], facts: Path) -> None:
    run(papers, facts, Reader())
    papers[2].write_text("Report three, now with an erratum.", encoding="utf-8")
    reader = Reader()
    assert counts(run(papers, facts, reader)) == (1, 5, 0)
    assert reader.names == ["three.txt"]
    assert facts.read_bytes() == lines_of(*papers)


@pytest.mark.parametrize("finished", [True, False])
def test_changed_rules_read_all_papers_again(
    papers: list[Path], facts: Path, *, finished: bool
) -> None:
    rules = facts.parent / "rules"
    rules.mkdir()
    (rules / "_more.toml").write_text(MORE_RULES, encoding="utf-8")
    run(
        [*papers, *([] if finished else [facts.parent / "no"])],
        facts,
        Reader(failing=["no"]),
        fail_fast=True,
    )
    assert facts.exists() == finished
    tally = run(papers, facts, Reader(), settings=Settings(patterns=rules))
    assert counts(tally) == (6, 0, 0)
    expected = [line_of(path, Settings(patterns=rules)).decode() for path in papers]
    assert facts.read_text(encoding="utf-8").splitlines() == expected
    assert lines_of(*papers) != facts.read_bytes()


def test_papers_of_the_same_name_or_content_keep_their_own_lines(
    papers: list[Path], facts: Path
) -> None:
    other = facts.parent / "other"
    other.mkdir()
    (other / "one.txt").write_text("Another report one.", encoding="utf-8")  # same name
    (other / "uno.txt").write_bytes(papers[0].read_bytes())  # same content
    (other / "two.txt").write_bytes(papers[1].read_bytes())  # both
    named = [*papers, *sorted(other.iterdir())]
    run(named, facts, Reader())
    assert facts.read_bytes() == lines_of(*named)
    tally = run(named, facts, Reader())
    assert counts(tally) == (0, 9, 0)
    assert facts.read_bytes() == lines_of(*named)


def test_a_paper_named_twice_is_in_the_output_once(papers: list[Path], facts: Path) -> None:
    found = find_papers([str(papers[0]), str(papers[0].parent), str(papers[0])])
    run(found.paths, facts, Reader())
    assert facts.read_bytes() == lines_of(papers[0], *sorted(papers[1:]))


def test_papers_that_failed_are_tried_again(papers: list[Path], facts: Path) -> None:
    tally = run(papers, facts, Reader(failing=["two.txt", "six.txt"]))
    assert counts(tally) == (4, 0, 2)
    assert sorted(tally.failed) == [1, 5]
    lines = facts.read_bytes().splitlines()
    assert [b'"error":{"code":"timed-out"' in line for line in lines] == [0, 1, 0, 0, 0, 1]
    reader = Reader(failing=["two.txt"])
    assert counts(run(papers, facts, reader)) == (1, 4, 1)
    assert reader.names == ["six.txt", "two.txt"]
    assert counts(run(papers, facts, Reader())) == (1, 5, 0)
    assert facts.read_bytes() == lines_of(*papers)


def test_fail_fast_leaves_the_journal_and_no_output(papers: list[Path], facts: Path) -> None:
    tally = run(papers, facts, Reader(failing=["six.txt"]), fail_fast=True, slots=1)
    assert tally.stopped
    assert journal_of(facts).exists()
    assert not facts.exists()
    reader = Reader()
    assert run(papers, facts, reader).reused == 5
    assert reader.names == ["six.txt"]
    assert facts.read_bytes() == lines_of(*papers)


def test_fail_fast_leaves_an_earlier_output_as_it_was(papers: list[Path], facts: Path) -> None:
    run(papers[:2], facts, Reader())
    before = facts.read_bytes()
    run(papers, facts, Reader(failing=["six.txt"]), fail_fast=True)
    assert facts.read_bytes() == before


def test_the_facts_of_reused_papers_are_counted(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("Of six patients, two had grade 1 CRS (NCT05938725).", encoding="utf-8")
    document = carextract.parse(paper)
    wanted = len(document.trials) + len(document.toxicities)
    (tmp_path / "facts.jsonl").write_text(document.model_dump_json() + "\n", encoding="utf-8")
    tally = run([paper], tmp_path / "facts.jsonl", Reader())
    assert (counts(tally), tally.facts) == ((0, 1, 0), wanted)


def test_progress_is_told_of_every_paper(papers: list[Path], facts: Path) -> None:
    run(papers[:2], facts, Reader())
    told: list[tuple[int, int, int]] = []
    run(papers, facts, Reader(failing=["six.txt"]), on_progress=lambda t: told.append(counts(t)))
    assert sorted(set(map(sum, told)) - {0}) == [1, 2, 3, 4, 5, 6]
    assert told[-1] == (3, 2, 1)


def test_a_second_run_is_told_that_the_first_goes_on(papers: list[Path], facts: Path) -> None:
    said: list[str] = []

    def second(path: Path) -> None:
        with pytest.raises(CarextractError) as error:
            run(papers, facts, Reader())
        said.append(str(error.value))

    assert counts(run(papers[:1], facts, Reader(before=second))) == (1, 0, 0)
    assert said == [f"{facts}: another run is writing it; wait for that, or give another output"]
    assert facts.read_bytes() == lines_of(papers[0])


def test_a_run_that_begins_as_another_ends_keeps_its_own_journal(
    papers: list[Path], facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    lock = fcntl.flock

    def lock_when_the_other_has_ended(file: Any, how: int) -> None:
        monkeypatch.undo()
        journal_of(facts).unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", lock_when_the_other_has_ended)
    assert counts(run(papers, facts, Reader())) == (6, 0, 0)
    assert facts.read_bytes() == lines_of(*papers)


def test_a_file_of_the_users_own_is_not_emptied_for_a_journal(
    papers: list[Path], facts: Path
) -> None:
    journal_of(facts).write_text("A download that goes on.\n", encoding="utf-8")
    with pytest.raises(CarextractError):
        run(papers, facts, Reader())
    assert journal_of(facts).read_text(encoding="utf-8") == "A download that goes on.\n"


@dataclass(frozen=True)
class Damage:
    """What a crash did to a file: from where on, up to where, and what stands there now."""

    start: float
    length: int
    filler: bytes | None  # None: the rest is not there

    def of(self, data: bytes) -> bytes:
        """The file after the damage."""
        start = round(self.start * len(data))
        if self.filler is None:
            return data[:start]
        middle = self.filler * len(data[start : start + self.length])
        return data[:start] + middle + data[start + self.length :]


damages = st.none() | st.builds(
    Damage,
    start=st.floats(0, 1),
    length=st.integers(1, 3_000),
    filler=st.sampled_from([None, b"\0", b"\n", b"\xff"]),
)
subsets = st.sets(st.sampled_from(NAMES)).map(lambda names: {f"{name}.txt" for name in names})


@given(
    first=st.integers(0, 6),
    first_failing=subsets,
    lost_after=st.integers(0, 6),
    failing=subsets,
    always_failing=st.just(set()) | subsets,
    journal=damages,
    output=damages,
)
@example(
    first=3,
    first_failing=set(),
    lost_after=2,
    failing=set(),
    always_failing=set(),
    journal=Damage(0.999, 3_000, b"\0"),
    output=Damage(0.5, 1, None),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_crash_did_to_the_files_one_more_run_gives_the_bytes_of_an_undisturbed_one(
    first: int,
    first_failing: set[str],
    lost_after: int,
    failing: set[str],
    always_failing: set[str],
    journal: Damage | None,
    output: Damage | None,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        papers = written(folder)
        facts = folder / "facts.jsonl"
        run(papers[:first], facts, Reader(failing=first_failing | always_failing))
        try:
            run(papers, facts, Reader(failing=failing | always_failing, lost_after=lost_after))
        except CarextractError:
            assert journal_of(facts).exists()
        known = set()
        for path, damage in ((facts, output), (journal_of(facts), journal)):
            if path.exists():
                data = path.read_bytes()
                path.write_bytes(damage.of(data) if damage else data)
                known |= set() if damage else set(data.split(b"\n"))
        reader = Reader(failing=always_failing)
        run(papers, facts, reader)
        undisturbed = folder / "undisturbed.jsonl"
        run(papers, undisturbed, Reader(failing=always_failing))
        assert facts.read_bytes() == undisturbed.read_bytes()
        assert not {path.name for path in papers if line_of(path) in known} & {*reader.asked}
        assert sorted(path.name for path in folder.glob("facts*")) == ["facts.jsonl"]
