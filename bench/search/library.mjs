// The product's documents in Node.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { TMP } from "../lib/report.mjs";

/** The JSON of a document in what `GET /api/plan` answers: a string of JSON. */
export function unpack(body) {
  const value = JSON.parse(body);
  return typeof value === "string" ? value : body;
}

/** The paragraphs of a document, given its JSON: `[{slug, kind, text}]`. */
export async function entriesOf(json) {
  const { initSync, Library } = await import(pathToFileURL(path.join(TMP, "search/library.js")));
  initSync({ module: readFileSync(path.join(TMP, "search/library.wasm")) });
  return JSON.parse(new Library(json).entries()).filter((entry) => entry.kind === "text");
}
