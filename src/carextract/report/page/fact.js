/** The fact whose proof is on the screen. */
let drawnFact = null;

/** Draw a fact: its value, where it stands, what was repaired to read it, and the decision on it. */
async function drawFact(fact, { decided, step, close }) {
  const panel = byId("fact");
  if (drawnFact !== fact) {
    drawnFact = null;
    panel.setAttribute("aria-busy", "true");
    fill(panel, factHead(fact, { step, close }), element("p", { class: "hint" }, word("loading")));
  }
  const details = await detailsOf(fact);
  if (fact !== openedFact) return; // another one was opened meanwhile
  drawnFact = fact;
  panel.setAttribute("aria-busy", "false");
  panel.dataset.shown = fact.id;
  fill(
    panel,
    factHead(fact, { step, close }),
    decisionForm(fact, decided),
    element("div", { class: "proof" },
      element("div", { class: "said" },
        excerptsSection(fact, details),
        repairsSection(details),
        studySection(details),
        ruleSection(details),
        fieldsSection(details)),
      pageFigure(fact, details.quotes)),
  );
  panel.scrollTop = 0;
  for (const excerpt of panel.querySelectorAll(".source")) {
    bringIntoSight(excerpt, excerpt.querySelector(".own"));
    if (excerpt.scrollHeight > excerpt.clientHeight) excerpt.tabIndex = 0;
  }
}

function factHead(fact, { step, close }) {
  const button = (name, action, sign) =>
    element("button", { type: "button", class: name, "aria-label": word(name), title: word(name),
      on: { click: action } }, sign);
  return element("header", { class: `fact-head ${fact.kind}` },
    element("p", { class: "fact-place" },
      button("back", close, "←"),
      element("span", { class: "kind-name" }, word(`one-${fact.kind}`)), " ",
      quoted(paperName(fact.paper), { class: "paper-name" }), " ",
      element("span", {}, [pageText(fact.page), fact.key].filter(Boolean).join(" · ")),
      element("span", { class: "steps" },
        button("previous", () => step(-1), "↑"), button("next", () => step(1), "↓"))),
    element("h2", { id: "fact-title" }, quoted(inLanguage(fact.value))),
    element("p", { class: "flags" }, ...fact.flags.map(flagMark)));
}

function decisionForm(fact, decided) {
  const now = decisionOn(fact);
  const button = (decision, sign, key) =>
    element("button", { type: "button", class: `decide ${decision}`, id: `decide-${decision}`,
      "aria-pressed": String(now.decision === decision), "aria-keyshortcuts": key,
      on: { click: () => decided(fact, decision) } },
    `${sign} ${word(`do-${decision}`)} `, element("kbd", {}, key));
  const note = element("textarea", { id: "note", rows: "1", "aria-label": word("note"),
    placeholder: word("note-hint"), on: { input: () => decided(fact, undefined, note.value) } });
  note.value = now.note;
  return element("div", { class: "decision-form" },
    button("accepted", "✓", "a"), button("rejected", "✗", "r"), note);
}

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}

/** The source text around each quote; what proves the fact is marked, and what proves others. */
function excerptsSection(fact, details) {
  const excerpts = details.excerpts.map((excerpt) => excerptBlock(fact, excerpt));
  const hints = [];
  if (!details.source) hints.push(element("p", { class: "hint" }, word("no-source")));
  if (details.left_out) {
    hints.push(element("p", { class: "hint" }, word("more-quotes", { n: details.left_out })));
  }
  return section(word("where-it-stands"), ...excerpts, ...hints);
}

function excerptBlock(fact, { page, cut, segments }) {
  const pieces = segments.map(([text, facts]) => {
    if (facts.includes(fact.number)) {
      return element("mark", { class: `own ${fact.kind}` }, paperText(text));
    }
    if (facts.length) return element("mark", { class: "other" }, paperText(text));
    return paperText(text);
  });
  return element("blockquote", { class: "excerpt" },
    page === null ? null : element("span", { class: "page-number" }, word("page", { page })),
    element("p", { class: "source", dir: "ltr" },
      cut[0] ? element("span", { class: "cut" }, "… ") : null,
      element("span", { class: "source-text" }, ...pieces),
      cut[1] ? element("span", { class: "cut" }, " …") : null));
}

function studySection({ studies }) {
  if (!studies.length) return section(word("study"), element("p", { class: "hint" }, word("no-study-here")));
  const several = studies.length > 1 ? element("p", { class: "hint" }, word("several-studies")) : null;
  return section(word("study"), several, element("ul", {}, ...studies.map(([number, how]) =>
    element("li", {},
      element("a", { href: `#study=${number}` }, quoted(report.studies[number].label)),
      ` – ${word(`how-${how.replaceAll(" ", "-")}`)}`))));
}

/** The cleaning steps that touched the quotes, and each change that they made there. */
function repairsSection({ repairs, edits }) {
  if (!repairs.length) return section(word("repairs"), element("p", { class: "hint" }, word("no-repairs")));
  return section(word("repairs"), element("dl", { class: "repairs" }, ...repairs.flatMap((step) => {
    const changes = edits.filter((edit) => edit.step === step);
    return [
      element("dt", {}, wordOr(`step-${step}`, step)),
      ...changes.map(({ left, before, after, right }) =>
        element("dd", {}, seenText(left),
          before ? element("del", {}, seenText(before)) : null,
          after ? element("ins", {}, seenText(after)) : null,
          seenText(right))),
    ];
  })));
}

/** A piece of text with what is not seen in it to be seen. */
const seenText = (text) =>
  paperText(text.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥"));

function ruleSection({ rule }) {
  const about = Object.hasOwn(report.rules, rule) ? report.rules[rule] : null;
  return section(word("rule"),
    element("p", {}, element("code", {}, rule)),
    element("p", { class: "hint" }, about === null ? word("rule-not-known") : word("rule-reads", { about })));
}

function fieldsSection({ fields, quotes }) {
  const rows = Object.entries(fields).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, element("code", {}, name)),
      element("td", {}, quoted(String(value)))));
  const { start, end, ocr_score: score } = quotes[0];
  return element("details", { class: "fields" },
    element("summary", {}, word("fields")),
    element("table", {}, element("tbody", {}, ...rows)),
    element("p", { class: "hint" }, word("offsets", { start, end }),
      score === null ? null : ` · ${word("ocr-score", { score })}`));
}
