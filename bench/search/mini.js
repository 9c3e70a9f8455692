// MiniSearch: accents folded, elisions split, prefixes, typing errors. The numbers are those with the best F1 on this
// very query set (tune.mjs): as good as it gets.

import MiniSearch from "minisearch";

const STOP = new Set(
  ("au aux avec ce ces dans de des du elle en est et il la le les leur leurs ou par pas pour qu que qui sa se ses son sont sur un une " +
    "a an and are as at be by for from in is it its of on or that the their this to was were with").split(" "),
);

export const fold = (text) =>
  text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("œ", "oe").replaceAll("æ", "ae");

const tokenize = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);

export const BEST = { combineWith: "AND", fuzzy: 0.15, fuzzyFrom: 6, prefixFrom: 5, prefixLast: true, stop: true };

export function create() {
  return new MiniSearch({ idField: "slug", fields: ["text"], tokenize, processTerm: (term) => term });
}

export function searcher(index, options = BEST) {
  const words = (query) => {
    const all = tokenize(query);
    const telling = options.stop ? all.filter((word) => !STOP.has(word)) : all;
    return telling.length ? telling : all;
  };
  const settings = {
    combineWith: options.combineWith,
    tokenize: words,
    fuzzy: options.fuzzy && ((term) => (term.length >= options.fuzzyFrom ? options.fuzzy : false)),
    prefix: (term, at, terms) => term.length >= options.prefixFrom && (!options.prefixLast || at === terms.length - 1),
  };
  return (query) => index.search(query, settings).map((hit) => hit.id);
}
