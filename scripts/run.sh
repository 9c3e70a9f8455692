#!/usr/bin/env bash
# From a fresh machine to the running site.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
. scripts/env.sh
say "Building"
scripts/build.sh release
program=${CARGO_TARGET_DIR:-target}/release/estafette
# Sample footage comes in beside the site, which does not wait for it.
(scripts/footage.sh "$program" "$@" </dev/null &)
exec "$program" serve "$@"
