"""Documents and their synthesis to the four plots of a report."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from carextract.records import Document
from carextract.report.plots.doses import doses
from carextract.report.plots.plot import LANGUAGES, Picked, Plot
from carextract.report.plots.sledai import sledai
from carextract.report.plots.statements import statements
from carextract.report.plots.toxicities import toxicities
from carextract.report.plots.trials import trials
from carextract.synthesize import Synthesis
from carextract.synthesize.wording import Language


def plots(documents: Sequence[Document], synthesis: Synthesis) -> tuple[Plot, ...]:
    """The plots of SLEDAI, doses, toxicities and trials, in that order.

    `synthesis` is that of the same documents.
    """
    return tuple(
        Plot(
            name=name,
            rows=picked.rows,
            specs=_specs(name, picked) if picked.rows else {},
            remarks={
                language: tuple(remark[language] for remark in picked.remarks)
                for language in LANGUAGES
            },
        )
        for name, picked in pick(documents, synthesis).items()
    )


def pick(documents: Sequence[Document], synthesis: Synthesis) -> dict[str, Picked]:
    """What each plot shows, and what it leaves out."""
    said = statements(documents, synthesis)
    return {
        "sledai": sledai(said.sledai),
        "doses": doses(said.doses),
        "toxicities": toxicities(said.toxicities),
        "trials": trials(said.trials),
    }


def _specs(name: str, picked: Picked) -> dict[Language, dict[str, Any]]:
    from carextract.report.plots import charts  # altair takes a second to load

    chart = getattr(charts, f"{name}_chart")
    return {language: chart(picked.rows, language) for language in LANGUAGES}


@cache
def vega_script() -> str:
    """JavaScript that defines `vegaEmbed`, with nothing that needs a network."""
    import vl_convert

    # The types of the library ask for a snippet that it has a default for.
    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    # Alone it would claim hundreds of names such as `d` and `t` for itself on the whole page.
    return f"(() => {{\n{bundle}\n}})();\n"
