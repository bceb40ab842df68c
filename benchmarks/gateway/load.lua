-- For wrk: posts chats, each with words of its own (`fresh`) or always the same (`same`), and prints one JSON line.
-- wrk … -s load.lua URL -- fresh|same RUN [Header: value]…
local kind, run, n = 'same', '0', 0

function init(args)
  kind, run = args[1], args[2]
  wrk.headers['Content-Type'] = 'application/json'
  for i = 3, #args do
    local name, value = args[i]:match('^([^:]+): (.*)$')
    wrk.headers[name] = value
  end
end

function request()
  local words, user = 'always the same', 'nobody'
  if kind == 'fresh' then
    n = n + 1
    words = run .. ' ' .. n
    user = run .. '-' .. math.floor(n / 5)
  end
  local body = '{"model":"instant","user":"' .. user .. '","messages":[{"role":"user","content":"' .. words .. '"}]}'
  return wrk.format('POST', nil, nil, body)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"perSecond":%f,"p50":%f,"p99":%f,"errors":{"status":%d,"connect":%d,"read":%d,"timeout":%d}}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.status, e.connect, e.read, e.timeout))
end
