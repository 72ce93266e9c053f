package dev.belay.flow.backend;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What makes a backend. Immutable. Shows nothing that may hold a key.
 *
 * @param name its name in plans, metrics and messages
 * @param type one of {@link Backends#TYPES}
 * @param account whose allowance it uses; its own if empty
 * @param command the program, with what comes before all other arguments; by default the program
 *     that its type is named after. Of {@code command} it is required, of {@code http} unused
 * @param args more arguments for the program
 * @param environment added to our own for the program
 * @param url where {@code http} finds the API: {@code http://127.0.0.1:8090/v1}, say
 * @param key sent by {@code http} as a bearer token; none if empty
 * @param model used unless a call names one; the backend's own choice if empty
 * @param grace how long a program may take to end when told to, 0 to 5 min, by default 5 s
 */
public record BackendSettings(
    String name,
    String type,
    Optional<String> account,
    List<String> command,
    List<String> args,
    Map<String, String> environment,
    Optional<URI> url,
    Optional<String> key,
    Optional<String> model,
    Duration grace) {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration LONGEST_GRACE = Duration.ofMinutes(5);

  /** Rejects an empty name and a grace that is out of range; keeps copies. */
  public BackendSettings {
    requireNonNull(type, "type");
    requireNonNull(account, "account");
    command = List.copyOf(command);
    args = List.copyOf(args);
    environment = Map.copyOf(environment);
    requireNonNull(url, "url");
    requireNonNull(key, "key");
    requireNonNull(model, "model");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be empty");
    }
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("grace must be 0 to 5 min, was %s".formatted(grace));
    }
  }

  /** Begins with the defaults. */
  public static Builder of(String name, String type) {
    return new Builder(name, type);
  }

  String accountOrName() {
    return account.orElse(name);
  }

  @Override
  public String toString() {
    return "BackendSettings[%s, %s]".formatted(name, type);
  }

  /** Settings in the making. For one thread. */
  public static final class Builder {
    private final String name;
    private final String type;
    private Optional<String> account = Optional.empty();
    private List<String> command = List.of();
    private List<String> args = List.of();
    private Map<String, String> environment = Map.of();
    private Optional<URI> url = Optional.empty();
    private Optional<String> key = Optional.empty();
    private Optional<String> model = Optional.empty();
    private Duration grace = GRACE;

    private Builder(String name, String type) {
      this.name = name;
      this.type = type;
    }

    /** Whose allowance it uses. */
    public Builder account(String whose) {
      account = Optional.of(whose);
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

    /** Sent as a bearer token. */
    public Builder key(String secret) {
      key = Optional.of(secret);
      return this;
    }

    /** Used unless a call names one. */
    public Builder model(String one) {
      model = Optional.of(one);
      return this;
    }

    /** How long a program may take to end when told to. */
    public Builder grace(Duration time) {
      grace = time;
      return this;
    }

    /** The settings. */
    public BackendSettings build() {
      return new BackendSettings(
          name, type, account, command, args, environment, url, key, model, grace);
    }
  }
}
