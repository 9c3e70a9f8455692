// Which settings of the peers have the best F1 on queries.json: prints the best five of each, to be written as BEST
// into mini.js and micro.js. `node bench/search/tune.mjs`, a minute; not part of `make bench`.

import { readFileSync } from "node:fs";
import { get, serve } from "../lib/site.mjs";
import { entriesOf, unpack } from "./library.mjs";
import * as micro from "./micro.js";
import * as mini from "./mini.js";
import { score } from "./score.js";

const queries = JSON.parse(readFileSync(new URL("../queries.json", import.meta.url)));
const site = await serve();
const texts = {};
for (const lang of ["fr", "en"]) texts[lang] = await entriesOf(unpack((await get(`${site.origin}/api/plan?lang=${lang}`)).body.toString()));
await site.stop();

function* grid(axes) {
  const [[name, values], ...rest] = axes;
  for (const value of values) for (const others of rest.length ? grid(rest) : [{}]) yield { [name]: value, ...others };
}

function best(name, module, axes) {
  const index = Object.fromEntries(
    Object.entries(texts).map(([lang, entries]) => {
      const made = module.create(entries);
      made.addAll?.(entries);
      return [lang, made];
    }),
  );
  const tried = [...grid(Object.entries(axes))].map((options) => {
    const search = { fr: module.searcher(index.fr, options), en: module.searcher(index.en, options) };
    let lang;
    const of = (query) => search[lang](query);
    const sums = ["fr", "en"].map((tag) => ((lang = tag), score(queries.filter((q) => q.lang === tag), of).f1));
    return { f1: (sums[0] + sums[1]) / 2, ...options };
  });
  console.log(name);
  console.table(tried.sort((a, b) => b.f1 - a.f1).slice(0, 5));
}

best("MiniSearch", mini, {
  combineWith: ["AND", "OR"],
  fuzzy: [false, 0.1, 0.15, 0.2, 0.25, 0.3],
  fuzzyFrom: [4, 5, 6, 8],
  prefixFrom: [1, 3, 4, 5, 99],
  prefixLast: [true, false],
  stop: [true, false],
});
best("uFuzzy", micro, { intraMode: [0, 1], interLft: [0, 1, 2], interRgt: [0, 1, 2], outOfOrder: [0, 1, 2] });
