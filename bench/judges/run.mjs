// MDN's HTTP Observatory and Google's CSP Evaluator on the server as it stands on the internet: with TLS.
// A grade below A+ or a high finding: exit 1.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { report, say, table } from "../lib/report.mjs";
import { ROOT, get, serve } from "../lib/site.mjs";

const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");

const folder = mkdtempSync(path.join(os.tmpdir(), "estafette-judges-"));
const [cert, key] = ["cert.pem", "key.pem"].map((name) => path.join(folder, name));
execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert], { stdio: "ignore" });

// The lists of preloaded hosts and of top-level domains, which an installation would fetch, say nothing of localhost.
const observatory = path.join(ROOT, "bench/node_modules/@mdn/mdn-http-observatory");
writeFileSync(path.join(observatory, "conf/hsts-preload.json"), "{}");
writeFileSync(path.join(observatory, "conf/tld-list.json"), "[]");

const site = await serve({ TLS_CERT: cert, TLS_KEY: key });
say("the Observatory");
function observe() {
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
  const run = spawnSync(process.execPath, [path.join(observatory, "src/scan.js"), `localhost:${site.port}`], { env: environment, encoding: "utf8", timeout: 60_000 });
  return JSON.parse(run.stdout || `{"error": ${JSON.stringify(String(run.stderr).slice(-500))}}`);
}
// It waits a few seconds for an answer and then calls the site down: a busy machine gets another chance.
let said = observe();
for (let again = 0; said.error && again < 2; again++) said = observe();
if (said.error) throw new Error(`the Observatory: ${said.error}`);

say("the CSP Evaluator");
const findings = [];
const policies = {};
for (const of of ["/fr", "/fr/plan", "/fr/plan/search?q=munitions", "/fr/nowhere", "/api/plan?lang=fr"]) {
  const { headers } = await get(site.origin + of);
  const policy = headers["content-security-policy"];
  policies[of] = policy ?? null;
  if (!policy) findings.push([`\`${of}\``, "HIGH", "", "", "no policy"]);
  for (const finding of policy ? new CspEvaluator(new CspParser(policy).csp).evaluate() : []) {
    const value = String(finding.value ?? "").replace(/(nonce|sha256)-[^']+/, "$1-…");
    findings.push([`\`${of}\``, Severity[finding.severity], finding.directive, value ? `\`${value}\`` : "", finding.description]);
  }
}
await site.stop();
rmSync(folder, { recursive: true });

const { grade, score, testsPassed, testsFailed } = { ...said.scan };
const tests = Object.entries(said.tests).map(([name, test]) => [name, test.pass ? "pass" : "**fail**", test.scoreModifier, test.result]);
const unique = [...new Map(findings.map(([page, ...rest]) => [rest.join(), [page, ...rest]])).values()];
const high = findings.filter(([, severity]) => severity.startsWith("HIGH")).length;
report(
  "judges",
  `## Judges

MDN HTTP Observatory 1.4.8: **${grade}**, ${score} points, ${testsPassed} passed, ${testsFailed} failed.

${table(["Test", "", "Points", "Why"], tests)}

CSP Evaluator 1.1.8: **${high} high**${unique.length ? `:\n\n${table(["First seen on", "Severity", "Directive", "Value", "Finding"], unique)}` : ", no findings."}

The policy of \`/fr/plan\`:

    ${policies["/fr/plan"]}`,
  { observatory: said, findings, policies },
);
process.exitCode = grade !== "A+" || high ? 1 : 0;
