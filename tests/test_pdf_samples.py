"""The sample PDFs: made again they are the same bytes, and what is found in each is as expected.

``samples/expected/pdf/NAME.json`` is the document, with pages and boxes, or the one line that says
why there is none. After an intended change write them anew with
``PYTHONPATH=samples python tests/test_pdf_samples.py`` and read the difference before committing
it. Pages are read without character recognition.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from make_pdfs import MAKERS, NEED_FONT_FILE
from PIL import ImageChops, ImageStat
from typesetting.faces import has_embedded_fonts

import carextract
from carextract.errors import CarextractError

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILES = sorted(SAMPLES.glob("pdf/*.pdf"))
PASSWORDS = {"encrypted": "lupus"}
# The bytes of a picture depend on the version of what compressed it.
PICTURES = {"scan"}


def expected_path(sample: Path) -> Path:
    """Where the expected document of a sample stands."""
    return SAMPLES / "expected" / "pdf" / f"{sample.stem}.json"


def document(sample: Path, *, password: str | None = None) -> dict[str, Any]:
    """The document of a sample, without version and digests, or the error it gives."""
    try:
        found = carextract.parse(sample, password=password, ocr="never")
    except CarextractError as error:
        return {"error": error.code, "message": str(error).replace(str(sample), sample.name)}
    data: dict[str, Any] = json.loads(found.model_dump_json())
    del data["source"]["sha256"]
    return {name: data[name] for name in data if name not in ("generator", "rules")}


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_sample_gives_its_expected_document(sample: Path) -> None:
    expected = json.loads(expected_path(sample).read_text(encoding="utf-8"))
    assert document(sample, password=PASSWORDS.get(sample.stem)) == expected


def test_every_sample_has_a_reader() -> None:
    assert len(FILES) >= 12
    assert set(map(expected_path, FILES)) == set(SAMPLES.glob("expected/pdf/*.json"))


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_sample_is_made_again_byte_for_byte(sample: Path) -> None:
    if sample.stem in NEED_FONT_FILE and not has_embedded_fonts():
        pytest.skip("the font to embed is not on this machine")
    made = MAKERS[sample.stem]()
    if sample.stem in PICTURES:
        assert_looks_alike(made, sample.read_bytes())
    else:
        assert made == sample.read_bytes()


def assert_looks_alike(one: bytes, other: bytes) -> None:
    """Both files show the same first page."""
    pages = []
    for data in (one, other):
        with pypdfium2.PdfDocument(data) as pdf:
            pages.append(pdf[0].render(scale=1, grayscale=True).to_pil())
    assert ImageStat.Stat(ImageChops.difference(*pages)).mean[0] < 1


if __name__ == "__main__":
    for path in FILES:
        data = document(path, password=PASSWORDS.get(path.stem))
        expected_path(path).parent.mkdir(exist_ok=True)
        expected_path(path).write_text(
            json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        sys.stdout.write(f"{expected_path(path)}\n")
