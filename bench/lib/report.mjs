// What every measurement leaves: a piece of Markdown on standard output, for people and for latest.md, and its
// figures as JSON beside it.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./site.mjs";

export const TMP = path.join(ROOT, "bench/results/tmp");
mkdirSync(TMP, { recursive: true });

/** A line about what is going on, apart from the result. */
export const say = (text) => process.stderr.write(`  ${text}\n`);

/** A Markdown table; numbers stand right. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const right = head.map((_, column) => column > 0 && rows.some((row) => /^[−-]?[\d.]/.test(String(row[column]))));
  return [line(head), line(right.map((is) => (is ? "---:" : "---"))), ...rows.map(line)].join("\n");
}

/** Prints and keeps a result. */
export function report(name, markdown, figures) {
  writeFileSync(path.join(TMP, `${name}.md`), `${markdown}\n`);
  writeFileSync(path.join(TMP, `${name}.json`), `${JSON.stringify(figures, null, 1)}\n`);
  process.stdout.write(`${markdown}\n`);
}

/** 1.234 kB of 1,234 bytes (thousands, as the limits are meant). */
export const kB = (bytes) => (bytes / 1000).toFixed(1);

/** The value below which the share `p` of `values` lies. */
export function quantile(values, p) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
