#!/usr/bin/env bash
# The programs that measure accounts (half a minute), into results/tmp/accounts.
set -euo pipefail
. "$(dirname "$0")/../../scripts/env.sh"
cd "$ROOT/bench/accounts/probe"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target/bench}
OUT=$ROOT/bench/results/tmp/accounts
mkdir -p "$OUT"
cp "$ROOT/Cargo.lock" Cargo.lock   # the product's own argon2; cargo leaves out what is not needed here
cargo build -q --release
cp "$CARGO_TARGET_DIR"/release/{argon2,client} "$OUT/"
