// Lighthouse, mobile with its simulated slow network: the four scores, each the median of three runs.

import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS } from "../lib/chromium.mjs";
import { report, say, table } from "../lib/report.mjs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT, serve, TARGET } from "../lib/site.mjs";

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const PAGES = ["/fr/plan", "/fr", "/fr/media", "/fr/media/ESSAI-1"];
const SCORES = ["performance", "accessibility", "best-practices", "seo"];
/** The library's pages have pictures, and a player. */
const wanted = (page, score) => (score !== "performance" ? 100 : page.startsWith("/fr/media") ? 90 : 95);
const METRICS = { "first-contentful-paint": "FCP s", "largest-contentful-paint": "LCP s", "total-blocking-time": "TBT ms", "cumulative-layout-shift": "CLS", "speed-index": "Speed index s" };
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** One run, in a browser of its own. A trace that a busy machine lost is recorded again. */
async function audit(url, left = 2) {
  const chrome = await launcher.launch({ chromePath: CHROMIUM, chromeFlags: ["--headless=new", ...FLAGS], logLevel: "silent" });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "silent", output: "json" });
    if (!lhr.runtimeError) return lhr;
    if (!left) throw new Error(lhr.runtimeError.message);
  } finally {
    chrome.kill();
  }
  return audit(url, left - 1);
}

/** The films of the tests, taken in by the program itself. */
const data = mkdtempSync(path.join(tmpdir(), "estafette-lighthouse-"));
process.on("exit", () => rmSync(data, { recursive: true, force: true }));
const environment = { ...process.env, ESTAFETTE_DATA: data };
const { status, stderr } = spawnSync(path.join(ROOT, "end2end/footage.sh"), [path.join(TARGET, "release/estafette")], { env: environment, encoding: "utf8" });
if (status !== 0) throw new Error(`the films could not be taken in: ${stderr}`);

const site = await serve({ ESTAFETTE_DATA: data });
const results = {};
for (const of of PAGES) {
  results[of] = [];
  for (let run = 1; run <= RUNS; run++) {
    say(`${of}, run ${run} of ${RUNS} (20 seconds)`);
    const lhr = await audit(site.origin + of);
    const weights = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs).filter(({ weight }) => weight > 0);
    const lacking = [...new Set(weights.map(({ id }) => id))].map((id) => lhr.audits[id]).filter(({ score }) => score !== null && score < 0.9);
    results[of].push({
      scores: Object.fromEntries(Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)])),
      metrics: Object.fromEntries(Object.keys(METRICS).map((id) => [id, lhr.audits[id].numericValue])),
      lacking: lacking.map(({ id, title, displayValue, details }) => ({ id, title, displayValue, items: (details?.items ?? []).slice(0, 5).map((item) => item.node?.snippet ?? item.url ?? item.description ?? item.source).filter(Boolean) })),
      warnings: lhr.runWarnings,
    });
  }
}
await site.stop();

const rows = PAGES.map((of) => [`\`${of}\``, ...SCORES.map((id) => `${median(results[of].map(({ scores }) => scores[id]))} (${wanted(of, id)})`)]);
const timings = PAGES.map((of) => [
  `\`${of}\``,
  ...Object.entries(METRICS).map(([id, name]) => {
    const value = median(results[of].map(({ metrics }) => metrics[id]));
    return name.endsWith(" s") ? (value / 1000).toFixed(2) : name.endsWith(" ms") ? value.toFixed(0) : value.toFixed(3);
  }),
]);
const lacking = PAGES.flatMap((of) => {
  const all = new Map(results[of].flatMap((run) => run.lacking).map((audit) => [audit.id, audit]));
  return [...all.values()].map(({ title, displayValue, items }) => `- \`${of}\`: ${title}${displayValue ? `, ${displayValue}` : ""}${items.length ? ` (${items.slice(0, 2).map((item) => `\`${String(item).replace(/\s+/g, " ").slice(0, 120)}\``).join(", ")})` : ""}`);
});
report(
  "lighthouse",
  `## Lighthouse 12.8.2, mobile, median of ${RUNS}

${table(["Page (wanted)", ...SCORES], rows)}

${table(["Page", ...Object.values(METRICS)], timings)}

${lacking.length ? `Audits below 90:\n\n${lacking.join("\n")}` : "No audit below 90."}`,
  results,
);
