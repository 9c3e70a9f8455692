#!/usr/bin/env bash
# Makes the plan's Akoma Ntoso of its source text, in both languages.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT/plan/content"
for pair in fr:fra en:eng; do
  cargo run -q -p plan --features xml --example convert -- \
    "source/plan.${pair%:*}.txt" "${pair%:*}" plan.toml entities.toml >"${pair#*:}.xml.new"
  mv "${pair#*:}.xml.new" "${pair#*:}.xml"
done
