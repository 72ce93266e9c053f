package dev.belay.proxy.client;

import dev.belay.CallObserver;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.proxy.UpstreamPool;
import java.time.Duration;

/**
 * What all requests of one client share.
 *
 * @param pool where requests go
 * @param budget bounds retries and hedges
 * @param observer is told of every attempt
 * @param manner how requests are made
 */
record Rules(
    UpstreamPool pool, RetryBudget budget, CallObserver observer, Time time, Manner manner) {

  /**
   * How requests are made.
   *
   * @param policy of requests that bring none of their own
   * @param redirects how many are followed
   * @param decompress whether to ask for compressed bodies, and to unpack them
   * @param throwOnExhausted whether a last response of a bad status is an error
   * @param allowPrivate whether requests may go to this machine and to private networks
   */
  record Manner(
      RetryPolicy policy,
      ClientLimits limits,
      ClientTimeouts timeouts,
      int redirects,
      boolean decompress,
      boolean throwOnExhausted,
      boolean allowPrivate) {}

  /** The policy in force for a request; it lets no attempt hang for ever. */
  RetryPolicy policyOf(ProxyRequest request) {
    RetryPolicy policy = request.policy().orElse(manner.policy());
    Duration longest = manner.timeouts().attempt();
    return policy.attemptTimeout().compareTo(longest) <= 0
        ? policy
        : policy.toBuilder().attemptTimeout(longest).build();
  }
}
