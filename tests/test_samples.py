"""The samples: what carextract finds in each is what a careful reader found.

``samples/expected/NAME.json`` is the document that `carextract parse` writes, without the parts
that change with the version and the pattern files. After an intended change write them anew with
``python tests/test_samples.py`` and read the difference before committing it.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import carextract

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILES = sorted(SAMPLES.glob("*.txt"))


def expected_path(sample: Path) -> Path:
    """Where the expected document of a sample stands."""
    return SAMPLES / "expected" / f"{sample.stem}.json"


def document(sample: Path) -> dict[str, Any]:
    """The document of a sample, without version and digest."""
    data: dict[str, Any] = json.loads(carextract.parse(sample).model_dump_json())
    return {name: data[name] for name in data if name not in ("generator", "rules")}


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_sample_gives_its_expected_document(sample: Path) -> None:
    assert document(sample) == json.loads(expected_path(sample).read_text(encoding="utf-8"))


def test_every_sample_has_a_reader() -> None:
    assert len(FILES) >= 8
    assert {expected_path(sample) for sample in FILES} == set(SAMPLES.glob("expected/*.json"))


def test_nothing_is_found_where_nothing_is() -> None:
    data = document(SAMPLES / "nothing-to-find.txt")
    assert not any(data[kind] for kind in ("trials", "doses", "sledai", "toxicities"))


if __name__ == "__main__":
    for path in FILES:
        text = json.dumps(document(path), ensure_ascii=False, indent=2) + "\n"
        expected_path(path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{expected_path(path)}\n")
