#!/usr/bin/env bash
# Every test: those of the crates, then those of the built product, with real servers and real browsers.
# A part that fails does not keep the others from running. The last line counts: `N passed, N failed`; what broke
# before it could count, or was skipped, counts as failed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/env.sh
export AKN_XSD="$CACHE/python/cobalt/xsd/akomantoso30.xsd"
export EPUBCHECK_JAR="$CACHE/python-epubcheck/epubcheck/epubcheck.jar"
export SMTP_PYTHONPATH="$CACHE/python-mail"
export API_PYTHONPATH="$CACHE/python-api"
export S3_PYTHONPATH="$CACHE/python-s3"
export EDL_PYTHONPATH="$CACHE/python-edl"

results=$ROOT/end2end/results
mkdir -p "$results"
passed=0 failed=0
times=() broken=()

# count FAILED PASSED
count() { failed=$((failed + $1)); passed=$((passed + $2)); }

# part NAME COMMAND…: runs a part, its output kept in $output too; $status says how it ended.
part() {
  local name=$1 began=$SECONDS; shift
  say "$name"
  output=$results/${name//[^a-zA-Z]/-}.log
  status=0
  "$@" 2>&1 </dev/null | tee "$output" || status=$?
  times+=("$(printf '%4d s  %s' $((SECONDS - began)) "$name")")
}

# check NAME COMMAND…: a part that is one test.
check() {
  part "$@"
  if [ "$status" = 0 ]; then count 0 1; else count 1 0; broken+=("$1"); fi
}

# rust NAME ARGUMENT…: what `cargo test ARGUMENT…` says of each of its programs is added up.
rust() {
  local name=$1; shift
  part "$name" cargo test --no-fail-fast "$@"
  local good bad skipped programs
  read -r programs good bad skipped < <(awk '/^test result: / {n++; p += $4; f += $6; i += $8} END {print n + 0, p + 0, f + 0, i + 0}' "$output")
  count $((bad + skipped)) "$good"
  [ "$skipped" = 0 ] || broken+=("$name: $skipped ignored")
  if [ "$bad" -gt 0 ]; then broken+=("$name: $bad failed" "$(awk '/^test .* FAILED$/ {print "    " $2}' "$output")")
  elif [ "$status" != 0 ] || [ "$programs" = 0 ] || [ "$good" = 0 ]; then count 1 0; broken+=("$name: did not run to its end"); fi
}

browser() {
  local name="The site in a browser" report=$results/report.json bad
  rm -f "$report"
  part "$name" end2end/node_modules/.bin/playwright test --config end2end
  # Playwright's own count; what did not run because something before it failed is among the skipped.
  local good=0 skipped=0
  bad=$(node -e '
    const { stats, errors } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(stats.expected, stats.unexpected + stats.flaky + errors.length, stats.skipped);
  ' "$report" 2>/dev/null) || bad="0 1 0"
  read -r good bad skipped <<<"$bad"
  count $((bad + skipped)) "$good"
  if [ "$bad" -gt 0 ]; then
    say "What the server complained of"
    grep -aE '\b(ERROR|WARN)\b|panicked' "$results/server.log" | tail -n 20 >&2 || true
  fi
  [ "$skipped" = 0 ] || broken+=("$name: $skipped skipped")
  if [ "$bad" -gt 0 ]; then broken+=("$name: $bad failed" "$(awk '/^ +✘/ {sub(/^ +✘ +[0-9]+ /, "    "); print}' "$output")")
  elif [ "$skipped" = 0 ] && { [ "$status" != 0 ] || [ "$good" = 0 ]; }; then count 1 0; broken+=("$name: did not run to its end"); fi
}

check "Format of the code" cargo fmt --all --check
rust "The text and its search" -p plan --features content,export
rust "Cutting" -p clip
rust "The pages" -p app --features ssr
rust "The server" -p server
check "The build" scripts/build.sh release
if [ "$status" = 0 ]; then
  BINARY_UNDER_TEST=$(realpath "${CARGO_TARGET_DIR:-target}/release/estafette")
  export BINARY_UNDER_TEST
  browser
else
  count 1 0
  broken+=("The site in a browser: not built")
fi

say "Time of each part"
printf '%s\n' "${times[@]}" >&2
for what in "${broken[@]}"; do printf '\033[31m✗ %s\033[0m\n' "$what" >&2; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
