package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.Check;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.llm.Usage;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model of a provider under one account, called {@code provider/model@account}. Its name never
 * holds the key. Safe for any number of threads.
 */
public final class LlmEndpoint extends Endpoint {
  /**
   * The breaker of a model, unless it is given another: opens when four out of five of at least 20
   * calls within a minute fail, or ten in a row; first for 10 s, then for twice as long each time,
   * up to a minute. A provider that is overloaded fails many calls and still answers others;
   * counting failures alone would take it away altogether.
   */
  public static final BreakerPolicy BREAKER =
      BreakerPolicy.builder()
          .failureThreshold(0)
          .failureRate(0.8)
          .minimumCalls(20)
          .consecutiveFailures(10)
          .openFor(Duration.ofSeconds(10))
          .openGrowth(2, Duration.ofMinutes(1))
          .build();

  private final String provider;
  private final String model;
  private final String account;
  private final Backend backend;
  private final Prices prices;
  private final int contextWindow;

  private LlmEndpoint(Builder from, String name, Backend backend) {
    super(name, from.traits, from.breakerOf(name));
    this.provider = from.provider;
    this.model = from.model;
    this.account = from.account;
    this.backend = backend;
    this.prices = from.prices;
    this.contextWindow = from.contextWindow;
  }

  private LlmEndpoint(LlmEndpoint before, Builder from, Backend backend) {
    super(before, from.traits);
    this.provider = from.provider;
    this.model = from.model;
    this.account = from.account;
    this.backend = backend;
    this.prices = from.prices;
    this.contextWindow = from.contextWindow;
  }

  /**
   * Begins to describe one.
   *
   * @param provider {@code openai}, say: the user's word
   * @param model as the provider calls it
   */
  public static Builder of(String provider, String model) {
    return new Builder(provider, model);
  }

  /** A model of OpenAI, at its usual address. */
  public static LlmEndpoint openAi(String model, Secret key) {
    return usual("openai", model, OpenAiChat.openAi(), "https://api.openai.com/v1", key);
  }

  /** A model of Anthropic, at its usual address. */
  public static LlmEndpoint anthropic(String model, Secret key) {
    return usual("anthropic", model, Anthropic.messages(), "https://api.anthropic.com", key);
  }

  /** A model of Gemini, at its usual address. */
  public static LlmEndpoint gemini(String model, Secret key) {
    return usual(
        "gemini",
        model,
        Gemini.generateContent(),
        "https://generativelanguage.googleapis.com",
        key);
  }

  private static LlmEndpoint usual(
      String provider, String model, Dialect dialect, String url, Secret key) {
    return of(provider, model)
        .backend(new Backend.Http(dialect, URI.create(url), key, Headers.NONE))
        .build();
  }

  /** The user's word for the provider. */
  public String provider() {
    return provider;
  }

  /** The model, as the provider calls it. */
  public String model() {
    return model;
  }

  /** The user's word for the account; empty if there is only one. */
  public String account() {
    return account;
  }

  /** How it is reached. */
  public Backend backend() {
    return backend;
  }

  /** What it costs. */
  public Prices prices() {
    return prices;
  }

  /** What a call cost, in dollars. */
  public double costOf(Usage usage) {
    return prices.of(usage);
  }

  /** The tokens that question and answer may have together; 0 if not known. */
  public int contextWindow() {
    return contextWindow;
  }

  /** Collects what is known of an endpoint. */
  public static final class Builder {
    private final String provider;
    private final String model;
    private String account = "";
    private @Nullable Backend backend;
    private Prices prices = Prices.NONE;
    private int contextWindow;
    private Traits traits = Traits.NONE;
    private @Nullable CircuitBreaker breaker;

    private Builder(String provider, String model) {
      this.provider = requireNonNull(provider, "provider");
      this.model = requireNonNull(model, "model");
      Check.that(
          provider.matches("[A-Za-z0-9._-]{1,64}"),
          "provider must be 1 to 64 letters, digits, dots, underscores or hyphens, was '%s'",
          provider);
      Check.that(
          model.matches("[^\\p{Cntrl}\\s]{1,256}"),
          "model must be 1 to 256 characters without blanks, was '%s'",
          model);
    }

    /** The user's word for the account; default none. Never a key. */
    public Builder account(String label) {
      Check.that(
          label.matches("[A-Za-z0-9._-]{0,64}"),
          "account must be up to 64 letters, digits, dots, underscores or hyphens");
      account = label;
      return this;
    }

    /** How it is reached; has no default. */
    public Builder backend(Backend way) {
      backend = way;
      return this;
    }

    /** What it costs; default nothing. */
    public Builder prices(Prices dollars) {
      prices = dollars;
      return this;
    }

    /** The tokens that question and answer may have together; default 0, not known. */
    public Builder contextWindow(int tokens) {
      Check.that(tokens >= 0, "context_window must be 0 or more, was %d", tokens);
      contextWindow = tokens;
      return this;
    }

    /** What selection may choose by; default nothing. */
    public Builder traits(Traits known) {
      traits = known;
      return this;
    }

    /** What keeps calls away while it fails; default one of its own on the machine's clock. */
    public Builder breaker(CircuitBreaker own) {
      breaker = own;
      return this;
    }

    /**
     * The endpoint, of which nothing is known yet.
     *
     * @throws IllegalArgumentException if it is not said how it is reached
     */
    public LlmEndpoint build() {
      String label = account.isEmpty() ? "" : "@" + account;
      return new LlmEndpoint(this, provider + "/" + model + label, reached());
    }

    /** The endpoint as the successor of another: breaker, record and name go on. */
    public LlmEndpoint replacing(LlmEndpoint before) {
      return new LlmEndpoint(before, this, reached());
    }

    private Backend reached() {
      if (backend == null) {
        throw new IllegalArgumentException(
            "backend of %s/%s must be given".formatted(provider, model));
      }
      return backend;
    }

    private CircuitBreaker breakerOf(String name) {
      return breaker == null ? CircuitBreaker.of(name, BREAKER) : breaker;
    }
  }
}
