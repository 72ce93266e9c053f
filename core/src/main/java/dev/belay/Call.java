package dev.belay;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, once: the wishes that go with a call, whatever number of attempts it
 * takes. Immutable, safe for any number of threads.
 */
public final class Call {

  /** No wishes: may be repeated, no deadline of its own, the policy of its {@link Belay}. */
  public static final Call DEFAULT = new Call("", "", "", "", true, Deadline.NEVER, null);

  private final String target;
  private final String session;
  private final String region;
  private final String country;
  private final boolean idempotent;
  private final Deadline deadline;
  private final @Nullable RetryPolicy policy;

  private Call(
      String target,
      String session,
      String region,
      String country,
      boolean idempotent,
      Deadline deadline,
      @Nullable RetryPolicy policy) {
    this.target = requireNonNull(target, "target");
    this.session = requireNonNull(session, "session");
    this.region = requireNonNull(region, "region");
    this.country = requireNonNull(country, "country");
    this.idempotent = idempotent;
    this.deadline = requireNonNull(deadline, "deadline");
    this.policy = policy;
  }

  /** What lies behind the endpoints: a host, say; empty if it does not matter. */
  public String target() {
    return target;
  }

  /** Calls of one session stay on one endpoint while they can; empty for none. */
  public String session() {
    return session;
  }

  /** Endpoints of this region are preferred; empty for none. */
  public String region() {
    return region;
  }

  /** Endpoints of this country are preferred; empty for none. */
  public String country() {
    return country;
  }

  /** Whether it may be repeated even if a server may have acted on it. */
  public boolean isIdempotent() {
    return idempotent;
  }

  /** The caller's own limit; the policy's limit applies besides. */
  public Deadline deadline() {
    return deadline;
  }

  /** A policy for this call alone. */
  public Optional<RetryPolicy> policy() {
    return Optional.ofNullable(policy);
  }

  RetryPolicy policyOr(RetryPolicy fallback) {
    return policy == null ? fallback : policy;
  }

  /** The same for another target. */
  public Call withTarget(String target) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same in a session. */
  public Call withSession(String session) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same, preferring a region. */
  public Call withRegion(String region) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same, preferring a country. */
  public Call withCountry(String country) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same, repeatable or not. */
  public Call withIdempotent(boolean idempotent) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same under a limit. */
  public Call withDeadline(Deadline deadline) {
    return new Call(target, session, region, country, idempotent, deadline, policy);
  }

  /** The same under a policy of its own. */
  public Call withPolicy(RetryPolicy policy) {
    return new Call(
        target, session, region, country, idempotent, deadline, requireNonNull(policy, "policy"));
  }
}
