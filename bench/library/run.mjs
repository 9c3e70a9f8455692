// A library of a hundred thousand videos searched as visitors do it, on both engines: the whole page with its hits and
// the counts of its facets, over HTTP, until its last byte has come.

import { execFileSync } from "node:child_process";
import http from "node:http";
import { postgres, sqlite } from "../accounts/stores.mjs";
import { quantile, report, say, table } from "../lib/report.mjs";
import { ROOT, serve } from "../lib/site.mjs";

const VIDEOS = Number(process.env.BENCH_VIDEOS ?? 100_000);
const QUERIES = Number(process.env.BENCH_QUERIES ?? 500);
const PROFILE = process.env.BENCH_PROFILE ?? "release";
const LIMIT = 50;

/** The same at every run (mulberry32). */
let seed = 2026;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const one = (of) => of[Math.floor(random() * of.length)];
const day = () => `${2016 + Math.floor(random() * 11)}-0${1 + Math.floor(random() * 9)}-${10 + Math.floor(random() * 18)}`;
const behind = () => `after.${day()}~BENCH-${String(1 + Math.floor(random() * VIDEOS)).padStart(6, "0")}`;

/** Two letters in the middle changed about. */
function mistyped(word) {
  const at = 2 + Math.floor(random() * (word.length - 4));
  return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
}

/** A facet that is chosen. */
const chosen = ({ places }) =>
  one([() => ["lang", one(["fr", "en", "zxx"])], () => ["resolution", one(["2160", "1080", "720"])], () => ["restriction", one(["none", "warn", "block"])], () => ["duration", one(["short", "medium", "long"])], () => ["place", one(places.slice(0, 40))]])();

const KINDS = {
  "one word": (of) => ({ q: one(of.words) }),
  "two words": (of) => ({ q: `${one(of.words)} ${one(of.words)}` }),
  "a word's beginning": (of) => ({ q: one(of.words).slice(0, 3 + Math.floor(random() * 3)) }),
  "a typing error": (of) => ({ q: mistyped(one(of.words.filter((word) => word.length > 6))) }),
  "a word and a facet": (of) => ({ q: one(of.words), ...Object.fromEntries([chosen(of)]) }),
  "no word, by date": () => ({ sort: one(["newest", "oldest"]) }),
  "no word, facets": (of) => ({ ...Object.fromEntries([chosen(of), chosen(of)]), sort: one(["title", "longest", "newest"]) }),
  "a page far behind": (of) => ({ ...(random() < 0.5 ? { q: one(of.words) } : {}), sort: "newest", page: behind() }),
  "no hit": (of) => ({ q: `${one(of.words)} ${one(["xylophone", "zygomatique", "quokka"])}` }),
};

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds until a page is there, how many videos it says there are. */
function timed(url) {
  return new Promise((done, failed) => {
    const began = performance.now();
    http
      .get(url, { agent }, (answer) => {
        let bytes = 0;
        answer.on("data", (piece) => (bytes += piece.length));
        answer.on("end", () => (answer.statusCode === 200 ? done({ ms: performance.now() - began, bytes }) : failed(new Error(`${url}: ${answer.statusCode}`))));
        answer.on("error", failed);
      })
      .on("error", failed);
  });
}

async function measured(store) {
  const env = { ...process.env, ...store.settings };
  say(`${store.engine}: ${VIDEOS} videos are written`);
  const began = performance.now();
  // As cargo-leptos builds, so that what it has built is not built again.
  const RUSTFLAGS = `${process.env.RUSTFLAGS ?? ""} --cfg erase_components`.trim();
  const cargo = ["run", "-q", "--profile", PROFILE, "-p", "server", "--example", "library", "--", String(VIDEOS)];
  const offered = JSON.parse(execFileSync("cargo", cargo, { cwd: ROOT, env: { ...env, RUSTFLAGS }, stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 }));
  const written = (performance.now() - began) / 1000;
  if (store.tidy) store.sql(store.tidy);
  const starting = performance.now();
  const site = await serve({ ...store.settings, MEDIA_WORKERS: "0" });
  const started = (performance.now() - starting) / 1000;
  seed = 2026;
  const kinds = Object.keys(KINDS);
  const asked = Array.from({ length: QUERIES }, (_, nth) => {
    const [kind, lang] = [kinds[nth % kinds.length], nth % 2 ? "en" : "fr"];
    const query = KINDS[kind]({ words: offered.words[lang], places: offered.places });
    return { kind, url: `${site.origin}/${lang}/media?${new URLSearchParams(query)}` };
  });
  say(`${store.engine}: ${QUERIES} queries`);
  for (let nth = 0; nth < 30; nth++) await timed(asked[nth].url); // As a site that runs, not one that starts.
  const times = [];
  for (const { kind, url } of asked) times.push({ kind, url, ...(await timed(url)) });
  const memory = Number(execFileSync("sh", ["-c", `grep VmRSS /proc/${site.pid}/status`]).toString().match(/\d+/)[0]) / 1000;
  await site.stop();
  return { engine: store.engine, written, started, memory, times };
}

const server = await postgres();
const engines = [await measured(sqlite()), await measured(server.store("library"))];
await server.stop();

const shares = [0.5, 0.95, 0.99, 1];
const ms = (times) => shares.map((share) => quantile(times.map((time) => time.ms), share).toFixed(1));
const rows = engines.flatMap(({ engine, times }) => [
  ...Object.keys(KINDS).map((kind) => [engine, kind, ...ms(times.filter((time) => time.kind === kind))]),
  [engine, "**all**", ...ms(times)],
]);
const about = engines.map(({ engine, written, started, memory }) => [engine, written.toFixed(0), started.toFixed(1), memory.toFixed(0)]);
report(
  "library",
  `## Search in a library of ${VIDEOS} videos

${QUERIES} queries of ${Object.keys(KINDS).length} kinds, one after the other on one connection: the whole page with 24 videos and the counts of seven facets, beside PostgreSQL ${server.version}. Wanted: p99 under ${LIMIT} ms.

${table(["Engine", "Asked for", "p50, ms", "p95", "p99", "Most"], rows)}

${table(["Engine", "Written in, s", "Start, s", "Memory of the server, MB"], about)}`,
  engines,
);
