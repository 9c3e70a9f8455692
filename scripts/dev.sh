#!/usr/bin/env bash
# Serves debug builds and rebuilds on change.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
. scripts/env.sh
exec cargo leptos watch -- serve
