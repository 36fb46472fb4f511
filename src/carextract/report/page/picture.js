/** The pages of a fact's quotes: their pictures, with a frame around each line of a quote. */
function pageFigure(fact, quotes) {
  const pages = [...new Set(quotes.filter((quote) => quote.boxes).map((quote) => quote.page))];
  if (!pages.length) return null;
  const frame = element("div", { class: "page-frame", tabindex: "0" });
  const section = element("section", { class: "page" }, element("h3", {}, word("on-the-page")));
  const buttons = pages.map((page) =>
    element("button", { type: "button", on: { click: () => show(page) } }, word("page", { page })));
  const zoom = element("button", { type: "button", class: "zoom", "aria-pressed": "false",
    on: { click: () => enlarge(frame, zoom) } }, word("zoom"));
  section.append(element("div", { class: "page-tools" }, ...(buttons.length > 1 ? buttons : []), zoom), frame);
  const show = (page) => {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(pages[at] === page)));
    zoom.hidden = !drawPage(frame, fact, page, quotes);
  };
  show(pages[0]);
  return section;
}

/** Put the picture of a page into its frame; false if there is none in the report. */
function drawPage(frame, fact, page, quotes) {
  const id = `picture-${fact.paper}-${page}`;
  const size = report.pictures[`${fact.paper}-${page}`];
  frame.classList.toggle("missing", !size);
  if (!size) {
    fill(frame, element("p", { class: "hint" }, word("no-picture", { page })));
    return false;
  }
  const [width, height] = size;
  const label = plain(word("page-of", { page, paper: paperName(fact.paper) }));
  const picture = element("img", { src: `data:image/webp;base64,${byId(id).textContent}`, alt: label });
  const boxes = quotes
    .filter((quote) => quote.page === page)
    .flatMap((quote) => quote.boxes ?? [])
    .map(([x0, top, x1, bottom]) => {
      const box = element("div", { class: `box ${fact.kind}` });
      box.style.left = `${(100 * x0) / width}%`;
      box.style.top = `${(100 * top) / height}%`;
      box.style.width = `${(100 * (x1 - x0)) / width}%`;
      box.style.height = `${(100 * (bottom - top)) / height}%`;
      return box;
    });
  fill(frame, element("div", { class: "paper" }, picture, ...boxes));
  picture.decode().then(() => bringIntoSight(frame, frame.querySelector(".box")), () => {});
  return true;
}

function enlarge(frame, button) {
  const large = frame.classList.toggle("large");
  button.setAttribute("aria-pressed", String(large));
  bringIntoSight(frame, frame.querySelector(".box"));
}
