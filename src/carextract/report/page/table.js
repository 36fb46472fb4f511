const SPARE_ROWS = 8;
const PRINTED_ROWS = 1000;
const COLUMNS = ["decision", "value", "where", "flags"];

/** The facts in the list, in its order, and the one that is opened. */
let listed = [];
let openedFact = null;
let drawnRange = "";
let isPrinting = false;
let openRow = () => {};

/** Draw the head and follow the scrolling; `open` is called with the fact of a row. */
function startTable(open, changed) {
  openRow = open;
  byId("scroller").addEventListener("scroll", () => requestAnimationFrame(() => drawRows()));
  new ResizeObserver(() => drawRows({ anew: true })).observe(byId("scroller"));
  byId("sort").onchange = () => {
    [order.by, order.down] = [byId("sort").value, false];
    changed();
  };
}

/** Draw the heads of the columns, by which the list is sorted. */
function drawHeads(changed) {
  const head = (name) => {
    const direction = order.down ? "descending" : "ascending";
    const sort = () => {
      order.down = order.by === name ? !order.down : false;
      order.by = name;
      changed();
      byId(`sort-${name}`).focus();
    };
    const mark = order.by === name ? (order.down ? " ▼" : " ▲") : "";
    const button = element("button", { type: "button", id: `sort-${name}`, on: { click: sort } },
      word(`column-${name}`), element("span", { "aria-hidden": "true" }, mark));
    return element("th", { class: name, scope: "col",
      "aria-sort": order.by === name ? direction : null }, button);
  };
  fill(byId("heads"), ...COLUMNS.map(head));
  fill(byId("sort"), ...Object.keys(ORDERS).map((name) =>
    element("option", { value: name }, word(`sort-${name}`))));
  byId("sort").value = order.by;
}

/** Show these facts, from the top unless the opened one is among them. */
function showFacts(facts) {
  listed = facts;
  byId("table").setAttribute("aria-rowcount", String(facts.length + 1));
  byId("nothing").hidden = facts.length > 0;
  byId("nothing").textContent = report.facts.length ? word("nothing-matches") : word("no-facts");
  const place = openedFact ? facts.indexOf(openedFact) : -1;
  drawRows({ anew: true }); // there is room to scroll only when rows are drawn
  if (place < 0) byId("scroller").scrollTop = 0;
  else scrollToRow(place);
  drawRows({ anew: true });
}

const rowHeight = () => parseFloat(getComputedStyle(byId("table")).getPropertyValue("--row"));

function scrollToRow(place) {
  const scroller = byId("scroller");
  const height = rowHeight();
  const room = scroller.clientHeight - byId("heads").offsetHeight;
  if (place * height < scroller.scrollTop) scroller.scrollTop = place * height;
  else if ((place + 1) * height > scroller.scrollTop + room) {
    scroller.scrollTop = (place + 1) * height - room;
  }
}

/**
 * Draw the rows that are seen and a few around them; the rest is empty room above and below. On
 * paper there is nothing to scroll: there it is all rows, up to a number.
 */
function drawRows({ anew = false } = {}) {
  const scroller = byId("scroller");
  const height = rowHeight();
  const seen = Math.ceil(scroller.clientHeight / height) + 2 * SPARE_ROWS;
  const first = isPrinting ? 0 : Math.max(Math.floor(scroller.scrollTop / height) - SPARE_ROWS, 0);
  const last = Math.min(first + (isPrinting ? PRINTED_ROWS : seen), listed.length);
  if (!anew && drawnRange === `${first}-${last}`) return;
  drawnRange = `${first}-${last}`;
  const focused = document.activeElement?.closest?.("#rows tr")?.dataset.fact;
  const rows = [];
  for (let place = first; place < last; place += 1) rows.push(factRow(listed[place], place));
  const room = (count) => element("tr", { class: "room", "aria-hidden": "true",
    style: `height:${isPrinting ? 0 : count * height}px` });
  fill(byId("rows"), room(first), ...rows, room(listed.length - last));
  if (focused) focusRow(Number(focused));
}

function printRows(isBegun) {
  if (view !== "facts") return;
  isPrinting = isBegun;
  byId("printed").hidden = !isBegun || listed.length <= PRINTED_ROWS;
  byId("printed").textContent = word("printed", { n: countText(PRINTED_ROWS) });
  drawRows({ anew: true });
}

const rowOf = (number) => byId("rows").querySelector(`[data-fact="${number}"]`);
const focusRow = (number) => rowOf(number)?.focus({ preventScroll: true });

function factRow(fact, place) {
  const isOpen = fact === openedFact;
  const studies = fact.studies.map((number) => report.studies[number].label).join("; ");
  const where = [pageText(fact.page), paperName(fact.paper)].filter(Boolean).join(" · ");
  const cell = (name, ...children) => element("td", { class: name }, ...children);
  const { decision, note } = decisionOn(fact);
  return element(
    "tr",
    { "data-fact": String(fact.number), "aria-rowindex": String(place + 2),
      "aria-selected": String(isOpen), tabindex: isOpen || (place === 0 && !openedFact) ? "0" : "-1",
      class: `${fact.kind} ${decision ?? ""}`, on: { click: () => openRow(fact) } },
    cell("decision", decisionMark(decision, note)),
    cell("value",
      element("span", { class: "line" },
        element("span", { class: "kind-name" }, word(`one-${fact.kind}`)), " ",
        quoted(inLanguage(fact.value), { class: "amount", title: plain(inLanguage(fact.value)) })),
      quoted(fact.quote, { class: "quote" })),
    cell("where",
      studies ? quoted(studies, { class: "line study", title: plain(studies) }) : null,
      quoted(where, { class: "line", title: plain(where) })),
    cell("flags", ...fact.flags.map((flag) => flagMark(flag))),
  );
}

function decisionMark(decision, note) {
  const sign = { accepted: "✓", rejected: "✗" }[decision] ?? (note ? "✎" : "");
  const said = [decision && word(`decision-${decision}`), note && word("decision-noted")];
  return element("span", { class: `mark ${decision ?? ""}`, role: sign ? "img" : null,
    "aria-label": said.filter(Boolean).join(", ") || null }, sign);
}

const flagMark = (flag) => element("span", { class: `flag ${flag}` }, word(`flag-${flag}`));

/** Draw the row of a fact again, after something was decided on it. */
function drawRowAgain(fact) {
  const row = rowOf(fact.number);
  if (!row) return;
  const hadFocus = document.activeElement === row;
  row.replaceWith(factRow(fact, listed.indexOf(fact)));
  if (hadFocus) focusRow(fact.number);
}

/** Mark a fact as the opened one, and bring its row into sight. */
function markOpened(fact) {
  openedFact = fact;
  const place = listed.indexOf(fact);
  if (place >= 0) scrollToRow(place);
  drawRows({ anew: true });
}

/** The fact so many places after the opened one, or before it; at an end the one that is opened. */
function neighbour(steps) {
  if (!listed.length) return null;
  const place = openedFact ? listed.indexOf(openedFact) : -1;
  if (place < 0) return listed[0];
  return listed[Math.min(Math.max(place + steps, 0), listed.length - 1)];
}
