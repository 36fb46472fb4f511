const DECISION_KEY = "carextract.decision.";

/** What was decided on facts, by their ids: `decision`, `note` and when. */
const decisions = new Map();
let areKept = true;

const decisionOn = (fact) => decisions.get(fact.id) ?? { decision: null, note: "" };

/** Facts that somebody accepted or rejected. */
const isChecked = (fact) => decisionOn(fact).decision !== null;

/** Read what this browser keeps on the facts of the report. */
function readDecisions() {
  try {
    for (const fact of report.facts) {
      const kept = localStorage.getItem(DECISION_KEY + fact.id);
      if (kept !== null) decisions.set(fact.id, JSON.parse(kept));
    }
  } catch {
    areKept = false;
  }
}

/** Change what is decided on a fact; an empty decision without a note is forgotten. */
function decide(fact, change) {
  const now = { ...decisionOn(fact), ...change, decided: new Date().toISOString() };
  putDecision(fact.id, now.decision === null && !now.note ? null : now);
}

function putDecision(id, decision) {
  if (decision === null) decisions.delete(id);
  else decisions.set(id, decision);
  try {
    if (decision === null) localStorage.removeItem(DECISION_KEY + id);
    else localStorage.setItem(DECISION_KEY + id, JSON.stringify(decision));
  } catch {
    areKept = false;
  }
}

/** Have another window of the same report show the same: `changed` is called with the fact. */
function followOtherWindows(changed) {
  addEventListener("storage", (event) => {
    const fact = event.key?.startsWith(DECISION_KEY)
      ? factById(event.key.slice(DECISION_KEY.length))
      : undefined;
    if (!fact) return;
    if (event.newValue === null) decisions.delete(fact.id);
    else decisions.set(fact.id, JSON.parse(event.newValue));
    changed(fact);
  });
}
