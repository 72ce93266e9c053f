package dev.belay.server.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Backoff;
import dev.belay.Cases;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicyVerbTest {
  private final Shell shell = new Shell();

  @Nested
  class Explain {
    @TempDir private Path directory = Path.of(".");

    @Test
    void printsTheOrderTheWaitsAndTheWorstCase() {
      assertThat(shell.run("policy", "explain")).isZero();

      assertThat(shell.out())
          .isEqualToNormalizingNewlines(
              """
              policy default

              deadline ⊃ budget ⊃ retry/failover ⊃ breaker ⊃ attempt timeout ⊃ operation

                deadline         none
                budget           each call adds 1 and each second 10, each retry takes 1; at most 1000 saved up
                retry/failover   3 attempts, exponential from 1s, at most 30s, no jitter
                breaker          opens on 5 failures in 1m, for 30s; 1 good probe closes it
                attempt timeout  1m (answer_timeout)

              attempt  wait before
                    1  -
                    2  1s
                    3  2s
              longer where a server asks for it, up to 1m

                statuses         502, 503, 504
                failures         dns, connect, tls, timeout, reset, protocol, status, throttled, auth, rejected, invalid, other
                not repeatable   calls such as POST only on: dns, connect, tls, auth, rejected

                worst case       5m
                bounded by       max_attempts, the attempt timeout and the waits
                without hints    183s, if no server asks for a wait
              """);
    }

    @Test
    void printsAPolicyOfTheFile() {
      Path file =
          Shell.file(
              directory,
              """
              circuit_breaker:
                {failure_rate: 0.5, consecutive_failures: 3, slow_call: 2s, slow_rate: 0.25,
                 window_calls: 40, half_open_successes: 2}
              policies:
                eager:
                  preset: fast-failover
                  retry_non_idempotent: true
                  retry_status_codes: []
                  retry_classes: []
                  max_open_wait: 3s
                  hedge: {extra: 2, delay: 50ms, percentile: 0.9}
              """);

      assertThat(shell.run("policy", "explain", "eager", "-c", file.toString())).isZero();

      assertThat(shell.out())
          .contains("policy eager")
          .contains("deadline         30s")
          .contains("up to 2 more beside an attempt that is slower than 0.9 of the recent ones")
          .contains("5 failures in the last 40 calls or 50 % failures in the last 40 calls")
          .contains("or 3 failures in a row or 25 % calls of 2s and longer in the last 40 calls")
          .contains("2 good probes close it")
          .contains("attempt timeout  10s\n")
          .contains("      2  50ms to 100ms\n")
          .contains("no wait at all where another endpoint is free")
          .contains("statuses         none")
          .contains("failures         none")
          .contains("calls such as POST are retried like any other")
          .contains("waits up to 3s each time all are open")
          .contains("worst case       30s\n  bounded by       timeout\n");
    }

    @Test
    void printsAPolicyThatDoesNotRetry() {
      assertThat(shell.run("policy", "explain", "none")).isZero();

      assertThat(shell.out())
          .contains("1 attempt, no retry")
          .doesNotContain("longer where")
          .contains("worst case       1m");
    }

    @Test
    void saysItToPrograms() {
      assertThat(shell.run("policy", "explain", "critical", "--json")).isZero();

      JsonNode plan = new JsonMapper().readTree(shell.out());
      assertThat(plan.get("policy").asString()).isEqualTo("critical");
      assertThat(plan.get("order")).hasSize(6);
      assertThat(plan.get("timeout").asDouble()).isEqualTo(5);
      assertThat(plan.get("worst_case").asDouble()).isEqualTo(5);
      assertThat(plan.get("bounded_by").asString()).isEqualTo("timeout");
      assertThat(plan.get("attempt_timeout").asDouble()).isEqualTo(60);
      assertThat(plan.get("attempt_timeout_from").asString()).isEqualTo("proxy.answer_timeout");
      assertThat(plan.at("/attempts/1/wait_max").asDouble()).isEqualTo(1);
      assertThat(plan.get("retry_status_codes")).hasSize(3);
      assertThat(plan.get("retry_classes")).hasSize(12);
      assertThat(plan.get("retry_classes_non_idempotent")).hasSize(5);
    }

    @Test
    void offersWhatThereIsForANameThatIsNot() {
      assertThat(shell.run("policy", "explain", "critcal")).isEqualTo(2);

      assertThat(shell.err())
          .isEqualToIgnoringNewLines(
              "belay: there is no policy critcal; did you mean critical? There are: default, none,"
                  + " high-volume, rate-limited, critical, fast-failover (see belay policy explain"
                  + " --help)");
      assertThat(shell.run("policy", "explain", "zzz")).isEqualTo(2);
      assertThat(shell.err()).contains("there is no policy zzz. There are: default");
    }

    @Test
    void refusesABadConfiguration() {
      Path file = Shell.file(directory, "retry: {max_attempts: 0}");

      assertThat(shell.run("policy", "explain", "-c", file.toString())).isEqualTo(2);
      assertThat(shell.err()).contains(":1: retry.max_attempts: must be a whole number, 1 to 10");
    }
  }

  @Nested
  class Plan {
    @Test
    void hasNoBoundWhereACallWaitsForBreakersWithoutATimeout() {
      PolicyPlan plan =
          plan(RetryPolicy.named("patient").maxOpenWait(Duration.ofSeconds(1)).build());

      assertThat(plan.worstCase()).isEqualTo(Optional.empty());
      assertThat(plan.bound()).isEqualTo(PolicyPlan.Bound.NOTHING);
    }

    @Test
    void hasTheBoundOfItsAttemptsWhereTheTimeoutIsLonger() {
      PolicyPlan plan =
          plan(
              RetryPolicy.named("slow")
                  .timeout(Duration.ofHours(1))
                  .attemptTimeout(Duration.ofSeconds(1))
                  .maxHintWait(Duration.ZERO)
                  .build());

      assertThat(plan.worstCase()).contains(Duration.ofSeconds(3 + 1 + 2));
      assertThat(plan.longestWithoutHints()).isEqualTo(Duration.ofSeconds(6));
      assertThat(plan.bound()).isEqualTo(PolicyPlan.Bound.ATTEMPTS);
    }

    @Test
    void noWaitThatIsDrawnIsOutsideTheOnesPrinted() {
      Cases.check(
          500,
          PolicyVerbTest::anyPolicy,
          policy -> {
            List<PolicyPlan.Wait> waits = plan(policy).waits();
            RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
            long previous = 0;
            for (int failure = 0; failure < waits.size(); failure++) {
              previous = policy.backoff().draw(failure, previous, random);
              assertThat(Duration.ofNanos(previous))
                  .isBetween(waits.get(failure).least(), waits.get(failure).most());
            }
          });
    }

    private static PolicyPlan plan(RetryPolicy policy) {
      return PolicyPlan.of(policy, BelayConfig.DEFAULT);
    }
  }

  private static RetryPolicy anyPolicy(RandomGenerator random) {
    Jitter[] jitters = Jitter.values();
    Backoff.Shape[] shapes = Backoff.Shape.values();
    return RetryPolicy.named("any")
        .maxAttempts(1 + random.nextInt(10))
        .backoff(
            Backoff.of(
                    shapes[random.nextInt(shapes.length - 1)],
                    Duration.ofNanos(1 + random.nextLong(60_000_000_000L)))
                .withMultiplier(1.1 + random.nextDouble() * 8)
                .withCap(Duration.ofNanos(1 + random.nextLong(100_000_000_000L)))
                .withJitter(jitters[random.nextInt(jitters.length)]))
        .build();
  }
}
