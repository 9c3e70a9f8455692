// Stores of the product's own, on both engines, and SQL in them past the program.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { serve } from "../lib/site.mjs";

const DAY = 86_400_000;
const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function folder() {
  folders.push(mkdtempSync(path.join(os.tmpdir(), "estafette-accounts-")));
  return folders.at(-1);
}

// Node 20 has no SQLite; Python has one wherever there is Python.
const PYTHON = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.executescript(sys.stdin.read())`;

/** A store in a file: its `settings` for the server, `sql` that changes it, and the words in which SQLite differs. */
export function sqlite() {
  const data = folder();
  return {
    engine: "SQLite",
    settings: { ESTAFETTE_DATA: data, DATABASE_URL: "sqlite:bench.db" },
    sql: (text) => execFileSync("python3", ["-c", PYTHON, path.join(data, "bench.db")], { input: text, stdio: ["pipe", "inherit", "inherit"] }),
    quick: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY;",
    tidy: "",
    upTo: (count) => `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n) AS n`,
    id: "substr(hex(randomblob(11)), 1, 22)",
    bytes: "randomblob(32)",
    literal: (hex) => `x'${hex}'`,
    share: (share) => `abs(random() % 1000) < ${share * 1000}`,
  };
}

/** A PostgreSQL server of our own, on a socket in its own folder, which outlives power cuts as one in earnest does. */
export async function postgres() {
  const debian = "/usr/lib/postgresql"; // Off the path there.
  const bin = existsSync(debian) && readdirSync(debian).map((version) => `${debian}/${version}/bin`).filter((bin) => existsSync(`${bin}/initdb`)).sort().pop();
  const program = (name) => (bin ? path.join(bin, name) : name);
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"]).toString());
  // It refuses to run as root, who becomes `postgres`.
  const who = process.getuid() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  const socket = folder();
  if (who.uid) chownSync(socket, who.uid, who.gid);
  const options = { cwd: "/", stdio: ["ignore", "ignore", "pipe"], ...who };
  const data = path.join(socket, "data");
  execFileSync(program("initdb"), ["--auth=trust", "--username=estafette", "--no-sync", "--encoding=UTF8", "--locale=C", "-D", data], options);
  const running = spawn(program("postgres"), ["-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"], { ...options, stdio: "ignore" });
  const gone = once(running, "exit");
  process.on("exit", () => running.kill("SIGQUIT"));
  const psql = (database, text) => execFileSync(program("psql"), ["-qXh", socket, "-U", "estafette", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", database], { input: text, stdio: ["pipe", "inherit", "inherit"] });
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(program("pg_isready"), ["-qh", socket]);
      break;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((later) => setTimeout(later, 50));
    }
  }
  return {
    version: execFileSync(program("postgres"), ["--version"]).toString().match(/[\d.]+/)[0],
    store(name) {
      psql("postgres", `CREATE DATABASE ${name}`);
      return {
        engine: "PostgreSQL",
        settings: { ESTAFETTE_DATA: folder(), DATABASE_URL: `postgres://estafette@localhost/${name}?host=${socket}` },
        sql: (text) => psql(name, text),
        quick: "SET synchronous_commit = off;",
        tidy: "VACUUM ANALYZE; CHECKPOINT;",
        upTo: (count) => `generate_series(1, ${count}) AS n(i)`,
        id: "substr(md5(random()::text), 1, 22)",
        bytes: "sha256(random()::text::bytea)",
        literal: (hex) => `'\\x${hex}'::bytea`,
        share: (share) => `random() < ${share}`,
      };
    },
    stop: async () => {
      running.kill("SIGINT");
      await gone;
    },
  };
}

/** Makes the store's tables. */
export async function prepare(store) {
  mkdirSync(store.settings.ESTAFETTE_DATA, { recursive: true });
  await (await serve(store.settings)).stop();
}

/** The token of a browser that every account of `enrol` is known in. */
export const DEVICE = "a-browser-that-is-known";

/** Accounts with these addresses and this hash of a password, known in one browser. */
export function enrol(store, addresses, hash) {
  const now = Date.now();
  const device = store.literal(createHash("sha256").update(DEVICE).digest("hex"));
  const rows = addresses.map((address, at) => `('bench-${at}', '${address}', '${address}', '${hash}', 'fr', NULL, ${now})`);
  store.sql(`BEGIN;
    INSERT INTO accounts (id, email, email_key, password_hash, lang, newsletter_at, created_at) VALUES ${rows.join(",\n")};
    INSERT INTO devices (account_id, token, seen_at) SELECT id, ${device}, ${now} FROM accounts WHERE id LIKE 'bench-%';
    COMMIT;`);
}

/** What a site with so many accounts has kept of a year; nothing of it is due to be swept away. */
export function fill(store, accounts, hash) {
  const { id, bytes, upTo, share, quick, tidy } = store;
  const now = Date.now();
  const since = (days, of) => `${now - days * DAY} + CAST(${Math.floor(days * DAY * 0.9)} * (${of}.i / ${accounts}.0) AS bigint)`;
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  store.sql(`${quick}
    BEGIN;
    CREATE TEMPORARY TABLE people AS SELECT i, ${id} AS id, lower(substr(${id}, 1, 6)) || '.' || i || '@example.org' AS email FROM ${upTo(accounts)};
    INSERT INTO accounts (id, email, email_key, password_hash, lang, newsletter_at, created_at)
      SELECT id, email, email, '${hash}', 'fr', NULL, ${since(360, "people")} FROM people ORDER BY id;
    INSERT INTO devices (account_id, token, seen_at) SELECT id, ${bytes}, ${since(360, "people")} FROM people ORDER BY id;
    INSERT INTO sessions (id, token, account_id, agent, network, created_at, seen_at)
      SELECT ${id}, ${bytes}, id, '${agent}', '192.0.2.0', ${since(6, "people")}, ${since(6, "people")} FROM people WHERE ${share(0.2)};
    INSERT INTO consents (account_id, at, granted, version, lang, network)
      SELECT id, ${since(360, "people")}, ${store.engine === "SQLite" ? "1" : "true"}, '2026-11', 'fr', '192.0.2.0' FROM people WHERE ${share(0.4)};
    INSERT INTO audit (at, event, account_id, address, network, detail)
      SELECT ${since(360, "people")}, 'signed_in', id, substr(id, 1, 16), '192.0.2.0', '' FROM people;
    INSERT INTO audit (at, event, account_id, address, network, detail)
      SELECT ${since(360, "people")}, 'register_begun', NULL, substr(id, 1, 16), '192.0.2.0', '' FROM people;
    INSERT INTO outbox (id, recipient, recipient_key, lang, sealed, priority, state, attempts, due_at, created_at, ended_at)
      SELECT ${id}, email, email, 'fr', NULL, 0, 'sent', 1, at, at, at FROM (SELECT email, ${since(29, "people")} AS at FROM people WHERE ${share(0.2)}) AS letters;
    INSERT INTO attempts (key, count, since, ends_at)
      SELECT 'in-a-row ' || substr(id, 1, 16), 1, ${since(360, "people")}, ${now + 3650 * DAY} FROM people WHERE ${share(0.1)};
    INSERT INTO flows (id, token, purpose, step, email, email_key, password_hash, return_to, code, code_expires_at, sent_at, letter_id, created_at, expires_at)
      SELECT ${id}, ${bytes}, 'register', 'done', email, email, NULL, '', NULL, ${now}, ${now}, ${id}, ${now}, ${now + DAY} FROM people WHERE ${share(0.005)};
    DROP TABLE people;
    COMMIT;
    ${tidy}`);
}
