package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.Check;
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
 * @param url where an {@code http} backend is; the gateway to models of the same configuration if
 *     empty and there is one
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
  public static Builder of(String name, String type) {
    return new Builder(name, type);
  }

  /** The same, found there unless it says where itself. */
  public BackendSettings orAt(URI otherwise) {
    return url.isPresent()
        ? this
        : new BackendSettings(
            name,
            type,
            account,
            command,
            args,
            environment,
            Optional.of(otherwise),
            keyVariable,
            model,
            concurrency,
            grace,
            breaker);
  }

  @Override
  public String toString() {
    return "BackendSettings[%s, %s]".formatted(name, type); // arguments may be private
  }

  /** Settings in the making. For one thread. */
  public static final class Builder {
    private final String name;
    private final String type;
    private String account;
    private List<String> command = List.of();
    private List<String> args = List.of();
    private Map<String, String> environment = Map.of();
    private Optional<URI> url = Optional.empty();
    private Optional<String> keyVariable = Optional.empty();
    private Optional<String> model = Optional.empty();
    private int concurrency = 100_000;
    private Duration grace = Duration.ofSeconds(5);
    private BreakerPolicy breaker = BREAKER;

    private Builder(String name, String type) {
      this.name = name;
      this.type = type;
      this.account = name;
    }

    /** Whose allowance it uses; its own by default. */
    public Builder account(String whose) {
      account = whose;
      return this;
    }

    /** The program, with what comes before all other arguments. */
    public Builder command(List<String> words) {
      command = words;
      return this;
    }

    /** More arguments for the program. */
    public Builder args(List<String> words) {
      args = words;
      return this;
    }

    /** Added to our own environment for the program. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /** Where the API is. */
    public Builder url(URI base) {
      url = Optional.of(base);
      return this;
    }

    /** The variable of our environment that holds the key. */
    public Builder keyVariable(String variable) {
      keyVariable = Optional.of(variable);
      return this;
    }

    /** Used unless a role names one. */
    public Builder model(String one) {
      model = Optional.of(one);
      return this;
    }

    /** Attempts at once; many by default. */
    public Builder concurrency(int most) {
      concurrency = most;
      return this;
    }

    /** How long a program may take to end when told to; 5 s by default. */
    public Builder grace(Duration time) {
      grace = time;
      return this;
    }

    /** What keeps attempts away while it fails; {@link #BREAKER} by default. */
    public Builder breaker(BreakerPolicy policy) {
      breaker = policy;
      return this;
    }

    /** The settings. */
    public BackendSettings build() {
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
          breaker);
    }
  }
}
