// Accounts under load: `run.mjs [signins] [page] [timing] [million]`, all without arguments. Speeds decide nothing.

import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { quantile, report, say, table } from "../lib/report.mjs";
import { get, serve } from "../lib/site.mjs";
import { form, line, load, one, open, TOOLS } from "./clients.mjs";
import { betterAuth, pocketbase } from "./peers.mjs";
import { mannWhitney, median } from "./statistics.mjs";
import { DEVICE, enrol, fill, postgres, prepare, sqlite } from "./stores.mjs";

const number = (name, usual) => Number(process.env[name] ?? usual);
const CORES = os.availableParallelism();
const ROUNDS = number("BENCH_ROUNDS", 3);
const SECONDS = number("BENCH_SECONDS", 15);
const CLIENTS = number("BENCH_CLIENTS", 8 * CORES);
/** Requests of each of two kinds that are to be told apart. */
const PAIRS = number("BENCH_PAIRS", 500);
const ACCOUNTS = number("BENCH_ACCOUNTS", 1_000_000);
const REGISTRATIONS = number("BENCH_REGISTRATIONS", 200);
const RATE = 50;
const PASSWORD = "Vent-du-Nord-4711";

const pause = (ms) => new Promise((later) => setTimeout(later, ms));
/** Addresses of one length, so that bodies have one too. */
const addresses = (kind, count) => Array.from({ length: count }, (_, at) => `${kind}.${String(at).padStart(6, "0")}@example.org`);
const range = (values, digits = 1) => `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
process.setMaxListeners(0); // Each program that is started is to end with this one.
const SETTINGS = { NETWORK_BUDGET: "1000000" };

/** A hash that the product could have made, of PASSWORD. */
function phc() {
  const hash = execFileSync(path.join(TOOLS, "argon2"), ["phc", PASSWORD]).toString().trim();
  const base64 = (bytes) => bytes.toString("base64").replace(/=+$/, "");
  return `$argon2id$v=19$m=19456,t=2,p=1$${base64(Buffer.from("estafette-bench!"))}$${base64(Buffer.from(hash, "hex"))}`;
}

/** Our server on a store of its own, with accounts at these addresses. */
async function site(of) {
  const store = sqlite();
  await prepare(store);
  enrol(store, of, phc());
  return serve({ ...store.settings, ...SETTINGS });
}

/** Sign-ins at our server, each from a browser the account is known in, or from a new one. */
const signIns = (of, known) => ({
  status: 303,
  needle: "session=",
  lines: of.map((email) => form("sign-in", { email, password: PASSWORD }, known ? `device=${DEVICE}` : "")),
});

/** Seconds a process has computed. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function bare() {
  const { stdout } = await promisify(execFile)(path.join(TOOLS, "argon2"), [String(SECONDS), String(CORES)]);
  return JSON.parse(stdout);
}

async function loaded({ port, pid, requests }) {
  const before = cpu(pid);
  const { micros, bad, cpu: own } = await load(port, CLIENTS, SECONDS, requests);
  const answered = micros.length + bad;
  return {
    perSecond: micros.length / SECONDS,
    p50: quantile(micros, 0.5) / 1000,
    p99: quantile(micros, 0.99) / 1000,
    bad,
    cpu: ((cpu(pid) - before) * 1000) / answered,
    client: (own * 1000) / answered,
  };
}

async function signins() {
  const of = addresses("reader", 100);
  say(`sign-ins: ${CLIENTS} clients, ${ROUNDS} rounds of ${SECONDS} s each (${Math.ceil((ROUNDS * 5 * (SECONDS + 3)) / 60)} minutes)`);
  const ours = await site(of);
  const peers = [await pocketbase(of, PASSWORD), await betterAuth(of, PASSWORD)];
  const contestants = [
    { name: "argon2 alone", hash: "argon2id, 19 MiB", run: bare },
    { name: "Estafette", hash: "argon2id, 19 MiB", run: () => loaded({ ...ours, requests: signIns(of, true) }) },
    { name: "Estafette, new browsers", hash: "argon2id, 19 MiB", run: () => loaded({ ...ours, requests: signIns(of, false) }) },
    ...peers.map((peer) => ({ name: `${peer.name} ${peer.version}`, hash: peer.hash, run: () => loaded(peer) })),
  ];
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of contestants) {
      runs.push({ name, round, ...(await run()) });
      await pause(Math.min(3000, SECONDS * 500)); // What was given up on is hashed to its end, by some.
    }
  }
  for (const { stop } of [ours, ...peers]) await stop();

  const share = (name) => runs.filter((run) => run.name === name).map((run) => run.perSecond / runs.find((other) => other.round === run.round && other.name === contestants[0].name).perSecond);
  const rows = contestants.map(({ name, hash }) => {
    const all = runs.filter((run) => run.name === name);
    const middle = (what, digits) => (all[0][what] === undefined ? "–" : median(all.map((run) => run[what])).toFixed(digits));
    const rate = all.map((run) => run.perSecond);
    return [name, hash, median(rate).toFixed(1), range(rate), `${(100 * median(share(name))).toFixed(1)} %`, middle("p50", 0), middle("p99", 0), middle("cpu", 1), middle("client", 2), all.reduce((sum, run) => sum + (run.bad ?? 0), 0)];
  });
  const reached = 100 * median(share("Estafette"));
  return {
    figures: runs,
    text: `### Sign-ins a second

