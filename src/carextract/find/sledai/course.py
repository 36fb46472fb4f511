"""The course of a score: single readings at visits put together to before and after.

A baseline is held until later scores of the same patient or group come; scores afterwards that
come first wait for their baseline to the end of the next sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from carextract.find.facts import Fact
from carextract.find.sledai.records import Record, Source, Time, fields_of
from carextract.grammar.readers import Score
from carextract.tracked import Span
from carextract.values import Number

# A score that comes first waits this many sentences for its baseline.
_PATIENCE = 1
# So many visits at most are told of in one statement.
_MOST = 8


@dataclass(slots=True)
class _Held:
    """A baseline that waits for the scores that come after it; ``old``: of an earlier
    paragraph, ``lone``: no visit was named."""

    score: Score
    source: Source
    used: bool = False
    old: bool = False
    lone: bool = False


@dataclass(slots=True)
class Course:
    """The readings of an article, in order; the first ``told`` records are of other studies."""

    records: list[Record] = field(default_factory=list)
    held: dict[str | None, list[_Held]] = field(default_factory=dict)
    risen: _Held | None = None
    turn: int = 0
    told: int = 0
    known: set[tuple[Number, Number]] = field(default_factory=set)

    def baseline(self, scores: Sequence[Score], source: Source) -> None:
        """Scores before treatment: of one patient, or of several groups in one sentence."""
        waiting = self._waiting(source)
        if waiting and len(scores) in (1, len(waiting)):
            starts = scores if len(scores) > 1 else [*scores] * len(waiting)
            for record, score in zip(waiting, starts, strict=True):
                record.baseline, record.spans = score, (*record.spans, source.span)
            self._hold(scores, source, used=True)
            return
        old = self.held.get(source.subject, [])
        again = [
            i for i, held in enumerate(old) if len(scores) == 1 and _same(held.score, scores[0])
        ]
        if len(old) > 1 and again and old[0].source.sentence < source.sentence:
            self.turn = again[0]  # one of several is said again: what comes next is set against it
            return
        if old and not any(h.used for h in old) and old[-1].source.sentence == source.sentence:
            old.extend(_Held(score, source) for score in scores)
            return
        self._hold(scores, source, used=False)

    def lone(self, scores: Sequence[Score], source: Source, *, later: bool) -> None:
        """Scores without a visit of their own: a baseline, unless one is held and the sentence has
        spoken of a time after it (``later``)."""
        held = self.held.get(source.subject, [])
        known = held and held[-1].source.sentence < source.sentence
        own = held and source.subject is not None and held[-1].source.subject == source.subject
        dated = held and _dated_later(source, held[-1].source)
        after = own or (later and known) or dated
        if (after and len(held) == len(scores)) or self._remaining(source):
            self.followup(scores, source, (), rise=False)
        else:
            self.baseline(scores, source)
            for one in self.held.get(source.subject, []):
                one.lone |= one.source == source

    def _remaining(self, source: Source) -> bool:
        """Whether a patient is the one left over: 0 in four, and in the fifth 2."""
        last = self.last_in(source.sentence)
        shared = last is not None and last.followup is not None and last.followup.patients
        return bool(shared) and source.subject is not None and not self.held.get(source.subject)

    def followup(
        self, scores: Sequence[Score], source: Source, times: Sequence[Time | None], *, rise: bool
    ) -> None:
        """Scores after treatment, each against the baseline that is held for it."""
        held = self._held_for(source, len(scores)) or ([] if rise else self._flare(source))
        if len(scores) == 1 and scores[0].every:
            scores, times = [*scores] * max(1, len(held)), [*times[:1]] * max(1, len(held))
        for index, score in enumerate(scores):
            start = self._start_of(held, index, len(scores))
            if start is not None:
                start.used = True
            self._add(source, start, score, times[index] if index < len(times) else None)
        if rise and scores:
            self.risen = _Held(scores[-1], source, used=True)

    def last_in(self, sentence: int) -> Record | None:
        """The record made last, if it was in this sentence."""
        last = self.records[-1] if self.records else None
        return last if last is not None and last.source.sentence == sentence else None

    def began_in(self, source: Source) -> bool:
        """Whether the one baseline that is held was said in the sentence of a reading."""
        held = self.held.get(source.subject, [])
        return len(held) == 1 and held[0].source.sentence == source.sentence

    def siblings(self, record: Record) -> list[Record]:
        """The records that one sentence made of one baseline, or one statement without any."""
        near = (r for r in self.records[-_MOST:] if r.source.sentence == record.source.sentence)
        if record.baseline is None:
            return [r for r in near if r.source.span == record.source.span]
        return [r for r in near if r.baseline is record.baseline]

    def pairs(
        self,
        befores: Sequence[Score],
        afters: Sequence[Score],
        source: Source,
        times: Sequence[Time | None],
    ) -> None:
        """Before and after in one statement: in order, or one for all."""
        count = max(len(befores), len(afters))
        if len(befores) not in (1, count) or len(afters) not in (1, count):
            return
        self._flush(lambda held: held.old)
        known = self.held.get(source.subject, [])
        for held in known:
            held.used |= any(_same(held.score, score) for score in befores)
        self._hold(befores, source, used=True)
        for index in range(count):
            before = befores[index if len(befores) > 1 else 0]
            after = afters[index if len(afters) > 1 else 0]
            time = times[index] if index < len(times) else None
            self._add(source, _Held(before, source), after, time)

    def change(self, change: Number, before: Score | None, source: Source) -> None:
        """A change in points: of a pair that is known, of a baseline that is known, or alone."""
        last = self.records[-1] if self.records else None
        if last and last.source.sentence >= source.sentence - 1 and _difference(last) == change:
            last.change = change
            return
        held = self._held_for(source, 1)
        fits = len(held) == 1 and (not held[0].used or _changes(last, held[0]))
        start = held[0] if fits and before is None else None
        if before is not None:
            start = _Held(before, source)
            self._hold([before], source, used=True)
        if start is not None:
            start.used = True
        spans = (source.span, *_other(start, source))
        score = start.score if start else None
        self._record(Record(source, score, None, change, None, spans))

    def ends_at(self, after: Score) -> None:
        """What the score has come to by the change that was just reported."""
        self.records[-1].followup = after

    def set_against(self, scores: Sequence[Score], source: Source) -> None:
        """Scores before treatment named behind those that came after, as in "is 0 (baseline 13)"; a
        score without a visit that the sentence has just given was one of those."""
        held = self.held.get(source.subject, [])
        lone = held and all(h.lone and not h.used for h in held)
        if lone and held[0].source.sentence == source.sentence and len(held) == len(scores):
            del self.held[source.subject]
            self.pairs(scores, [h.score for h in held], held[0].source, ())
        else:
            self.baseline(scores, source)

    def course_again(self) -> None:
        """A second course begins: what the score had risen to is where it starts."""
        if self.risen is not None:
            last = self.records[-1]
            if last.source == self.risen.source and last.baseline is None:
                self.records.pop()
            self.held[self.risen.source.subject] = [self.risen]
            self.risen = None

    def another_study(self) -> None:
        """What is told next is of other patients: nothing of it belongs to what was told before."""
        self._flush(lambda held: True)
        self.risen = None
        self.told = len(self.records)

    def end_paragraph(self, *, line: bool) -> None:
        """Beyond a whole paragraph only a baseline that nothing has come after yet is held; the
        lines of a list or a time line go on with theirs."""
        if line:
            return
        self._flush(lambda held: held.used)
        self.risen = None
        for held in (held for helds in self.held.values() for held in helds):
            held.old = True

    def facts(self) -> Iterator[Fact]:
        """All facts of the article; a statement made twice is one."""
        self._flush(lambda held: True)
        seen: dict[str, Fact] = {}
        for record in sorted(self.records, key=lambda r: r.spans[0].start):
            fields = fields_of(record)
            key = repr({**fields, "time": None, "patients": None} | {"of": record.source.subject})
            if key not in seen:
                seen[key] = Fact("sledai", record.source.rule, record.spans, fields)
        yield from seen.values()

    def _hold(self, scores: Sequence[Score], source: Source, *, used: bool) -> None:
        for old in self.held.get(source.subject, []):
            self._give_up(old)
        self.held[source.subject] = [_Held(score, source, used) for score in scores]
        self.turn = 0

    def _give_up(self, held: _Held) -> None:
        """A baseline that nothing came after is a fact of its own."""
        if not held.used and (held.score.low, held.score.high) not in self.known:
            self._record(Record(held.source, held.score, None, None, None, (held.source.span,)))
        held.used = True

    def _record(self, record: Record) -> None:
        self.records.append(record)
        if record.baseline is not None:
            self.known.add((record.baseline.low, record.baseline.high))

    def _flush(self, done: Callable[[_Held], bool]) -> None:
        for subject, helds in list(self.held.items()):
            if all(done(held) for held in helds):
                for held in helds:
                    self._give_up(held)
                del self.held[subject]

    def _held_for(self, source: Source, count: int) -> list[_Held]:
        """The baselines of a patient; of all patients in order where there are as many scores."""
        own = self.held.get(source.subject)
        each = [helds[0] for name, helds in self.held.items() if name and name.isdigit()]
        if count == len(each) > max(1, len(own or ())):
            return each
        if own or source.subject is None or not source.subject.isdigit():
            return own or []
        several, number = self.held.get(None, []), int(source.subject)
        return [several[number - 1]] if 1 < len(several) >= number else []

    def _flare(self, source: Source) -> list[_Held]:
        """What the score of a patient had risen to, where nothing earlier is known: the baseline of
        what comes after."""
        last = self.records[-1] if self.records else None
        risen = self.risen
        if last is None or risen is None or last.source != risen.source or last.baseline:
            return []
        near = source.sentence - last.source.sentence <= _PATIENCE
        if not near or last.source.subject != source.subject:
            return []
        self.records.pop()
        self.held[source.subject] = [risen]
        return [risen]

    def _start_of(self, held: list[_Held], index: int, count: int) -> _Held | None:
        """The baseline of the score at ``index`` of ``count``; groups take turns."""
        if len(held) <= 1:
            return held[0] if held else None
        if count == len(held):
            return held[index]
        self.turn += 1
        return held[(self.turn - 1) % len(held)]

    def _add(self, source: Source, start: _Held | None, score: Score, time: Time | None) -> None:
        spans = (source.span, *_other(start, source))
        record = Record(source, start.score if start else None, score, None, time, spans)
        if start is not None:
            self._take_in_change(record)
        self._record(record)

    def _take_in_change(self, record: Record) -> None:
        """A change said just before both ends is of the same fact."""
        if not self.records:
            return
        last = self.records[-1]
        near = last.source.sentence >= record.source.sentence - 1
        if near and last.followup is None and last.change == _difference(record) is not None:
            record.change = last.change
            self.records.pop()

    def _waiting(self, source: Source) -> list[Record]:
        if self.held.get(source.subject):
            return []
        waiting = []
        for record in reversed(self.records[self.told :]):
            if source.sentence - record.source.sentence > _PATIENCE:
                break
            same = record.source.subject == source.subject
            if same and record.baseline is None and record.followup is not None:
                waiting.append(record)
        return waiting[::-1]


def _dated_later(source: Source, earlier: Source) -> bool:
    """Whether calendar dates say that a score was taken after another."""
    return bool(source.date and earlier.date and source.date > earlier.date)


def _changes(record: Record | None, held: _Held) -> bool:
    """Whether a record is of a change from the baseline that is held."""
    return record is not None and record.followup is None and record.baseline is held.score


def _other(held: _Held | None, source: Source) -> tuple[Span, ...]:
    return () if held is None or held.source.span == source.span else (held.source.span,)


def _same(one: Score, other: Score) -> bool:
    return (one.low, one.high) == (other.low, other.high)


def _difference(record: Record) -> Number | None:
    before, after = record.baseline, record.followup
    if before is None or after is None or before.low != before.high or after.low != after.high:
        return None
    return round(after.low - before.low, 4)
