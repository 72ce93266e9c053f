package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a backend is reached. Holds no secret: keys are named by the variable of the environment that
 * holds them. Immutable.
 *
 * @param name by which roles and tasks call it
 * @param type {@code claude}, {@code codex}, {@code goose}, {@code command} or {@code http}
 * @param account whose allowance it uses; backends of one account are limited together
 * @param command the program with its first arguments; the usual one of its type if empty
 * @param args more arguments
 * @param environment more variables for the program
 * @param url where an {@code http} backend is
 * @param keyVariable the variable that holds its key
 * @param model which one to ask for; its own choice if empty
 * @param concurrency attempts at once, at least 1
 * @param grace how long a program may take to end when told to
 * @param breaker what keeps attempts away from it while it fails
 */
public record BackendSettings(
    String name,
    String type,
    String account,
    List<String> command,
    List<String> args,
    Map<String, String> environment,
    Optional<URI> url,
    Optional<String> keyVariable,
    Optional<String> model,
    int concurrency,
    Duration grace,
    BreakerPolicy breaker) {

  /** Five failures in a row rest a backend for half a minute; one good attempt brings it back. */
  public static final BreakerPolicy BREAKER =
      BreakerPolicy.builder()
          .failureThreshold(0)
          .consecutiveFailures(5)
          .openFor(Duration.ofSeconds(30))
          .openGrowth(2, Duration.ofMinutes(5))
          .openJitter(0.1)
          .probeLease(Duration.ofHours(2))
          .build();

  /** Rejects values out of range. */
  public BackendSettings {
    Names.check("backend", name);
    requireNonNull(type, "type");
    requireNonNull(account, "account");
    command = List.copyOf(command);
    args = List.copyOf(args);
    environment = Map.copyOf(environment);
    requireNonNull(url, "url");
    requireNonNull(keyVariable, "keyVariable");
    requireNonNull(model, "model");
    Check.that(
        concurrency >= 1 && concurrency <= 100_000,
        "concurrency must be 1 to 100000, was %d",
        concurrency);
    Check.that(
        !grace.isNegative() && grace.compareTo(Duration.ofMinutes(10)) <= 0,
        "grace must be 0 to 10m, was %s",
        grace);
    requireNonNull(breaker, "breaker");
  }

  /** One with everything as usual for its type: many at once, five seconds to end. */
  public static BackendSettings of(String name, String type) {
    return new BackendSettings(
        name,
        type,
        name,
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        100_000,
        Duration.ofSeconds(5),
        BREAKER);
  }

  /** The same with another program. */
  public BackendSettings withCommand(String... words) {
    return new BackendSettings(
        name,
        type,
        account,
        List.of(words),
        args,
        environment,
        url,
        keyVariable,
        model,
        concurrency,
        grace,
        breaker);
  }

  /** The same with another breaker. */
  public BackendSettings withBreaker(BreakerPolicy policy) {
    return new BackendSettings(
        name,
        type,
        account,
        command,
        args,
        environment,
        url,
        keyVariable,
        model,
        concurrency,
        grace,
        policy);
  }

  /** The same with another number of attempts at once. */
  public BackendSettings withConcurrency(int most) {
    return new BackendSettings(
        name,
        type,
        account,
        command,
        args,
        environment,
        url,
        keyVariable,
        model,
        most,
        grace,
        breaker);
  }
}
