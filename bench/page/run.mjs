// The plan's page from our server and from nginx, which sends the very same bytes from a file: requests a second and
// the 99th percentile, in turns.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { quantile, report, say, table } from "../lib/report.mjs";
import { freePort, get, serve } from "../lib/site.mjs";

const [ROUNDS, SECONDS] = [Number(process.env.BENCH_ROUNDS ?? 3), Number(process.env.BENCH_SECONDS ?? 10)];
const PAGE = "/fr/plan";
const CODINGS = { br: "br", identity: "identity" };

const site = await serve();
const folder = mkdtempSync(path.join(os.tmpdir(), "estafette-nginx-"));
const pages = path.join(folder, "pages");
mkdirSync(pages);
chmodSync(folder, 0o755); // nginx's workers are another user.
const [port, nginx] = [await freePort(), ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx"];

// Headers that the server's own means make, or that concern the connection alone.
const OWN = new Set(["date", "content-length", "content-type", "etag", "last-modified", "connection", "keep-alive", "transfer-encoding", "accept-ranges", "server", "set-cookie"]);
const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const bodies = {};
const locations = [];
for (const coding of Object.keys(CODINGS)) {
  const { status, headers, body } = await get(site.origin + PAGE, { "Accept-Encoding": coding });
  if (status !== 200) throw new Error(`${PAGE} answered ${status}`);
  if ((headers["content-encoding"] ?? "identity") !== coding) throw new Error(`asked for ${coding}, got ${headers["content-encoding"]}`);
  bodies[coding] = body;
  writeFileSync(path.join(pages, `${coding}.html`), body);
  const added = Object.entries(headers).filter(([name]) => !OWN.has(name)).map(([name, value]) => `add_header ${name} ${quoted(value)};`);
  locations.push(`location = /${coding} { alias ${pages}/${coding}.html; default_type "text/html; charset=utf-8"; ${added.join(" ")} }`);
}
writeFileSync(
  path.join(folder, "nginx.conf"),
  `worker_processes auto; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; server_tokens off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  types {} 
  server { listen 127.0.0.1:${port}; ${locations.join("\n    ")} }
}
`,
);
const peer = spawn(nginx, ["-c", path.join(folder, "nginx.conf"), "-e", path.join(folder, "error.log")], { stdio: ["ignore", "ignore", "inherit"] });
const gone = once(peer, "exit");
process.on("exit", () => peer.kill("SIGTERM"));
const address = { Estafette: () => site.origin + PAGE, nginx: (coding) => `http://127.0.0.1:${port}/${coding}` };
for (let tries = 0; ; tries++) {
  if (await get(address.nginx("br")).then(() => true, () => false)) break;
  if (tries > 100) throw new Error("nginx did not start");
  await new Promise((later) => setTimeout(later, 50));
}
for (const coding of Object.keys(CODINGS)) {
  for (const of of Object.values(address)) {
    const { body } = await get(of(coding), { "Accept-Encoding": coding });
    if (!body.equals(bodies[coding])) throw new Error(`${of(coding)} sends other bytes`);
  }
}

const version = execFileSync("sh", ["-c", `${nginx} -v 2>&1`]).toString().trim().replace(/^.*: /, "");
const MS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
function wrk(url, coding, seconds) {
  const said = execFileSync("wrk", ["-t1", "-c32", `-d${seconds}s`, "--latency", "-H", `Accept-Encoding: ${coding}`, url]).toString();
  const [, p99, unit] = said.match(/99%\s+([\d.]+)(us|ms|s|m)/);
  const failed = Number(said.match(/Non-2xx[^:]*: (\d+)/)?.[1] ?? 0);
  return { perSecond: Number(said.match(/Requests\/sec:\s+([\d.]+)/)[1]), p99: Number(p99) * MS[unit], failed };
}

const runs = [];
say(`wrk -t1 -c32, ${ROUNDS} rounds of ${SECONDS} s each (${Math.ceil((ROUNDS * 4 * SECONDS) / 60)} minutes)`);
for (const coding of Object.keys(CODINGS)) {
  for (const [name, of] of Object.entries(address)) wrk(of(coding), coding, 1);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, of] of Object.entries(address)) runs.push({ name, coding, round, ...wrk(of(coding), coding, SECONDS) });
  }
}
await site.stop();
peer.kill("SIGTERM");
await gone;
rmSync(folder, { recursive: true });

const rows = [];
for (const coding of Object.keys(CODINGS)) {
  const of = (name, what) => runs.filter((run) => run.name === name && run.coding === coding).map((run) => run[what]);
  const base = quantile(of("nginx", "perSecond"), 0.5);
  for (const name of Object.keys(address)) {
    const rate = of(name, "perSecond");
    rows.push([name, coding, bodies[coding].length, quantile(rate, 0.5).toFixed(0), `${Math.min(...rate).toFixed(0)}–${Math.max(...rate).toFixed(0)}`, (quantile(rate, 0.5) / base).toFixed(2), quantile(of(name, "p99"), 0.5).toFixed(2), of(name, "failed").reduce((a, b) => a + b)]);
  }
}
report(
  "page",
  `## The plan's page beside ${version}

\`${PAGE}\`, the same bytes and headers; wrk -t1 -c32, ${ROUNDS} rounds of ${SECONDS} s in turns, neither writes a log. wrk shares the cores with the server it measures.

${table(["Server", "Coding", "Bytes", "Requests/s (median)", "Range", "Times nginx", "p99 ms", "Failed"], rows)}`,
  runs,
);
