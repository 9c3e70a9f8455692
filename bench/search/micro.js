// uFuzzy over the latinized text; elisions split. The numbers are those with the best F1 on this very query set
// (tune.mjs). It knows phrases in quotes by itself.

import uFuzzy from "@leeoniya/ufuzzy";

const clean = (text) =>
  uFuzzy.latinize(text).toLowerCase().replace(/[’'ʼ\u2010-\u2015-]/g, " ").replace(/[“”«»„]/g, '"').replaceAll("œ", "oe");

// Elided words are one letter.
const needleOf = (query) => clean(query).split(" ").filter((word) => word.length !== 1 || query.length === 1).join(" ");

export const BEST = { intraMode: 1, interLft: 2, interRgt: 0, outOfOrder: 2 };

export function create(entries) {
  return { slugs: entries.map((entry) => entry.slug), haystack: entries.map((entry) => clean(entry.text)) };
}

export function searcher({ slugs, haystack }, options = BEST) {
  const { outOfOrder, ...settings } = options;
  const tolerant = options.intraMode === 1 ? { intraSub: 1, intraTrn: 1, intraDel: 1, intraIns: 1 } : {};
  const engine = new uFuzzy({ ...tolerant, ...settings });
  return (query) => {
    const needle = needleOf(query);
    if (!needle.trim()) return [];
    const [found, info, order] = engine.search(haystack, needle, outOfOrder);
    if (!found) return [];
    return info ? order.map((at) => slugs[info.idx[at]]) : found.map((at) => slugs[at]);
  };
}
