// Debian's Chromium, or the one CHROMIUM names.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export const CHROMIUM = [process.env.CHROMIUM, process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"]
  .filter(Boolean)
  .find(existsSync);

// As root there is no sandbox; only our own pages are opened.
export const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"];

export function launch() {
  if (!CHROMIUM) throw new Error("no Chromium: run scripts/setup.sh bench, or set CHROMIUM to its path");
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
