package dev.belay.proxy.health;

/**
 * Remembers through which proxies the target of the checks answered last: the latest, and the
 * latest but it. For one thread at a time.
 */
final class Witnesses {
  private Witness latest = new Witness("", 0);
  private Witness other = new Witness("", 0);

  private record Witness(String proxy, long at) {
    boolean isAnother(String than, long now, long lately) {
      return !proxy.isEmpty() && !proxy.equals(than) && now - at <= lately;
    }
  }

  void worked(String proxy, long now) {
    if (!latest.proxy().equals(proxy)) {
      other = latest;
    }
    latest = new Witness(proxy, now);
  }

  boolean workedThroughAnother(String proxy, long now, long lately) {
    return latest.isAnother(proxy, now, lately) || other.isAnother(proxy, now, lately);
  }
}
