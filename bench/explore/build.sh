#!/usr/bin/env bash
# The register's filters and the quote checker as Wasm that a page can call (half a minute), into results/tmp/explore.
set -euo pipefail
. "$(dirname "$0")/../lib/wasm.sh"
wasm_begin explore
wasm explore ""
