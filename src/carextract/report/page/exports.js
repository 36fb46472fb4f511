const FORMAT = "carextract decisions";
const VERSION = 1;
const EXPORTED = [
  "fact", "decision", "note", "decided", "paper", "sha256", "kind", "key", "page", "value", "quote",
];
const FORMULA = /^[=+\-@\t\n＝＋－＠]/;
const LOOKS_LIKE_A_DATE = /^\d{1,2}[-/.]\d{1,4}([-/.]\d{1,4})?$/;

/** The decisions, in the order of the facts; the value in English, as the tables have it. */
function exportedDecisions() {
  return report.facts
    .filter(isDecided)
    .map((fact) => ({
      fact: fact.id,
      decision: decisionOn(fact).decision,
      note: decisionOn(fact).note,
      decided: decisionOn(fact).decided,
      paper: report.papers[fact.paper].name,
      sha256: report.papers[fact.paper].sha256,
      kind: fact.kind,
      key: fact.key,
      page: fact.page,
      value: typeof fact.value === "string" ? fact.value : fact.value.en,
      quote: fact.quote,
    }));
}

const decisionsAsJson = () =>
  JSON.stringify({ format: FORMAT, version: VERSION, decisions: exportedDecisions() }, null, 2) + "\n";

/** CSV as a spreadsheet opens it without harm: see `carextract table`. */
function decisionsAsCsv() {
  const rows = exportedDecisions().map((row) => EXPORTED.map((name) => csvCell(row[name])));
  return "\ufeff" + [EXPORTED, ...rows].map((row) => row.join(",") + "\r\n").join("");
}

function csvCell(value) {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (typeof value === "string" && (FORMULA.test(text) || LOOKS_LIKE_A_DATE.test(text))) {
    text = `'${text}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Take over decisions that were exported before; the later one on a fact counts. Gives how many
 * were taken, how many are older than what is here, and how many are on facts that are not here.
 * Throws for what is no such file, before anything of it is taken.
 */
function importDecisions(text) {
  const file = JSON.parse(text);
  if (file?.format !== FORMAT || file.version !== VERSION) throw new Error(FORMAT);
  if (!file.decisions.every(isExported)) throw new Error(FORMAT);
  const became = { taken: 0, older: 0, missing: 0 };
  for (const { fact: id, decision, note, decided } of file.decisions) {
    if (!factById(id)) became.missing += 1;
    else if ((decided ?? "") < (decisions.get(id)?.decided ?? "")) became.older += 1;
    else {
      putDecision(id, { decision, note: note ?? "", decided: decided || new Date().toISOString() });
      became.taken += 1;
    }
  }
  return became;
}

/** Whether an entry of a file says something on a fact, in the form that this page writes. */
const isExported = (entry) =>
  typeof entry?.fact === "string" &&
  ["accepted", "rejected", null].includes(entry.decision) &&
  [entry.note ?? "", entry.decided ?? ""].every((text) => typeof text === "string");
