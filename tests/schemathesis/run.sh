#!/usr/bin/env bash
# Has schemathesis, a property-based tester, look for answers of the sandbox that its own documents do not allow. Needs
# Python 3.10 or later and takes about a quarter of an hour. Exits with an error on any finding.
#
# All checks run. What is excepted, with its reason: control.toml and hooks.py.
#
#   tests/schemathesis/run.sh [contract] [existing] [control] [state]
#
# contract  /openapi.json with ids as they come
# existing  the same with ids that exist, so that the answers to writes that succeed are judged too
# control   /_sandbox/openapi.json but for replace_state, which would take away the children that the rest needs
# state     replace_state
#
# CASES=2000          cases for each operation of the contract
# CONTROL_CASES=300   cases for each operation of the control side
# SCHEMATHESIS_VENV   a virtual environment to use and keep; without it, one in a temporary folder
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

version=4.32.5
stages=("$@")
[[ ${#stages[@]} -gt 0 ]] || stages=(contract existing control state)

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
    config=$stage only=()
    case $stage in
    contract | existing)
        document=${base%/api/v2}/openapi.json token=$(told token) cases=${CASES:-2000}
        ;;
    control | state)
        base=${base%/api/v2}/_sandbox
        document=$base/openapi.json token=$(told controlToken) cases=${CONTROL_CASES:-300}
        config=control only=(--exclude-operation-id replace_state)
        [[ $stage == control ]] || only=(--include-operation-id replace_state --include-operation-id get_state)
        ;;
    *)
        echo "there is no stage $stage" >&2
        exit 2
        ;;
    esac
    echo "== $stage: $cases cases for each operation"
    (
        cd "$scratch"
        export MMS_TESTER_TOKEN=$token SCHEMATHESIS_HOOKS=$here/hooks.py PYTHONDONTWRITEBYTECODE=1
        "$venv/bin/schemathesis" --config-file "$here/$config.toml" run "$document" \
            --url "$base" --checks all --max-examples "$cases" --generation-database none --no-color "${only[@]}"
    ) || status=1
    stop
done
exit "$status"
