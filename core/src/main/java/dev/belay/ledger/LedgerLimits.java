package dev.belay.ledger;

import dev.belay.Check;

/**
 * How much a ledger keeps. An endpoint, policy or host costs about 300 bytes for each hour in which
 * it was used. Immutable.
 *
 * @param hours whole hours besides the one that is running, 1 to 168
 * @param endpoints endpoints, and as many breakers, counted one by one, 1 to 1,000,000
 * @param policies policies counted one by one, 1 to 1,000,000
 * @param hosts targets counted one by one, 1 to 1,000,000
 */
public record LedgerLimits(int hours, int endpoints, int policies, int hosts) {
  private static final int MOST_KEYS = 1_000_000;

  /** 24 h, 10,000 endpoints, 1,000 policies, 10,000 hosts. */
  public static final LedgerLimits DEFAULT = new LedgerLimits(24, 10_000, 1_000, 10_000);

  /** Rejects values out of range. */
  public LedgerLimits {
    Check.that(
        hours >= 1 && hours <= Window.MOST_HOURS,
        "retention_hours must be 1 to 168, was %d",
        hours);
    checkKeys("endpoints", endpoints);
    checkKeys("policies", policies);
    checkKeys("hosts", hosts);
  }

  private static void checkKeys(String name, int keys) {
    Check.that(keys >= 1 && keys <= MOST_KEYS, "%s must be 1 to 1000000, was %d", name, keys);
  }

  /** The same for another number of hours. */
  public LedgerLimits withHours(int hours) {
    return new LedgerLimits(hours, endpoints, policies, hosts);
  }

  /** The same for another number of endpoints. */
  public LedgerLimits withEndpoints(int endpoints) {
    return new LedgerLimits(hours, endpoints, policies, hosts);
  }

  /** The same for another number of policies. */
  public LedgerLimits withPolicies(int policies) {
    return new LedgerLimits(hours, endpoints, policies, hosts);
  }

  /** The same for another number of hosts. */
  public LedgerLimits withHosts(int hosts) {
    return new LedgerLimits(hours, endpoints, policies, hosts);
  }
}
