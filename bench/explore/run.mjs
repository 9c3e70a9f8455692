// The explorer's answers: filters and quotations in Wasm (the engine alone, as the product answers both on its server),
// and the views as the server sends them, over a connection that is kept.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { isolated } from "../lib/chromium.mjs";
import { TMP, kB, quantile, report, say, table } from "../lib/report.mjs";
import { ROOT, serve } from "../lib/site.mjs";

const LANGUAGES = ["fr", "en"];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 25);

say("the explorer as Wasm (half a minute)");
execFileSync(path.join(ROOT, "bench/explore/build.sh"), { stdio: ["ignore", "ignore", "inherit"] });
const weight = brotliCompressSync(readFileSync(path.join(TMP, "explore/explore.wasm"))).length;

const cases = readFileSync(path.join(ROOT, "plan/tests/quote/quotations.toml"), "utf8");
const quotations = [...cases.matchAll(/^quote = "(?!")(.*)"$/gm)].map((found) => JSON.parse(`"${found[1]}"`));

const { page, close } = await isolated("explore");
const wasm = await page.evaluate(
  async ([quotations, rounds]) => {
    const { default: start, Explorer } = await import("/tmp/explore/explore.js");
    await start({ module_or_path: "/tmp/explore/explore.wasm" });
    const since = performance.now();
    const explorer = new Explorer();
    const ready = performance.now() - since;
    // Of each question the median of its rounds; the slowest is the slowest question, not the scheduler's.
    const time = (ask) => {
      const all = [];
      for (let round = 0; round < rounds; round++) {
        const since = performance.now();
        ask();
        all.push(performance.now() - since);
      }
      return all.sort((a, b) => a - b)[rounds >> 1];
    };
    const filters = [0, 1].flatMap((lang) => ["", ...explorer.filters(lang).split("\n").filter(Boolean), "q=munitions", "sort=-strength"].map((query) => time(() => explorer.rows(lang, query))));
    return { ready, filters, quotations: quotations.map((quotation) => time(() => explorer.check(quotation))) };
  },
  [quotations, ROUNDS],
);
await close();

const site = await serve();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const ask = (address) =>
  new Promise((done, failed) => {
    const since = performance.now();
    http
      .get(site.origin + address, { agent }, (answer) => {
        if (answer.statusCode !== 200) failed(new Error(`${address} answered ${answer.statusCode}`));
        let bytes = 0;
        answer.on("data", (piece) => (bytes += piece.length));
        answer.on("end", () => done({ took: performance.now() - since, bytes }));
      })
      .on("error", failed);
  });
const views = {};
for (const lang of LANGUAGES) {
  const first = await (await fetch(`${site.origin}/${lang}/plan/register`)).text();
  const links = [...new Set([...first.matchAll(/href="([^"]*\/plan\/register\?[^"]*)"/g)].map((found) => found[1].replaceAll("&amp;", "&")))];
  const quoted = quotations.filter((quotation) => quotation.length < 300).map((quotation) => `/${lang}/plan/quote?q=${encodeURIComponent(quotation)}`);
  const all = { register: [`/${lang}/plan/register`], "register, each filter": links, quote: quoted };
  for (const name of ["matrix", "network", "timeline", "silences", "paths"]) all[name] = [`/${lang}/plan/${name}`];
  for (const [name, addresses] of Object.entries(all)) {
    for (const address of addresses) {
      const rounds = [];
      let bytes = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const answer = await ask(address);
        rounds.push(answer.took);
        bytes = answer.bytes;
      }
      (views[name] ??= []).push({ address, ms: quantile(rounds, 0.5), bytes });
    }
  }
}
await site.stop();
agent.destroy();

const ms = (value) => value.toFixed(value < 1 ? 3 : 2);
const line = (name, all) => [name, all.length, ms(quantile(all, 0.5)), ms(Math.max(...all))];
const inWasm = table(["In Wasm, ms", "questions", "median", "slowest"], [line("filter of the register", wasm.filters), line("quotation", wasm.quotations)]);
const served = Object.entries(views).map(([name, all]) => [...line(name, all.map(({ ms }) => ms)), kB(Math.max(...all.map(({ bytes }) => bytes)))]);
const fromServer = table(["From the server, ms", "addresses", "median", "slowest", "kB, uncompressed"], served);
report(
  "explore",
  `## Exploring\n\nOf each question the median of ${ROUNDS}.\n\n${inWasm}\n\nMade ready in ${ms(wasm.ready)} ms, once. The engine with the text and the gloss in it would weigh ${kB(weight)} kB (brotli); it is not shipped.\n\n${fromServer}`,
  { wasm, views, weight },
);
