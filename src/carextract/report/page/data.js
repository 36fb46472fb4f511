/** What the page was made with: papers, facts, studies, conflicts, plots, rules, pictures. */
let report = null;

const opened = new Map();

/** Text that is kept compressed in the page. */
async function unpackedText(id) {
  const packed = Uint8Array.from(atob(byId(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

const unpacked = async (id) => JSON.parse(await unpackedText(id));

/** What is shown of an opened fact; that of its paper is read once. */
async function detailsOf(fact) {
  if (!opened.has(fact.paper)) opened.set(fact.paper, unpacked(`paper-${fact.paper}`));
  const paper = await opened.get(fact.paper);
  return { ...paper.facts[fact.number], source: paper.source };
}

/** The fact with an id, or undefined. */
const factById = (id) => report.byId.get(id);

async function readReport() {
  report = await unpacked("report");
  report.facts.forEach((fact, number) => (fact.number = number));
  report.byId = new Map(report.facts.map((fact) => [fact.id, fact]));
  const pairs = report.scripts.match(/.{2}/gu) ?? [];
  report.scripts = new Map(pairs.map((pair) => [pair[0], pair[1]]));
  const times = new Map();
  for (const { name } of report.papers) times.set(name, (times.get(name) ?? 0) + 1);
  for (const paper of report.papers) {
    const alone = times.get(paper.name) === 1 || !paper.sha256;
    paper.shown = alone ? paper.name : `${paper.name} [${paper.sha256.slice(0, 8)}]`;
  }
}

/** Text in Simplified characters, one by one: a search finds what is written in either script. */
const simplified = (text) => text.replace(/[\u4e00-\u9fff]/g, (each) => report.scripts.get(each) ?? each);

/** The name of a paper; of several with one name each has the beginning of its hash behind it. */
const paperName = (number) => report.papers[number].shown;

/** Where a fact is: its paper and page. */
const pageText = (page) => (page === null ? "" : word("page", { page }));
