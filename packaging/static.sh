#!/usr/bin/env bash
# Makes mms-VERSION-linux-ARCH.tar.gz: a program for any Linux of this architecture, linked statically, with licences,
# completions and man pages.
#
#   packaging/static.sh [--musl]
#
# Needs the toolchain alone, and binutils for the smoke test. Without an option it links glibc (static-pie); --musl links
# musl, where rustup has its standard library (rustup target add x86_64-unknown-linux-musl) and there is a musl-gcc.
# A static glibc asks files and DNS for a host's address, and no other source that nsswitch.conf may name.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

arch="$(uname -m)"
libc=gnu
case "${1:-}" in
    "") ;;
    --musl) libc=musl ;;
    *) fail "unknown option $1" ;;
esac
triple="$arch-unknown-linux-$libc"
[ -d "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ] || fail "the toolchain has no standard library for $triple"

# With an explicit target the flags are for the program alone, and not for build scripts and macros.
RUSTFLAGS="-C target-feature=+crt-static" build_mms --target "$triple"
mms="$TARGET/$triple/release/mms"

name="mms-$VERSION-linux-$arch"
stage="$SCRATCH/$name"
install -D "$mms" "$stage/bin/mms"
cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$stage/"
collect_extras "$mms" "$stage"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$SCRATCH" -cf - "$name" |
    gzip -n9 >"$SCRATCH/$name.tar.gz"

mkdir "$SCRATCH/unpacked"
tar -C "$SCRATCH/unpacked" -xzf "$SCRATCH/$name.tar.gz"
unpacked="$SCRATCH/unpacked/$name/bin/mms"
headers="$(readelf --wide --program-headers --dynamic "$unpacked")"
if grep -qE 'INTERP|\(NEEDED\)' <<<"$headers"; then
    fail "$unpacked is not static: $headers"
fi
grep -q 'DYN (Position-Independent' <<<"$headers" || fail "$unpacked is not position-independent"
smoke_test "$unpacked"
packaging/smoke/network.sh "$unpacked"
publish "$SCRATCH/$name.tar.gz"
