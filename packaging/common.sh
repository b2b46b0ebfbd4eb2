# What the packaging scripts share; sourced, not run. Every artefact goes to $MMS_DIST, by default target/dist.
# shellcheck shell=bash
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TARGET="$(realpath --canonicalize-missing "${CARGO_TARGET_DIR:-$ROOT/target}")"
DIST="$(realpath --canonicalize-missing "${MMS_DIST:-$TARGET/dist}")"
export CARGO_TARGET_DIR="$TARGET"
VERSION="$(sed -n '/^\[workspace\.package\]/,/^$/s/^version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")"
# Options for every call of cargo, such as MMS_CARGO_OPTIONS="-j1".
read -r -a CARGO_OPTIONS <<<"${MMS_CARGO_OPTIONS:-}"
# Times in archives are those of the commit.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$ROOT" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH

SCRATCH="$(mktemp -d)"
trap 'rm -rf "$SCRATCH"' EXIT
mkdir -p "$DIST"
cd "$ROOT"

fail() {
    echo "error: $*" >&2
    exit 1
}

# need PROGRAM WHERE-TO-GET-IT
need() {
    command -v "$1" >/dev/null || fail "$1 is needed: $2"
}

# Builds mms as it is released, with further options for cargo.
build_mms() {
    cargo build --locked --release --package mms-cli --features full "${CARGO_OPTIONS[@]}" "$@"
}

# collect_extras MMS DIRECTORY: writes shell completions and man pages where packages have them, below DIRECTORY/share.
#
# A program without these commands has nothing to collect; one that has them and fails at it stops the script.
collect_extras() {
    local mms="$1" share="$2/share"
    mkdir -p "$share"
    # `mms help completion` fails while there is no such command.
    if ! "$mms" help completion >/dev/null 2>&1; then
        echo "note: this mms has no command completion: no completions and no man pages are packaged" >&2
        return
    fi
    mkdir -p "$share/bash-completion/completions" "$share/zsh/site-functions" "$share/fish/vendor_completions.d" \
        "$share/mms" "$share/man/man1"
    "$mms" completion bash >"$share/bash-completion/completions/mms"
    "$mms" completion zsh >"$share/zsh/site-functions/_mms"
    "$mms" completion fish >"$share/fish/vendor_completions.d/mms.fish"
    "$mms" completion powershell >"$share/mms/mms.ps1"
    "$mms" man --out "$share/man/man1"
    local file
    for file in "$share"/*/*/mms "$share"/*/*/_mms "$share"/*/*/mms.fish "$share/mms/mms.ps1" "$share/man/man1/mms.1"; do
        [ -s "$file" ] || fail "$file was not written, or is empty"
    done
}

# Runs a program as a new user would who has nothing but it: no environment, an empty home.
as_new_user() {
    mkdir -p "$SCRATCH/home"
    env -i PATH="$PATH" HOME="$SCRATCH/home" "$@"
}

# smoke_test MMS: the program names its version, and lists the children of a sandbox.
smoke_test() {
    local version list
    version="$(as_new_user "$1" --version)"
    [[ "$version" == "mms $VERSION"* ]] || fail "$1 --version says: $version"
    list="$(as_new_user "$1" --sandbox child list)"
    [[ "$list" == *"Acme Bakery"* ]] || fail "$1 --sandbox child list says: $list"
    echo "smoke test passed: $version"
}

# publish FILE: puts an artefact that passed its test to the others.
publish() {
    local artefact
    artefact="$DIST/$(basename "$1")"
    mv "$1" "$artefact"
    echo "made $artefact ($(stat -c %s "$artefact") bytes)"
}
