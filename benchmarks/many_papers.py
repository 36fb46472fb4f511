"""A thousand papers with fifty facts each, without reading a thousand papers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import carextract
from carextract.records import Document

_AUTHORS = "Bai Cao Deng Fang Geng Hou Jiang Kong Lai Meng Ning Ouyang Pan Qiu Ruan Shao".split()
_STUDY = (
    "{author}等[{entry}]于{year}年报告{patients}例难治性系统性红斑狼疮患者（{number}），"
    "回输CD19 CAR-T细胞{dose}×10^6个/kg。SLEDAI-2K评分由{before}分降至{after}分。"
    "{patients}例中{mild}例发生1级CRS，{more}例发生2级CRS，未发生ICANS。\n\n"
)
_STUDIES = 18  # about fifty facts
_TEXTS = 40


def many_papers(papers: int) -> Iterator[Document]:
    """Reviews of the same few hundred studies: `_TEXTS` of them are read, the others are copies."""
    read = [carextract.parse_text(_review(Random(seed))) for seed in range(min(_TEXTS, papers))]
    for number in range(papers):
        name = f"综述-{number:04}.txt"
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        document = read[number % len(read)]
        source = document.source.model_copy(update={"name": name, "sha256": sha256})
        yield document.model_copy(update={"source": source})


def write_many_papers(path: Path, papers: int) -> int:
    """Write them as a file of facts; gives the number of facts."""
    facts = 0
    with path.open("w", encoding="utf-8") as file:
        for document in many_papers(papers):
            kinds = (document.trials, document.doses, document.sledai, document.toxicities)
            facts += sum(map(len, kinds))
            file.write(document.model_dump_json() + "\n")
    return facts


def _review(random: Random) -> str:
    return "".join(_study(random, entry) for entry in range(1, _STUDIES + 1))


def _study(random: Random, entry: int) -> str:
    study = random.randrange(300)
    patients = 12 + study % 40
    return _STUDY.format(
        author=_AUTHORS[study % len(_AUTHORS)],
        entry=entry,
        year=2019 + study % 7,
        patients=patients,
        number=f"NCT0{5_100_000 + study}",
        dose=1 + study % 9 / 10,
        before=12 + study % 10,
        after=random.randrange(4),
        mild=2 + study % 7,
        more=1 + study % 3,
    )
