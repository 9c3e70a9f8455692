#!/usr/bin/env bash
# Formats, clippy for both halves with warnings as errors, style sheets, shell scripts' syntax.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
. scripts/env.sh
cargo fmt --all --check
cargo clippy -q -p plan --all-targets --features content,export -- -D warnings
cargo clippy -q -p clip --all-targets -- -D warnings
cargo clippy -q -p app --features ssr -- -D warnings
cargo clippy -q -p server --all-targets -- -D warnings
cargo clippy -q -p frontend --target "$WASM" -- -D warnings
stylelint 'style/**/*.scss'
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
say "Lint: clean"