${CLIENTS} clients over connections that stay open, ${ROUNDS} rounds of ${SECONDS} s in turns; the share is of the same round's bare limit. To be reached: 95 %; reached: **${reached.toFixed(1)} %**. CPU is milliseconds for each sign-in, of the server (of a hash alone, in the first line) and of the clients beside it.

${table(["", "Hash", "A second (median)", "Range", "Of the bare limit", "p50 ms", "p99 ms", "CPU", "Clients’ CPU", "Failed"], rows)}`,
  };
}

async function page() {
  const of = addresses("reader", 100);
  say(`the page under sign-ins: ${ROUNDS} rounds of 2 × ${SECONDS} s (${Math.ceil((ROUNDS * 2 * (SECONDS + 2)) / 60)} minutes)`);
  const ours = await site(of);
  const request = line("GET", "/fr/plan", ["Accept-Encoding: br"]);
  const ask = (seconds) => open(ours.port, 8, seconds, RATE, request);
  const { headers } = await get(`${ours.origin}/fr/plan`, { "Accept-Encoding": "br" });
  if (headers["content-encoding"] !== "br") throw new Error("/fr/plan does not come in brotli");
  await ask(1);
  const [idle, busy, rates] = [[], [], []];
  let bad = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const calm = await ask(SECONDS);
    const saturating = load(ours.port, CLIENTS, SECONDS + 2, signIns(of, true));
    await pause(1000);
    const crowded = await ask(SECONDS);
    const { micros, seconds } = await saturating;
    rates.push(micros.length / seconds);
    idle.push(...calm.micros.map((micros) => micros / 1000));
    busy.push(...crowded.micros.map((micros) => micros / 1000));
    bad += calm.bad + crowded.bad;
  }
  await ours.stop();
  const row = (name, values) => [name, values.length, ...[0.5, 0.9, 0.99, 1].map((p) => quantile(values, p).toFixed(2))];
  const times = quantile(busy, 0.99) / quantile(idle, 0.99);
  return {
    figures: { idle, busy, rates, bad },
    text: `### \`/fr/plan\` while sign-ins saturate the machine

${RATE} pages a second at random times, in brotli, in milliseconds from when each was due; ${ROUNDS} rounds of ${SECONDS} s of each in turns. p99 is to be at most 3 times the idle one: it is **${times.toFixed(2)} times**. Sign-ins meanwhile: ${median(rates).toFixed(1)} a second from ${CLIENTS} clients. Pages that failed: ${bad}.

