# Makes the tables of docs/benchmarks.md from lines of: peer, what, value. Medians over rounds.

function median(key,   n, i, j, t, values) {
  n = count[key]
  if (n == 0) return -1
  for (i = 1; i <= n; i++) values[i] = value[key, i] + 0
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && values[j - 1] > values[j]; j--) {
      t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
    }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}
function m(peer, what) { return median(peer SUBSEP what) }
function sum(peer, what,   i, s) {
  for (i = 1; i <= count[peer, what]; i++) s += value[peer, what, i]
  return s + 0
}
function known(peer) { return (peer, "absolute64.rps") in count }
function k(rate) { return rate >= 9950 ? sprintf("%.1fk", rate / 1000) : sprintf("%.0f", rate) }

# one bar: Belay's rate against a peer's, in one or two cells, of which the worse counts
function bar(title, peer, what, other, least,   a, b, line) {
  if (!known(peer) || !known("belay")) return
  a = m("belay", what) / m(peer, what)
  line = sprintf("%.2fx", a)
  if (other != "") {
    b = m("belay", other) / m(peer, other)
    line = line sprintf(" / %.2fx", b)
    if (b < a) a = b
  }
  row(title, ">= " least "x", line, a >= least)
}
function row(title, needed, reached, pass) {
  printf "| %s | %s | %s | %s |\n", title, needed, reached, pass ? "yes" : "**no**"
}
function tail(title, what,   mine, theirs) {
  if (!known("squid") || !known("belay")) return
  mine = m("belay", what); theirs = m("squid", what)
  row(title, sprintf("<= %.1f ms", theirs), sprintf("%.1f ms", mine), mine <= theirs)
}

{ value[$1, $2, ++count[$1, $2]] = $3 }

END {
  print ""
  print "Conditions: " conditions "."
  print ""
  print "| proxy | absolute-form, 64 / 512 connections: requests/s | p99 ms | CPU s per 10,000 | 1 request per tunnel: tunnels/s | p99 ms | 100 per tunnel, 64 / 512: requests/s | p99 ms | CPU s per 10,000 | peak MB | errors |"
  print "|---|---|---|---|---|---|---|---|---|---|---|"
  n = split(peers, list, " ")
  for (i = 1; i <= n; i++) {
    p = list[i]
    if (!known(p)) continue
    errors = sum(p, "absolute64.errors") + sum(p, "absolute512.errors") + sum(p, "tunnel1.errors") \
      + sum(p, "tunnels64.errors") + sum(p, "tunnels512.errors")
    printf "| %s | %s / %s | %.1f / %.1f | %.2f | %s | %.1f | %s / %s | %.1f / %.1f | %.2f | %d | %d |\n", \
      value[p, "version", 1], k(m(p, "absolute64.rps")), k(m(p, "absolute512.rps")), \
      m(p, "absolute64.p99"), m(p, "absolute512.p99"), m(p, "absolute64.cpu"), \
      k(m(p, "tunnel1.tps")), m(p, "tunnel1.p99"), \
      k(m(p, "tunnels64.rps")), k(m(p, "tunnels512.rps")), \
      m(p, "tunnels64.p99"), m(p, "tunnels512.p99"), m(p, "tunnels64.cpu"), m(p, "memory"), errors
  }
  print ""
  print "| Belay against | needed | reached (64 / 512 connections) | met |"
  print "|---|---|---|---|"
  bar("proxy-chain, absolute-form", "proxy-chain", "absolute64.rps", "absolute512.rps", 7)
  bar("Squid, absolute-form", "squid", "absolute64.rps", "absolute512.rps", 2.5)
  bar("HAProxy as plain TCP, absolute-form", "haproxy", "absolute64.rps", "absolute512.rps", 0.55)
  bar("proxy-chain, tunnels of 100", "proxy-chain", "tunnels64.rps", "tunnels512.rps", 1.3)
  bar("Squid, tunnels of 100", "squid", "tunnels64.rps", "tunnels512.rps", 1.2)
  bar("HAProxy as plain TCP, tunnels of 100", "haproxy", "tunnels64.rps", "tunnels512.rps", 0.75)
  bar("Squid, tunnels/s", "squid", "tunnel1.tps", "", 1.3)
  tail("Squid's p99, absolute-form at 64", "absolute64.p99")
  tail("Squid's p99, tunnels of 100 at 64", "tunnels64.p99")
  if (known("belay"))
    row("peak memory", "< 400 MB", sprintf("%d MB", m("belay", "memory")), m("belay", "memory") < 400)
  if (("belay", "start_first") in count) {
    later = ("belay", "start") in count ? m("belay", "start") : m("belay", "start_first")
    worst = m("belay", "start_first") > later ? m("belay", "start_first") : later
    row("start-up until /health answers, first / later (median)", "< 2 s", \
      sprintf("%.2f s / %.2f s", m("belay", "start_first") / 1000, later / 1000), worst < 2000)
  }
  print ""
}
