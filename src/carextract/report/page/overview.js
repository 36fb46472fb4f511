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