${table(["Machine", "Pages", "p50", "p90", "p99", "Longest"], [row("idle", idle), row("saturated", busy)])}`,
  };
}

function shuffled(values) {
  for (let at = values.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [values[at], values[other]] = [values[other], values[at]];
  }
  return values;
}

async function timing() {
  const PEOPLE = 100; // Five requests each: fewer than the budgets of an address allow.
  const dialogs = {
    "sign-in": { fields: (email) => ({ email, password: "Vent-du-Sud-8152" }) },
    reset: { fields: (email) => ({ email }) },
    register: { fields: (email) => ({ email, password: PASSWORD, terms: "1" }) },
  };
  const known = Object.fromEntries(Object.keys(dialogs).map((dialog, at) => [dialog, addresses(`known${at}`, PEOPLE)]));
  const ours = await site(Object.values(known).flat());
  const client = one(ours.port);
  const [rows, figures] = [[], {}];
  say(`timing: ${PAIRS} known and ${PAIRS} unknown addresses at each of ${Object.keys(dialogs).join(", ")} (2 minutes)`);
  for (const [at, [dialog, { fields }]] of Object.entries(dialogs).entries()) {
    const unknown = addresses(`other${at}`, PEOPLE);
    for (let warm = 0; warm < 20; warm++) await client.ask(form(dialog, fields(`warm${at}.${warm}@example.org`)));
    const took = { known: [], unknown: [] };
    const seen = { known: new Set(), unknown: new Set() };
    const order = Object.entries({ known: known[dialog], unknown }).flatMap(([which, of]) => Array.from({ length: PAIRS }, (_, at) => [which, of[at % PEOPLE]]));
    for (const [which, email] of shuffled(order)) {
      // The browser is a known one, but at none of these: that is looked up as well.
      const { micros, status, location, cookies } = await client.ask(form(dialog, fields(email), "device=known-at-no-address"));
      took[which].push(micros / 1000);
      seen[which].add([status, location, cookies.replace(/=[^;]+/g, (value) => `=${value.length}`)].join(" "));
      await pause(15); // The letter of this one is not to be in the next one's time.
    }
    const shown = (of) => [...of].sort().join(" | ");
    const alike = shown(seen.known) === shown(seen.unknown);
    if (!alike) say(`answers differ at ${dialog}: ${shown(seen.known)} against ${shown(seen.unknown)}`);
    const { p, auc } = mannWhitney(took.known, took.unknown);
    figures[dialog] = { ...took, p, auc, answers: shown(seen.known) };
    rows.push([dialog, median(took.known).toFixed(3), median(took.unknown).toFixed(3), (median(took.known) - median(took.unknown)).toFixed(3), auc.toFixed(3), p.toFixed(3), p >= 0.01 ? "none found" : "**found**", alike ? "alike" : "**differ**"]);
  }
  await client.stop();
  await ours.stop();
  return {
    figures,
    text: `### Known against unknown addresses

${PAIRS} of each in random order, one at a time, wrong passwords at sign-in; medians in milliseconds. Mann–Whitney U, two-sided; a difference is one with p < 0.01. AUC is the chance that a known address takes longer than an unknown one: 0.5 tells nothing.

