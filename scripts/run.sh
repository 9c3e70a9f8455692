#!/usr/bin/env bash
# From a fresh machine to the running site.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
. scripts/env.sh
say "Building"
scripts/build.sh release
exec "${CARGO_TARGET_DIR:-target}/release/estafette" serve "$@"
