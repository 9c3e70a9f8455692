// Which crates fill a Wasm file that still has its names: `node bench/weight/crates.mjs FILE.wasm`. The product's
// are stripped; one with names comes of
//   CARGO_PROFILE_WASM_RELEASE_STRIP=none CARGO_TARGET_DIR=/tmp/named cargo build -p frontend --lib \
//     --target wasm32-unknown-unknown --profile wasm-release

import { readFileSync } from "node:fs";

const wasm = readFileSync(process.argv[2]);
let at = 8;
const number = () => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = wasm[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
};
const string = () => {
  const length = number();
  return wasm.toString("utf8", at, (at += length));
};

const SECTIONS = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count"];
const sections = {};
const sizes = [];
const names = new Map();
let imported = 0;
while (at < wasm.length) {
  const id = wasm[at++];
  const end = number() + at;
  let label = SECTIONS[id] ?? id;
  const start = at;
  if (id === 0) label = `custom ${string()}`;
  if (id === 2) {
    for (let left = number(); left > 0; left--) {
      string();
      string();
      const kind = wasm[at++];
      if (kind === 0) imported += 1;
      if (kind === 0) number();
      else if (kind === 3) at += 2;
      else {
        if (kind === 1) at += 1;
        const flags = number();
        number();
        if (flags & 1) number();
      }
    }
  }
  if (id === 10) {
    for (let left = number(); left > 0; left--) {
      const size = number();
      sizes.push(size);
      at += size;
    }
  }
  if (label === "custom name") {
    while (at < end) {
      const part = wasm[at++];
      const stop = number() + at;
      if (part === 1) for (let left = number(); left > 0; left--) names.set(number(), string());
      at = stop;
    }
  }
  sections[label] = (sections[label] ?? 0) + end - start;
  at = end;
}

/** Identifiers of a mangled name, in order: `core::fmt::write`. Legacy (`_ZN…`) or v0 (`_R…`), near enough to be read. */
function path(name) {
  if (!/^_(ZN|R)/.test(name)) return ["(no crate)", name];
  const parts = [];
  for (let rest = name.slice(2), found; (found = rest.match(/(?:^|[AC-Za-z_])(?:s[0-9A-Za-z]*_)?(\d+)_?(?=[A-Za-z_])/)); ) {
    const from = found.index + found[0].length;
    const length = Number(found[1]);
    parts.push(rest.slice(from, from + length));
    rest = rest.slice(from + length);
  }
  return parts;
}
// Generic code counts for the crate that wrote it, whatever it is used with.
function crateOf(name) {
  const v0 = name.match(/^_R.*?C(?:s[0-9A-Za-z]*_)?(\d+)_?([A-Za-z_]\w*)/);
  if (v0) return v0[2].slice(0, Number(v0[1]));
  return (path(name)[0] ?? "").match(/[A-Za-z]\w*$/)?.[0] ?? "(no crate)";
}
const readable = (name) => path(name).filter((part) => !/^h[0-9a-f]{16}$/.test(part)).slice(0, 7).join("::");

const crates = new Map();
const functions = new Map();
sizes.forEach((size, index) => {
  const name = names.get(index + imported) ?? "(no name)";
  const crate = crateOf(name);
  crates.set(crate, (crates.get(crate) ?? 0) + size);
  const shown = readable(name);
  functions.set(shown, (functions.get(shown) ?? 0) + size);
});
const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
const top = (map, count) => [...map].sort((a, b) => b[1] - a[1]).slice(0, count).forEach(([name, bytes]) => console.log(kB(bytes), name.slice(0, 150)));
console.log("Sections, kB");
top(new Map(Object.entries(sections)), 20);
console.log("\nCode by crate, kB");
top(crates, 30);
console.log("\nCode by function (all its instances), kB");
top(functions, 40);
