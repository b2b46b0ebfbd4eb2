#!/usr/bin/env bash
# Makes mms-VERSION.cdx.json: a CycloneDX list of everything that the program is built from, with versions and licences.
#
#   packaging/sbom.sh
#
# Needs cargo-cyclonedx (cargo install cargo-cyclonedx --locked) and Python 3 for the test. It works in a clone of the last
# commit, because cargo-cyclonedx writes beside the manifests.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "$0")/common.sh"

need cargo-cyclonedx "cargo install cargo-cyclonedx --locked"
git clone --quiet --no-tags -- "$ROOT" "$SCRATCH/clone"
triple="$(rustc --print host-tuple)"
(cd "$SCRATCH/clone" && cargo cyclonedx --manifest-path mms-cli/Cargo.toml --features full --target "$triple" \
    --describe binaries --no-build-deps --spec-version 1.5 --format json)

sbom="$SCRATCH/mms-$VERSION.cdx.json"
cp "$SCRATCH/clone/mms-cli/mms_bin.cdx.json" "$sbom"

python3 - "$sbom" "$VERSION" <<'PYTHON'
import json, sys

path, version = sys.argv[1:]
sbom = json.load(open(path))
program = sbom["metadata"]["component"]
names = {component["name"] for component in sbom["components"]}
assert sbom["bomFormat"] == "CycloneDX" and program["version"] == version, program
for name in ["mms-client", "mms-sandbox", "reqwest", "rustls", "rusqlite"]:
    assert name in names, f"{name} is missing"
for name in ["insta", "mms-codegen", "progenitor"]:
    assert name not in names, f"{name} is in no shipped program"
unlicensed = [component["name"] for component in sbom["components"] if not component.get("licenses")]
assert not unlicensed, f"no licence: {unlicensed}"
print(f"smoke test passed: {len(names)} components")
PYTHON
publish "$sbom"