${table(["Dialog", "Known", "Unknown", "Difference", "AUC", "p", "Difference in time", "Answers"], rows)}`,
  };
}

/** The code of each address, from the mailbox, once all have come. */
async function codes(origin, of) {
  for (let waited = 0; ; waited += 100) {
    const letters = JSON.parse((await get(`${origin}/dev/mailbox.json`)).body);
    const found = new Map(letters.filter(({ to }) => of.includes(to)).map(({ to, text }) => [to, text.match(/\b\d{6}\b/g)?.pop()]));
    if (found.size === of.length) return found;
    if (waited > 10_000) throw new Error(`${of.length - found.size} letters do not come`);
    await pause(100);
  }
}

async function million() {
  const BATCH = 50; // The mailbox shows the last hundred letters.
  const cluster = await postgres();
  const [rows, figures] = [[], {}];
  const hash = phc();
  let worst = 0;
  for (const pair of [{ empty: sqlite(), full: sqlite() }, { empty: cluster.store("empty"), full: cluster.store("million") }]) {
    const { engine } = pair.full;
    for (const store of Object.values(pair)) await prepare(store);
    say(`${engine}: ${ACCOUNTS.toLocaleString("en")} accounts and what hangs on them`);
    const began = Date.now();
    fill(pair.full, ACCOUNTS, hash);
    say(`${engine}: filled in ${((Date.now() - began) / 1000).toFixed(0)} s; ${REGISTRATIONS} registrations in each store, in turns`);
    const sites = {};
    for (const [which, store] of Object.entries(pair)) {
      const server = await serve({ ...store.settings, ...SETTINGS });
      sites[which] = { ...server, client: one(server.port), people: [], took: { register: [], verify: [], "sign-in": [], reset: [] } };
    }
    await pause(Math.min(10_000, ACCOUNTS / 50)); // At its start a server looks for what has ended.
    const ask = async ({ client, took }, dialog, fields, cookie, wanted, counts) => {
      const answer = await client.ask(form(dialog, fields, cookie));
      if (answer.status !== 303 || !answer.location.startsWith(wanted) || answer.location.includes("sign-in")) throw new Error(`${engine}, ${dialog}: ${answer.status} ${answer.location}`);
      if (counts) took[dialog].push(answer.micros / 1000);
      await pause(10); // The letter of this one is not to be in the next one's time.
      return answer.cookies;
    };
    const turns = async (batch, work) => {
      for (const at of batch.keys()) for (const which of at % 2 ? ["full", "empty"] : ["empty", "full"]) await work(sites[which], batch[at][which]);
    };
    for (let from = -10; from < REGISTRATIONS; from += from < 0 ? 10 : BATCH) {
      const person = () => ({ email: `${randomBytes(6).toString("hex")}@example.net` });
      const counts = from >= 0; // The first ten warm up.
      const batch = Array.from({ length: counts ? Math.min(BATCH, REGISTRATIONS - from) : 10 }, () => ({ empty: person(), full: person() }));
      await turns(batch, async (site, who) => {
        who.flow = await ask(site, "register", { email: who.email, password: PASSWORD, terms: "1" }, "", "/fr/account/verify", counts);
      });
      for (const [which, site] of Object.entries(sites)) site.codes = await codes(site.origin, batch.map((both) => both[which].email));
      await turns(batch, async (site, who) => {
        who.cookies = await ask(site, "verify", { code: site.codes.get(who.email) }, who.flow, "/fr/account/welcome", counts);
      });
      await turns(batch, async (site, who) => {
        const device = who.cookies.split("; ").find((cookie) => cookie.startsWith("device="));
        await ask(site, "sign-in", { email: who.email, password: PASSWORD }, device, "/", counts);
      });
      await turns(batch, (site, who) => ask(site, "reset", { email: who.email }, "", "/fr/account/", counts));
    }
    for (const { client, stop } of Object.values(sites)) {
      await client.stop();
      await stop();
    }
    const { empty, full } = Object.fromEntries(Object.entries(sites).map(([which, { took }]) => [which, { ...took, "register and verify": took.register.map((ms, at) => ms + took.verify[at]) }]));
    figures[engine] = { empty, full };
    for (const dialog of ["register", "verify", "register and verify", "sign-in", "reset"]) {
      const times = median(full[dialog]) / median(empty[dialog]);
      if (dialog === "register and verify") worst = Math.max(worst, times);
      const both = [empty, full].flatMap((of) => [median(of[dialog]).toFixed(2), quantile(of[dialog], 0.95).toFixed(2)]);
      rows.push([`${engine}${engine === "PostgreSQL" ? ` ${cluster.version}` : ""}`, dialog, ...both, times.toFixed(2)]);
    }
  }
  await cluster.stop();
  return {
    figures,
    text: `### Registrations among ${ACCOUNTS.toLocaleString("en")} accounts

Milliseconds, ${REGISTRATIONS} of each, one at a time, the empty store and the full one in turns. A registration is to take at most 1.3 times as long: at worst it takes **${worst.toFixed(2)} times**. Both engines write to disk before they answer. A reset asks for no hash: it is the store and the letter alone.

${table(["Engine", "What", "Empty, median", "p95", `${ACCOUNTS.toLocaleString("en")}, median`, "p95", "Times"], rows)}`,
  };
}

const sections = { signins, page, timing, million };
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(sections);
for (const name of chosen) if (!sections[name]) throw new Error(`there is no section ${name}: choose of ${Object.keys(sections).join(", ")}`);
const { bavail, bsize } = statfsSync(os.tmpdir());
if (chosen.includes("million") && bavail * bsize < 6e9) throw new Error(`less than 6 GB are free in ${os.tmpdir()}: make room, or set TMPDIR to another folder`);
execFileSync(path.join(import.meta.dirname, "build.sh"), { stdio: ["ignore", "ignore", "inherit"] });
const [texts, figures] = [[], {}];
for (const name of chosen) {
  const section = await sections[name]();
  texts.push(section.text);
  figures[name] = section.figures;
}
report("accounts", `## Accounts\n\n${texts.join("\n\n")}`, figures);
