/** The element with an id of the page. */
const byId = (id) => document.getElementById(id);

/**
 * A new element. Attributes that are null or false are left out; `on` holds its listeners by the
 * names of events. Children are elements or texts: a text is only ever text, never markup.
 */
function element(name, { on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Marks that turn the direction of what follows, and control characters: a paper could hide with
// them what it says.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

/**
 * Text of a paper as it stands there, character for character. A mark that is not seen is shown by
 * its number, and changes nothing outside itself.
 */
function paperText(text) {
  const shown = document.createDocumentFragment();
  for (let rest = text; rest; ) {
    const at = rest.search(UNSEEN);
    if (at !== 0) shown.append(at < 0 ? rest : rest.slice(0, at));
    if (at < 0) break;
    const code = rest.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
    shown.append(element("span", { class: "control", "data-code": `U+${code}` }, rest[at]));
    rest = rest.slice(at + 1);
  }
  return shown;
}

/** A text of a paper where there can be no element: marks that are not seen are replaced. */
const plain = (text) => text.replace(new RegExp(UNSEEN, "g"), "\ufffd");

/** A text of a paper in a line with other text, whose direction it leaves alone. */
const quoted = (text, attributes = {}) => element("bdi", attributes, paperText(text));

/** Put other children into an element. */
function fill(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/** Scroll a frame, and nothing around it, to something in it. */
function bringIntoSight(frame, inside) {
  if (!inside) return;
  const [outer, inner] = [frame, inside].map((each) => each.getBoundingClientRect());
  frame.scrollTop += inner.top - outer.top - frame.clientHeight / 3;
  frame.scrollLeft += inner.left + inner.width / 2 - outer.left - frame.clientWidth / 2;
}

/** Wait until nothing new has been asked for during some milliseconds. */
function afterPause(milliseconds, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}
