#!/usr/bin/env bash
# Every measurement of bench/, each in its turn, and bench/results/latest.md with all of them (25 minutes after the
# build). `bench.sh weight judges` prints these alone. Speeds decide nothing: it fails where a measurement cannot run,
# a weight is over its limit, or a judge complains.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh bench
. scripts/env.sh
all=(search library explore exports weight page accounts clip delivery intake lighthouse judges)
chosen=("$@"); [ $# -gt 0 ] || chosen=("${all[@]}")
say "Building"
scripts/build.sh release

results=bench/results; mkdir -p $results/tmp
failed=()
for name in "${chosen[@]}"; do
  [ -f "bench/$name/run.mjs" ] || fail "There is no measurement $name: choose of ${all[*]}."
  say "Measuring: $name"
  rm -f "$results/tmp/$name.md"
  node "bench/$name/run.mjs" || failed+=("$name")
done
[ $# -gt 0 ] || {
  echo "# Measurements"
  echo
  echo "$(date -u +%F), $(nproc) cores ($(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n1)), load $(cut -d' ' -f1 /proc/loadavg) at the end, commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)$([ -z "$(git status --porcelain 2>/dev/null)" ] || echo ' with changes')."
  for name in "${all[@]}"; do
    if [ -f "$results/tmp/$name.md" ]; then echo; cat "$results/tmp/$name.md"; fi
  done
} >$results/latest.md
[ $# -gt 0 ] || say "All of it: $results/latest.md"
[ ${#failed[@]} = 0 ] || fail "Not as it should be: ${failed[*]} (the tables above say why)."
