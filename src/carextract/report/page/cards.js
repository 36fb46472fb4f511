const CARDS_AT_ONCE = 40;

/** Show things as cards, so many at once, with a button for more. */
function showCards(parent, things, card, nothing) {
  fill(parent);
  if (!things.length) {
    parent.append(element("p", { class: "empty" }, nothing));
    return;
  }
  const showMore = () => {
    const from = parent.querySelectorAll(":scope > .card").length;
    more.remove();
    parent.append(...things.slice(from, from + CARDS_AT_ONCE).map(card));
    const left = things.length - from - CARDS_AT_ONCE;
    if (left > 0) {
      more.textContent = word("show-more", { n: countText(left) });
      parent.append(more);
    }
  };
  const more = element("button", { type: "button", class: "more", on: { click: showMore } });
  showMore();
}

/** Before printing: what "more" would show, as on paper there is nothing to press. */
function printCards() {
  for (let presses = 0; presses < PRINTED_ROWS / CARDS_AT_ONCE; presses += 1) {
    document.querySelector("section:not([hidden]) .more")?.click();
  }
}

/** A link to a fact, in the words of its value. */
const factLink = (fact) =>
  element("a", { class: `fact-link ${fact.kind}`, href: `#fact=${fact.id}` }, quoted(inLanguage(fact.value)));

/** Whether all words sought are in a text. */
const holds = (text, sought) =>
  folded(sought).split(/\s+/).every((each) => folded(text).includes(each));
