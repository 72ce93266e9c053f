package dev.belay.server.cli.policy;

import dev.belay.ErrorClass;
import dev.belay.Hedge;
import dev.belay.RetryPolicy;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.settings.DurationText;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Prints a plan for people. */
final class PlanText {
  static final String ORDER =
      "deadline ⊃ budget ⊃ retry/failover ⊃ breaker ⊃ attempt timeout ⊃ operation";

  private final Terminal terminal;

  PlanText(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(PolicyPlan plan) {
    RetryPolicy policy = plan.policy();
    line("policy %s".formatted(terminal.styled("@|bold " + policy.name() + "|@")));
    line("");
    line(ORDER);
    line("");
    parts(plan);
    line("");
    attempts(plan);
    line("");
    retries(policy);
    line("");
    worstCase(plan);
  }

  private void parts(PolicyPlan plan) {
    RetryPolicy policy = plan.policy();
    part("deadline", DurationText.of(policy.timeout()));
    part("budget", PlanWords.budget(plan.budget()));
    part("retry/failover", PlanWords.retry(policy));
    if (policy.hedge().isOn()) {
      part("hedge", hedge(policy.hedge()));
    }
    part("breaker", PlanWords.breaker(plan.breaker()));
    part(
        "attempt timeout",
        DurationText.of(plan.attemptLimit()) + (plan.isLimitOfProxy() ? " (answer_timeout)" : ""));
  }

  private static String hedge(Hedge hedge) {
    String slow =
        hedge.percentile() > 0
            ? "slower than %s of the recent ones, and than %s"
                .formatted(hedge.percentile(), DurationText.of(hedge.delay()))
            : "slower than " + DurationText.of(hedge.delay());
    return "up to %d more beside an attempt that is %s".formatted(hedge.extra(), slow);
  }

  private void attempts(PolicyPlan plan) {
    line("attempt  wait before");
    line("      1  -");
    for (int i = 0; i < plan.waits().size(); i++) {
      line("%7d  %s".formatted(i + 2, wait(plan.waits().get(i))));
    }
    if (plan.waits().isEmpty()) {
      return;
    }
    if (plan.policy().immediateFailover()) {
      line("no wait at all where another endpoint is free");
    }
    line(
        "longer where a server asks for it, up to %s"
            .formatted(DurationText.of(plan.policy().maxHintWait())));
  }

  private static String wait(PolicyPlan.Wait wait) {
    return wait.least().equals(wait.most())
        ? DurationText.of(wait.most())
        : DurationText.of(rounded(wait.least())) + " to " + DurationText.of(wait.most());
  }

  /** Nobody waits for a nanosecond. */
  private static Duration rounded(Duration least) {
    return least.toNanos() < 1_000 ? Duration.ZERO : least;
  }

  private void retries(RetryPolicy policy) {
    part(
        "statuses",
        policy.retryStatusCodes().isEmpty()
            ? "none"
            : new TreeSet<>(policy.retryStatusCodes())
                .stream().map(String::valueOf).collect(Collectors.joining(", ")));
    part("failures", words(policy, kind -> true));
    part(
        "not repeatable",
        policy.retryNonIdempotent()
            ? "calls such as POST are retried like any other"
            : "calls such as POST only on: " + words(policy, ErrorClass::isBeforeSending));
    if (!policy.maxOpenWait().isZero()) {
      part(
          "open breakers",
          "waits up to %s each time all are open".formatted(DurationText.of(policy.maxOpenWait())));
    }
  }

  private static String words(RetryPolicy policy, Predicate<ErrorClass> fits) {
    var words = PlanWords.classes(policy, fits);
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  private void worstCase(PolicyPlan plan) {
    part("worst case", plan.worstCase().map(DurationText::of).orElse("no limit"));
    part("bounded by", plan.bound().words());
    if (plan.bound() == PolicyPlan.Bound.ATTEMPTS) {
      part(
          "without hints",
          DurationText.of(plan.longestWithoutHints()) + ", if no server asks for a wait");
    }
  }

  private void part(String name, String value) {
    line("  %-16s %s".formatted(name, value));
  }

  private void line(String line) {
    terminal.out().println(line);
  }
}
