-- Sends a check for one token after the other, and tells at the end what came of it as one line of JSON.
-- Arguments: the file of tokens, the API key or nothing.
local requests, next = {}, 0

function init(arguments)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  if arguments[2] then wrk.headers["x-api-key"] = arguments[2] end
  for token in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format(nil, "/v1/check", nil, '{"token":"' .. token .. '"}')
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"refused":%d,"broken":%d,"middle":%f,"late":%f}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
