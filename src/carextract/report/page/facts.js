const isWide = matchMedia("(min-width: 60rem)");
const FILTER_KEY = `carextract.filter.${location.pathname}`;

/** The list of facts, by what is filtered now. */
function showList() {
  const found = matchingFacts();
  drawFilters(showList);
  drawHeads(showList);
  showFacts(found);
  drawProgress();
  keepFilter();
  if (isWide.matches && found.length && (!openedFact || !found.includes(openedFact))) {
    openFact(found[0]);
  }
}

/** Only the list: while something is typed, the controls stay as they are. */
function searchAgain() {
  filter.text = byId("search").value;
  showFacts(matchingFacts());
  drawProgress();
  keepFilter();
}

/** What is filtered outlives a reload of the page, in this window. */
function keepFilter() {
  try {
    sessionStorage.setItem(FILTER_KEY, JSON.stringify({ ...filter, kinds: [...filter.kinds], order }));
  } catch {
    // Then a reload shows all facts.
  }
}

function readFilter() {
  try {
    const { kinds, order: kept, ...others } = JSON.parse(sessionStorage.getItem(FILTER_KEY)) ?? {};
    Object.assign(filter, others, { kinds: new Set(kinds) });
    Object.assign(order, kept);
  } catch {
    clearFilter();
  }
}

/** Go to a fact, wherever one is; where the filters hide it they are cleared. */
function showFact(fact) {
  if (!matchingFacts().includes(fact)) clearFilter();
  openedFact = fact;
  showView("facts");
  openFact(fact);
}

function openFact(fact) {
  markOpened(fact);
  cover(!isWide.matches);
  history.replaceState(null, "", `#fact=${fact.id}`);
  drawFact(fact, { decided, step, close: closeFact });
}

/** Open a fact because a person chose it; on a phone it takes the place of the list. */
function openChosen(fact) {
  const covers = !isWide.matches;
  if (covers && !document.body.classList.contains("fact-open")) {
    history.pushState(null, "", `#fact=${fact.id}`); // the way back leads to the list
  }
  openFact(fact);
  if (covers) byId("fact").focus();
  else focusRow(fact.number);
}

function closeFact() {
  cover(false);
  history.replaceState(null, "", "#facts");
  drawRows({ anew: true });
  if (openedFact) focusRow(openedFact.number);
}

/** On a narrow screen an opened fact covers all else, which then cannot be reached either. */
function cover(covers) {
  document.body.classList.toggle("fact-open", covers);
  for (const each of document.querySelectorAll(".top, .tabs, .list, body > footer")) {
    each.inert = covers;
  }
}

function step(steps) {
  if (view !== "facts") return;
  const fact = neighbour(steps);
  if (fact) openChosen(fact);
}

/** Open the fact of the row that has the focus, and go on in what it shows. */
function enterRow() {
  const number = document.activeElement.closest("[data-fact]")?.dataset.fact;
  if (number === undefined) return;
  openChosen(report.facts[number]);
  byId("fact").focus();
}

/** Take a decision, or take it back if it is the one that stands; or put down a note. */
function decided(fact, decision, note) {
  if (note === undefined) {
    const taken = decisionOn(fact).decision === decision ? null : decision;
    decide(fact, { decision: taken });
    byId("said").textContent = `${word(`decision-${taken ?? "unchecked"}`)}: ${inLanguage(fact.value)}`;
  } else {
    decide(fact, { note });
  }
  showDecision(fact);
}

/** Decide on the opened fact by a key; never on one whose proof is not on the screen yet. */
function decideOpened(decision) {
  if (view === "facts" && openedFact && drawnFact === openedFact) decided(openedFact, decision);
}

/** Show what is decided on a fact, in its row, in the opened fact and in the counts. */
function showDecision(fact) {
  drawRowAgain(fact);
  if (fact === drawnFact) {
    for (const name of ["accepted", "rejected"]) {
      byId(`decide-${name}`)?.setAttribute("aria-pressed", String(decisionOn(fact).decision === name));
    }
    const note = byId("note");
    if (note && document.activeElement !== note) note.value = decisionOn(fact).note;
  }
  drawProgress();
}

function drawProgress() {
  const all = report.facts.length;
  const checked = report.facts.filter(isChecked).length;
  byId("progress").hidden = all === 0;
  byId("progress-bar").value = checked;
  byId("progress-bar").max = Math.max(all, 1);
  byId("progress-text").textContent = word("checked", { n: countText(checked), all: countText(all) });
  const shown = word("shown", { n: countText(listed.length), all: countText(all) });
  const checkedHere = word("checked-here", { n: countText(listed.filter(isChecked).length) });
  byId("shown").textContent = isFiltered() ? `${shown} · ${checkedHere}` : shown;
  byId("clear").hidden = !isFiltered();
  if (!areKept) notice(word("not-kept"));
}

function clearAll() {
  clearFilter();
  showList();
  byId("search").focus();
}

/** Leave whatever has the focus: a note or a fact for its row, the search for the list. */
function leave() {
  const { activeElement } = document;
  if (byId("menu").open) {
    byId("menu").open = false;
    byId("menu").querySelector("summary").focus();
  } else if (activeElement === byId("note")) {
    if (isWide.matches) focusRow(openedFact.number);
    else byId("fact").focus();
  } else if (document.body.classList.contains("fact-open")) {
    closeFact();
  } else if (openedFact && (byId("fact").contains(activeElement) || activeElement === byId("search"))) {
    focusRow(openedFact.number);
  }
}
