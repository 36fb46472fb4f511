"""Finding doses: amounts of cells and drugs given, or planned to be given, as treatment."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from carextract.find.article import Article
from carextract.find.doses.cells import Cells
from carextract.find.doses.columns import stands_for_a_factor, table_doses
from carextract.find.doses.members import Member, read_members, resolve, share_unit
from carextract.find.doses.mentions import Dose, kind_of, merged, with_products
from carextract.find.doses.owners import Owners
from carextract.find.doses.times import share_times
from carextract.find.facts import Fact, Remark
from carextract.find.paragraphs import Paragraph
from carextract.find.statements import Statement, statements
from carextract.grammar.amounts import join_unit
from carextract.rules import KindRules
from carextract.tracked import Span

_FEWEST_CELLS, _MOST_CELLS = 10_000, 10**12
_LONGEST_TORN = 7
_GOES_ON = re.compile(r"/\s?[A-Za-z\u4e00-\u9fff]")
_BREAKS_OFF = re.compile(r"\s?/\s*(?:$|[\n，。；,;)）|])")
_TORN_DECIMAL = re.compile(r"[^\s\d.]\s?\d{1,3}\.\s(?=\d)")
_BASES = frozenset({"PER_BODY", "PER_TIME", "PER_TIME_AFTER", "TIMED_DOSE"})


def find_doses(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """The doses of an article, each distinct amount of an agent once, with all its mentions."""
    mentions: list[Dose] = []
    cells = Cells(article, rules)
    for index in article.awake(rules):
        pieces, others = _to_read(article.paragraphs[index], rules)
        cells.walk(pieces, others)
        for piece in pieces:
            seen = piece.view(rules)
            owners = Owners(seen, piece.text, cells.named)
            doses = [d for s in statements(seen, rules) for d in _doses(s, piece, owners)]
            mentions += share_times(doses, seen, piece)
    tables = table_doses(article, rules)
    mentions = [dose for dose in mentions if not tables.supersede(dose)]
    mentions += tables.doses
    if any(kind_of(dose.unit) == "cell" for dose in mentions):
        mentions = with_products(mentions, cells.products())
    yield from merged(mentions)


def _to_read(paragraph: Paragraph, rules: KindRules) -> tuple[list[Paragraph], list[Paragraph]]:
    """The sentences of a paragraph that hold a unit or a power of ten, and the others; a row of a
    table is read whole, since its head and its frequency may stand in cells of their own."""
    if rules.wake is None or "|" in paragraph.text:
        return [paragraph], []
    return paragraph.stretches(rules.wake)


def _doses(statement: Statement, paragraph: Paragraph, owners: Owners) -> Iterator[Dose]:
    """The doses that one statement holds."""
    members = [member for member in _members(statement, paragraph) if _possible(member)]
    if not members or _far_fetched(statement, paragraph) or _cut_short(statement, paragraph):
        return
    if any(_torn(member, paragraph) for member in members):
        return
    if any(stands_for_a_factor(token, paragraph.text) for token in statement.all("values")[:1]):
        return
    unit = members[-1].unit or ""
    first, last = _values_at(statement)
    kind = kind_of(unit)
    sure = any(member.sure for member in members)
    if kind == "cell" and owners.not_infused(first, last, unit, sure=sure):
        return
    if kind == "drug" and owners.measured(first, last, unit):
        return
    ahead = owners.ahead(first) if kind == "drug" and _of_two_kinds(members) else None
    agent = _named(members, statement) or owners.agent(first, last, kind)
    end = members[-1].end
    pairs = owners.paired(first, len(members)) if kind == "drug" else None
    for number, member in enumerate(members):
        alone = _ends_in_unit(paragraph.text[member.start : member.end])
        stop = member.end if alone else max(end, member.end)
        text = paragraph.text[member.start : stop]
        span = Span(paragraph.start + member.start, paragraph.start + stop)
        owner = pairs[number] if pairs else agent
        if ahead and member is not members[-1]:
            owner = ahead
        yield Dose(statement.rule.id, span, member.low, member.high, member.unit or "", owner, text)


def _of_two_kinds(members: list[Member]) -> bool:
    """Whether the amounts of a list are in different units, so that a drug named behind the last
    ("2 mg/kg and 5 mg of prednisolone") is that one's alone."""
    return len({member.unit for member in members}) > 1


