#!/usr/bin/env bash
# The product's search as Wasm that a page can call (half a minute), into results/tmp/search: `library`, which reads
# documents as the product does, and `engine`, the engine alone, whose size is weighed.
set -euo pipefail
. "$(dirname "$0")/../lib/wasm.sh"
wasm_begin search
wasm library json
wasm engine ""
