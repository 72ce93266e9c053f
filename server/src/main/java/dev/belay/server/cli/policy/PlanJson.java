package dev.belay.server.cli.policy;

import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A plan for programs: lengths of time in seconds, null for no limit. */
final class PlanJson {
  static final List<String> ORDER =
      List.of("deadline", "budget", "retry", "breaker", "attempt_timeout", "operation");

  private PlanJson() {}

  static Map<String, @Nullable Object> of(PolicyPlan plan) {
    RetryPolicy policy = plan.policy();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("policy", policy.name());
    answer.put("order", ORDER);
    answer.put("timeout", seconds(policy.timeout()));
    answer.put("attempt_timeout", seconds(plan.attemptLimit()));
    answer.put("attempt_timeout_from", plan.isLimitOfProxy() ? "proxy.answer_timeout" : "policy");
    answer.put("budget", budget(plan));
    answer.put("breaker", PlanWords.breaker(plan.breaker()));
    answer.put("attempts", attempts(plan));
    answer.put("immediate_failover", policy.immediateFailover());
    answer.put("hedge_extra", policy.hedge().extra());
    answer.put("max_hint_wait", seconds(policy.maxHintWait()));
    answer.put("max_open_wait", seconds(policy.maxOpenWait()));
    answer.put("retry_status_codes", new TreeSet<>(policy.retryStatusCodes()));
    answer.put("retry_classes", PlanWords.classes(policy, kind -> true));
    answer.put("retry_non_idempotent", policy.retryNonIdempotent());
    answer.put(
        "retry_classes_non_idempotent",
        PlanWords.classes(
            policy, policy.retryNonIdempotent() ? kind -> true : ErrorClass::isBeforeSending));
    answer.put("worst_case", plan.worstCase().map(PlanJson::seconds).orElse(null));
    answer.put("worst_case_without_hints", seconds(plan.longestWithoutHints()));
    answer.put("bounded_by", PlanWords.lower(plan.bound()));
    return answer;
  }

  private static Map<String, Object> budget(PolicyPlan plan) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("share", plan.budget().share());
    answer.put("reserve_per_second", plan.budget().reservePerSecond());
    answer.put("capacity", plan.budget().capacity());
    return answer;
  }

  private static List<Object> attempts(PolicyPlan plan) {
    List<Object> attempts = new ArrayList<>();
    attempts.add(attempt(1, Duration.ZERO, Duration.ZERO));
    for (PolicyPlan.Wait wait : plan.waits()) {
      attempts.add(attempt(attempts.size() + 1, wait.least(), wait.most()));
    }
    return attempts;
  }

  private static Map<String, @Nullable Object> attempt(int number, Duration least, Duration most) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("attempt", number);
    answer.put("wait_min", seconds(least));
    answer.put("wait_max", seconds(most));
    return answer;
  }

  private static @Nullable Double seconds(Duration length) {
    return length.compareTo(RetryPolicy.FOREVER) >= 0 ? null : length.toNanos() / 1e9;
  }
}
