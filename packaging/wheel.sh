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

data=packaging/wheel/data
trap 'rm -rf "$SCRATCH" "$ROOT/$data"' EXIT

# build_wheel DIRECTORY: makes a wheel with what the folder of data has.
build_wheel() {
    mkdir -p "$data"
    (cd packaging/wheel && maturin build --locked --release --strip --features full "${options[@]}" \
        "${CARGO_OPTIONS[@]}" --out "$1")
}

# The program of a first wheel writes the completions and man pages of the second; nothing is compiled twice.
rm -rf "$data"
build_wheel "$SCRATCH/first"
python3 -m zipfile -e "$SCRATCH"/first/*.whl "$SCRATCH/first"
mms="$(echo "$SCRATCH"/first/*.data/scripts/mms)"
chmod +x "$mms"
collect_extras "$mms" "$data/data"
build_wheel "$SCRATCH/wheels"

wheel="$(echo "$SCRATCH"/wheels/*.whl)"
python3 -m venv "$SCRATCH/venv"
"$SCRATCH/venv/bin/pip" install --quiet --no-index --disable-pip-version-check "$wheel"
smoke_test "$SCRATCH/venv/bin/mms"
as_new_user "$SCRATCH/venv/bin/python" packaging/smoke/sandbox.py
publish "$wheel"
