#!/usr/bin/env bash
# Makes mms_cli-VERSION-py3-none-PLATFORM.whl: the program for pip, so that test suites in Python have the sandbox.
#
#   packaging/wheel.sh [--zig]
#
# Needs the toolchain, Python 3.9 with venv, and maturin (pip install maturin). The wheel runs on a glibc from this machine's
# version on; --zig links glibc 2.17 in its place, with zig as the linker (pip install ziglang).
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

need maturin "pip install maturin"
need python3 "Python 3.9 or later, with venv"
options=()
case "${1:-}" in
    "") ;;
    --zig) options=(--zig --compatibility manylinux2014) ;;
    *) fail "unknown option $1" ;;
esac

# maturin builds the program itself; completions and man pages come from one that runs before.
build_mms
data=packaging/wheel/data
rm -rf "$data"
collect_extras "$TARGET/release/mms" "$data/data"
(cd packaging/wheel && maturin build --locked --release --strip --features full "${options[@]}" "${CARGO_OPTIONS[@]}" \
    --out "$SCRATCH/wheels")
rm -rf "$data"

wheel="$(ls "$SCRATCH"/wheels/*.whl)"
python3 -m venv "$SCRATCH/venv"
"$SCRATCH/venv/bin/pip" install --quiet --no-index --disable-pip-version-check "$wheel"
smoke_test "$SCRATCH/venv/bin/mms"
as_new_user "$SCRATCH/venv/bin/python" packaging/smoke/sandbox.py
publish "$wheel"
