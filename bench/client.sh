#!/usr/bin/env bash
# What a call through the client costs: time, CPU, allocations and memory, against the same request by hand over hyper and against
# the generated code without hooks. Needs Linux and two processors.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked --package mms-bench --features measure --bins
for measurement in speed allocations memory; do
    echo
    cargo run --release --locked --quiet --package mms-bench --features measure --bin "$measurement"
done
