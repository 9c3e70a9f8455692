// Gives short names to what the Wasm calls in its JavaScript: `shorten.mjs FOLDER HASHES`, after a release build.
// wasm-bindgen ends each of three hundred names with sixteen digits of a hash, which nothing compresses, in both
// files. What is changed is named anew by its content, as cargo-leptos names it: nothing stale meets something new.

import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const [folder, hashes] = process.argv.slice(2);
const MADE = /\b__wbg_\w+_[0-9a-f]{16}\b/g;
const IMPORTS = 2;

/** A number as the binary format writes it (WebAssembly Core Specification, §5.2.2). */
function leb128(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** The module with its imports named anew (§5.5.5). */
function renamed(wasm, nameOf) {
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = () => {
    const length = number();
    return wasm.subarray(at, (at += length));
  };
  const text = (words) => [leb128(words.length), Buffer.from(words)];
  const sections = [wasm.subarray(0, at)];
  while (at < wasm.length) {
    const from = at;
    const id = wasm[at++];
    const end = number() + at;
    if (id === IMPORTS) {
      const count = number();
      const written = [leb128(count)];
      for (let left = count; left > 0; left--) {
        written.push(...text(bytes().toString()), ...text(nameOf(bytes().toString())));
        const kind = at;
        if (wasm[at++] !== 0) throw new Error('something other than a function is imported');
        number();
        written.push(wasm.subarray(kind, at));
      }
      const body = Buffer.concat(written);
      sections.push(Buffer.from([id]), leb128(body.length), body);
    } else {
      sections.push(wasm.subarray(from, end));
    }
    at = end;
  }
  return Buffer.concat(sections);
}

const listed = new Map(readFileSync(hashes, 'utf8').trim().split('\n').map((line) => line.split(': ')));
const pathOf = (kind) => `${folder}/estafette.${listed.get(kind)}.${kind}`;
const script = readFileSync(pathOf('js'), 'utf8');
const made = [...new Set(script.match(MADE))].sort();
// Done before: there was nothing to build.
if (made.length === 0) process.exit(0);
const short = new Map(made.map((name, at) => [name, `_${at.toString(36)}`]));
if (made.some((name) => new RegExp(`\\b${short.get(name)}\\b`).test(script))) throw new Error('a short name is in use');
const nameOf = (name) => short.get(name) ?? name;

const wasm = renamed(readFileSync(pathOf('wasm')), nameOf);
for (const [kind, content] of [['wasm', wasm], ['js', Buffer.from(script.replace(MADE, nameOf))]]) {
  for (const ending of ['', '.br', '.gz']) rmSync(pathOf(kind) + ending, { force: true });
  listed.set(kind, createHash('sha256').update(content).digest('base64url').slice(0, 22));
  writeFileSync(pathOf(kind), content);
  writeFileSync(`${pathOf(kind)}.br`, brotliCompressSync(content));
  writeFileSync(`${pathOf(kind)}.gz`, gzipSync(content, { level: 9 }));
}
writeFileSync(hashes, [...listed].map(([kind, hash]) => `${kind}: ${hash}\n`).join(''));
