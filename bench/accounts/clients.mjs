// probe/src/bin/client.rs, called from here.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { promisify } from "node:util";
import { TMP } from "../lib/report.mjs";

export const TOOLS = path.join(TMP, "accounts");

/** A request as the client reads it. */
export const line = (method, of, headers, body = "") => [method, of, ...headers, body].join("\t");

/** A form of ours, as a browser without scripts sends it. */
export const form = (name, fields, cookie = "") =>
  line("POST", `/api/account/${name}`, ["Content-Type: application/x-www-form-urlencoded", "Accept: text/html", ...(cookie ? [`Cookie: ${cookie}`] : [])], new URLSearchParams({ lang: "fr", ...fields }).toString());

async function run(args, lines) {
  const done = promisify(execFile)(path.join(TOOLS, "client"), args.map(String), { maxBuffer: 1 << 28 });
  done.child.stdin.end(lines.join("\n"));
  return JSON.parse((await done).stdout);
}

/** Those requests over and over, from clients that each wait for their answer: `{bad, seconds, cpu, micros}`. */
export const load = (port, clients, seconds, { lines, status, needle = "" }) => run([`127.0.0.1:${port}`, "load", clients, seconds, status, needle], lines);

/** A request at random times, so many a second; times count from when it was due. */
export const open = (port, clients, seconds, rate, request) => run([`127.0.0.1:${port}`, "open", clients, seconds, rate], [request]);

/** A client that is told request by request: `ask(line)` is `{micros, status, location, cookies}`. */
export function one(port) {
  const client = spawn(path.join(TOOLS, "client"), [`127.0.0.1:${port}`, "one"], { stdio: ["pipe", "pipe", "inherit"] });
  process.on("exit", () => client.kill());
  const answers = readline.createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      client.stdin.write(`${request}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`no answer to ${request}`);
      const [micros, status, location, cookies] = value.split("\t");
      return { micros: Number(micros), status: Number(status), location, cookies };
    },
    async stop() {
      client.stdin.end();
      if (client.exitCode === null) await once(client, "exit");
    },
  };
}
