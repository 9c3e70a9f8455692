// How long each export takes and weighs: the native example `plan/examples/export.rs`, median of 41 rounds on one thread.

import { execFileSync } from "node:child_process";
import { kB, report, say, table } from "../lib/report.mjs";
import { ROOT } from "../lib/site.mjs";

say("the exports (half a minute after the build)");
const cargo = ["run", "-q", "--release", "-p", "plan", "--features", "content,export", "--example", "export"];
const rows = JSON.parse(execFileSync("cargo", cargo, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] }));

const ms = (value) => (value < 1 ? value.toFixed(3) : value.toFixed(1));
const formats = [...new Set(rows.map((row) => row.format))];
const of = (format, lang, what) => rows.find((row) => row.format === format && row.lang === lang && row.what === what);
const cells = (format) => ["fr", "en"].flatMap((lang) => ["whole", "paragraph"].map((what) => of(format, lang, what)));
const line = (format) => [format, ...cells(format).flatMap((row) => [ms(row.ms), kB(row.bytes)])];
const head = ["Format", ...["fr", "en"].flatMap((lang) => ["whole", "¶"].flatMap((what) => [`${lang}, ${what}: ms`, "kB"]))];
report("exports", `## Exports\n\nMade anew each time, uncompressed; the server keeps those of the whole.\n\n${table(head, formats.map(line))}`, rows);
