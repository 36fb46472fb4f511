/** The papers; those that could not be read first, then those with warnings. */
function drawPapers() {
  const sought = byId("paper-search").value;
  const found = report.papers
    .map((paper, number) => ({ ...paper, number }))
    .filter((paper) => holds(paper.name, sought));
  const trouble = (paper) => (paper.error ? 0 : paper.warnings.length ? 1 : 2);
  found.sort((one, other) => trouble(one) - trouble(other) || one.number - other.number);
  showCards(byId("paper-cards"), found, paperCard, word(sought ? "nothing-matches" : "no-papers"));
}

function paperCard(paper) {
  const name = element("h3", {}, quoted(paper.shown));
  if (paper.error) {
    return element("article", { class: "card failed", tabindex: "-1" }, name,
      element("p", {}, element("strong", {}, word("not-read")), " ", ...reasonGiven(paper.error)),
      element("p", { class: "hint" }, element("code", {}, paper.error.code)));
  }
  const size = paper.pages === null
    ? word("characters-n", { n: countText(paper.characters) })
    : word("pages-n", { n: countText(paper.pages) });
  const languages = paper.languages.map((tag) => wordOr(`language-${tag}`, tag)).join(", ");
  return element("article", { class: "card", id: `paper-card-${paper.number}`, tabindex: "-1" }, name,
    element("p", { class: "hint", title: `SHA-256 ${paper.sha256}` }, [size, languages].filter(Boolean).join(" · ")),
    element("ul", { class: "counts" }, ...KINDS.filter((kind) => paper.counts[kind]).map((kind) =>
      element("li", { class: kind }, `${word(kind)} ${countText(paper.counts[kind])}`))),
    KINDS.some((kind) => paper.counts[kind])
      ? element("a", { href: `#facts-in=${paper.number}` }, word("its-facts"))
      : element("p", { class: "hint" }, word("no-facts-here")),
    paper.warnings.length
      ? element("ul", { class: "warnings" }, ...paper.warnings.map((warning) =>
        element("li", {}, ...reasonGiven(warning), " ", element("span", { class: "hint" },
          [warning.code, pageText(warning.page)].filter(Boolean).join(" · ")))))
      : null);
}

/** What is wrong, in the language of the page, and the message, which is in English. */
function reasonGiven({ code, message }) {
  const known = `code-${code}` in allWords ? [word(`code-${code}`), " – "] : [];
  return [...known, quoted(message, { lang: "en" })];
}
