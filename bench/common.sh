# Shared by the scripts here; they source it from the root of the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release --quiet -p mms-cli
work=$(mktemp -d)
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# start PORT ARGUMENT...: a sandbox on the second core, ready when this returns.
start() {
  local port=$1
  shift
  taskset -c 1 target/release/mms sandbox serve --listen "127.0.0.1:$port" --set limiter=off --quiet "$@" >"$work/served" &
  started+=($!)
  until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/openapi.json"; do sleep 0.05; done
}

# load PORT CONNECTIONS ARGUMENT...: wrk on the first core; prints its latencies and rate.
load() {
  local port=$1 connections=$2
  shift 2
  taskset -c 0 wrk --threads 1 --connections "$connections" --duration "${SECONDS_EACH:-5}s" --latency "$@"
}

# micros TEXT: a latency of wrk in microseconds.
micros() {
  awk -v text="$1" 'BEGIN { factor = text ~ /us$/ ? 1 : text ~ /ms$/ ? 1000 : 1000000; printf "%.0f", text * factor }'
}

percentile() { awk -v which="$1%" '$1 == which { print $2 }'; }
