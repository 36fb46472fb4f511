const MOST_LINKS = 24;

function drawStudies() {
  const sought = byId("study-search").value;
  const found = report.studies
    .map((study, number) => ({ ...study, number }))
    .filter((study) => holds(studyWords(study), sought));
  showCards(byId("study-cards"), found, studyCard, word(sought ? "nothing-matches" : "no-studies"));
}

const studyWords = (study) =>
  [study.label, ...study.dois, ...study.pmids,
    ...Object.values(study.fields).flat().map((value) => value.text)].join("\n");

function studyCard(study) {
  const identifiers = [
    ["DOI", study.dois], ["PMID", study.pmids],
  ].filter(([, values]) => values.length);
  return element("article", { class: "card", id: `study-${study.number}`, tabindex: "-1" },
    element("h3", {}, quoted(study.label)),
    studyPapers(study),
    element("dl", { class: "study-fields" },
      ...Object.entries(study.fields).filter(([, values]) => values.length).flatMap(([name, values]) => [
        element("dt", {}, word(`field-${name}`)),
        element("dd", {}, ...fieldValues(name, values)),
      ]),
      ...identifiers.flatMap(([name, values]) => [
        element("dt", {}, name), element("dd", {}, quoted(values.join(", "))),
      ])),
    study.conflicts
      ? element("p", {}, element("a", { class: "flag disputed", href: `#conflicts=${study.number}` },
        word("conflicts-n", { n: study.conflicts })))
      : null,
    ...KINDS.map((kind) => studyFacts(study, kind)));
}

function studyPapers(study) {
  const [paper, ...others] = study.papers;
  return element("p", { class: "hint" },
    study.primary ? `${word("own-study")} · ` : null,
    others.length ? word("papers-n", { n: study.papers.length }) : quoted(paperName(paper)));
}

/** What papers say of a field; with the number of papers where they are more than one. */
const fieldValues = (name, values) =>
  values.flatMap(({ text, papers }, at) => [
    at ? element("span", { class: "hint" }, " | ") : null,
    quoted(name === "cell_source" ? wordOr(`cells-${text}`, text) : text),
    papers > 1 ? element("span", { class: "hint" }, ` ×${papers}`) : null,
  ]);

function studyFacts(study, kind) {
  const facts = study.facts.map((number) => report.facts[number]).filter((fact) => fact.kind === kind);
  if (!facts.length) return null;
  const rest = facts.length - MOST_LINKS;
  return element("div", { class: "study-facts" },
    element("h4", {}, word(kind)),
    element("ul", {}, ...sameValues(facts.slice(0, MOST_LINKS)).map((same) => element("li", {}, ...factLinks(same)))),
    rest > 0
      ? element("a", { href: `#facts-of=${study.number}` }, word("show-more", { n: rest }))
      : null);
}

/** Facts by their value: several papers may say the same. */
function sameValues(facts) {
  const groups = new Map();
  for (const fact of facts) {
    const text = inLanguage(fact.value);
    groups.set(text, [...(groups.get(text) ?? []), fact]);
  }
  return [...groups.values()];
}

/** A value as a link to its fact; said several times, with a link to each after the first. */
function factLinks([first, ...others]) {
  const link = (fact, at) => {
    const where = [paperName(fact.paper), pageText(fact.page)].filter(Boolean).join(" · ");
    return element("a", { class: "again", href: `#fact=${fact.id}`, title: plain(where),
      "aria-label": plain(`${inLanguage(fact.value)}, ${where}`) }, String(at + 2));
  };
  return [factLink(first), ...others.map(link)];
}

function drawConflicts() {
  showCards(byId("conflict-cards"), report.conflicts, conflictCard, word("no-conflicts"));
}

/** The values that papers give for one thing, side by side, each with its quotes. */
function conflictCard({ study, topic, sides }, number) {
  return element("article", { class: "card", "data-study": String(study), tabindex: "-1" },
    element("h3", {}, element("a", { href: `#study=${study}` }, quoted(report.studies[study].label)),
      ` – ${topicText(topic)}`),
    element("div", { class: "sides" }, ...sides.map(conflictSide)));
}

function topicText(topic) {
  const [kind, name] = topic.split(/: (.*)/s);
  if (name === undefined) return word(`field-${kind}`);
  const [, event, grade] = name.match(/^(CRS|ICANS) grade (\S+)$/) ?? [];
  return `${word(kind)}: ${grade ? word("graded", { event, grade }) : name}`;
}

function conflictSide({ value, papers, primary, quotes, left_out: leftOut }) {
  return element("section", { class: "side" },
    element("h4", {}, quoted(inLanguage(value))),
    element("p", { class: "hint" }, word("papers-n", { n: papers }), primary ? ` · ${word("own-study")}` : ""),
    ...quotes.map(({ paper, page, text, fact }) =>
      element("blockquote", {},
        element("p", { class: "source" }, paperText(text)),
        element("footer", { class: "hint" }, quoted(paperName(paper)),
          page === null ? "" : ` · ${word("page", { page })}`,
          fact === null ? null : " · ",
          fact === null ? null : element("a", { href: `#fact=${report.facts[fact].id}` }, word("open"))))),
    leftOut ? element("p", { class: "hint" }, word("more-quotes", { n: leftOut })) : null);
}
