package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A provider of large language models that follows a script, on a real socket of 127.0.0.1. It
 * speaks all {@link Dialect}s at once and lists models. A request that the real API would refuse is
 * refused without asking the script: a key is needed, any will do unless some were named. Safe for
 * any number of threads.
 *
 * <pre>{@code
 * try (FaultyProvider provider =
 *     FaultyProvider.start(Script.of(Fault.overloaded(), Answer.text("hello")))) {
 *   client.baseUrl(provider.uri("/v1")).chat("hi");
 *   assertThat(provider.requestCount()).isEqualTo(2);
 *   assertThat(provider.requests().getLast().lastUserText()).isEqualTo("hi");
 * }
 * }</pre>
 *
 * In a JUnit test, {@code servers.closing(provider.server())} closes it.
 */
public final class FaultyProvider implements AutoCloseable {
  private final Statistics statistics = new Statistics();
  private final HintBook hints;
  private final FaultyOrigin server;
  private volatile Script<LlmRequest, Answer> script;
  private volatile Function<LlmRequest, Answer> player;

  private FaultyProvider(Builder settings, Script<LlmRequest, Answer> script) {
    this.script = script;
    this.player = script.player();
    this.hints = new HintBook(settings.reaction);
    Rules rules = new Rules(settings.keys, settings.models, settings.lenient, settings.alternates);
    Desk desk = new Desk(() -> player, rules, statistics, hints);
    this.server =
        settings.origin.start(
            Script.answering(http -> Reply.written(wire -> desk.serve(http, wire))));
  }

  /** Starts one on a free port. */
  public static FaultyProvider start(Script<LlmRequest, Answer> script) {
    return builder().start(script);
  }

  /** Starts one that always answers so. */
  public static FaultyProvider start(Answer answer) {
    return start(Script.<LlmRequest, Answer>of(answer));
  }

  /** Settings for one that is not as usual. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code http://127.0.0.1:port}, or {@code https} under TLS, without a slash at the end. */
  public URI uri() {
    return uri("");
  }

  /** The same with a path, which begins with a slash: {@code /v1} say. */
  public URI uri(String path) {
    return server.uri(path);
  }

  /** The server below: kill and restart it, count its connections. */
  public FaultyOrigin server() {
    return server;
  }

  /** Follows another script from now on; requests under way go on as they began. */
  public void behave(Script<LlmRequest, Answer> next) {
    script = requireNonNull(next, "next");
    player = next.player();
  }

  /** Forgets what was seen and told so far, and begins the script again. */
  public void reset() {
    statistics.clear();
    hints.clear();
    server.reset();
    player = script.player();
  }

  /** The calls of models in order of arrival: the last 10,000, and no more than 256 MB of them. */
  public List<LlmRequest> requests() {
    return exchanges().stream().map(Exchange::request).toList();
  }

  /** The same with what each met. */
  public List<Exchange> exchanges() {
    return statistics.exchanges().entries();
  }

  /** How many calls of models arrived, refused ones included, since the start or the last reset. */
  public long requestCount() {
    return statistics.exchanges().count();
  }

  /**
   * Waits until that many have arrived.
   *
   * @return false when that has not happened after {@code most}
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public boolean awaitRequests(long count, Duration most) throws InterruptedException {
    return statistics.exchanges().await(count, most);
  }

  /** How many calls met that status; 0 counts those that met none, as after a reset. */
  public long countOf(int status) {
    return statistics.of(status);
  }

  /** The same for each status that was met at all. */
  public Map<Integer, Long> counts() {
    return statistics.counts();
  }

  /**
   * How many calls came before the time that their key had been told for their model. Calls that
   * were on their way already when it was told count as well, unless {@link Builder#reactionTime}
   * excuses them.
   */
  public long wastedCalls() {
    return statistics.wasted();
  }

  /** The most calls that were under way at once since the start or the last reset. */
  public int peakConcurrency() {
    return statistics.peak();
  }

  /** How many calls are under way now, which means until their answer was sent. */
  public int underWay() {
    return statistics.underWay();
  }

  /** Ends it for good, within a second. Further calls do nothing. */
  @Override
  public void close() {
    server.close();
  }

  /** Settings of a provider. For one thread. */
  public static final class Builder {
    private final FaultyOrigin.Builder origin = FaultyOrigin.builder();
    private Set<String> keys = Set.of();
    private List<String> models = List.of();
    private boolean lenient;
    private boolean alternates;
    private Duration reaction = Duration.ZERO;

    private Builder() {}

    /** Listens on that port instead of a free one; 0 to 65535, 0 meaning a free one. */
    public Builder port(int port) {
      origin.port(port);
      return this;
    }

    /** Speaks TLS with that certificate. */
    public Builder tls(TestCertificate certificate) {
      origin.tls(certificate);
      return this;
    }

    /** Knows these keys only; any key, but not none, unless told. */
    public Builder keys(String... keys) {
      this.keys = Set.of(keys);
      return this;
    }

    /** Has these models only, which it also lists; any, and an empty list, unless told. */
    public Builder models(Collection<String> models) {
      this.models = List.copyOf(models);
      return this;
    }

    /** Takes what the real APIs would refuse; only wrong keys and unknown models are refused. */
    public Builder lenient() {
      this.lenient = true;
      return this;
    }

    /** Refuses two messages of one role in a row in Anthropic's dialect, which merges them now. */
    public Builder alternatingRoles() {
      this.alternates = true;
      return this;
    }

    /**
     * Calls that arrive so soon after a hint was told are not wasted, since they were on their way;
     * zero unless told.
     */
    public Builder reactionTime(Duration reaction) {
      Check.that(!reaction.isNegative(), "reactionTime must not be negative, was %s", reaction);
      this.reaction = reaction;
      return this;
    }

    /**
     * Opens the port.
     *
     * @throws java.io.UncheckedIOException when the port is taken
     */
    public FaultyProvider start(Script<LlmRequest, Answer> script) {
      return new FaultyProvider(this, requireNonNull(script, "script"));
    }
  }
}
