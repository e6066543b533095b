#!/usr/bin/env bash
# The loop, live: trains a model on the first two fifths of a series, serves it, streams the rest to it bar by bar over
# HTTP, and shows what hone did about it: drift, a retraining, versions compared in shadow, a promotion, and why.
#
#   examples/live_loop.sh [BARS]      BARS: a CSV of daily bars (gzip too), or synthetic:break|gradual|flicker|calm
#
# Without BARS: the S&P 500 that `./run demo` has fetched, else $HONE_DATA/market/arch/sp500.csv.gz, else
# synthetic:break. HONE names the program (build/release/bin/hone). Needs bash and curl; everything happens in a
# temporary folder and on a free port. Takes under a minute; exits 0 once it has seen all five.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

readonly hone="${HONE:-$root/build/release/bin/hone}"
readonly patience=55 # seconds for the stream

say() { printf '\n== %s\n' "$*"; }
die() {
  printf 'live_loop: %s\n' "$*" >&2
  exit 1
}

[[ -x "$hone" ]] || die "no program at $hone: run ./run build, or set HONE"
command -v curl >/dev/null || die "curl is needed"

source_of_bars() {
  local file
  for file in "${1:-}" "$root/demo-data/sp500.csv.gz" "${HONE_DATA:-/nowhere}/market/arch/sp500.csv.gz"; do
    [[ -n "$file" ]] || continue
    [[ "$file" == synthetic:* || -e "$file" ]] && { printf '%s\n' "$file"; return; }
  done
  printf 'synthetic:break,bars=3000\n'
}

bars="$(source_of_bars "${1:-}")"
work="$(mktemp -d)"
server=
trap '[[ -z "$server" ]] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; }; rm -rf "$work"' EXIT

get() { curl -fsS "$url$1"; }
# The value of a text member, first occurrence.
text_of() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | sed -n 1,1p; }
# Items of a list of flat maps, a line each: those that contain a text.
items_with() { sed 's/},{/}\n{/g' | grep -F "$1" || true; }

# --- train on the first two fifths

"$hone" bars --data "$bars" >"$work/all.csv" 2>"$work/bars.log" || die "$(tail -n 1 "$work/bars.log")"
total=$(($(wc -l <"$work/all.csv") - 1))
known=$((total * 2 / 5))
"$hone" bars --data "$work/all.csv" --first "$known" >"$work/series.csv" 2>/dev/null
say "training on the first $known of $total bars of $bars"
"$hone" train --data "$work/series.csv" --dir "$work/state" 2>/dev/null

# --- serve

"$hone" serve --dir "$work/state" --port 0 2>"$work/serve.log" &
server=$!
for _ in $(seq 200); do
  url="$(sed -n 's/.* on \(http:.*\)$/\1/p' "$work/serve.log" | sed -n 1,1p)"
  [[ -n "$url" ]] && curl -fs -o /dev/null "$url/readyz" && break
  kill -0 "$server" 2>/dev/null || die "serve ended: $(tail -n 1 "$work/serve.log")"
  sleep 0.05
done
model="$(get /models/summary | text_of name)"
say "serving $model on $url"

# --- wait for the versions that compete in shadow, then stream the rest

for _ in $(seq 200); do
  [[ "$(get "/models/$model/jobs")" == *'"succeeded"'* ]] && break
  sleep 0.1
done
"$hone" bars --data "$work/all.csv" --skip "$known" --instrument series --batch 5 --output json >"$work/stream" 2>/dev/null
say "streaming $((total - known)) bars"
begun=$SECONDS
streamed=0
while IFS= read -r body; do
  curl -fsS -o /dev/null -X POST -H 'Content-Type: application/json' --data "$body" "$url/market/bars"
  streamed=$((streamed + 5))
  # Training takes its own time in a process beside; a market would wait a day between two bars.
  while [[ "$(get "/models/$model/jobs?limit=1")" == *'"running"'* ]] && ((SECONDS - begun < patience)); do sleep 0.05; done
  ((streamed % 250 == 0)) && printf '%5d bars, active version %s\n' "$streamed" "$(get /models/summary | text_of active_version)"
  ((SECONDS - begun < patience)) || break
done <"$work/stream"

# --- what happened

decisions() { get "/models/$model/decisions?kind=$1&limit=10000" | sed 's/},{"id"/}\n{"id"/g'; }
show() { sed -n 's/.*"time":"\([^"]*\)","kind":"\([^"]*\)","model":"[^"]*","version":"\([^"]*\)","reason":"\([^"]*\)".*/\1  \2  \3  \4/p' | sed -n "1,${1:-3}p"; }

say "drift"
drift="$(get "/models/$model/drift?limit=10000" | items_with '"severity"')"
sed -n 's/.*"time":"\([^"]*\)".*"version":"\([^"]*\)","kind":"\([^"]*\)","subject":"\([^"]*\)","method":"\([^"]*\)","severity":"\([^"]*\)".*"effect":\([^,]*\).*/\1  \6  \3 \4  \5, effect \7/p' <<<"$drift" | sed -n 1,3p
[[ -n "$drift" ]] || die "no drift event"

say "retraining"
retrained="$(decisions retrain)"
show 3 <<<"$retrained"
[[ "$retrained" == *'"retrain"'* ]] || die "no retraining"

say "compared in shadow, squared errors on the same bars"
shadow="$(get "/models/$model/shadow" | sed 's/},{"recipe"/}\n{"recipe"/g')"
sed -n 's/.*"recipe":"\([^"]*\)","version":"\([^"]*\)","champion":\([a-z]*\),"rows":\([0-9]*\),"mean_loss":\([^,]*\),"recent_loss":\([^,]*\),.*/\1 \2: \4 rows, loss \5, recently \6, champion \3/p' <<<"$shadow"
[[ "$shadow" == *'"recipe"'* ]] || die "no comparison in shadow"

say "promotion"
promoted="$(decisions promote)"
show 3 <<<"$promoted"
[[ "$promoted" == *'"promote"'* ]] || die "no promotion within $patience s; try another series"

id="$(tail -n 1 <<<"$promoted" | sed -n 's/.*{"id":"\([^"]*\)".*"kind":"promote".*/\1/p')"
say "hone why $id"
"$hone" why "$id" --dir "$work/state"
say "all seen after $((SECONDS - begun)) s of streaming"
