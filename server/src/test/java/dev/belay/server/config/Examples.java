package dev.belay.server.config;

import java.util.List;
import java.util.Map;

/** Configurations that several tests use. */
final class Examples {
  static final Map<String, String> ENVIRONMENT =
      Map.of("PASS", "p4ss/CANARY+env", "BELAY_TOKEN", "tok-CANARY+env", "EMPTY", "");

  /** What no message and no text may ever show. */
  static final String CANARY = "CANARY+";

  /** Every key there is, each with a value that is not its default. */
  static final String EVERY_KEY =
      """
      control: {host: "::1", port: 0, token: "${BELAY_TOKEN}"}
      store:
        url: "postgresql://belay:CANARY+store@db.example/belay"
        instance: eu-1
        history: 30d
      retry:
        max_attempts: 4
        backoff_strategy: fibonacci
        base_delay: 250ms
        multiplier: 3
        max_backoff_delay: 1.5s
        jitter: full
        retry_status_codes: [408, 500]
        timeout: 2m
        retry_non_idempotent: true
        attempt_timeout: 20
        max_hint_wait: 30s
        max_open_wait: 5s
        retry_classes: [connect, status]
        immediate_failover: true
        hedge: {extra: 2, delay: 200ms, percentile: 0.95}
      circuit_breaker:
        failure_threshold: 7
        window_duration: 2m
        timeout_duration: 45s
        failure_rate: 0.5
        minimum_calls: 30
        consecutive_failures: 3
        slow_call: 4s
        slow_rate: 0.25
        window_calls: 50
        open_growth: 2
        max_open_duration: 1h
        open_jitter: 0.1
        max_hint: 10m
        half_open_calls: 2
        half_open_successes: 4
        probe_lease: 15s
        warm_start: true
      budget: {share: 0.2, reserve_per_second: 5, capacity: 50}
      policies:
        patient: {max_attempts: 5, backoff_strategy: linear, base_delay: 2s, timeout: null, hedge: null}
        busy: {preset: high-volume, max_attempts: 2}
      proxy:
        host: 0.0.0.0
        port: 3128
        socks_port: 1080
        strategy: power-of-two
        session_ttl: 20m
        retry_methods: [GET, PUT]
        max_sessions: 500
        allow_private: true
        users:
          alice: "CANARY+alice"
        pool:
          - url: "http://user:${PASS}@proxy-1.example:3128"
            region: US-EAST
            country: us
            tags: [paid, fast]
            weight: 2.5
            cost: 0.002
            max_concurrent: 40
            expires_at: "2030-12-31T00:00:00Z"
          - {url: "socks5h://10.0.0.7:1080"}
        slow_start: 90s
        max_ejection: 0.5
        health:
          active: true
          level: https
          interval: 15s
          jitter: 0.2
          timeout: 3s
          parallel: 20
          failures_to_open: 3
          url: "https://example.com/"
          judge: "http://judge.example/?key=CANARY+judge"
          own_addresses: [203.0.113.7, "2001:db8::7"]
        sources:
          - name: mine
            file: /etc/belay/proxies.txt
            scheme: socks5h
            region: EU
            country: de
            tags: [own]
            weight: 3
            cost: 0.5
            max_concurrent: 9
            allow_private: false
          - name: web
            url: "https://me:CANARY+web@lists.example/all?token=CANARY+token"
            interval: 5m
            timeout: 20s
            through_pool: true
        max_connections: 500
        max_connections_per_client: 50
        max_upstream_connections: 64
        max_head_size: 8KB
        max_headers: 40
        body_memory: 64KB
        body_total: 2MB
        body_directory: /var/tmp/belay
        connect_timeout: 3s
        answer_timeout: 30s
        head_timeout: 4s
        idle_timeout: 6m
        transfer_timeout: 2h
        drain_timeout: 7s
      flow:
        on: false
        files: /var/lib/belay/runs
        patience: 2h
        cooldown_margin: 30s
        cooldown_least: 2m
        cooldown_default: 1h
        resume: false
      """;

  /** Configurations as somebody would write them. */
  static final List<String> GOOD =
      List.of(
          "",
          "# nothing yet\n",
          "proxy:\n",
          "proxy: {pool: [{url: \"https://proxy.example:443\"}]}\n",
          "retry: {timeout: null, jitter: true, hedge: {delay: 100ms}}\n",
          "proxy: {port: \"${PORT:-8118}\", allow_private: \"${PRIVATE:-false}\"}\n",
          "proxy: {health: {level: http, url: \"http://a/\"}, sources: [{name: a, file: b}]}\n",
          "policies:\n  a: {preset: critical, timeout: 3}\n  b:\n",
          EVERY_KEY);

  private Examples() {}

  static BelayConfig parse(String yaml) {
    return BelayConfig.parse(yaml, "belay.yaml", ENVIRONMENT);
  }
}
