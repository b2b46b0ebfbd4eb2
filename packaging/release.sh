#!/usr/bin/env bash
# Makes everything of a release, tests each artefact, and ends with the checksums. Needs what each script needs.
#
#   packaging/release.sh
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

rm -rf "$DIST"
mkdir -p "$DIST"
cargo xtask package
cp "$TARGET"/release-packages/*/package/*.crate "$DIST/"
packaging/static.sh
packaging/deb.sh
packaging/wheel.sh --zig
packaging/sbom.sh
packaging/checksums.sh
