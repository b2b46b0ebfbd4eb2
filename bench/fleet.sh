#!/usr/bin/env bash
# What the plan of a fleet costs, in CPU time and memory, and what an apply takes. Needs Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --release --locked --quiet --package mms-fleet --example measure_plan
cargo run --release --locked --quiet --package mms-fleet --example measure_apply
