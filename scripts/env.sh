# Sourced by every script: which toolchain builds the product, and where its tools lie.
# One toolchain for everything on a machine: two would compile every crate twice.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${ESTAFETTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/estafette}
WASM=wasm32-unknown-unknown

# cargo-leptos needs this much of rustc to build, the newest demand of all we use.
RUST_MIN=1.96.0
CARGO_LEPTOS=0.3.11

PATH=$CACHE/tools/bin:$ROOT/node_modules/.bin:$HOME/.cargo/bin:$PATH
export PATH

# The Wasm half needs a standard library for its target. rustup brings one when it can reach its
# server; Debian's rustc-web (linked as `debian-web`) gets one from scripts/setup.sh when not.
has_wasm_std() { compgen -G "$1/lib/rustlib/$WASM/lib/libcore-*.rlib" >/dev/null; }
new_enough() { [ "$(printf '%s\n%s\n' "$RUST_MIN" "$1" | sort -V | head -n1)" = "$RUST_MIN" ]; }
rustc_version() { "$@" --version 2>/dev/null | cut -d' ' -f2; }

if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && command -v rustc >/dev/null; then
  if ! { has_wasm_std "$(rustc --print sysroot 2>/dev/null)" && new_enough "$(rustc_version rustc)"; } \
    && [ -x /usr/bin/rustc ] && has_wasm_std /usr && command -v rustup >/dev/null; then
    export RUSTUP_TOOLCHAIN=debian-web
  fi
fi

# A clean clone of a continuous-integration run reuses what an earlier one compiled of the dependencies.
if [ "${CI:-}" = true ]; then export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}; fi

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
fail() { printf '\033[31m✗ %s\033[0m\n' "$*" >&2; exit 1; }
