// In CSS pixels: what is higher is printed in pieces, and so high is a piece at most.
const TALL = 600;
const PIECE = 200;

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
  addEventListener("beforeprint", () => document.querySelectorAll(".plot").forEach(cut));
  addEventListener("afterprint", () => document.querySelectorAll(".plot").forEach(join));
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

/**
 * Put a tall drawing in pieces below one another, for print. A picture cannot go on on the next
 * page, and one that is made to fit on a page is too small to be read.
 */
function cut(figure) {
  join(figure);
  const drawing = figure.querySelector(".drawing");
  const svg = drawing.querySelector("svg");
  if (!svg || svg.getBoundingClientRect().height <= TALL) return;
  const { width, height } = svg.viewBox.baseVal;
  const ends = pieceEnds(marksOf(svg), height);
  const pieces = ends.map((end, at) => piece(svg, width, at ? ends[at - 1] : 0, end));
  drawing.append(element("div", { class: "pieces", "aria-hidden": "true" }, ...pieces));
  figure.classList.add("cut");
}

function join(figure) {
  figure.querySelector(".pieces")?.remove();
  figure.classList.remove("cut");
}

/** From where to where texts and marks reach down a drawing, in its own units. */
function marksOf(svg) {
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.height / box.height;
  return [...svg.querySelectorAll("text, .mark-symbol path, .mark-rect path")].map((mark) => {
    const { top, bottom } = mark.getBoundingClientRect();
    // The numbers of an axis stay with the line above them.
    const above = mark.matches(".role-axis text[text-anchor=middle]") ? 30 : 0;
    return { top: (top - box.top) * scale - above, bottom: (bottom - box.top) * scale };
  });
}

/** Where the pieces of a drawing end: where no text or mark is cut through, if there is such a place. */
function pieceEnds(marks, height) {
  const ends = [];
  for (let start = 0; start < height; start = ends.at(-1)) {
    let end = Math.min(start + PIECE, height);
    const crossed = () => marks.find(({ top, bottom }) => top + 2 < end && end < bottom - 2);
    for (let mark = crossed(); mark && end < height; mark = crossed()) end = mark.top;
    ends.push(end > start ? end : Math.min(start + PIECE, height));
  }
  return ends;
}

function piece(svg, width, start, end) {
  const part = svg.cloneNode(true);
  part.setAttribute("class", "piece");
  part.setAttribute("viewBox", `0 ${start} ${width} ${end - start}`);
  part.setAttribute("width", width);
  part.setAttribute("height", end - start);
  return part;
}
