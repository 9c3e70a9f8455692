// Debian's Chromium, or the one CHROMIUM names.

import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";
import { TMP, say } from "./report.mjs";

export const CHROMIUM = [process.env.CHROMIUM, process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"]
  .filter(Boolean)
  .find(existsSync);

// As root there is no sandbox; only our own pages are opened.
export const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"];

export function launch() {
  if (!CHROMIUM) throw new Error("no Chromium: run scripts/setup.sh bench, or set CHROMIUM to its path");
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/**
 * A page that may import what lies in results/tmp/`name`, as /tmp/`name`/. It is isolated from other origins, so that
 * its clock ticks every 5 µs instead of every 100: `{page, close}`.
 */
export async function isolated(name) {
  const files = http.createServer((request, answer) => {
    const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
    const file = request.url.startsWith(`/tmp/${name}/`) && path.join(TMP, name, path.basename(request.url));
    if (!file) return answer.writeHead(200, { ...headers, "Content-Type": "text/html" }).end("<!doctype html><title>bench</title>");
    answer.writeHead(200, { ...headers, "Content-Type": TYPES[path.extname(file)] }).end(readFileSync(file));
  });
  await new Promise((listening) => files.listen(0, "127.0.0.1", listening));
  const browser = await launch();
  const page = await browser.newPage();
  page.on("pageerror", (error) => say(`page: ${error}`));
  await page.goto(`http://127.0.0.1:${files.address().port}`);
  const close = async () => {
    await browser.close();
    files.close();
  };
  return { page, close };
}
