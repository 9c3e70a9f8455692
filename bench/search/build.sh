#!/usr/bin/env bash
# The product's search as Wasm that a page can call (half a minute), into results/tmp/search: `library`, which reads
# documents as the product does, and `engine`, the engine alone, whose size is weighed.
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
cd "$ROOT/bench/search/wasm"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target/bench}
OUT=$ROOT/bench/results/tmp/search
mkdir -p "$OUT"
cp "$ROOT/Cargo.lock" Cargo.lock   # the product's own versions; cargo leaves out what is not needed here
for part in library:json engine:; do
  name=${part%:*} features=${part#*:}
  cargo build -q --release --target "$WASM" --features "$features"
  wasm-bindgen --target web --no-typescript --out-dir "$OUT" --out-name "$name" "$CARGO_TARGET_DIR/$WASM/release/search_wasm.wasm"
  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue "$OUT/${name}_bg.wasm" -o "$OUT/$name.wasm"
  rm "$OUT/${name}_bg.wasm"
done
