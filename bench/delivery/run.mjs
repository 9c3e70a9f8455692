// A film of an hour handed out by the product and by nginx, the very same bytes: what a gigabyte costs, whole and in
// parts; how soon a clip begins; and what 500 readers cost who have stopped reading.

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { FILMS, RATE, hour, run } from "../lib/film.mjs";
import { quantile, report, say, table } from "../lib/report.mjs";
import { ROOT, freePort, get, serve } from "../lib/site.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CLIPS = Number(process.env.BENCH_CLIPS ?? 40);
const READERS = Number(process.env.BENCH_READERS ?? 500);
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
const ESTAFETTE = process.env.BINARY_UNDER_TEST ?? path.join(TARGET, "release/estafette");
const [PARTS, PART] = [200, 4 << 20];
const NUMBER = "BENCH-001";
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"]).toString());

const film = hour();
const bytes = statSync(film).size;
const folder = mkdtempSync(path.join(os.tmpdir(), "estafette-delivery-"));
chmodSync(folder, 0o755); // nginx's workers are another user.
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// The film as a video: taken in as anybody does it, but published without waiting for its renditions.
const settings = { ESTAFETTE_DATA: path.join(folder, "data"), MEDIA_WORKERS: "0", API_LIMIT: "1000000", MAX_IN_FLIGHT: "10000", DOWNLOADS_PER_HOUR: "1000000", DOWNLOAD_MB_PER_DAY: "4000000000", TRANSFERS_AT_ONCE: "10000" };
const command = (args, input) => execFileSync(ESTAFETTE, args, { env: { ...process.env, ...settings, LOG_LEVEL: "warn" }, input, stdio: ["pipe", "pipe", "inherit"] });
command(["migrate"]);
say("Taking the film in");
const about = path.join(folder, "film.toml");
writeFileSync(about, `number = "${NUMBER}"\n[title]\nfr = "Une heure"\nen = "An hour"\n`);
command(["media", "add", film, "--metadata", about]);
const [WHO, PASSWORD] = ["bench@example.org", "Vent-du-Nord-4711"];
command(["account", "create", WHO, "--lang", "fr"], `${PASSWORD}\n`);
// Node 20 has no SQLite; Python has one wherever there is Python.
const publish = "UPDATE videos SET state = 'published', published_at = 0; DELETE FROM video_work;";
run("python3", ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).executescript(sys.argv[2])", path.join(settings.ESTAFETTE_DATA, "estafette.db"), publish]);

const site = await serve(settings);
const form = async (to, fields, more = {}) => {
  const answer = await new Promise((done, failed) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html", ...more };
    const ask = http.request(`${site.origin}/api/account/${to}`, { method: "POST", headers }, done).on("error", failed);
    ask.end(new URLSearchParams({ lang: "fr", ...fields }).toString());
  });
  answer.resume();
  return (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
};
const cookie = await form("sign-in", { email: WHO, password: PASSWORD });
await form("accept-terms", {}, { Cookie: cookie });

const port = await freePort();
const nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx";
writeFileSync(
  path.join(folder, "nginx.conf"),
  `daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log; user root;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types { video/mp4 mp4; }
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port}; root ${FILMS}; mp4_max_buffer_size 64m;
    location /mp4/ { alias ${FILMS}/; mp4; }
    location /copied/ { alias ${FILMS}/; sendfile off; output_buffers 2 64k; }
  }
}
`,
);
const peer = spawn(nginx, ["-c", path.join(folder, "nginx.conf"), "-e", path.join(folder, "error.log")], { stdio: ["ignore", "ignore", "inherit"] });
const gone = once(peer, "exit");
process.on("exit", () => peer.kill("SIGTERM"));
for (let tries = 0; !(await get(`http://127.0.0.1:${port}/none`).then(() => true, () => false)); tries++) {
  if (tries > 100) throw new Error("nginx did not start");
  await new Promise((later) => setTimeout(later, 50));
}

const name = path.basename(film);
const rendition = `${site.origin}/api/v1/media/${NUMBER}/renditions/original`;
const [FROM, TO] = [60_073, 60_212];
const seconds = (frame) => (frame / RATE).toFixed(3);
const servers = {
  Estafette: { file: rendition, clip: `${rendition}/clip?in=f${FROM}&out=f${TO}&route=instant`, pids: () => [site.pid], headers: { Cookie: cookie } },
  nginx: { file: `http://127.0.0.1:${port}/${name}`, clip: `http://127.0.0.1:${port}/mp4/${name}?start=${seconds(FROM)}&end=${seconds(TO)}`, pids: workers, headers: {} },
  "nginx, sendfile off": { file: `http://127.0.0.1:${port}/copied/${name}`, pids: workers, headers: {} },
};

function workers() {
  const parents = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid));
  const parent = (pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[1]);
    } catch {
      return 0; // It has ended.
    }
  };
  return parents.filter((pid) => parent(pid) === peer.pid).map(Number);
}

/** Processor seconds that a server has used. */
function cpu(server) {
  const of = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return server.pids().reduce((sum, pid) => sum + (Number(of(pid)[11]) + Number(of(pid)[12])) / TICKS, 0);
}

/** Megabytes of memory that a server holds, its own and not the files' pages. */
function resident(server) {
  const of = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/RssAnon:\s+(\d+)/)[1]) / 1000;
  return server.pids().reduce((sum, pid) => sum + of(pid), 0);
}

