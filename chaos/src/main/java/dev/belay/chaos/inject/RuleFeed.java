package dev.belay.chaos.inject;

import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All policies as one text, the way data planes get them: a JSON array. Those that say who they are
 * get besides, under {@code status}, which edition of a policy it is, how old, and how much of its
 * lease is left.
 */
public final class RuleFeed {
  private static final String STATUS = "status";
  private static final long MOST_MS = Long.MAX_VALUE / 1_000_000;

  private RuleFeed() {}

  /**
   * A policy as a data plane gets it.
   *
   * @param policy the policy
   * @param generation its edition; 0 if that was not said
   * @param age how long ago it was put in force; zero if that was not said
   * @param left how long its lease still lasts; none if it has none, or that was not said
   */
  public record Dated(Policy policy, long generation, Duration age, Optional<Duration> left) {
    /** One without a lease. */
    public Dated(Policy policy, long generation, Duration age) {
      this(policy, generation, age, Optional.empty());
    }
  }

  /** For data planes that want the policies alone. */
  public static String plain(List<Kept> policies) {
    return Json.write(policies.stream().map(kept -> PolicyDocument.write(kept.policy())).toList());
  }

  /** For data planes of this kind. */
  public static String dated(List<Dated> policies) {
    return Json.write(policies.stream().map(RuleFeed::tree).toList());
  }

  private static Map<String, Object> tree(Dated dated) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("generation", dated.generation());
    status.put("age_ms", dated.age().toMillis());
    dated.left().ifPresent(left -> status.put("left_ms", left.toMillis()));
    Map<String, Object> tree = PolicyDocument.write(dated.policy());
    tree.put(STATUS, status);
    return tree;
  }

  /**
   * The policies of a text, an array or an object with one under {@code policies}.
   *
   * @throws WireException if it is none
   * @throws PolicyRefused if one of them is none
   */
  public static List<Dated> read(String text) {
    String object = text.stripLeading().startsWith("[") ? "{\"policies\":" + text + "}" : text;
    return Json.read(object).trees("policies").stream().map(RuleFeed::read).toList();
  }

  private static Dated read(Tree tree) {
    Map<String, Object> members = new LinkedHashMap<>();
    tree.members().forEach((key, value) -> members.put(String.valueOf(key), value));
    members.remove(STATUS);
    Policy policy = PolicyDocument.read(Tree.of(members, ""));
    return tree.maybeTree(STATUS)
        .map(status ->
            new Dated(
                policy,
                status.whole("generation", 0, Long.MAX_VALUE),
                Duration.ofMillis(status.whole("age_ms", 0, MOST_MS)),
                left(status)))
        .orElse(new Dated(policy, 0, Duration.ZERO));
  }

  private static Optional<Duration> left(Tree status) {
    OptionalLong left = status.maybeWhole("left_ms", 0, MOST_MS);
    return left.isPresent() ? Optional.of(Duration.ofMillis(left.getAsLong())) : Optional.empty();
  }
}
