const VIEWS = ["overview", "facts", "studies", "conflicts", "papers"];
const isWide = matchMedia("(min-width: 60rem)");

let view = "overview";

/** Show one of the views, and draw what is in it. */
function showView(name) {
  view = name;
  for (const each of VIEWS) {
    byId(`${each}-view`).hidden = each !== name;
    if (each === name) byId(`tab-${each}`).setAttribute("aria-current", "page");
    else byId(`tab-${each}`).removeAttribute("aria-current");
  }
  ({ overview: () => drawOverview(showFact), facts: showList, studies: drawStudies,
    conflicts: drawConflicts, papers: drawPapers })[name]();
}

/** The list of facts, by what is filtered now. */
function showList() {
  const found = matchingFacts();
  drawFilters(showList);
  drawHeads(showList);
  showFacts(found);
  drawProgress();
  if (isWide.matches && found.length && (!openedFact || !found.includes(openedFact))) {
    openFact(found[0]);
  }
}

/** Only the list: while something is typed, the controls stay as they are. */
function searchAgain() {
  filter.text = byId("search").value;
  showFacts(matchingFacts());
  drawProgress();
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
  document.body.classList.add("fact-open");
  history.replaceState(null, "", `#fact=${fact.id}`);
  drawFact(fact, { decided, step, close: closeFact });
}

/** Open a fact because a person chose it; on a phone it takes the place of the list. */
function openChosen(fact) {
  openFact(fact);
  if (isWide.matches) focusRow(fact.number);
  else byId("fact").focus();
}

function closeFact() {
  document.body.classList.remove("fact-open");
  history.replaceState(null, "", "#facts");
  drawRows({ anew: true });
  if (openedFact) focusRow(openedFact.number);
}

function step(steps) {
  if (view !== "facts") return;
  const fact = neighbour(steps);
  if (fact) openChosen(fact);
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

/** Show what is decided on a fact, in its row, in the opened fact and in the counts. */
function showDecision(fact) {
  drawRowAgain(fact);
  if (fact === openedFact) {
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

function notice(text) {
  byId("notice").hidden = false;
  byId("notice").textContent = text;
}

/** Say what stands around all views, in the language chosen. */
function drawFrame() {
  speak(language);
  const failed = report.papers.filter((paper) => paper.error).length;
  const counts = { papers: countText(report.papers.length), facts: countText(report.facts.length) };
  byId("what").textContent = word("what", counts) + (failed ? ` · ${word("failed-n", { n: failed })}` : "");
  document.title = `carextract – ${word("what", counts)}`;
  const numbers = { facts: report.facts, studies: report.studies, conflicts: report.conflicts, papers: report.papers };
  for (const [name, things] of Object.entries(numbers)) {
    byId(`count-${name}`).textContent = countText(things.length);
  }
  drawKeys();
  drawProgress();
}

/** Draw everything again: the language is another, or decisions were loaded. */
function drawAll() {
  drawFrame();
  showView(view);
  if (view === "facts" && openedFact) drawFact(openedFact, { decided, step, close: closeFact });
}

/** Go where the address points: `#studies`, `#study=3`, `#fact=dose:…`. */
function follow() {
  const [name, value] = decodeURIComponent(location.hash.slice(1)).split(/=(.*)/s);
  const filtered = (change) => {
    clearFilter();
    change();
    openedFact = null;
    showView("facts");
  };
  const toCard = (viewName, search, selector) => {
    if (search) byId(search).value = "";
    showView(viewName);
    const card = document.querySelector(selector);
    card?.scrollIntoView();
    card?.focus({ preventScroll: true });
  };
  const places = {
    fact: () => (factById(value) ? showFact(factById(value)) : showView("facts")),
    kind: () => filtered(() => filter.kinds.add(value)),
    flagged: () => filtered(() => (filter.flag = "any")),
    "facts-of": () => filtered(() => (filter.study = value)),
    "facts-in": () => filtered(() => (filter.paper = value)),
    study: () => {
      byId("study-search").value = report.studies[value]?.label ?? "";
      showView("studies");
      const card = byId(`study-${value}`);
      card?.scrollIntoView();
      card?.focus({ preventScroll: true });
    },
    conflicts: () => toCard("conflicts", null, value && `[data-study="${Number(value)}"]`),
  };
  document.body.classList.remove("fact-open");
  (places[name] ?? (() => showView(VIEWS.includes(name) ? name : "overview")))();
}

function listen() {
  startTable(openChosen, showList);
  byId("search").addEventListener("input", afterPause(120, searchAgain));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    clearFilter();
    showList();
  });
  byId("study-search").addEventListener("input", afterPause(120, drawStudies));
  byId("paper-search").addEventListener("input", afterPause(120, drawPapers));
  byId("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    keepLanguage();
    drawAll();
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  byId("export-json").addEventListener("click", () =>
    download("decisions.json", "application/json", decisionsAsJson()));
  byId("export-csv").addEventListener("click", () =>
    download("decisions.csv", "text/csv", decisionsAsCsv()));
  byId("import").addEventListener("change", takeOver);
  followOtherWindows(showDecision);
  startKeys({
    step, enter: () => openedFact && byId("fact").focus(),
    decide: (decision) => view === "facts" && openedFact && decided(openedFact, decision),
    note: () => byId("note")?.focus(),
    search: () => {
      if (view !== "facts") location.hash = "facts";
      byId("search").focus();
    },
    help: () => byId("help").showModal(),
    leave: () => {
      if (byId("menu").open) byId("menu").open = false;
      else if (document.activeElement === byId("note") && openedFact) focusRow(openedFact.number);
      else if (document.body.classList.contains("fact-open") && !isWide.matches) closeFact();
      else document.activeElement?.blur();
    },
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => printRows(true));
  addEventListener("afterprint", () => printRows(false));
  addEventListener("beforeunload", (event) => {
    if (!areKept && decisions.size) event.preventDefault();
  });
}

async function takeOver() {
  const [file] = byId("import").files;
  byId("import").value = "";
  if (!file) return;
  try {
    const { taken, missing } = importDecisions(await file.text());
    notice(word("imported", { n: taken, missing }));
    drawAll();
  } catch {
    notice(word("not-decisions", { name: file.name }));
  }
}

async function start() {
  if (!("DecompressionStream" in window)) {
    notice("This browser is too old for this page. 浏览器版本过旧，无法显示此页面。");
    return;
  }
  allWords = await unpacked("words");
  language = firstLanguage();
  await readReport();
  readDecisions();
  listen();
  drawFrame();
  follow();
  document.body.classList.add("ready");
}

start();
