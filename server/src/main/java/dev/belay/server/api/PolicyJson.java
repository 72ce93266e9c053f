package dev.belay.server.api;

import dev.belay.Backoff;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.Sha256;
import dev.belay.server.live.DefaultPolicy.Version;
import dev.belay.server.live.Jsons;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The nine fields of a policy that the contract knows. What a policy holds besides them stays as
 * the configuration has it.
 */
final class PolicyJson {
  private static final List<String> STRATEGIES = List.of("exponential", "linear", "fixed");
  private static final double LONGEST_TIMEOUT = 1e9;

  private PolicyJson() {}

  /** What to make of the present policy. */
  @FunctionalInterface
  interface Change {
    RetryPolicy apply(RetryPolicy current);
  }

  static JsonObject write(Version version) {
    RetryPolicy policy = version.policy();
    Backoff backoff = policy.backoff();
    boolean endless = policy.timeout().equals(RetryPolicy.FOREVER);
    return new JsonObject()
        .put("max_attempts", policy.maxAttempts())
        .put("backoff_strategy", Jsons.word(backoff.shape()))
        .put("base_delay", Jsons.seconds(backoff.base()))
        .put("multiplier", backoff.multiplier())
        .put("max_backoff_delay", Jsons.seconds(backoff.cap()))
        .put("jitter", backoff.jitter() != Jitter.NONE)
        .put(
            "retry_status_codes",
            new JsonArray(policy.retryStatusCodes().stream().sorted().toList()))
        .put("timeout", endless ? null : Jsons.seconds(policy.timeout()))
        .put("retry_non_idempotent", policy.retryNonIdempotent())
        .put("updated_at", version.updatedAt().toString());
  }

  /** Stands for exactly this version, in this run and in others. */
  static String etag(Version version) {
    return "\"" + Sha256.hex(write(version).encode(), 8) + "\"";
  }

  /**
   * A whole policy: what is left out is at its default.
   *
   * @param strict whether statuses must be 500 to 599
   */
  static Change replace(Fields fields, boolean strict) {
    Read read = new Read(fields, strict);
    return current -> read.apply(current, RetryPolicy.DEFAULT);
  }

  /** A patch: what is left out stays, what is null goes back to its default. */
  static Change merge(Fields fields, boolean strict) {
    Read read = new Read(fields, strict);
    return current -> read.apply(current, current);
  }

  /** The fields that were sent; all of them are right. */
  private static final class Read {
    private final Fields fields;
    private final Optional<Integer> maxAttempts;
    private final Optional<String> strategy;
    private final Optional<Double> baseDelay;
    private final Optional<Double> multiplier;
    private final Optional<Double> maxDelay;
    private final Optional<Boolean> jitter;
    private final Optional<List<Integer>> codes;
    private final Optional<Double> timeout;
    private final Optional<Boolean> nonIdempotent;

    Read(Fields fields, boolean strict) {
      this.fields = fields;
      maxAttempts = fields.whole("max_attempts", 1, 10);
      strategy = fields.oneOf("backoff_strategy", STRATEGIES);
      baseDelay = fields.number("base_delay", 0.1, 60, "0.1 to 60");
      multiplier = fields.number("multiplier", 1.1, 10, "1.1 to 10");
      maxDelay = fields.number("max_backoff_delay", 1, 300, "1 to 300");
      jitter = fields.yesNo("jitter");
      String allowed = strict ? "500 to 599" : "408, 425, 429 or 500 to 599";
      codes = fields.list("retry_status_codes", allowed, node -> code(node, strict));
      timeout = fields.numberOrNull("timeout", 0.1, LONGEST_TIMEOUT, "0.1 to 1000000000");
      nonIdempotent = fields.yesNo("retry_non_idempotent");
      fields.ignore("updated_at");
      fields.close();
    }

    private static Optional<Integer> code(JsonNode node, boolean strict) {
      double value = node.isNumber() ? node.doubleValue() : 0;
      boolean ours = value == 408 || value == 425 || value == 429;
      boolean valid =
          (ours && !strict) || (value >= 500 && value <= 599 && value == Math.rint(value));
      return valid ? Optional.of((int) value) : Optional.empty();
    }

    /**
     * The policy.
     *
     * @param current where the fields come from that the contract does not know
     * @param absent where those come from that were not sent
     */
    RetryPolicy apply(RetryPolicy current, RetryPolicy absent) {
      return current.toBuilder()
          .maxAttempts(maxAttempts.orElse(base("max_attempts", absent).maxAttempts()))
          .backoff(backoff(absent))
          .retryStatusCodes(
              codes.map(Set::copyOf).orElse(base("retry_status_codes", absent).retryStatusCodes()))
          .timeout(timeout.map(Read::limit).orElse(base("timeout", absent).timeout()))
          .retryNonIdempotent(
              nonIdempotent.orElse(base("retry_non_idempotent", absent).retryNonIdempotent()))
          .build();
    }

    private Backoff backoff(RetryPolicy absent) {
      Backoff.Shape shape =
          strategy
              .map(name -> Backoff.Shape.valueOf(name.toUpperCase(Locale.ROOT)))
              .orElse(base("backoff_strategy", absent).backoff().shape());
      return Backoff.of(
              shape,
              baseDelay.map(Read::length).orElse(base("base_delay", absent).backoff().base()))
          .withMultiplier(multiplier.orElse(base("multiplier", absent).backoff().multiplier()))
          .withCap(
              maxDelay.map(Read::length).orElse(base("max_backoff_delay", absent).backoff().cap()))
          .withJitter(
              jitter
                  .map(yes -> yes ? Jitter.PROPORTIONAL : Jitter.NONE)
                  .orElse(base("jitter", absent).backoff().jitter()));
    }

    private RetryPolicy base(String key, RetryPolicy absent) {
      return fields.isCleared(key) ? RetryPolicy.DEFAULT : absent;
    }

    private static Duration length(double seconds) {
      return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static Duration limit(double seconds) {
      return Double.isNaN(seconds) ? RetryPolicy.FOREVER : length(seconds);
    }
  }
}
