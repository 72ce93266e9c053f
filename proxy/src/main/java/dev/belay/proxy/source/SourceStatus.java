package dev.belay.proxy.source;

import dev.belay.proxy.source.ProxyList.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a source is doing. Immutable; holds no secret.
 *
 * @param name its name
 * @param state whether its list is what it should be
 * @param loadedAt when the list that is in use was read; empty if none was
 * @param proxies how many are in that list
 * @param refusedCount how many lines of it were refused
 * @param refused the first of these, at most 100
 * @param message what is wrong, for people; empty if nothing is
 */
public record SourceStatus(
    String name,
    State state,
    Optional<Instant> loadedAt,
    int proxies,
    int refusedCount,
    List<Refused> refused,
    String message) {

  /** Whether a source's list is what it should be. */
  public enum State {
    /** Nobody has looked yet. */
    WAITING,
    /** The list is what the source had when it was last looked at. */
    GOOD,
    /** The source cannot be read; the last good list is in use. */
    STALE,
    /** The source cannot be read, and never could. */
    FAILED
  }

  /** Keeps a copy. */
  public SourceStatus {
    refused = List.copyOf(refused);
  }

  static SourceStatus waiting(String name) {
    return new SourceStatus(name, State.WAITING, Optional.empty(), 0, 0, List.of(), "");
  }

  SourceStatus good(ProxyList list, Instant now) {
    return new SourceStatus(
        name,
        State.GOOD,
        Optional.of(now),
        list.entries().size(),
        list.refusedCount(),
        list.refused(),
        "");
  }

  /** The same list, known to be right again. */
  SourceStatus unchanged() {
    State now = loadedAt.isPresent() ? State.GOOD : state;
    return new SourceStatus(name, now, loadedAt, proxies, refusedCount, refused, "");
  }

  SourceStatus failed(String why) {
    State now = loadedAt.isPresent() ? State.STALE : State.FAILED;
    return new SourceStatus(name, now, loadedAt, proxies, refusedCount, refused, why);
  }
}
