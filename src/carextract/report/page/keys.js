const KEYS = ["j", "k", "a", "r", "n", "/", "Esc", "?"];

/** Keys for a reader who goes through facts; none of them works while something is written. */
function startKeys(actions) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    if (event.key === "Escape") {
      actions.leave();
      return;
    }
    if (event.target.closest("input, textarea, select")) return;
    const action = {
      j: () => actions.step(1), k: () => actions.step(-1),
      ArrowDown: inRows(event) && (() => actions.step(1)),
      ArrowUp: inRows(event) && (() => actions.step(-1)),
      PageDown: inRows(event) && (() => actions.step(10)),
      PageUp: inRows(event) && (() => actions.step(-10)),
      Home: inRows(event) && (() => actions.step(-Infinity)),
      End: inRows(event) && (() => actions.step(Infinity)),
      Enter: inRows(event) && actions.enter,
      a: () => actions.decide("accepted"), r: () => actions.decide("rejected"),
      n: actions.note, "/": actions.search, "?": actions.help,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

const inRows = (event) => event.target.closest("#rows") !== null;

function drawKeys() {
  fill(byId("keys"), ...KEYS.flatMap((key) => [
    element("dt", {}, element("kbd", {}, key)),
    element("dd", {}, word(`key-${key}`)),
  ]));
}
