// Better Auth on node:http, as its documentation sets it up, for run.mjs to sign in at: its accounts in memory, so that
// no database of ours holds it up. Arguments: port, password, addresses.

import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";

const [port, password, ...addresses] = process.argv.slice(2);
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: "of no use to anybody, and long enough to be allowed",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
});
await Promise.all(addresses.map((email) => auth.api.signUpEmail({ body: { name: "Bench", email, password } })));
createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1", () => console.log("ready"));
