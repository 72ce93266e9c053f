package dev.belay.proxy;

import dev.belay.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The policies clients can ask for. None of them lets an attempt hang for ever. */
final class Policies {
  private final Map<String, RetryPolicy> byName = new LinkedHashMap<>();

  Policies(Map<String, RetryPolicy> configured, Duration answerTimeout) {
    configured.forEach((name, policy) -> byName.put(name, bounded(policy, answerTimeout)));
  }

  static Map<String, RetryPolicy> presets() {
    Map<String, RetryPolicy> presets = new LinkedHashMap<>();
    RetryPolicy.presets().forEach(policy -> presets.put(policy.name(), policy));
    return presets;
  }

  private static RetryPolicy bounded(RetryPolicy policy, Duration answerTimeout) {
    return policy.attemptTimeout().compareTo(answerTimeout) <= 0
        ? policy
        : policy.toBuilder().attemptTimeout(answerTimeout).build();
  }

  Optional<RetryPolicy> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  RetryPolicy standard() {
    return named("default").orElse(RetryPolicy.DEFAULT);
  }

  String names() {
    return String.join(", ", byName.keySet().stream().sorted().toList());
  }
}
