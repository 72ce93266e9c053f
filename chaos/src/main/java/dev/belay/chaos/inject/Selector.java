package dev.belay.chaos.inject;

/**
 * Which services a policy is for.
 *
 * @param service the service that is called; empty or {@code *} for any
 * @param namespace where it runs; empty or {@code *} for any
 */
public record Selector(String service, String namespace) {
  /** Every service. */
  public static final Selector ANY = new Selector("", "");

  /** Whether a service is meant. */
  public boolean covers(String name, String space) {
    return fits(service, name) && fits(namespace, space);
  }

  private static boolean fits(String wanted, String there) {
    return wanted.isEmpty() || wanted.equals("*") || wanted.equals(there);
  }
}
