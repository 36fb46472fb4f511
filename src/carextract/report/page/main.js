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

function listen() {
  startTable(openChosen, showList);
  byId("search").addEventListener("input", afterPause(120, searchAgain));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    clearAll();
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
    step, leave, enter: enterRow, decide: decideOpened,
    note: () => byId("note")?.focus(),
    search: () => {
      if (view !== "facts") location.hash = "facts";
      byId("search").focus();
    },
    help: () => byId("help").showModal(),
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => (printRows(true), printCards()));
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
    notice(word("imported", importDecisions(await file.text())));
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
  readFilter();
  listen();
  drawFrame();
  follow();
  document.body.classList.add("ready");
}

start();