def _values_at(statement: Statement) -> tuple[int, int]:
    """The token indices [first, last) of the numbers themselves, without what introduces them, up
    to the first words between them (5 mg *of prednisone* a day, down from 40)."""
    values = statement.all("values")
    tokens = statement.view.tokens
    first = bisect_left(tokens, values[0].start, key=lambda token: token.start)
    last = first
    while last - first < len(values) and tokens[last] is values[last - first]:
        last += 1
    return first, last


def _ends_in_unit(text: str) -> bool:
    """Whether a piece ends in its unit rather than in a number that shares one."""
    return not text[-1:].isdigit()


def _members(statement: Statement, paragraph: Paragraph) -> list[Member]:
    """The members of a statement with everything shared: powers, units, limits."""
    tokens = [*statement.all("bound"), *statement.all("values")]
    members = read_members(tokens, paragraph.text)
    if members and statement.one("nobody") is not None and members[0].limit in (">", ">="):
        members[0] = replace(members[0], limit="<=")
    after = statement.one("after")
    if after is not None and members:
        members[-1] = replace(members[-1], limit=after.value, end=after.end)
    members = share_unit(members, _unit_beside(statement, members))
    per = [t.value for t in statement.all("per") if t.kind in _BASES]
    if per:
        members = [_with_prefix(member, per) for member in members]
    return resolve(
        members,
        whole=statement.one("between") is not None,
        changes=statement.one("change") is not None or _in_steps(members),
    )


def _in_steps(members: list[Member]) -> bool:
    """Whether more than two amounts follow on each other: from 5 to 15 to 45 μg."""
    return sum("TO" in member.joints for member in members) > 1


def _unit_beside(statement: Statement, members: list[Member]) -> str | None:
    """The unit that serves numbers without one: in a head, or cells that a power of ten counts."""
    unit = statement.one("unit")
    if unit is not None:
        return str(unit.value)
    given = statement.rule.set.get("unit")
    if given is not None:
        return str(given)
    powers = all(member.factor != 1 or (member.low or 0) >= _FEWEST_CELLS for member in members)
    body = any(t.kind == "PER_BODY" for t in statement.all("per"))
    return "cells" if powers and body else None


def _far_fetched(statement: Statement, paragraph: Paragraph) -> bool:
    """120万 with cells named only words later counts money or people, not cells."""
    values, cells = statement.all("values"), statement.one("cells")
    if cells is None:
        return False
    apart = paragraph.text[values[-1].end : cells.start].strip()
    return bool(apart) and paragraph.text[values[-1].end - 1] in "万亿"


def _with_prefix(member: Member, per: list[str | None]) -> Member:
    """每公斤0.5mg: the base that stands in front goes behind the unit, unless it is there."""
    if member.unit is None:
        return member
    base, *rest = member.unit.split("/")
    unit = join_unit(base, [*rest, *per])
    return replace(member, unit=unit, sure=member.sure or "/" in unit)


def _possible(member: Member) -> bool:
    """Whether a member may be a dose at all: something given, and of cells a number in reason."""
    if member.unit is None:
        return False
    sizes = [size for size in (member.low, member.high) if size is not None]
    if not sizes or max(sizes) <= 0:
        return False
    return kind_of(member.unit) == "drug" or _FEWEST_CELLS <= max(sizes) <= _MOST_CELLS


def _named(members: list[Member], statement: Statement) -> str | None:
    """The agent that stands inside the amount: 1×10^6 CD19 CAR-T cells/kg."""
    names = [member.agent for member in members if member.agent]
    names += [t.value for t in statement.all("cells") if t.kind == "CELL_PRODUCT"]
    return names[0] if names else None


def _torn(member: Member, paragraph: Paragraph) -> bool:
    """Whether a power of ten is what a gap has left of a decimal: the 5×10^6 of 1. 5×10^6."""
    before = paragraph.text[max(0, member.start - _LONGEST_TORN) : member.start]
    digits = paragraph.text[member.start : member.start + 1]
    return member.factor != 1 and _TORN_DECIMAL.search(before + digits) is not None


def _cut_short(statement: Statement, paragraph: Paragraph) -> bool:
    """Whether a unit goes on in a way that no word explains (20mg/dayfor, 30 μg/spot), or breaks
    off at the end of a line (2–3g/), its base lost."""
    end = statement.all("values")[-1].end
    if _BREAKS_OFF.match(paragraph.text, end):
        return True
    if not _GOES_ON.match(paragraph.text, end):
        return False
    starts = {token.start for token in paragraph.tokens}
    return not any(at in starts for at in (end + 1, end + 2))
