# Sourced by what measures a part of the product as Wasm: `wasm_begin NAME`, then `wasm OUT FEATURES` for each file of
# results/tmp/NAME, made of the crate bench/NAME/wasm as the product's own Wasm is made.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/env.sh"

wasm_begin() {
  CRATE=$1 OUT=$ROOT/bench/results/tmp/$1
  cd "$ROOT/bench/$1/wasm"
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target/bench}
  mkdir -p "$OUT"
  cp "$ROOT/Cargo.lock" Cargo.lock   # the product's own versions; cargo leaves out what is not needed here
}

wasm() {
  local name=$1 features=$2
  cargo build -q --release --target "$WASM" --features "$features"
  wasm-bindgen --target web --no-typescript --out-dir "$OUT" --out-name "$name" "$CARGO_TARGET_DIR/$WASM/release/${CRATE}_wasm.wasm"
  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue "$OUT/${name}_bg.wasm" -o "$OUT/$name.wasm"
  rm "$OUT/${name}_bg.wasm"
}
