const VIEWS = ["overview", "facts", "studies", "conflicts", "papers"];

let view = "overview";

/** Show one of the views, and draw what is in it. */
function showView(name) {
  view = name;
  if (name !== "facts") cover(false);
  for (const each of VIEWS) {
    byId(`${each}-view`).hidden = each !== name;
    if (each === name) byId(`tab-${each}`).setAttribute("aria-current", "page");
    else byId(`tab-${each}`).removeAttribute("aria-current");
  }
  ({ overview: () => drawOverview((fact) => (location.hash = `fact=${fact.id}`)), facts: showList,
    studies: drawStudies, conflicts: drawConflicts, papers: drawPapers })[name]();
}

/** Where an address can point to beside a view: `#study=3`, `#fact=dose:…`. */
const PLACES = {
  fact: (id) => {
    const fact = factById(id);
    if (fact) showFact(fact);
    else {
      showView("facts");
      notice(word("no-such-fact", { id }));
    }
  },
  kind: (kind) => showFiltered(() => KINDS.includes(kind) && filter.kinds.add(kind)),
  flagged: () => showFiltered(() => (filter.flag = "any")),
  "facts-of": (study) => showFiltered(() => (filter.study = study)),
  "facts-in": (paper) => showFiltered(() => (filter.paper = paper)),
  study: (number) => {
    byId("study-search").value = report.studies[number]?.label ?? "";
    showView("studies");
    toCard(byId(`study-${number}`));
  },
  conflicts: (study) => {
    showView("conflicts");
    toCard(document.querySelector(`#conflicts-view [data-study="${Number(study)}"]`));
  },
};

function showFiltered(change) {
  clearFilter();
  change();
  openedFact = null;
  showView("facts");
}

function toCard(card) {
  card?.scrollIntoView();
  card?.focus({ preventScroll: true });
}

/** Go where the address points; where it points nowhere, to the overview. */
function follow() {
  const [name, value] = addressed();
  byId("notice").hidden = true;
  cover(false);
  if (value !== undefined && Object.hasOwn(PLACES, name)) PLACES[name](value);
  else showView(VIEWS.includes(name) ? name : "overview");
}

function addressed() {
  try {
    return decodeURIComponent(location.hash.slice(1)).split(/=(.*)/s);
  } catch {
    return [""]; // no address of this page
  }
}
