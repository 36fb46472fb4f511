"""Papers read again for the report: as they were read then, and with no more effort."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import carextract
from carextract.read import PdfOptions, Recognition, Source, from_string
from carextract.records import Document
from carextract.report import Papers, originals, write_report
from carextract.report.originals import read_original

pytest.importorskip("altair", reason="needs the extra: report")

TEXT = "One patient had grade 1 CRS. The others had none."
PICTURE = "A page that is a picture, and says nothing of facts. "
NEVER, AUTO = Recognition.NEVER, Recognition.AUTO


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Recognition]:
    """How papers are asked for; with recognition there may be a page more, as a paper says it."""
    asked: list[Recognition] = []

    def read(path: Path, *, pdf: PdfOptions) -> Source:
        asked.append(pdf.recognition)
        text = path.read_text(encoding="utf-8")
        if pdf.recognition is NEVER:
            text = text.replace(PICTURE, "")
        return from_string(text, name=path.name)

    monkeypatch.setattr(originals, "read", read)
    return asked


def document_of(text: str, *, score: float | None = None, repairs: Sequence[str] = ()) -> Document:
    """A document of a text whose first fact was recognised with a score, or repaired."""
    document = carextract.parse_text(text)
    (first, *others) = document.toxicities
    (quote, *more) = first.evidence
    changed = first.model_copy(
        update={
            "evidence": (quote.model_copy(update={"ocr_score": score}), *more),
            "repairs": tuple(repairs),
        }
    )
    return document.model_copy(update={"toxicities": (changed, *others)})


@pytest.mark.parametrize(
    ("text", "score", "repairs", "expected"),
    [
        (TEXT, None, [], [NEVER]),
        (TEXT, None, ["width"], [NEVER]),
        (TEXT, 0.97, [], [AUTO]),
        (TEXT, None, ["ocr"], [AUTO]),
        (PICTURE + TEXT, None, [], [NEVER, AUTO]),
        (TEXT + PICTURE, None, [], [NEVER, AUTO]),
        (PICTURE + TEXT, 0.97, [], [AUTO]),
    ],
)
def test_recognition_only_where_the_text_is_not_had_without(
    asked: list[Recognition],
    tmp_path: Path,
    text: str,
    score: float | None,
    repairs: list[str],
    expected: list[Recognition],
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    document = document_of(text, score=score, repairs=repairs)
    source = read_original(tmp_path / "a.txt", document, password=None)
    assert source is not None
    assert (source.text, asked) == (text, expected)


def test_another_text_is_none(asked: list[Recognition], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT.replace("One", "A"), encoding="utf-8")
    assert read_original(tmp_path / "a.txt", document_of(TEXT), password=None) is None
    assert asked == [NEVER, AUTO]


def test_a_paper_without_facts_is_not_read(asked: list[Recognition], tmp_path: Path) -> None:
    papers = {"facts.txt": TEXT, "none.txt": "Nothing that anybody looks for."}
    for name, text in papers.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    documents = [carextract.parse(tmp_path / name) for name in papers]
    written = write_report(tmp_path / "r.html", documents, papers=Papers(tmp_path))
    assert asked == [NEVER]
    assert (written.sources, written.not_found, written.not_the_same) == (1, 0, 0)
