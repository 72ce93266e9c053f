-- A chat completion, as gateways get them; prints one line of figures.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer key"
wrk.headers["x-portkey-provider"] = "openai"
wrk.headers["x-portkey-custom-host"] = os.getenv("UPSTREAM")
wrk.body = '{"model": "smart", "messages": [{"role": "user", "content": "'
  .. string.rep("word ", 40) .. '"}], "temperature": 0.5}'

function done(summary, latency, requests)
  local seconds = summary.duration / 1e6
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format("figures %.0f %.3f %.3f %d\n", summary.requests / seconds,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
