#!/usr/bin/env bash
# What the plan of a fleet costs: CPU time and memory. Needs Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --release --locked --quiet --package mms-fleet --example measure_plan
