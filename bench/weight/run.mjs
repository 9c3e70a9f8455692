// What a first visit fetches, in bytes on the wire with their headers, as Chromium counts them. Over a limit: exit 1.

import { launch } from "../lib/chromium.mjs";
import { kB, report, say, table } from "../lib/report.mjs";
import { serve } from "../lib/site.mjs";

const LIMITS = { "Wasm + JS": 250_000, CSS: 20_000, HTML: 60_000, Fonts: 120_000, Other: Infinity };
const PAGES = ["/fr/plan", "/fr"];

function kindOf({ type, mime, url }) {
  if (mime === "application/wasm" || type === "Script" || /\.(wasm|js)(\?|$)/.test(url)) return "Wasm + JS";
  if (type === "Stylesheet") return "CSS";
  if (type === "Font") return "Fonts";
  if (type === "Document") return "HTML";
  return "Other";
}

async function visit(browser, url) {
  const context = await browser.newContext(); // An empty cache.
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const requests = new Map();
  await cdp.send("Network.enable");
  cdp.on("Network.responseReceived", ({ requestId, type, response }) => {
    const coding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === "content-encoding")?.[1] ?? "–";
    requests.set(requestId, { url: response.url, type, mime: response.mimeType, status: response.status, coding, bytes: 0 });
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await page.goto(url, { waitUntil: "networkidle" });
  await page.waitForTimeout(2000); // What wakes only after hydration counts as well.
  await context.close();
  return [...requests.values()].filter(({ url: of }) => of.startsWith("http")).map((request) => ({ ...request, kind: kindOf(request) }));
}

const site = await serve();
const browser = await launch();
const pages = {};
for (const of of PAGES) {
  say(`a first visit to ${of}`);
  pages[of] = await visit(browser, site.origin + of);
}
await browser.close();
await site.stop();

const missing = Object.values(pages).flat().filter(({ status }) => status >= 400);
if (missing.length) throw new Error(`not served: ${missing.map(({ status, url }) => `${url} (${status})`).join(", ")}`);

let over = 0;
const rows = [];
for (const [kind, limit] of Object.entries(LIMITS)) {
  const sums = PAGES.map((of) => pages[of].filter((request) => request.kind === kind).reduce((sum, { bytes }) => sum + bytes, 0));
  const failed = sums.some((sum) => sum > limit);
  over += failed ? 1 : 0;
  rows.push([kind, ...sums.map(kB), limit === Infinity ? "–" : kB(limit), limit === Infinity ? "" : failed ? "**over**" : "within"]);
}
const files = pages[PAGES[0]]
  .sort((a, b) => b.bytes - a.bytes)
  .map(({ url, kind, coding, bytes }) => [`\`${new URL(url).pathname.replace(/\.[\w-]{22}\./, ".")}\``, kind, coding, kB(bytes)]);
report(
  "weight",
  `## Weight of a first visit, kB on the wire

${table(["What", ...PAGES, "Limit", ""], rows)}

What \`${PAGES[0]}\` fetches:

${table(["File", "Kind", "Coding", "kB"], files)}`,
  pages,
);
process.exitCode = over ? 1 : 0;
