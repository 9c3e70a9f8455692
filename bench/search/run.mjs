// Search beside MiniSearch and uFuzzy in one Chromium: quality, latency, size, and a text a thousand times as long.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { isolated } from "../lib/chromium.mjs";
import { TMP, kB, quantile, report, say, table } from "../lib/report.mjs";
import { ROOT, get, serve } from "../lib/site.mjs";
import { unpack } from "./library.mjs";

const FACTOR = Number(process.env.BENCH_FACTOR ?? 1000);
const HERE = path.join(ROOT, "bench/search");
const NAMES = ["Estafette", "MiniSearch", "uFuzzy"];

say("the product's search as Wasm (half a minute)");
execFileSync(path.join(HERE, "build.sh"), { stdio: ["ignore", "ignore", "inherit"] });
const bundle = (entry, out, more = {}) =>
  build({ entryPoints: [path.join(HERE, entry)], outfile: path.join(TMP, "search", out), bundle: true, minify: true, format: "esm", target: "es2022", external: ["/tmp/*"], logLevel: "error", ...more });
await Promise.all([bundle("page.js", "page.js"), bundle("mini.js", "mini.js"), bundle("micro.js", "micro.js")]);

const queries = JSON.parse(readFileSync(path.join(ROOT, "bench/queries.json")));
const documents = {};
const fetched = {};
const site = await serve();
for (const lang of ["fr", "en"]) {
  const answer = await get(`${site.origin}/api/plan?lang=${lang}`);
  if (answer.status !== 200) throw new Error(`/api/plan?lang=${lang} answered ${answer.status}`);
  fetched[lang] = answer.body.toString();
  documents[lang] = unpack(fetched[lang]);
}
await site.stop();

const { page, close } = await isolated("search");
const about = await page.evaluate(async () => (window.bench = await import("/tmp/search/page.js")).start());
say("quality");
const quality = await page.evaluate(([d, q]) => window.bench.quality(d, q), [documents, queries]);
say("latency (half a minute)");
const latency = await page.evaluate(([d, q]) => window.bench.latency(d, q), [documents, queries]);
say(`a text ${FACTOR} times as long (a minute)`);
const large = await page.evaluate(([d, q, f]) => window.bench.large(d, q, f), [documents.fr, queries.filter((q) => q.lang === "fr"), FACTOR]);
await close();

const two = (value) => value.toFixed(3).replace(/^0/, "").replace(/^1\.000$/, "1");
const row = (name, lang, of) => [name, lang, of.queries, two(of.precision), two(of.recall), two(of.f1), of.none];
const head = ["Engine", "Language", "Queries", "Precision", "Recall", "F1", "No hit"];
const each = (make) => ["fr", "en"].flatMap((lang) => NAMES.map((name) => make(name, lang)));
const kinds = [...new Set(queries.map((query) => query.kind))];

const us = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const ms = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const size = (data) => [Buffer.byteLength(data), gzipSync(data, { level: 9 }).length, brotliCompressSync(data).length];
const file = (name) => readFileSync(path.join(TMP, "search", name));
const sizes = {
  "Estafette: engine as Wasm, on its own": size(file("engine.wasm")),
  "MiniSearch: bundle": size(file("mini.js")),
  "uFuzzy: bundle": size(file("micro.js")),
  "What all three index: the paragraphs (fr)": size(latency.data.fr.entries),
  "Estafette: what is fetched instead, `/api/plan` (fr)": size(Buffer.from(fetched.fr)),
  "MiniSearch: its index, if made beforehand (fr)": size(latency.data.fr.mini),
};

const longest = (slices) => Math.max(0, ...slices);
const tasks = (list) => (list.length ? `${list.length} (longest ${longest(list)} ms)` : "none");
const { read, build: built } = large.Estafette;
const { corpus } = large;
const asked = (name) => {
  const { all, steadyMax, steadyQuery } = large[name];
  return [ms(quantile(all, 0.5) / 1000), ms(quantile(all, 0.99) / 1000), ms(longest(all) / 1000), `${ms(steadyMax / 1000)} (\`${steadyQuery}\`)`, all.length];
};

const markdown = `## Search

${queries.length} queries in ${kinds.length} kinds, ${about.browser}${about.isolated ? "" : ", coarse clock"}. MiniSearch and uFuzzy with the settings that answer this very set best; neither knows synonyms, and MiniSearch no phrases, so they are also given without those kinds.

### Quality: every kind

${table(head, each((name, lang) => row(name, lang, quality[name][lang].all)))}

### Quality: without synonyms and phrases

${table(head, each((name, lang) => row(name, lang, quality[name][lang].plain)))}

### F1 by kind

${table(
  ["Kind", ...["fr", "en"].flatMap((lang) => NAMES.map((name) => `${name} ${lang}`))],
  kinds.map((kind) => [kind, ...["fr", "en"].flatMap((lang) => NAMES.map((name) => (quality[name][lang].kinds[kind] ? two(quality[name][lang].kinds[kind].f1) : "–")))]),
)}

### Latency, µs a keystroke

Every prefix of every query, five times. "Slowest" is the keystroke with the highest median of its five; "max" the single longest of all.

${table(
  ["Engine", "Language", "Keystrokes", "Median", "p99", "Slowest", "Max"],
  each((name, lang) => {
    const of = latency[name][lang];
    return [name, lang, of.keystrokes, us(quantile(of.all, 0.5)), us(quantile(of.all, 0.99)), `${us(of.steadyMax)} (\`${of.steadyQuery}\`)`, us(longest(of.all))];
  }),
)}

### Size, kB

${table(["What", "Plain", "gzip", "brotli"], Object.entries(sizes).map(([name, of]) => [name, ...of.map(kB)]))}

### A text ${FACTOR} times as long

${corpus.paragraphs} paragraphs, ${(corpus.characters / 1e6).toFixed(1)} million characters, ${corpus.words} different words; every tenth keystroke of the French queries.

${table(
  ["Step (Estafette)", "Total ms", "Longest piece ms", "Long tasks (over 50 ms)"],
  [
    [`Reading the document's JSON (${(corpus.json / 1e6).toFixed(0)} MB), in one piece`, ms(read.ms), ms(read.ms), tasks(read.longTasks)],
    [`Indexing, ${built.slices.length} slices of 8 ms`, ms(built.ms), ms(longest(built.slices.slice(1, -1))), tasks(built.longTasks)],
    ["… its first slice, which lists the entries", "", ms(built.slices[0]), ""],
    ["… its last slice, which sorts the vocabulary", "", ms(built.slices.at(-1)), ""],
  ],
)}

${table(["Engine, ms a keystroke", "Median", "p99", "Max", "Slowest (median of 3)", "Measured"], NAMES.map((name) => [name, ...asked(name)]))}

${table(
  ["Peers' indexing", "Total ms", "Long tasks (over 50 ms)"],
  ["MiniSearch", "uFuzzy"].map((name) => [name === "MiniSearch" ? "MiniSearch, addAllAsync" : "uFuzzy, latinized in one piece", ms(large[name].build.ms), tasks(large[name].build.longTasks)]),
)}`;

for (const name of NAMES) for (const lang of ["fr", "en"]) delete latency[name][lang].all;
for (const name of NAMES) delete large[name].all;
delete latency.data;
report("search", markdown, { quality, latency, sizes, large });
