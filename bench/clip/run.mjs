// A clip of an hour-long film, by the product and by its peers: how soon its first byte can be had, and which frames are
// in it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { quantile, report, say, table } from "../lib/report.mjs";
import { CACHE, FILMS, GROUP, RATE, ffmpeg, hour, run } from "../lib/film.mjs";
import { ROOT, freePort, get } from "../lib/site.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
const ESTAFETTE = process.env.BINARY_UNDER_TEST ?? path.join(TARGET, "release/estafette");
// From the middle of a group in the 40th minute to the middle of another.
const [FROM, TO] = [60_073, 60_212];
if (!existsSync(ESTAFETTE)) throw new Error(`${ESTAFETTE} is not there: run make bench, or scripts/build.sh first`);

const [film, films] = [hour(), FILMS];
const folder = mkdtempSync(path.join(os.tmpdir(), "estafette-clip-"));
chmodSync(folder, 0o755); // nginx's workers are another user.
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The numbers that ffmpeg shows: frames of the source within their minute. */
function shown(file) {
  const rows = ffmpeg("-i", file, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", "crop=880:80:0:0,scale=11:1:flags=area,format=gray", "-f", "rawvideo", "-");
  return Array.from({ length: rows.length / 11 }, (_, frame) => Array.from(rows.subarray(frame * 11, frame * 11 + 11)).reduce((sum, cell, bit) => sum + (cell > 128 ? 2 ** bit : 0), 0));
}
const first = FROM % (60 * RATE);
const wanted = Array.from({ length: TO - FROM }, (_, frame) => first + frame);
function exactness(file) {
  let found;
  try {
    found = shown(file);
  } catch {
    return "cannot be decoded";
  }
  if (found.length === wanted.length && found.every((number, at) => number === wanted[at])) return "exact";
  const others = found.filter((number) => !wanted.includes(number)).length;
  const missing = wanted.filter((number) => !found.includes(number)).length;
  return `${others} others, ${missing} missing, of ${wanted.length}`;
}

const port = await freePort();
const nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx";
writeFileSync(
  path.join(folder, "nginx.conf"),
  `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; user root;
events {}
http {
  access_log off; types { video/mp4 mp4; }
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port}; root ${films}; mp4_max_buffer_size 64m;
    location / { mp4; }
    location /key/ { alias ${films}/; mp4; mp4_start_key_frame on; }
  }
}
`,
);
const server = spawn(nginx, ["-c", path.join(folder, "nginx.conf"), "-e", path.join(folder, "error.log")], { stdio: ["ignore", "ignore", "ignore"] });
const gone = once(server, "exit");
process.on("exit", () => server.kill("SIGTERM"));
const name = path.basename(film);
for (let tries = 0; !(await get(`http://127.0.0.1:${port}/none`).then(() => true, () => false)); tries++) {
  if (tries > 100) throw new Error("nginx did not start");
  await new Promise((later) => setTimeout(later, 50));
}

const seconds = (frame) => (frame / RATE).toFixed(3);
const timed = (work) => (out) => {
  const began = performance.now();
  work(out);
  return performance.now() - began;
};
const fromNginx = (place) => async (out) => {
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${place}?start=${seconds(FROM)}&end=${seconds(TO)}`);
  const reader = answer.body.getReader();
  const chunks = [];
  let at;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    at ??= performance.now() - began;
    chunks.push(read.value);
  }
  writeFileSync(out, Buffer.concat(chunks));
  return at;
};
const smartcut = path.join(CACHE, "python-smartcut");
const ways = {
  "Estafette, instant": timed((out) => run(ESTAFETTE, ["clip", film, "--in", `f${FROM}`, "--out", `f${TO}`, "--route", "instant", "-o", out])),
  "Estafette, edit-safe": timed((out) => run(ESTAFETTE, ["clip", film, "--in", `f${FROM}`, "--out", `f${TO}`, "--route", "edit-safe", "-o", out])),
  "ffmpeg -c copy": timed((out) => ffmpeg("-ss", seconds(FROM), "-to", seconds(TO), "-i", film, "-c", "copy", out)),
  "smartcut 1.7": timed((out) => run("python3", ["-m", "smartcut", film, out, "--keep", `${seconds(FROM)},${seconds(TO)}`], { env: { ...process.env, PYTHONPATH: smartcut } })),
  "nginx mp4": fromNginx(`/${name}`),
  "nginx mp4_start_key_frame": fromNginx(`/key/${name}`),
};

const runs = [];
for (const [way, make] of Object.entries(ways)) {
  say(way);
  for (let round = 0; round < (way.startsWith("smartcut") ? 1 : ROUNDS); round++) {
    const out = path.join(folder, `${round}.mp4`);
    rmSync(out, { force: true });
    const ms = await make(out);
    runs.push({ way, round, ms, bytes: statSync(out).size, frames: exactness(out) });
    rmSync(out);
  }
}
server.kill("SIGTERM");
await gone;

const rows = Object.keys(ways).map((way) => {
  const its = runs.filter((run) => run.way === way);
  const ms = its.map((run) => run.ms);
  return [way, quantile(ms, 0.5).toFixed(0), `${Math.min(...ms).toFixed(0)}–${Math.max(...ms).toFixed(0)}`, its[0].frames, its[0].bytes];
});
const version = run("ffmpeg", ["-version"]).toString().split(" ")[2];
report(
  "clip",
  `## A clip of an hour-long film

${TO - FROM} frames from the 41st minute of ${(statSync(film).size / 1e6).toFixed(0)} MB of H.264 (720p25, groups of ${GROUP}, B-frames); median of ${ROUNDS}, smartcut once. Decoded by ffmpeg ${version}.

${table(["By", "First byte, ms", "Range", "Frames shown", "Bytes"], rows)}`,
  runs,
);
