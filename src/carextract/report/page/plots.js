let vega = null;

/** Vega, unpacked and run when the first plot is drawn. */
async function startVega() {
  document.head.append(element("script", {}, await unpackedText("vega")));
  addEventListener("beforeprint", () => document.querySelectorAll(".plot").forEach(cutPlot));
  addEventListener("afterprint", () => document.querySelectorAll(".plot").forEach(joinPlot));
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
  showValues(figure, rows);
  if (!specs[language]) {
    fill(drawing);
    return;
  }
  // The drawing is one picture with a name; what Vega calls it and its parts is not read out.
  if (!drawing.firstElementChild) fill(drawing, element("div", { "aria-hidden": "true" }));
  const { view } = await vegaEmbed(drawing.firstElementChild, { ...specs[language], datasets: { rows } },
    { ast: true, renderer: "svg", actions: false });
  view.addEventListener("click", (event, item) => {
    const fact = item?.datum?.fact && factById(item.datum.fact);
    if (fact) show(fact);
  });
}

/** Below a plot its values in words, for whoever does not see it or uses no mouse. */
function showValues(figure, rows) {
  const before = figure.querySelector(".values");
  before?.remove();
  if (!rows.length) return;
  const list = element("ol");
  const listOnce = () => {
    if (details.open && !list.children.length) fill(list, ...rows.map(plotValue));
  };
  const details = element("details", { class: "values", open: before?.open, on: { toggle: listOnce } },
    element("summary", {}, word("plot-values")), list);
  figure.append(details);
}

/** What one mark of a plot says, as a link to its fact. */
function plotValue(row) {
  const [said, where] = [row[`said_${language}`], row[`where_${language}`]];
  const study = said.startsWith(row.study) ? [] : [quoted(row.study), " – "];
  return element("li", {},
    element("a", { href: `#fact=${row.fact}` }, ...study, quoted(said)),
    element("span", { class: "hint" }, " · ", quoted(where),
      row.papers > 1 ? ` · ${word("papers-n", { n: row.papers })}` : null));
}
