let vega = null;

/** Counts that lead to what they count, then the plots. */
function drawOverview(show) {
  const errors = report.papers.filter((paper) => paper.error).length;
  const warned = report.papers.filter((paper) => paper.warnings?.length).length;
  const flagged = report.facts.filter((fact) => fact.flags.length).length;
  const trials = new Set(report.facts.filter((fact) => fact.trial).map((fact) => fact.trial));
  const tile = (number, text, target, mark = "") =>
    element("li", {}, element("a", { class: `tile ${mark}`, href: target },
      element("b", {}, countText(number)), element("span", {}, text)));
  const counts = (kind) => report.facts.filter((fact) => fact.kind === kind).length;
  fill(
    byId("tiles"),
    tile(report.papers.length, word("papers"), "#papers"),
    tile(report.studies.length, word("studies"), "#studies"),
    tile(trials.size, word("trials-n", { n: countText(counts("trials")) }), "#kind=trials", "trials"),
    ...KINDS.slice(1).map((kind) => tile(counts(kind), word(kind), `#kind=${kind}`, kind)),
    tile(flagged, word("flagged"), "#flagged=any", flagged ? "warn" : ""),
    tile(report.conflicts.length, word("conflicts"), "#conflicts", report.conflicts.length ? "warn" : ""),
    tile(errors, word("errors"), "#papers", errors ? "bad" : ""),
    tile(warned, word("warned"), "#papers", warned ? "warn" : ""),
  );
  drawPlots(show);
}

/** Vega, unpacked and run when the first plot is drawn. */
async function startVega() {
  document.head.append(element("script", {}, await unpackedText("vega")));
}

async function drawPlots(show) {
  if (report.plots.some((plot) => plot.specs.en)) await (vega ??= startVega());
  for (const plot of report.plots) await drawPlot(plot, show);
}

async function drawPlot({ name, rows, specs, remarks }, show) {
  const figure = byId(`plot-${name}`);
  const drawing = figure.querySelector(".drawing");
  drawing.setAttribute("aria-label", word("plot-of", { name: word(`plot-${name}`), n: rows.length }));
  fill(figure.querySelector(".remarks"), ...remarks[language].map((text) => element("li", {}, text)));
  figure.classList.toggle("undrawn", !specs[language]);
  if (!specs[language]) {
    fill(drawing);
    return;
  }
  const { view } = await vegaEmbed(drawing, { ...specs[language], datasets: { rows } },
    { ast: true, renderer: "svg", actions: false });
  view.addEventListener("click", (event, item) => {
    const fact = item?.datum?.fact && factById(item.datum.fact);
    if (fact) show(fact);
  });
}
