package dev.belay.server.config;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.gateway.GatewaySettings;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Prices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code llm} says: where the gateway listens, and which models it stands for. Immutable;
 * shows no key.
 *
 * @param gateway where it listens; it does only if there are routes
 * @param providers by name
 * @param routes in order
 * @param breakers when a model is left alone
 * @param models the file that says how long is waited after which failure; empty for the usual
 *     waits
 */
public record LlmConfig(
    GatewaySettings gateway,
    Map<String, Provider> providers,
    List<Route> routes,
    BreakerPolicy breakers,
    Optional<Path> models,
    Reviews reviews,
    AnswerCache.Settings cache,
    Records records) {

  /** No gateway. */
  public static final LlmConfig NONE =
      new LlmConfig(
          GatewaySettings.DEFAULT,
          Map.of(),
          List.of(),
          LlmEndpoint.BREAKER,
          Optional.empty(),
          Reviews.DEFAULT,
          AnswerCache.Settings.DEFAULT,
          Records.NONE);

  /** Rejects routes to providers that are not there. */
  public LlmConfig {
    requireNonNull(gateway, "gateway");
    requireNonNull(breakers, "breakers");
    providers = Map.copyOf(new LinkedHashMap<>(providers));
    routes = List.copyOf(routes);
    requireNonNull(reviews, "reviews");
    requireNonNull(cache, "cache");
    requireNonNull(records, "records");
  }

  /** Whether there is anything to listen for. */
  public boolean isOn() {
    return !routes.isEmpty();
  }

  /** The same on another port, if one is given. */
  LlmConfig withPort(Optional<Integer> port) {
    return new LlmConfig(
        port.map(gateway::withPort).orElse(gateway),
        providers,
        routes,
        breakers,
        models,
        reviews,
        cache,
        records);
  }

  /**
   * How calls are left to people.
   *
   * @param timeToLive how long a person has
   * @param hold how long a client is kept waiting for a quick decision
   */
  public record Reviews(Duration timeToLive, Duration hold) {
    /** A day, and no waiting. */
    public static final Reviews DEFAULT = new Reviews(Duration.ofDays(1), Duration.ZERO);
  }

  /**
   * What is written down of calls.
   *
   * @param transcripts the folder of all calls; empty for none
   * @param mostTranscripts that are kept
   * @param errors the folder of what failed; empty for none
   * @param mostPerRun reports of one run that are kept
   * @param mostRuns that have reports
   */
  public record Records(
      Optional<Path> transcripts,
      int mostTranscripts,
      Optional<Path> errors,
      int mostPerRun,
      int mostRuns) {
    /** Nothing. */
    public static final Records NONE =
        new Records(Optional.empty(), 10_000, Optional.empty(), 1_000, 1_000);
  }

  /**
   * An account with somebody who runs models.
   *
   * @param dialect how it speaks: one of {@link LlmReader#DIALECTS}
   * @param url its base address
   * @param key empty if it needs none
   */
  public record Provider(String name, String dialect, String url, String key) {
    @Override
    public String toString() {
      return "Provider[%s, %s, %s]".formatted(name, dialect, url);
    }
  }

  /**
   * One model that a route may use.
   *
   * @param provider by name
   * @param model as the provider calls it
   * @param prices in dollars for a million tokens
   * @param contextWindow in tokens; 0 if not known
   */
  public record Target(String provider, String model, Prices prices, int contextWindow) {}

  /**
   * A model name of the gateway.
   *
   * @param targets the first is asked first, the next ones if it fails
   * @param policy how often and how long is tried; as the rules of waits have it if empty
   * @param checks what each answer has to pass, as {@link dev.belay.llm.check.Validators} reads it;
   *     none if empty
   * @param corrections how answers that do not pass are asked for again
   * @param budget what one request may use
   * @param cached whether equal requests get equal answers for a while
   */
  public record Route(
      String name,
      List<Target> targets,
      Optional<RetryPolicy> policy,
      Json.Arr checks,
      CorrectionPolicy corrections,
      BudgetLimits budget,
      boolean cached) {
    /** Keeps a copy. */
    public Route {
      targets = List.copyOf(targets);
    }
  }
}
