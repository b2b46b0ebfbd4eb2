#!/usr/bin/env bash
# The sandbox against Prism's mock on the same document: p50 of 16 connections, one core for each server and one for the
# load. Needs wrk, node and npm, and taskset. Usage: bench/prism.sh
source "$(dirname "$0")/common.sh"
npm install --silent --prefix "$work/npm" @stoplight/prism-cli@5 >/dev/null

start 8801 --seed bench/seed.yaml
taskset -c 1 "$work/npm/node_modules/.bin/prism" mock --port 8802 --host 127.0.0.1 openapi/mms.json >/dev/null 2>&1 &
prism=$!
started+=("$prism")
until curl --silent --output /dev/null http://127.0.0.1:8802/; do sleep 0.1; done

# Prism answers with the document's example; one with 200 children makes it a list of the same size.
curl --silent -H 'Authorization: Token two-hundred' \
  'http://127.0.0.1:8801/api/v2/organizations/11/managed-organizations?pg%5Blimit%5D=200' >"$work/list.json"
python3 - "$work" <<'PY'
import json, sys
work = sys.argv[1]
document = json.load(open("openapi/mms.json"))
content = document["paths"]["/organizations/{organizationId}/managed-organizations"]["get"]["responses"]["200"]["content"]
content["application/json"]["examples"] = {"two_hundred": {"value": json.load(open(f"{work}/list.json"))}}
json.dump(document, open(f"{work}/two_hundred.json", "w"))
PY
taskset -c 1 "$work/npm/node_modules/.bin/prism" mock --port 8803 --host 127.0.0.1 "$work/two_hundred.json" >/dev/null 2>&1 &
started+=($!)
until curl --silent --output /dev/null http://127.0.0.1:8803/; do sleep 0.1; done

list='/organizations/11/managed-organizations?pg%5Blimit%5D=200'
printf '%-20s %12s %12s %8s\n' '' 'sandbox p50' 'prism p50' ratio
compare() {
  local name=$1 ours theirs
  ours=$(micros "$2") theirs=$(micros "$3")
  awk -v name="$name" -v ours="$ours" -v theirs="$theirs" \
    'BEGIN { printf "%-20s %9d us %9d us   1/%.1f\n", name, ours, theirs, theirs / ours }'
}
compare 'list of 200' \
  "$(load 8801 16 -H 'Authorization: Token two-hundred' "http://127.0.0.1:8801/api/v2$list" | percentile 50)" \
  "$(load 8803 16 -H 'Authorization: Token two-hundred' "http://127.0.0.1:8803$list" | percentile 50)"
compare 'list of 1' \
  "$(load 8801 16 -H 'Authorization: Token one' http://127.0.0.1:8801/api/v2/organizations/12/managed-organizations | percentile 50)" \
  "$(load 8802 16 -H 'Authorization: Token one' http://127.0.0.1:8802/organizations/12/managed-organizations | percentile 50)"
sed 's,/api/v2,,' bench/allocate.lua >"$work/allocate.lua"
compare PATCH \
  "$(load 8801 16 --script bench/allocate.lua http://127.0.0.1:8801 | percentile 50)" \
  "$(load 8802 16 --script "$work/allocate.lua" http://127.0.0.1:8802 | percentile 50)"
