#!/usr/bin/env bash
# The client against Make's own SDK on Node. Needs node and npm, which install the SDK into the build directory.
set -euo pipefail
cd "$(dirname "$0")/.."

SDK=1.6.10
directory=target/sdk
mkdir -p "$directory"
npm install --silent --no-fund --no-audit --prefix "$directory" "@makehq/sdk@$SDK"
cp bench/client/sdk.mjs "$directory/"
cargo run --release --locked --quiet --package mms-bench --features measure --bin sdk -- "$directory/sdk.mjs"
