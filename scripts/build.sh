#!/usr/bin/env bash
# Builds the product: `build.sh` for release, `build.sh debug` for a quicker, slower one.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"
mode=${1:-release}
flags=(); [ "$mode" = release ] && flags=(--release --precompress)
[ -d "${CARGO_TARGET_DIR:-target}/$mode/deps" ] || say "Building for the first time (10 to 20 minutes); later builds take one or two"
cargo leptos build "${flags[@]}" ||
  fail "The build failed: the lines above say why. When the disk is full, make room and run the command again."
[ "$mode" = debug ] || node scripts/shorten.mjs target/site/pkg "${CARGO_TARGET_DIR:-target}/release/hash.txt"
