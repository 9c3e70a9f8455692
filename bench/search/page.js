// Runs in the browser: the same documents, the same queries, three engines. Bundled with each engine apart, so that
// the bundles can be weighed.

import * as micro from "./micro.js";
import * as mini from "./mini.js";
import { PLAIN, score } from "./score.js";

const SLICE = 8; // As in app/src/plan/finder.rs.
const LIMIT = 50; // As in app/src/plan/contract.rs.
const now = () => performance.now();
const breathe = () => new Promise((resolve) => setTimeout(resolve));

let Library;

/** Fetches and starts the Wasm. */
export async function start() {
  const module = await import("/tmp/search/library.js");
  await module.default({ module_or_path: "/tmp/search/library.wasm" });
  Library = module.Library;
  return { isolated: crossOriginIsolated, browser: navigator.userAgent.match(/Chrome\/[\d.]+/)[0] };
}

/** The three, each as a function from a query to slugs. */
function engines(json, limit) {
  const library = new Library(json);
  const entries = JSON.parse(library.entries()).filter((entry) => entry.kind === "text");
  while (!library.step(1e9));
  const index = mini.create();
  index.addAll(entries);
  return {
    entries,
    miniIndex: index,
    search: {
      Estafette: (query) => library.search(query, limit).split("\n").filter(Boolean),
      MiniSearch: mini.searcher(index),
      uFuzzy: micro.searcher(micro.create(entries)),
    },
  };
}

/** Figures by language, by kind, and by what a plain engine can do. */
export function quality(documents, queries) {
  const out = {};
  for (const [lang, json] of Object.entries(documents)) {
    const { search } = engines(json, 10_000);
    const ofLang = queries.filter((query) => query.lang === lang);
    const kinds = [...new Set(ofLang.map((query) => query.kind))];
    for (const [name, find] of Object.entries(search)) {
      const of = (test) => score(ofLang.filter(test), find);
      ((out[name] ??= {})[lang] = {
        all: of(() => true),
        plain: of(PLAIN),
        kinds: Object.fromEntries(kinds.map((kind) => [kind, of((query) => query.kind === kind)])),
        missed: ofLang
          .map(({ q, kind, relevant }) => {
            const found = find(q);
            return { q, kind, lacks: relevant.filter((s) => !found.includes(s)), extra: found.filter((s) => !relevant.includes(s)) };
          })
          .filter(({ lacks, extra }) => lacks.length + extra.length > 0),
      });
    }
  }
  return out;
}

/** What is typed on the way to each query. */
const keystrokes = (queries) => queries.flatMap(({ q }) => Array.from(q, (_, at) => q.slice(0, at + 1)));

/** Microseconds per keystroke, `passes` times over. */
function time(find, typed, passes, atMost = Infinity) {
  const all = [];
  const each = typed.map(() => []);
  const until = now() + atMost;
  for (let pass = 0; pass < passes; pass++) {
    for (const [at, query] of typed.entries()) {
      if (now() > until) break;
      const since = now();
      find(query);
      const took = (now() - since) * 1000;
      all.push(took);
      each[at].push(took);
    }
  }
  const steady = each.filter((of) => of.length).map((of) => of.sort((a, b) => a - b)[of.length >> 1]);
  const worst = steady.indexOf(Math.max(...steady));
  return { all, steadyMax: steady[worst], steadyQuery: typed[worst] };
}

/** Every prefix of every query, five times after one to warm up. */
export async function latency(documents, queries) {
  const out = {};
  for (const [lang, json] of Object.entries(documents)) {
    const { search, entries, miniIndex } = engines(json, LIMIT);
    const typed = keystrokes(queries.filter((query) => query.lang === lang));
    for (const [name, find] of Object.entries(search)) {
      time(find, typed, 1);
      await breathe();
      (out[name] ??= {})[lang] = { keystrokes: typed.length, ...time(find, typed, 5) };
    }
    (out.data ??= {})[lang] = { entries: JSON.stringify(entries), mini: JSON.stringify(miniIndex) };
  }
  return out;
}

/** A document `factor` times as long whose vocabulary grows with it, the same at every run. */
function grow(json, factor) {
  const document = JSON.parse(json);
  let state = 20261123;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const words = [...new Set(json.match(/\p{Ll}{5,}/gu))];
  const one = () => words[Math.floor(random() * words.length)];
  // New words of the beginnings and ends of those there are, drawn as words are in real texts (Zipf): one in twelve.
  const pool = Array.from({ length: 120_000 }, () => one().slice(0, 3 + Math.floor(random() * 3)) + one().slice(-3 - Math.floor(random() * 4)));
  const vary = (text) =>
    text.replace(/\p{L}{5,}/gu, (word) => (random() < 1 / 12 ? pool[Math.floor(pool.length ** random()) - 1] : word));
  const copy = (value, suffix) => {
    if (Array.isArray(value)) return value.map((item) => copy(item, suffix));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (typeof item === "string") {
          if (key === "slug" && suffix) return [key, item + suffix];
          if (key === "text" && suffix) return [key, vary(item)];
          return [key, item];
        }
        return [key, copy(item, suffix)];
      }),
    );
  };
  const sections = document.sections;
  document.sections = Array.from({ length: factor }, (_, at) => copy(sections, at ? `-${at}` : "")).flat();
  return JSON.stringify(document);
}

/** `factor` times the text: what it takes to make it searchable without freezing the page, and to search. */
export async function large(json, queries, factor) {
  const big = grow(json, factor);
  const typed = keystrokes(queries).filter((_, at) => at % 10 === 0);
  const observed = [];
  const observer = new PerformanceObserver((list) => observed.push(...list.getEntries()));
  observer.observe({ type: "longtask" });
  const longTasks = async (work) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.takeRecords();
    observed.length = 0;
    const result = await work();
    await new Promise((resolve) => setTimeout(resolve, 200));
    observed.push(...observer.takeRecords());
    return { ...result, longTasks: observed.map((task) => Math.round(task.duration)) };
  };

  let library;
  const read = await longTasks(async () => {
    const since = now();
    library = new Library(big);
    return { ms: now() - since };
  });
  const build = await longTasks(async () => {
    const slices = [];
    const since = now();
    for (let done = false; !done; ) {
      const start = now();
      done = library.step(SLICE);
      slices.push(now() - start);
      if (!done) await breathe();
    }
    return { slices, ms: now() - since };
  });
  const ours = (query) => library.search(query, LIMIT);
  time(ours, typed, 1, 20_000);
  const out = { Estafette: { read, build, ...time(ours, typed, 3, 30_000) } };

  const entries = JSON.parse(library.entries()).filter((entry) => entry.kind === "text");
  const vocabulary = new Set();
  for (const { text } of entries) for (const word of mini.fold(text).match(/[\p{L}\p{N}]+/gu) ?? []) vocabulary.add(word);
  library.free();
  out.corpus = { paragraphs: entries.length, characters: entries.reduce((sum, { text }) => sum + text.length, 0), words: vocabulary.size, json: big.length, keystrokes: typed.length };

  const index = mini.create();
  const indexed = await longTasks(async () => {
    const since = now();
    await index.addAllAsync(entries, { chunkSize: 10 });
    return { ms: now() - since };
  });
  out.MiniSearch = { build: indexed, ...time(mini.searcher(index), typed, 3, 20_000) };
  let scan;
  const scanned = await longTasks(async () => {
    const since = now();
    scan = micro.searcher(micro.create(entries));
    return { ms: now() - since };
  });
  out.uFuzzy = { build: scanned, ...time(scan, typed, 3, 20_000) };
  return out;
}
