#!/usr/bin/env bash
# Has schemathesis, a property-based tester, look for answers of the sandbox that its own documents do not allow. Needs
# Python 3.10 or later and takes a few minutes. Exits with an error on any finding.
#
#   tests/schemathesis/run.sh [contract] [existing] [control]
#
# contract  /openapi.json with ids of every kind, most of which do not exist
# existing  the same with ids that exist, so that the answers to writes that succeed are judged too
# control   /_sandbox/openapi.json
#
# CASES=2000          cases for each operation of the contract
# CONTROL_CASES=300   cases for each operation of the control side
# SCHEMATHESIS_VENV   a virtual environment to use and keep; without it, one in a temporary folder
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

version=4.32.5
stages=("$@")
[[ ${#stages[@]} -gt 0 ]] || stages=(contract existing control)

scratch=$(mktemp -d)
server=
stop() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    [[ -z $server ]] || wait "$server" 2>/dev/null || true
    server=
}
trap 'stop; rm -rf "$scratch"' EXIT

venv=${SCHEMATHESIS_VENV:-$scratch/venv}
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "schemathesis==$version"

cargo build --release --locked --package mms-cli
mms=${CARGO_TARGET_DIR:-target}/release/mms

# Starts a sandbox afresh; `told NAME` is then what it said at its start.
start() {
    "$mms" sandbox serve --listen 127.0.0.1:0 --output json --seed "$here/seed.yaml" --set limiter=off \
        >"$scratch/serve.json" 2>"$scratch/serve.log" &
    server=$!
    for _ in {1..100}; do
        [[ $(tail -n 1 "$scratch/serve.json") != "}" ]] || return 0
        sleep 0.1
    done
    cat "$scratch/serve.log" >&2
    return 1
}
told() {
    "$venv/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$scratch/serve.json" "$1"
}

status=0
for stage in "${stages[@]}"; do
    start
    base=$(told baseUrl)
    case $stage in
    contract | existing)
        document=${base%/api/v2}/openapi.json token=$(told token) cases=${CASES:-2000}
        ;;
    control)
        base=${base%/api/v2}/_sandbox
        document=$base/openapi.json token=$(told controlToken) cases=${CONTROL_CASES:-300}
        ;;
    *)
        echo "there is no stage $stage" >&2
        exit 2
        ;;
    esac
    echo "== $stage: $cases cases for each operation"
    (
        cd "$scratch"
        MMS_TESTER_TOKEN=$token "$venv/bin/schemathesis" --config-file "$here/$stage.toml" run "$document" \
            --url "$base" --checks all --max-examples "$cases" --generation-database none --no-color
    ) || status=1
    stop
done
exit "$status"
