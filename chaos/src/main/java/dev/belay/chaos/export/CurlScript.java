package dev.belay.chaos.export;

import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import java.util.List;

/** A shell script that applies a plan, asks, and takes the plan back whatever happens. */
final class CurlScript {
  private CurlScript() {}

  static String write(Reproducer what) {
    List<Policy> policies = what.policies();
    StringBuilder script =
        new StringBuilder(
            """
            #!/bin/sh
            # Shows how %s fails. The faults go when the script ends, and after %d s at the latest.
            # usage: sh SCRIPT [ADDRESS TO ASK]
            # BELAY_EXECUTOR: another executor. BELAY_TOKEN: its token. BELAY_SETTLE: seconds to wait
            # until the faults are in force; published executors take up to 30.
            set -eu
            default_executor=%s
            default_ask=%s
            executor=${BELAY_EXECUTOR:-$default_executor}
            ask=${1:-$default_ask}

            call() {
              if [ -n "${BELAY_TOKEN:-}" ]; then
                printf 'header = "Authorization: Bearer %%s"\\n' "$BELAY_TOKEN" |
                  curl -sS --fail-with-body --max-time 30 --config - "$@"
              else
                curl -sS --fail-with-body --max-time 30 "$@"
              fi
            }

            remove() {
            """
                .formatted(
                    what.service(),
                    Math.ceilDiv(what.plan().life().toMillis(), 1_000),
                    quoted(what.executor().toString()),
                    quoted(what.ask().toString())));
    for (Policy policy : policies) {
      script.append(
          "  call -X DELETE \"$executor/v1/policies/%s\" || true\n".formatted(policy.name()));
    }
    script.append(
        """
        }
        trap remove EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM

        """);
    for (Policy policy : policies) {
      script.append(
          """
          call -X POST -H 'Content-Type: application/json' "$executor/v1/policies" \\
            --data-raw %s
          """
              .formatted(quoted(PolicyDocument.json(policy))));
    }
    return script
        .append(
            """

            sleep "${BELAY_SETTLE:-1}"
            curl -sS -i --max-time 60 -w '\\n%{http_code} after %{time_total} s\\n' "$ask"
            """)
        .toString();
  }

  /** One word of the shell, whatever is in it. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
