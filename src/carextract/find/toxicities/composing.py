"""Who a claim is about: events carried on, totals and breakdowns, the patient of a case report.

A paragraph is walked from left to right. What is known on the way: the event that is spoken of,
the size of the group, whether the report is on one patient, and the items read so far, which a
later grade may still complete ("9例发生CRS，均为1级").
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from carextract.find.paragraphs import Paragraph
from carextract.find.statements import Statement, statements
from carextract.find.toxicities.denying import denies_another
from carextract.find.toxicities.items import Group, Item
from carextract.find.toxicities.judging import above, counted, fits_cell, in_column, is_reported
from carextract.find.toxicities.ledger import Ledger
from carextract.find.toxicities.reading import Claim, event_name, read_claims
from carextract.find.toxicities.subjects import Subject
from carextract.grammar.tokens import Token, View, filler_weight
from carextract.rules import KindRules

_NAMED = frozenset({"EVENT", "ALIAS", "NEURO"})
_ASIDE = frozenset(
    {"ASIDE", "REMEDY", "EVENT_PART", "OTHER_EVENT", "GENERIC_EVENT", "MARKER", "ZERO"}
)
_GRADES = frozenset({"GRADE", "ANY_GRADE", "SEVERITY"})
MODIFIERS = _GRADES | {"GRADE_AND_SEVERITY"}
_GRADING = _GRADES | {"COMMA", "OPEN", "CLOSE", "SLASH", "PERCENT"}
_CLAUSE_ENDS = frozenset({"COMMA", "SEMICOLON", "STOP"})
_LIST_SIGNS = frozenset({"COMMA", "AND", "OR", "SLASH"})
_BOUNDARY = re.compile(r"[，,；;。.)）、（(|：:—]|$")
_NOUN = re.compile(r" (?!(?:in|and|or|at|with|for|to|on|but|only|cases?|events?)\b)[a-z]{3,}")
_UNIT = re.compile(r"\s?(?:[℃°%％×/]|[kmnpµμ]?[gLUl](?![A-Za-z])|mm|min|IU)")
_IN_A_ROW = re.compile(r"\s?(?:[和与及、]|and\b)")
# A number of patients, one of them, or a word for one stands in every sentence that says who is
# spoken of; others need not be read for it.
_NUMBER = (
    r"(?:[\d零一二两三四五六七八九十百千万]|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|teen|ty|hundred|single|half|dozen)"
)
_WHO = re.compile(
    # what any of it begins with: most characters are passed over at once
    r"(?=[\d零一二两三四五六七八九十百千万该本位名例个患男女她他岁现今时年acdefhmnopstwy:,])(?:"
    rf"{_NUMBER}[^\w]{{0,4}}(?:[例名位人]|个[人病患]|patient|participant|subject|case|people|person"
    r"|individual|child|recipient|wom[ae]n|m[ae]n(?![a-z])|volunteer|adult|pts|infant|girl|boy)"
    rf"|{_NUMBER}[^\w]{{0,4}}(?:(?:out )?of(?![a-z])|/)|(?<![a-z])n\s?[=＝]"
    r"|(?:the|our|this) (?:patient|boy|girl|(?:wo)?man|child)(?!s)|a case of|case report"
    r"|[该本]例|该[患病]|[位名]患者|例报告|个案报告|患儿|[男女她他]|岁的|[现今时]年|年[仅方]|[1一][名位例]\d"
    r"|(?<![a-z])(?:s?he|her|his|an? (?:boy|girl|(?:wo)?man))(?![a-z])|years?[\s-]old|male"
    r"|[:,]\s(?:an?\s)?(?:wo)?man,|^(?:an?\s)?(?:wo)?man,|patient\s\d,)"
)
_LOOK_BACK = 5  # paragraphs before a statement that may say who it is about
# Between a grade and the worse one that it came to: it then, 12小时内, but not: her hypotension
_MEANWHILE = re.compile(
    r"(?:[\W\d]|\b(?:which|that|it|this|but|and|then|later|had|has|have|soon|quickly|rapidly"
    r"|subsequently|eventually|transiently|briefly|further|by|on|at|in|within|after|day|days|night"
    r"|week|hours?|h|d|the|next|following|same|for|a|an|of|them|these|whom)\b"
    r"|[第天日周时内后前又再并且即于则而曾其该次当晚夜]|小时|随后|后来|逐渐|迅速|很快|快速|进一步|一度|短暂)*",
    re.I,
)
_WITH = re.compile(r"\swith\s(?:an?\s)?", re.I)
_LIGHT_HEAD, _LIGHT_TAIL = 7.0, 4.5


class Composer:
    """Reads paragraph after paragraph, in order, and remembers who they are about."""

    def __init__(self, rules: KindRules, *, icans_is_neurotoxicity: bool) -> None:
        self._rules = rules
        self._alias = icans_is_neurotoxicity
        self._group = Group()
        self._heading: str | None = None
        self._unheard: deque[Paragraph] = deque(maxlen=_LOOK_BACK)

    def names_event(self, block: Paragraph) -> bool:
        """Whether a piece of text names one of the two events."""
        return any(self._name(t) for t in block.view(self._rules).tokens if t.kind in _NAMED)

    def tokens(self, block: Paragraph) -> tuple[Token, ...]:
        """The tokens that the rules look at in a piece of text."""
        return block.view(self._rules).tokens

    def grades(self, block: Paragraph) -> bool:
        """Whether a piece of text names a grade or severity."""
        return any(token.kind in MODIFIERS for token in self.tokens(block))

    def is_grade(self, block: Paragraph) -> bool:
        """Whether a piece of text is a grade and hardly anything else."""
        tokens = block.view(self._rules).tokens
        kinds = {token.kind for token in tokens}
        if not kinds & _GRADES or kinds - _GRADING:
            return False
        rest = block.text[: tokens[0].start] + block.text[tokens[-1].end :]
        return filler_weight(rest) <= _LIGHT_HEAD

    def pass_by(self, block: Paragraph) -> None:
        """A paragraph that states nothing may yet tell who is spoken of: it is listened to when a
        statement follows soon."""
        self._unheard.append(block)

    def read(self, block: Paragraph, *, under_heading: bool) -> list[Item]:
        """The items of a paragraph."""
        seen = block.view(self._rules)
        found = list(statements(seen, self._rules))
        if not found and not under_heading:
            self.pass_by(block)
            return []
        self._catch_up()
        topic = self._heading if under_heading else None
        walk = _Walk(block, seen, self._rules, self._group, self._alias, topic)
        items = walk.items(found)
        if under_heading:
            self._heading = walk.topic[-1] if walk.topic else topic
        return items

    def read_cell(self, block: Paragraph, *, of_one: bool, bare: str) -> list[Item]:
        """The items of a cell, which stands in one line with its heads; ``bare`` is what a bare
        number in it is: "grade", "percent" or "count"."""
        group = Group(one=of_one)
        seen = block.view(self._rules)
        walk = _Walk(block, seen, self._rules, group, self._alias, None, in_cell=True, bare=bare)
        return walk.items(list(statements(seen, self._rules)))

    def _catch_up(self) -> None:
        """Learn from the paragraphs just before who is spoken of."""
        for block in self._unheard:
            for piece in block.stretches(_WHO)[0]:
                for token in piece.view(self._rules).tokens:
                    self._group.see(token, piece.text[token.start : token.end])
        self._unheard.clear()

    def _name(self, token: Token) -> str:
        return event_name(token, self._alias)


class _Walk:
    """One paragraph, from left to right."""

    def __init__(
        self,
        block: Paragraph,
        seen: View,
        rules: KindRules,
        group: Group,
        alias: bool,
        topic: str | None,
        *,
        in_cell: bool = False,
        bare: str = "count",
    ) -> None:
        self.block, self.seen, self.rules, self.group, self.alias = block, seen, rules, group, alias
        self.topic: tuple[str, ...] = (topic,) if topic else ()
        self.headed = topic is not None
        self.in_cell, self.bare = in_cell, bare
        self.topic_sentence = 0
        self.elsewhere = False  # whether something else was said since the topic was named
        self.ledger = Ledger(block.text, block.start)
        self.subject = Subject()

    def introduce(self) -> None:
        """A paragraph that counts no group and speaks of one person is about that person, however
        late it says so."""
        group = Group()
        for token in self.seen.tokens:
            group.see(token, self._text(token))
        if group.one and group.size is None:
            self.group.one = True

    def items(self, found: Sequence[Statement]) -> list[Item]:
        """What the statements of the paragraph say of the two events."""
        self.introduce()
        at = {statement.match.first: i for i, statement in enumerate(found)}
        index = 0
        while index < len(self.seen.tokens):
            number = at.get(index)
            if number is None:
                self._pass(index)
                index += 1
            else:
                following = found[number + 1] if number + 1 < len(found) else None
                self._take(found[number], following)
                index = found[number].match.last
        return self.ledger.items

    # ------------------------------------------------------------ tokens that no statement took

    def _pass(self, index: int) -> None:
        token = self.seen.tokens[index]
        if token.kind == "STOP":
            self.ledger.sentence += 1
        elif token.kind in _NAMED:
            self._speak_of([event_name(token, self.alias)])
        elif token.kind == "OTHER_EVENT" or (
            token.kind == "GENERIC_EVENT" and not self._is_predicate(index)
        ):
            self.topic = ()
        elif not self.elsewhere:
            self.elsewhere = self._leads_elsewhere(token) and not self._in_brackets(token)
        self.group.see(token, self._text(token))
        self.subject.pass_by(self.seen.tokens, index, self._text(token))

    def _leads_elsewhere(self, token: Token) -> bool:
        """Whether something is said of a marker, or of some patients, that no statement read: two
        |relapsed, 患者2|发热; not 38.5|℃, nor 第二例|和第三例, of whom it is yet to be said."""
        if token.kind == "NUM":
            whole = isinstance(token.value, int)
            return whole and not _UNIT.match(self.block.text, token.end)
        if token.kind == "PATIENT":
            return not _IN_A_ROW.match(self.block.text, token.end)
        return token.kind in ("MARKER", "AMOUNT")

    def _in_brackets(self, token: Token) -> bool:
        """Whether what a token says is an aside."""
        before = self.block.text[: token.start]
        return any(before.rfind(left) > before.rfind(right) for left, right in ("()", "（）", "[]"))

    def _is_predicate(self, index: int) -> bool:
        """CRS was the most common adverse event: the general name says something of the event."""
        for token in reversed(self.seen.tokens[:index]):
            if token.kind in ("STOP", "SEMICOLON", "COMMA"):
                return False
            if token.kind in _NAMED:
                return True
        return False

    def _speak_of(self, events: Sequence[str]) -> None:
        """From here on what names no event is about these."""
        self.topic = tuple(event for event in events if event)
        self.elsewhere = False
        self.topic_sentence = self.ledger.sentence

    # ------------------------------------------------------------ statements

    def _take(self, statement: Statement, following: Statement | None) -> None:
        claims = read_claims(statement, self.block.text, neurotoxicity_is_icans=self.alias)
        if not claims:
            return
        if claims[0].event is not None:
            if not (
                self._is_of_the_treated(statement)
                or self._may_be_denied(statement)
                or self._joins_nothing(statement)
            ):
                self._take_named(statement, claims)
        else:
            self._take_carried(statement, claims, following)
        if len(statement.all("amount")) > len(claims):  # CRS 3例，5例抗体转阴
            self.elsewhere = True
        for token in statement.all("amount"):
            if token.kind == "AMOUNT":
                self.group.resize(token.value[1])
        self.subject.follow(statement)

    def _take_named(self, statement: Statement, claims: Sequence[Claim]) -> None:
        self._speak_of(list(dict.fromkeys(claim.event or "" for claim in claims)))
        for claim in claims:
            if not claim.event:
                continue
            if statement.rule.id.endswith("worsened") and not claim.numbered:
                self._worsen(statement, claim)
                continue
            claim = in_column(statement, above(statement, claim, self.ledger.items), self.bare)
            claim = self._counted(statement, claim)
            if denies_another(statement, self.block.text):
                continue
            if fits_cell(statement, claim) and self._is_reported(statement, claim):
                self._keep(statement, claim)

    def _is_of_the_treated(self, statement: Statement) -> bool:
        """Tocilizumab was given to three with grade 2 CRS: three were treated, more may have it."""
        first = statement.match.first
        amount = statement.one("amount")
        return (
            first > 0
            and amount is not None
            and amount.start == statement.start
            and self.seen.tokens[first - 1].kind == "REMEDY"
        )

    def _joins_nothing(self, statement: Statement) -> bool:
        """Whether "and one patient with grade 2 ICANS" does not go on with what occurred, as after
        "CRS in nine (75%)": the drug may be given to one with a rash and to one with ICANS. Three
        may also be observed for CRS, or have had it before."""
        joined, amount, last = statement.one("joined"), statement.one("amount"), self.ledger.last
        if joined is None or amount is None:
            return False
        following = (statement.one("mod") or statement.all("event")[0]).start
        gap = self.block.text[amount.end : following]
        if not gap.strip():  # 和1例2级ICANS
            return False
        goes_on = joined.kind != "AND" or (
            last is not None and not self.block.text[last.end : joined.start].strip(" )）")
        )
        return not (goes_on and _WITH.fullmatch(gap))

    def _may_be_denied(self, statement: Statement) -> bool:
        """No patient with a SLEDAI above 10 had CRS, those with no proteinuria had: whether the
        negation is of the marker or of the event is left open."""
        if statement.one("amount") or statement.one("none"):
            return False
        marked = False
        for token in reversed(self.seen.tokens[: statement.match.first]):
            if token.kind in _CLAUSE_ENDS or (marked and token.kind in ("NO", "NONE")):
                return marked and token.kind not in _CLAUSE_ENDS
            marked = marked or token.kind == "MARKER"
        return False

    def _take_carried(
        self, statement: Statement, claims: Sequence[Claim], following: Statement | None
    ) -> None:
        events = self._carried_events(statement, following)
        if events and statement.rule.id.endswith("arm-amount"):
            events = self.ledger.events_numbered_like(claims[0])
        if not events:  # 高剂量组1例于第6天出现CRS: of whom an event is yet to be said
            for index in range(statement.match.first, statement.match.last):
                self._pass(index)
            return
        if not self._is_light(statement) or self._denies_another(statement):
            return
        if statement.one("mod"):  # what has a grade is the event
            self.elsewhere = False
        if statement.rule.id.endswith("grades-of-each") and not self.ledger.counts_as_many(claims):
            return
        if statement.rule.id.endswith(".none") and (not self.headed or statement.match.first):
            return
        if not claims[0].absent:
            events = events[-1:]
        for claim in [replace(claim, event=event) for event in events for claim in claims]:
            if statement.rule.id.endswith("its-rate") and self.ledger.share(statement, claim):
                continue
            if statement.rule.id.endswith("worsened") and not claim.numbered:
                self._worsen(statement, claim)
            elif claim.numbered or claim.absent:
                claim = self._counted(statement, above(statement, claim, self.ledger.items))
                if self._is_reported(statement, claim):
                    self._keep(statement, claim)
            elif statement.rule.id.endswith("all-but"):
                self._keep(statement, claim)
            elif claim.graded:
                self._grade_before(statement, claim)

    def _carried_events(self, statement: Statement, following: Statement | None) -> tuple[str, ...]:
        """What a statement that names no event is about: the events before it, those of the
        sentence before at most, or the event that follows a list."""
        if self.topic and (self.ledger.sentence == self.topic_sentence or self.headed):
            return self.topic
        ahead = self._event_ahead(statement, following) if following else ""
        if ahead:
            return (ahead,)
        return self.topic if self.ledger.sentence - self.topic_sentence == 1 else ()

    def _denies_another(self, statement: Statement) -> bool:
        """Whether a denial is not of the events before it: something else was said of some since
        (two had arthritis, the others none), or what it denies stands beside it."""
        if statement.one("none") is None:
            return False
        elsewhere = self.elsewhere and not statement.one("mod")
        return elsewhere or denies_another(statement, self.block.text)

    def _event_ahead(self, statement: Statement, following: Statement) -> str:
        """3例1级、1例2级CRS: an event after the last of a list serves them all."""
        if not (statement.one("amount") and statement.one("mod")):
            return ""
        between = self.seen.tokens[statement.match.last : following.match.first]
        joined = between and all(token.kind in _LIST_SIGNS for token in between)
        event = following.one("event")
        if joined and event and following.one("amount") and following.one("mod"):
            return event_name(event, self.alias)
        return ""

    def _is_light(self, statement: Statement) -> bool:
        """Whether hardly anything unknown stands between a carried statement and what is before it,
        and, where it says a grade alone, after it."""
        first = statement.match.first
        if first:
            before = self.seen.tokens[first - 1]
            head = self.block.text[before.end : statement.start]
            if before.kind in _ASIDE or filler_weight(head) > _LIGHT_HEAD:
                return False
        if statement.one("amount") or statement.one("copula") or not statement.one("mod"):
            return True  # how many, or that it grew worse, is said of the event
        last = statement.view.tokens[statement.match.last - 1]
        if last.kind == "SEVERITY" and _NOUN.match(self.block.text, last.end):
            return False  # and mild confusion
        end = _BOUNDARY.search(self.block.text, statement.end)
        tail = self.block.text[statement.end : end.start() if end else None]
        return filler_weight(tail) <= _LIGHT_TAIL

    def _worsen(self, statement: Statement, claim: Claim) -> None:
        """A worse grade after a milder one: of the same patient, or of some of several. Where none
        was said before, it is read in a report on one patient alone; and nothing else than the
        event may be said to grow worse."""
        tokens, at = self.seen.tokens, statement.match.first
        while tokens[at].kind != "ROSE":
            at += 1
        gap = self.block.text[tokens[at - 1].end if at else 0 : tokens[at].start]
        milder = self.ledger.milder(claim)
        if (milder is None and not self.group.one) or not _MEANWHILE.fullmatch(gap):
            return
        one = self.group.one or (milder is not None and milder.count == 1)
        claim = replace(claim, count=1) if one else claim
        if self._is_reported(statement, claim):
            self._keep(statement, claim)

    def _grade_before(self, statement: Statement, claim: Claim) -> None:
        """A grade that stands alone: of the item before it, or an item of its own. Which of several
        it is of ("1级、2级各") is left open."""
        if statement.one("each"):
            return
        if statement.one("rest"):
            self._keep(statement, claim)
            return
        if not statement.one("most") and self.ledger.grade(statement, claim):
            return
        last = self.ledger.last
        bare = last is not None and not last.claim.numbered and not last.claim.graded
        if statement.one("most") and bare and self.ledger.grade(statement, claim):
            return
        if statement.one("most"):
            self._keep(statement, claim, summary=True)
        elif self.group.one and (last is None or last.sentence <= self.ledger.sentence):
            self._keep(statement, replace(claim, count=1))
        elif last is None and (statement.one("all") or self.headed):
            self._keep(statement, self._counted(statement, claim))

    def _keep(self, statement: Statement, claim: Claim, *, summary: bool = False) -> None:
        self.topic_sentence = self.ledger.sentence
        self.ledger.keep(statement, claim, summary=summary)

    def _counted(self, statement: Statement, claim: Claim) -> Claim:
        return counted(statement, claim, self.group, self.subject)

    def _is_reported(self, statement: Statement, claim: Claim) -> bool:
        return is_reported(
            statement, claim, self.block, self.rules, of_one=self.in_cell or self.group.one
        )

    def _text(self, token: Token) -> str:
        return self.block.text[token.start : token.end]
