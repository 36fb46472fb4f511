"""Finding toxicities: what a text says of cytokine release syndrome and of ICANS.

The rules give statements, `reading` what each claims, `composing` which event
and which patients each claim is about (with the help of `subjects`, `denying`, `judging` and
`ledger`); here the text is walked, and cells of tables are read as lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from carextract.find.article import Article
from carextract.find.facts import Fact, Remark
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import is_row_of_figures
from carextract.find.toxicities.composing import Composer
from carextract.find.toxicities.items import Item
from carextract.find.toxicities.loose import loose_tables
from carextract.find.toxicities.tables import table_items
from carextract.grammar.tokens import View
from carextract.rules import KindRules

_NAMED = frozenset({"EVENT", "ALIAS", "NEURO"})
_LIST_ITEM = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)、])\s*\S")
_LONGEST_LIST = 5  # paragraphs after one that names an event that may go on with a list under it
_HEADING_WORDS = 4


def find_toxicities(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """What an article says of CRS and ICANS, each statement once."""
    views = {index: article.paragraphs[index].view(rules) for index in article.awake(rules)}
    if not views or _speaks_of_another_crs(views.values()):
        return
    composer = Composer(rules, icans_is_neurotoxicity=_names_neurotoxicity(views.values()))
    in_tables, from_tables = _read_tables(article, composer)
    items: list[Item] = []
    heading, items_left = False, 0  # of the list under a heading
    for index, block in enumerate(article.paragraphs):
        if index in in_tables or is_row_of_figures(block.text):
            continue
        awake = index in views
        items_left = _LONGEST_LIST if awake else items_left - 1
        heading = (awake and _is_heading(block, views[index])) or (
            heading and items_left >= 0 and bool(_LIST_ITEM.match(block.text))
        )
        if awake or heading:
            items += composer.read(block, under_heading=heading)
        else:
            composer.pass_by(block)
    yield from _facts([*items, *from_tables])


def _read_tables(article: Article, composer: Composer) -> tuple[set[int], list[Item]]:
    """The lines that are read as tables, and their items. Lines that only their spaces make a table
    of, and that say nothing as one, are left to be read as text."""
    taken = {line for table in article.tables for line in table.lines}
    lines: set[int] = set()
    items: list[Item] = []
    for table in (*article.tables, *loose_tables(article.paragraphs, taken)):
        found = list(table_items(table, composer, article))
        if found or "|" in article.paragraphs[table.lines[0]].text:
            lines.update(table.lines)
            items += found
    return lines, items


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


def _facts(items: Iterable[Item]) -> Iterator[Fact]:
    """The items as facts, what is said twice once, with each place that says it: a review says the
    same of several studies."""
    said: dict[Hashable, list[Item]] = {}
    for item in items:
        claim = item.claim
        key = (
            claim.event,
            claim.grade,
            claim.severity,
            claim.count,
            claim.percent,
            claim.absent,
        )
        said.setdefault(key, []).append(item)
    for first, *others in said.values():
        spans = dict.fromkeys((*first.spans, *(other.spans[0] for other in others)))
        yield Fact("toxicities", first.rule, tuple(spans), first.fields())
