// Precision, recall and F1 over all answers of a set of queries (micro), and how many queries found nothing.

export function score(queries, search) {
  let [right, given, wanted, none] = [0, 0, 0, 0];
  for (const { q, relevant } of queries) {
    const found = new Set(search(q));
    right += relevant.filter((slug) => found.has(slug)).length;
    given += found.size;
    wanted += relevant.length;
    none += found.size === 0 ? 1 : 0;
  }
  const precision = given ? right / given : 1;
  const recall = wanted ? right / wanted : 1;
  return { queries: queries.length, precision, recall, f1: right ? (2 * precision * recall) / (precision + recall) : 0, none };
}

/** Kinds that a general engine answers with words alone; the others need synonyms or the order of words. */
export const PLAIN = (query) => query.kind !== "synonym" && query.kind !== "phrase";
