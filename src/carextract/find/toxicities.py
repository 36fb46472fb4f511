"""Finding toxicities: what a text says of cytokine release syndrome and of ICANS.

The rules give statements, `toxicities_reading` what each claims, `toxicities_composing` who each
claim is about; here the text is walked, and cells of tables are read as lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from carextract.find.article import Article
from carextract.find.facts import Fact, Remark
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Table
from carextract.find.toxicities_composing import Composer, Item
from carextract.grammar.tokens import View
from carextract.rules import KindRules
from carextract.tracked import Span

_NAMED = frozenset({"EVENT", "ALIAS", "NEURO"})
_LIST_ITEM = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)、])\s*\S")
_LOOK_BACK = 5  # paragraphs before a statement that may say who it is about
_HEADING_WORDS = 4
_PATIENT_COLUMN = re.compile(
    r"patients?|pt|case|subject|no\.?|id|#|患者|病例|编号|受试者|序号|病人", re.I
)
_SIZE_COLUMN = re.compile(
    r"(?:no\. of )?(?:patients?|participants|subjects|n|cases)|例数|人数|患者数|样本量|病例数", re.I
)
_PATIENT_LABEL = re.compile(
    r"(?:pt|p|patient|case|患者|病例|病人|no\.?)?\s?#?[A-Z]?\d{1,3}号?(?:患者)?", re.I
)
_COUNTED_COLUMN = re.compile(r"\bn\b|例|人", re.I)
_GRADE_COLUMN = re.compile(r"grade|级|級", re.I)


def find_toxicities(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """What an article says of CRS and ICANS, each statement once."""
    awake = [block.wakes(rules) for block in article.paragraphs]
    if not any(awake):
        return
    views = _views(article.paragraphs, awake, rules)
    if _speaks_of_another_crs(views.values()):
        return
    composer = Composer(rules, icans_is_neurotoxicity=_names_neurotoxicity(views.values()))
    in_tables = {line for table in article.tables for line in table.lines}
    items: list[Item] = []
    heading = False
    for index, block in enumerate(article.paragraphs):
        if index not in views or index in in_tables:
            continue
        heading = _is_heading(block, views[index]) or (
            heading and bool(_LIST_ITEM.match(block.text))
        )
        items += composer.read(
            block, views[index], under_heading=heading, silent=not (awake[index] or heading)
        )
    for table in article.tables:
        items += _table_items(table, composer, article)
    yield from _facts(items)


def _views(blocks: Sequence[Paragraph], awake: Sequence[bool], rules: KindRules) -> dict[int, View]:
    """The views of the paragraphs that speak of the events, and of a few around each."""
    wanted = {
        near
        for index, wakes in enumerate(awake)
        if wakes
        for near in range(max(0, index - _LOOK_BACK), min(len(blocks), index + _LOOK_BACK + 1))
    }
    return {index: blocks[index].view(rules) for index in sorted(wanted)}


def _speaks_of_another_crs(views: Iterable[View]) -> bool:
    """Whether CRS stands for something else: a sinus disease, an operation, a score."""
    kinds = {
        (token.kind, token.kind == "EVENT" and token.end - token.start > len("ICANS"))
        for seen in views
        for token in seen.tokens
    }
    return ("FOREIGN_CRS", False) in kinds and ("EVENT", True) not in kinds


def _names_neurotoxicity(views: Iterable[View]) -> bool:
    """Whether the text calls its neurotoxicity ICANS."""
    return any(token.kind == "ALIAS" for seen in views for token in seen.tokens)


def _is_heading(block: Paragraph, seen: View) -> bool:
    """A line that names an event and hardly anything else."""
    named = [token for token in seen.tokens if token.kind in _NAMED]
    if not named:
        return False
    rest = block.text[: named[0].start] + block.text[named[-1].end :]
    return len(re.findall(r"[A-Za-z]+|[\u4e00-\u9fff]", rest)) <= _HEADING_WORDS


def _table_items(table: Table, composer: Composer, article: Article) -> Iterator[Item]:
    """A cell is read as a line: the head of its row, the head of its column, the cell itself."""
    patients = bool(table.header) and bool(_PATIENT_COLUMN.fullmatch(table.header[0].text.strip()))
    sizes = [i for i, head in enumerate(table.header) if _SIZE_COLUMN.fullmatch(head.text.strip())]
    for row in table.rows:
        label = row[0]
        of_one = patients and bool(_PATIENT_LABEL.fullmatch(label.text.strip()))
        of_one = of_one or any(row[i].text.strip() == "1" for i in sizes if i < len(row))
        for head, cell in zip(table.header[1:], row[1:], strict=False):
            if cell.text.strip():
                line = _Line(article, table.header[0], label, head, cell)
                yield from line.items(composer, of_one=of_one)


def _bare_number(head: str, *, of_one: bool) -> str:
    """What a number alone in a cell is, by the head that names the event: CRS, % or CRS grade."""
    if "%" in head and not _COUNTED_COLUMN.search(head):
        return "percent"
    return "grade" if of_one or _GRADE_COLUMN.search(head) else "count"


class _Line:
    """A cell and its heads as one line of text, with the way back to where each stands."""

    def __init__(self, article: Article, corner: Cell, label: Cell, head: Cell, cell: Cell) -> None:
        self.lexicon = article.paragraphs[0].lexicon
        self.corner = corner  # the head over the labels of the rows
        self.heads = (label, head)
        self.cell = cell

    def items(self, composer: Composer, *, of_one: bool) -> Iterator[Item]:
        """What the cell says, if one of its heads names the event."""
        named = [head for head in self.heads if composer.names_event(self._block(head.text))]
        if len(named) != 1:
            return
        parts = [(named[0], " | ")]
        other = self.heads[0] if named[0] is self.heads[1] else self.heads[1]
        if composer.grades(self._block(other.text)):
            parts.append((other, " | "))
        elif other is self.heads[0] and composer.grades(
            self._block(f"{self.corner.text} {other.text}")
        ):
            parts += [(self.corner, " "), (other, " | ")]
        text, starts = "", []
        for part, joint in (*parts, (self.cell, " | ")):
            starts.append((len(text), part))
            text += part.text + joint
        block = self._block(text.rstrip())
        bare = _bare_number(named[0].text, of_one=of_one)
        cell_at = starts[-1][0]
        for item in composer.read_cell(block, of_one=of_one, bare=bare):
            if item.end > cell_at:
                yield item.moved(tuple(_spans(item, starts)))

    def _block(self, text: str) -> Paragraph:
        return Paragraph(text, 0, self.lexicon)


def _spans(item: Item, starts: Sequence[tuple[int, Cell]]) -> Iterator[Span]:
    """The pieces of the cell and its heads that an item was read from, the cell first."""
    for at, part in reversed(starts):
        first, last = max(item.start - at, 0), min(item.end - at, len(part.text))
        if first < last:
            yield Span(part.start + first, part.start + last)


def _facts(items: Iterable[Item]) -> Iterator[Fact]:
    """The items as facts, what is said twice once."""
    seen = set()
    for item in items:
        key = (
            item.claim.event,
            item.claim.grade,
            item.claim.severity,
            item.claim.count,
            item.claim.percent,
            item.claim.absent,
        )
        if key not in seen:
            seen.add(key)
            yield Fact("toxicities", item.rule, item.spans, item.fields())
