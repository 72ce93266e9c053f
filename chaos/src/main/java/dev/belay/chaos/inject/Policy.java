package dev.belay.chaos.inject;

import dev.belay.Check;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rules that come into force and go together. The document that the executor takes and gives.
 *
 * @param metadata its name, and who answers for it
 * @param selector which services it is for
 * @param apply how many of its rules strike one request
 * @param rules at least one, at most 1,000
 */
public record Policy(Metadata metadata, Selector selector, Apply apply, List<Rule> rules) {
  /** In which order policies are asked: by priority, then by name. The first that fits strikes. */
  public static final Comparator<Policy> ORDER =
      Comparator.comparingInt((Policy policy) -> policy.metadata().priority())
          .thenComparing(Policy::name);

  private static final int MOST_RULES = 1_000;

  public Policy {
    rules = List.copyOf(rules);
    Check.that(
        !rules.isEmpty() && rules.size() <= MOST_RULES,
        "spec.rules must have 1 to %d rules, had %d",
        MOST_RULES,
        rules.size());
  }

  /** How many of the rules that mean a request strike it. */
  public enum Apply {
    /** The first one, and no other of any policy. */
    FIRST,
    /** All of this policy, and none of a later one. */
    ALL
  }

  /**
   * Who a policy is.
   *
   * @param name unique, 1 to 253 characters
   * @param version such as {@code 1.0.0}; empty if it has none
   * @param priority lower ones are asked first; 0 unless given
   * @param owner whose it is, so that all of one owner can be taken back together; empty for nobody
   * @param lease how long it stays in force without being renewed; none for as long as it lasts
   */
  public record Metadata(
      String name, String version, int priority, String owner, Optional<Duration> lease) {
    private static final int LONGEST = 253;

    public Metadata {
      Check.that(
          !name.isBlank() && name.length() <= LONGEST,
          "metadata.name is required, 1 to %d characters, was '%s'",
          LONGEST,
          name);
      Check.that(
          lease.isEmpty()
              || (lease.get().toMillis() >= 1 && lease.get().compareTo(Duration.ofHours(1)) <= 0),
          "metadata.lease_seconds must be above 0 and at most 3600, was %s",
          lease);
    }

    /** A name and nothing else. */
    public static Metadata named(String name) {
      return new Metadata(name, "", 0, "", Optional.empty());
    }
  }

  /** Its name. */
  public String name() {
    return metadata.name();
  }

  /** How long it is in force at the most: the longest of its rules; none if one is for ever. */
  public Optional<Duration> life() {
    Duration longest = Duration.ZERO;
    for (Rule rule : rules) {
      Duration life = rule.fault().timing().life();
      if (life.isZero()) {
        return Optional.empty();
      }
      longest = longest.compareTo(life) < 0 ? life : longest;
    }
    return Optional.of(longest);
  }

  /** The same with another name, owner or lease. */
  public Policy withMetadata(Metadata other) {
    return new Policy(other, selector, apply, rules);
  }
}
