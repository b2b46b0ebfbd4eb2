-- PATCH of 200 children in turn, each time to another total.
local requests = 0
wrk.method = "PATCH"
wrk.headers["Authorization"] = "Token two-hundred"
wrk.headers["Content-Type"] = "application/json"

function request()
  requests = requests + 1
  local child = 1001 + requests % 200
  local operations = requests % 400 < 200 and 20000 or 30000
  return wrk.format(nil, "/api/v2/organizations/11/managed-organizations/" .. child, nil, '{"operations":' .. operations .. "}")
end
