#!/usr/bin/env bash
# PATCH with a data file, in the default and the durable mode, against the same statements in a bare loop over SQLite; and
# p99 of 64 connections against the disk's own fsync. Needs wrk and taskset. Usage: bench/file.sh
source "$(dirname "$0")/common.sh"
cargo build --release --quiet -p mms-sandbox --example bare_allocate

printf '%-10s %14s %14s %8s %10s %12s %8s\n' mode 'bare loop' 'sandbox' ratio 'p99 of 64' 'disk fsync' ratio
compare() {
  local mode=$1 port=$2
  shift 2
  read -r bare fsync < <(taskset -c 1 target/release/examples/bare_allocate "$work/bare-$mode.db" "$mode")
  start "$port" --seed bench/seed.yaml --data "$work/$mode.db" "$@"
  local rate p99
  rate=$(load "$port" 16 --script bench/allocate.lua "http://127.0.0.1:$port" | awk '/Requests\/sec/ { print $2 }')
  p99=$(micros "$(load "$port" 64 --script bench/allocate.lua "http://127.0.0.1:$port" | percentile 99)")
  awk -v mode="$mode" -v bare="$bare" -v fsync="$fsync" -v rate="$rate" -v p99="$p99" 'BEGIN {
    printf "%-10s %12.0f/s %12.0f/s %8.2f %7.1f ms %9.0f us %8.0f\n", mode, bare, rate, rate / bare, p99 / 1000, fsync, p99 / fsync }'
}
compare default 8811
compare durable 8812 --durable
