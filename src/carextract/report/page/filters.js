const KINDS = ["trials", "doses", "sledai", "toxicities"];
const FLAGS = ["repaired", "recognised", "disputed"];
const DECISIONS = ["unchecked", "accepted", "rejected", "noted"];

const FILTERS = ["text", "paper", "study", "flag", "language", "decision"];
const filter = { kinds: new Set(), ...Object.fromEntries(FILTERS.map((name) => [name, ""])) };
const order = { by: "where", down: false };

const searched = [];

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A text as a search compares it: in either Chinese script, in any case and width, with accents or
 * without, with raised powers or `10^6`, with whatever dash and multiplication sign.
 */
const folded = (text) =>
  simplified(text)
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${[...digits].map((each) => RAISED.indexOf(each)).join("")}`)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[‐-―−]/g, "-")
    .replace(/×/g, "x")
    .toLowerCase();

/** All that a search looks at of a fact. */
function searchedText(fact) {
  searched[fact.number] ??= folded([
    typeof fact.value === "string" ? fact.value : `${fact.value.en} ${fact.value.zh}`,
    fact.quote,
    fact.key,
    paperName(fact.paper),
    ...fact.studies.map((number) => report.studies[number].label),
  ].join("\n"));
  return searched[fact.number];
}

const IS_DECIDED = {
  unchecked: (now) => now.decision === null,
  accepted: (now) => now.decision === "accepted",
  rejected: (now) => now.decision === "rejected",
  noted: (now) => now.note !== "",
};

/** The facts that pass all filters, in the order chosen. */
function matchingFacts() {
  const sought = folded(filter.text).split(/\s+/).filter(Boolean);
  const paper = filter.paper === "" ? null : Number(filter.paper);
  const study = filter.study === "" || filter.study === "none" ? null : Number(filter.study);
  const found = report.facts.filter(
    (fact) =>
      (!filter.kinds.size || filter.kinds.has(fact.kind)) &&
      (paper === null || fact.paper === paper) &&
      (study === null || fact.studies.includes(study)) &&
      (filter.study !== "none" || !fact.studies.length) &&
      (!filter.flag || (filter.flag === "any" ? fact.flags.length : fact.flags.includes(filter.flag))) &&
      (!filter.language || report.papers[fact.paper].languages[0] === filter.language) &&
      (!filter.decision || IS_DECIDED[filter.decision](decisionOn(fact))) &&
      sought.every((each) => searchedText(fact).includes(each)),
  );
  return inOrder(found);
}

const firstStudy = (fact) => (fact.studies.length ? fact.studies[0] : Infinity);

const ORDERS = {
  where: (one, other) => one.number - other.number,
  value: (one, other) => one.rank - other.rank,
  study: (one, other) => firstStudy(one) - firstStudy(other) || one.rank - other.rank,
  flags: (one, other) => other.flags.length - one.flags.length || one.number - other.number,
  decision: (one, other) =>
    decisionRank(one) - decisionRank(other) || one.number - other.number,
};

const decisionRank = (fact) =>
  ({ accepted: 2, rejected: 1 })[decisionOn(fact).decision] ?? (decisionOn(fact).note ? 0.5 : 0);

function inOrder(facts) {
  const compare = ORDERS[order.by];
  if (order.by !== "where") facts.sort(compare);
  return order.down ? facts.reverse() : facts;
}

/** Whether anything is filtered at all. */
const isFiltered = () =>
  filter.kinds.size > 0 || FILTERS.some((name) => filter[name] !== "");

function clearFilter() {
  filter.kinds.clear();
  for (const name of FILTERS) filter[name] = "";
}

/** Draw the controls anew, with the words of the language and what is chosen now. */
function drawFilters(changed) {
  byId("search").value = filter.text;
  fill(byId("kinds"), byId("kinds").firstElementChild, ...KINDS.map((kind) => kindButton(kind, changed)));
  drawSelect("paper", report.papers.flatMap((paper, number) =>
    paper.error ? [] : [[String(number), paperName(number)]]), changed);
  drawSelect("study", [["none", word("no-study")],
    ...report.studies.map((study, number) => [String(number), study.label])], changed);
  drawSelect("flag", ["any", ...FLAGS].map((flag) => [flag, word(`flag-${flag}`)]), changed);
  const languages = new Set(report.papers.flatMap((paper) => paper.languages?.slice(0, 1) ?? []));
  drawSelect("language", [...languages].sort().map((tag) => [tag, wordOr(`language-${tag}`, tag)]), changed);
  drawSelect("decision", DECISIONS.map((name) => [name, word(`decision-${name}`)]), changed);
}

function kindButton(kind, changed) {
  const toggle = () => {
    if (!filter.kinds.delete(kind)) filter.kinds.add(kind);
    changed();
    byId("kinds").querySelector(`[data-kind=${kind}]`).focus();
  };
  const count = report.papers.reduce((sum, paper) => sum + (paper.counts?.[kind] ?? 0), 0);
  return element(
    "button",
    { type: "button", class: `kind ${kind}`, "data-kind": kind,
      "aria-pressed": String(filter.kinds.has(kind)), on: { click: toggle } },
    word(kind), " ", element("span", { class: "count" }, countText(count)),
  );
}

function drawSelect(name, choices, changed) {
  const select = byId(`filter-${name}`);
  fill(select, element("option", { value: "" }, word(`any-${name}`)),
    ...choices.map(([value, text]) => element("option", { value }, plain(text))));
  select.value = filter[name];
  select.classList.toggle("chosen", filter[name] !== "");
  select.hidden = choices.length < 2 && filter[name] === "";
  select.onchange = () => {
    filter[name] = select.value;
    changed();
  };
}
