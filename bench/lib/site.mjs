// The product's own server, started for one measurement and stopped after it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
export const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");

/** A port that is free now. */
export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** GET without following, caching or decompressing: `{status, headers, body}`. */
export function get(url, headers = {}) {
  return new Promise((done, failed) => {
    const client = url.startsWith("https:") ? https : http;
    client
      .get(url, { headers, rejectUnauthorized: false }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
        answer.on("error", failed);
      })
      .on("error", failed);
  });
}

/** Starts the release build; `{origin, port, pid, stop}`. */
export async function serve(environment = {}) {
  const program = path.join(TARGET, "release/estafette");
  if (!existsSync(program)) throw new Error(`${program} is not there: run make bench, or scripts/build.sh first`);
  const port = await freePort();
  const server = spawn(program, ["serve"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ESTAFETTE_ADDR: `127.0.0.1:${port}`, METRICS_ADDR: "off", LOG_LEVEL: "warn", ...environment },
  });
  let said = "";
  server.stderr.on("data", (text) => (said = (said + text).slice(-4000)));
  const gone = once(server, "exit");
  const stop = async () => {
    server.kill("SIGTERM");
    await gone;
  };
  process.on("exit", () => server.kill("SIGKILL"));
  const scheme = environment.TLS_CERT ? "https" : "http";
  const origin = `${scheme}://127.0.0.1:${port}`;
  for (let waited = 0; ; waited += 50) {
    const ready = await get(`${origin}/readyz`).then((answer) => answer.status === 200, () => false);
    if (ready) return { origin, port, pid: server.pid, stop };
    if (server.exitCode !== null || waited > 20_000) throw new Error(`the server did not start: ${said}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}
