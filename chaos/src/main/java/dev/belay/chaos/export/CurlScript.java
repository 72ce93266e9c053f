package dev.belay.chaos.export;

import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import java.util.List;

/** A shell script that applies a plan, asks, and takes the plan back whatever happens. */
final class CurlScript {
  private static final String SHOW = "-i -w '\\n%{http_code} after %{time_total} s\\n'";

  private CurlScript() {}

  static String write(Reproducer what) {
    List<Policy> policies = what.policies();
    Secrets secrets = Secrets.of(what);
    StringBuilder script =
        new StringBuilder(
            """
            #!/bin/sh
            # Shows how %s fails. The faults go when the script ends, and after %d s at the latest.
            # usage: sh SCRIPT [ADDRESS TO ASK]
            # BELAY_EXECUTOR: another executor. BELAY_TOKEN: its token. BELAY_SETTLE: seconds to wait
            # until the faults are in force; published executors take up to 30.
            %s%sset -eu
            %sdefault_executor=%s
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
                    what.finding().map(one -> "# Shows: " + one.words() + "\n").orElse(""),
                    secretWords(secrets),
                    secretChecks(secrets),
                    Shell.quoted(what.executor().toString()),
                    Shell.quoted(what.ask().uri().toString())));
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
              .formatted(Shell.quoted(PolicyDocument.json(policy))));
    }
    script
        .append("\nsleep \"${BELAY_SETTLE:-1}\"\n")
        .append(Shell.ask(what.ask(), secrets, "\"$ask\"", SHOW));
    for (Reproducer.Law law : what.laws()) {
      script
          .append('\n')
          .append(Shell.judge(law, secrets, say("holds: ", law), say("broken: ", law)));
    }
    return script.toString();
  }

  private static String say(String finding, Reproducer.Law law) {
    return "printf '%s\\n' " + Shell.quoted(finding + law.name());
  }

  private static String secretWords(Secrets secrets) {
    StringBuilder words = new StringBuilder();
    secrets
        .all()
        .forEach((variable, header) ->
            words.append("# %s: the value of the header %s.\n".formatted(variable, header)));
    return words.toString();
  }

  private static String secretChecks(Secrets secrets) {
    StringBuilder checks = new StringBuilder();
    for (String variable : secrets.all().keySet()) {
      checks.append(": \"${%s:?must be set, see above}\"\n".formatted(variable));
    }
    return checks.toString();
  }
}
