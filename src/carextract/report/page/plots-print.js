// In CSS pixels: what is higher is printed in pieces, and so high is a piece at most.
const TALL = 600;
const PIECE = 200;

/**
 * Put a tall drawing in pieces below one another, for print. A picture cannot go on on the next
 * page, and one that is made to fit on a page is too small to be read.
 */
function cutPlot(figure) {
  joinPlot(figure);
  const drawing = figure.querySelector(".drawing");
  const svg = drawing.querySelector("svg");
  if (!svg || svg.getBoundingClientRect().height <= TALL) return;
  const { width, height } = svg.viewBox.baseVal;
  const ends = pieceEnds(marksOf(svg), height);
  const pieces = ends.map((end, at) => piece(svg, width, at ? ends[at - 1] : 0, end));
  drawing.append(element("div", { class: "pieces", "aria-hidden": "true" }, ...pieces));
  figure.classList.add("cut");
}

function joinPlot(figure) {
  figure.querySelector(".pieces")?.remove();
  figure.classList.remove("cut");
}

/** From where to where texts and marks reach down a drawing, in its own units. */
function marksOf(svg) {
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.height / box.height;
  return [...svg.querySelectorAll("text, .mark-symbol path, .mark-rect path")].map((mark) => {
    const { top, bottom } = mark.getBoundingClientRect();
    // The numbers of an axis stay with the line above them.
    const above = mark.matches(".role-axis text[text-anchor=middle]") ? 30 : 0;
    return { top: (top - box.top) * scale - above, bottom: (bottom - box.top) * scale };
  });
}

/** Where the pieces of a drawing end: where no text or mark is cut through, if there is such a place. */
function pieceEnds(marks, height) {
  const ends = [];
  for (let start = 0; start < height; start = ends.at(-1)) {
    let end = Math.min(start + PIECE, height);
    const crossed = () => marks.find(({ top, bottom }) => top + 2 < end && end < bottom - 2);
    for (let mark = crossed(); mark && end < height; mark = crossed()) end = mark.top;
    ends.push(end > start ? end : Math.min(start + PIECE, height));
  }
  return ends;
}

function piece(svg, width, start, end) {
  const part = svg.cloneNode(true);
  part.setAttribute("class", "piece");
  part.setAttribute("viewBox", `0 ${start} ${width} ${end - start}`);
  part.setAttribute("width", width);
  part.setAttribute("height", end - start);
  return part;
}
