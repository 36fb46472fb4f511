const DECISION_KEY = "carextract.decision.";

/** What was decided on facts, by their ids: `decision`, `note` and when. */
const decisions = new Map();
let areKept = true;

const decisionOn = (fact) => decisions.get(fact.id) ?? { decision: null, note: "" };

/** Facts that somebody accepted or rejected. */
const isChecked = (fact) => decisionOn(fact).decision !== null;

/** Facts that somebody decided or noted something on, and did not take it back. */
const isDecided = (fact) => isChecked(fact) || decisionOn(fact).note !== "";

/** Read what this browser keeps on the facts of the report. */
function readDecisions() {
  try {
    for (const { id } of report.facts) takeStored(id, localStorage.getItem(DECISION_KEY + id));
  } catch {
    areKept = false;
  }
}

/** Take over what is stored on a fact; what is damaged is as if nothing were. */
function takeStored(id, text) {
  decisions.delete(id);
  try {
    const { decision, note, decided } = JSON.parse(text ?? "{}");
    if (decided) decisions.set(id, { decision: decision ?? null, note: note ?? "", decided });
  } catch {
    // Somebody else wrote there.
  }
}

/** Change what is decided on a fact. When it is taken back, that is kept too, with its time. */
function decide(fact, change) {
  putDecision(fact.id, { ...decisionOn(fact), ...change, decided: new Date().toISOString() });
}

function putDecision(id, decision) {
  decisions.set(id, decision);
  try {
    localStorage.setItem(DECISION_KEY + id, JSON.stringify(decision));
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
    takeStored(fact.id, event.newValue);
    changed(fact);
  });
}
