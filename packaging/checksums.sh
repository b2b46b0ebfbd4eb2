#!/usr/bin/env bash
# Makes SHA256SUMS: the checksum of every artefact that lies in the folder by now. Run it last.
#
#   packaging/checksums.sh
#
# Needs sha256sum. Whoever downloads an artefact checks it by: sha256sum --check --ignore-missing SHA256SUMS
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

cd "$DIST"
shopt -s nullglob
artefacts=(*.tar.gz *.deb *.whl *.cdx.json *.crate)
[ "${#artefacts[@]}" -gt 0 ] || fail "there is no artefact in $DIST"
sha256sum -- "${artefacts[@]}" >SHA256SUMS
sha256sum --check --quiet SHA256SUMS
echo "made $DIST/SHA256SUMS (${#artefacts[@]} artefacts)"
