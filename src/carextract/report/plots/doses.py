"""Doses: amounts on a logarithmic axis, for each unit one of its own."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from carextract.records import Dose
from carextract.report.plots.plot import Picked, Row, Words, in_both, left_out, picked, words
from carextract.report.plots.statements import Statement, alike, facts, name, papers, proof
from carextract.synthesize.sameness import fold

Doses = Sequence[Statement[Dose]]

MOST_UNITS = 6
MOST_AGENTS = 8
MOST_AMOUNTS = 15
_SMALLEST, _LARGEST = 1e-12, 1e15  # beyond them an axis would be nothing but powers of ten
_TOO_FEW = words(
    "Not drawn: papers give fewer than two different doses that can be drawn.",
    "未绘图：论文给出的可绘出的不同剂量不足两个。",
)
_NOT_NAMED = words("not named", "未注明")


def doses(said: Iterable[Statement[Dose]]) -> Picked:
    """One row for each amount of a product or drug, however many papers give it."""
    amounts = alike(said, lambda one: (*_agent(one.fact), one.fact.low, one.fact.high))
    drawable = [amount for amount in amounts if _fits(amount[0].fact)]
    shown = _most_told(drawable)
    rows = [
        row
        for panel, agents in enumerate(shown)
        for at, agent in enumerate(agents)
        for row in _rows(agent, panel=panel, at=at)
    ]
    remarks = [
        *_cut(len(rows), len(drawable)),
        *left_out(
            len(amounts) - len(drawable),
            "Doses of zero, without a number or beyond any scale, not drawn on a logarithmic axis",
            "为零、无数值或超出刻度而无法在对数轴上绘出的剂量",
        ),
    ]
    return picked(rows, remarks, least=2, too_few=_TOO_FEW)


def _agent(dose: Dose) -> tuple[str, str | None, str | None]:
    """What is given, in which unit: what one line of a panel is of."""
    return (dose.unit, dose.agent_kind, None if dose.agent is None else fold(dose.agent))


def _fits(dose: Dose) -> bool:
    bounds = [bound for bound in (dose.low, dose.high) if bound is not None]
    return bool(bounds) and all(_SMALLEST <= bound <= _LARGEST for bound in bounds)


def _most_told(amounts: Iterable[Doses]) -> list[list[list[Doses]]]:
    """The amounts of each agent in each unit, as many as fit, those of most papers first."""
    units: dict[str, dict[Hashable, list[Doses]]] = defaultdict(lambda: defaultdict(list))
    for amount in amounts:
        dose = amount[0].fact
        units[dose.unit][_agent(dose)].append(amount)
    of_units = sorted(units.values(), key=lambda agents: _rank(agents.values()))[:MOST_UNITS]
    return [
        [
            sorted(agent, key=_importance)[:MOST_AMOUNTS]
            for agent in sorted(agents.values(), key=lambda agent: _rank([agent]))[:MOST_AGENTS]
        ]
        for agents in of_units
    ]


def _rank(agents: Iterable[Iterable[Doses]]) -> tuple[Any, ...]:
    """First what most papers tell of, then what is said most often."""
    said = [one for agent in agents for amount in agent for one in amount]
    unit, kind, agent = min(_agent_in_order(one.fact) for one in said)
    return (-papers(said), -facts(said), unit, kind, agent)


def _importance(amount: Doses) -> tuple[Any, ...]:
    return (-papers(amount), -facts(amount), _place(amount))


def _agent_in_order(dose: Dose) -> tuple[str, str, str]:
    unit, kind, agent = _agent(dose)
    return (unit, kind or "", agent or "")


def _place(amount: Doses) -> tuple[Any, ...]:
    dose = amount[0].fact
    bounds = (dose.low, dose.high)
    return (tuple(0 if bound is None else bound for bound in bounds), dose.low is None)


def _rows(agent: Sequence[Doses], *, panel: int, at: int) -> list[Row]:
    """The amounts of an agent in one unit, on one line of a panel."""
    # The numbers at the end keep apart lines that read the same.
    label = {key: f"{text}\n{panel}.{at}" for key, text in _label(agent).items()}
    return [
        {
            **proof(amount),
            "panel": panel,
            "unit": name(amount[0].fact.unit),
            **_bounds(amount[0].fact),
            "look": _look(amount[0].fact),
            **in_both("row", label),
        }
        for amount in sorted(agent, key=_place)
    ]


def _label(agent: Iterable[Doses]) -> Words:
    """What is given, as most statements write it."""
    ways = Counter(one.fact.agent for amount in agent for one in amount if one.fact.agent)
    if not ways:
        return _NOT_NAMED
    most = name(min(ways, key=lambda way: (-ways[way], way)))
    return words(most, most)


def _look(dose: Dose) -> str:
    """What is given, and whether it is a bound: 'cell amount', 'drug most'."""
    form = _bounds(dose)["form"]
    return f"{dose.agent_kind or 'open'} {'amount' if form == 'range' else form}"


def _bounds(dose: Dose) -> Row:
    """The form of a dose, 'amount', 'range', 'least' or 'most', and where it begins and ends."""
    if dose.low is None or dose.high is None:
        bound = dose.high if dose.low is None else dose.low
        return {"form": "most" if dose.low is None else "least", "low": bound, "high": bound}
    return {
        "form": "amount" if dose.low == dose.high else "range",
        "low": dose.low,
        "high": dose.high,
    }


def _cut(shown: int, all_of_them: int) -> list[Words]:
    if shown == all_of_them:
        return []
    return [
        words(
            f"{shown} of {all_of_them} doses are shown: at most {MOST_UNITS} units,"
            f" {MOST_AGENTS} products in each and {MOST_AMOUNTS} amounts of each; first those that"
            " most papers give, then those given most often, then by name and amount.",
            f"共{all_of_them}个剂量，仅显示{shown}个：最多{MOST_UNITS}种单位，每种单位最多"
            f"{MOST_AGENTS}种产品，每种产品最多{MOST_AMOUNTS}个剂量；先按提及的论文数，"
            "再按提及次数，最后按名称和数值选取。",
        )
    ]
