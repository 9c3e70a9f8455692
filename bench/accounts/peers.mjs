// Those whose sign-ins are measured beside ours: each `{name, version, hash, port, pid, requests, stop}`.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort, get, ROOT } from "../lib/site.mjs";
import { line } from "./clients.mjs";

const CACHE = process.env.ESTAFETTE_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "estafette");
const JSON_BODY = ["Content-Type: application/json"];

async function started(child, name, answers) {
  process.on("exit", () => child.kill("SIGKILL"));
  for (let waited = 0; !(await answers().catch(() => false)); waited += 50) {
    if (child.exitCode !== null || waited > 60_000) throw new Error(`${name} did not start`);
    await new Promise((later) => setTimeout(later, 50));
  }
  const gone = once(child, "exit");
  return async () => {
    child.kill("SIGTERM");
    await gone;
  };
}

export async function pocketbase(addresses, password) {
  const program = path.join(CACHE, "python-pocketbase/bin/pocketbase");
  if (!existsSync(program)) throw new Error(`${program} is not there: run scripts/setup.sh bench`);
  const [folder, port] = [mkdtempSync(path.join(os.tmpdir(), "estafette-pocketbase-")), await freePort()];
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const root = ["root@example.org", "of-no-use-to-anybody"];
  execFileSync(program, ["superuser", "upsert", ...root, `--dir=${folder}`], { stdio: "ignore" });
  const child = spawn(program, ["serve", `--http=127.0.0.1:${port}`, `--dir=${folder}`], { stdio: "ignore" });
  const api = `http://127.0.0.1:${port}/api/`;
  const stop = await started(child, "PocketBase", async () => (await get(`${api}health`)).status === 200);
  let token = "";
  const ask = async (method, of, body) => {
    const answer = await fetch(api + of, { method, headers: { "Content-Type": "application/json", Authorization: token }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`PocketBase: ${of}: ${await answer.text()}`);
    return answer.json();
  };
  ({ token } = await ask("POST", "collections/_superusers/auth-with-password", { identity: root[0], password: root[1] }));
  await ask("PATCH", "collections/users", { authAlert: { enabled: false } }); // A letter for each sign-in, otherwise.
  for (const email of addresses) await ask("POST", "collections/users/records", { email, password, passwordConfirm: password, verified: true });
  return {
    name: "PocketBase",
    version: execFileSync(program, ["--version"]).toString().match(/[\d.]+/)[0],
    hash: "bcrypt, cost 10",
    port,
    pid: child.pid,
    requests: { status: 200, lines: addresses.map((identity) => line("POST", "/api/collections/users/auth-with-password", JSON_BODY, JSON.stringify({ identity, password }))) },
    stop,
  };
}

export async function betterAuth(addresses, password) {
  const port = await freePort();
  const program = path.join(ROOT, "bench/accounts/better-auth.mjs");
  const environment = { ...process.env, NODE_ENV: "production", UV_THREADPOOL_SIZE: String(Math.max(4, os.availableParallelism())) };
  const child = spawn(process.execPath, [program, String(port), password, ...addresses], { stdio: ["ignore", "ignore", "inherit"], env: environment });
  const stop = await started(child, "Better Auth", async () => (await get(`http://127.0.0.1:${port}/api/auth/ok`)).status === 200);
  return {
    name: "Better Auth",
    version: JSON.parse(readFileSync(path.join(ROOT, "bench/node_modules/better-auth/package.json"))).version,
    hash: "scrypt, 16 MiB",
    port,
    pid: child.pid,
    requests: { status: 200, lines: addresses.map((email) => line("POST", "/api/auth/sign-in/email", [...JSON_BODY, `Origin: http://127.0.0.1:${port}`], JSON.stringify({ email, password }))) },
    stop,
  };
}