const curl = promisify(execFile);
async function fetched(server, lines) {
  const config = path.join(folder, "curl");
  const headers = Object.entries(server.headers).map(([key, value]) => `header = "${key}: ${value}"`);
  const one = (line) => ["silent", "fail", `url = "${server.file}"`, 'output = "/dev/null"', 'write-out = "%{size_download}\\n"', ...headers, ...line].join("\n");
  writeFileSync(config, lines.map(one).join("\nnext\n"));
  const [before, began] = [cpu(server), performance.now()];
  const { stdout } = await curl("curl", ["--config", config], { maxBuffer: 1 << 24 });
  const took = (performance.now() - began) / 1000;
  const total = stdout.trim().split("\n").reduce((sum, size) => sum + Number(size), 0);
  return { gigabytes: total / 1e9, took, cpu: cpu(server) - before };
}

// The same parts for each.
const parts = Array.from({ length: PARTS }, (_, nth) => Math.floor(((nth * 0.618034) % 1) * (bytes - PART)));
const kinds = {
  whole: { lines: [[]], expected: bytes },
  parts: { lines: parts.map((at) => [`range = "${at}-${at + PART - 1}"`]), expected: PARTS * PART },
};
const runs = [];
const load = () => Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]);
const atFirst = load();
for (const server of Object.values(servers)) await fetched(server, [[]]); // The film lies in memory then.
for (const [kind, { lines, expected }] of Object.entries(kinds)) {
  say(`${kind}: ${ROUNDS} rounds in turns`);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [by, server] of Object.entries(servers)) {
      const run = await fetched(server, lines);
      if (Math.round(run.gigabytes * 1e9) !== expected) throw new Error(`${by} sent ${run.gigabytes} GB`);
      runs.push({ kind, by, round, ...run });
    }
  }
}

/** Milliseconds until the first byte of a clip's body has come, on a connection of its own. */
function firstByte(server) {
  return new Promise((done, failed) => {
    const began = performance.now();
    const ask = http.get(server.clip, { headers: server.headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) failed(new Error(`${server.clip} answered ${answer.statusCode}`));
      answer.once("data", () => {
        done(performance.now() - began);
        ask.destroy();
      });
    });
    ask.on("error", failed);
  });
}
say("The first byte of a clip");
const firsts = [];
for (const by of ["Estafette", "nginx"]) {
  const cold = await firstByte(servers[by]);
  const ms = [];
  for (let nth = 0; nth < CLIPS; nth++) ms.push(await firstByte(servers[by]));
  firsts.push({ by, cold, ms });
}

say(`${READERS} readers that have stopped reading`);
const memory = [];
for (const by of ["Estafette", "nginx"]) {
  const server = servers[by];
  const { hostname, port, pathname } = new URL(server.file);
  const before = resident(server);
  const head = [`GET ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, ...Object.entries(server.headers).map((pair) => pair.join(": ")), "", ""].join("\r\n");
  const readers = Array.from({ length: READERS }, () => net.connect(Number(port), hostname));
  const begun = readers.map(async (reader) => {
    await once(reader, "connect");
    reader.write(head);
    const [first] = await once(reader, "data");
    reader.pause();
    if (!first.toString("latin1").startsWith("HTTP/1.1 200")) throw new Error(`${by}: ${first.toString("latin1").slice(0, 100)}`);
  });
  await Promise.all(begun);
  await new Promise((later) => setTimeout(later, 3000));
  memory.push({ by, before, after: resident(server), readers: READERS });
  readers.forEach((reader) => reader.destroy());
}
const atLast = load();
await site.stop();
peer.kill("SIGTERM");
await gone;

const median = (by, kind, what) => quantile(runs.filter((run) => run.by === by && run.kind === kind).map(what), 0.5);
const rows = Object.keys(kinds).flatMap((kind) =>
  Object.keys(servers).map((by) => {
    const perGigabyte = (of) => median(of, kind, (run) => run.cpu / run.gigabytes);
    return [by, kind, median(by, kind, (run) => run.gigabytes / run.took).toFixed(2), perGigabyte(by).toFixed(3), (perGigabyte("nginx") / perGigabyte(by)).toFixed(2)];
  }),
);
const beginnings = firsts.map(({ by, cold, ms }) => [by, cold.toFixed(1), quantile(ms, 0.5).toFixed(1), quantile(ms, 0.99).toFixed(1)]);
const held = memory.map(({ by, before, after, readers }) => [by, before.toFixed(1), after.toFixed(1), (((after - before) * 1000) / readers).toFixed(1)]);
const version = execFileSync("sh", ["-c", `${nginx} -v 2>&1`]).toString().trim().replace(/^.*: /, "");
report(
  "delivery",
  `## A film handed out, beside ${version}

${(bytes / 1e9).toFixed(2)} GB from the system's memory over the loopback to curl, median of ${ROUNDS} in turns; parts are ${PARTS} of ${PART >> 20} MiB on one connection. Load ${atFirst} at first, ${atLast} at last.

${table(["By", "What", "GB/s", "CPU s per GB", "Bytes per CPU second, times nginx"], rows)}

${table(["A clip's first byte", "First time, ms", "Median, ms", "p99, ms"], beginnings)}

${table([`${READERS} readers that have stopped`, "MB before", "MB with them", "kB for each"], held)}`,
  { runs, firsts, memory },
);
