package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.CallObserver;
import dev.belay.Check;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.ErrorTable;
import dev.belay.llm.delay.GateListener;
import dev.belay.llm.delay.GateRules;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.delay.RolloutDelays;
import dev.belay.llm.mcp.ToolRunningTransport;
import dev.belay.llm.mcp.ToolSettings;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.WriteOptions;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transport.BackendTransport;
import dev.belay.llm.transport.CliTransport;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.Limits;
import dev.belay.llm.transport.LlmTransport;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects the settings of an {@link LlmClient}; each starts at its default. For one thread. */
public final class LlmClientBuilder {
  private final Map<String, LlmRoute.Plan> routes = new LinkedHashMap<>();
  private @Nullable LlmTransport transport;
  private @Nullable ToolSettings tools;
  private @Nullable Gates gates;
  private Waits waits = Waits.of(DelaySettings.DEFAULT);
  private ErrorTable errors = ErrorTable.builtIn();
  private int connections = 256;
  private Limits limits = Limits.DEFAULT;
  private WriteOptions options = WriteOptions.WHOLE;
  private Habits habits =
      new Habits(CorrectionPolicy.DEFAULT, BudgetLimits.NONE, Optional.empty(), Optional.empty());
  private Recorder recorder = Recorder.NONE;
  private CallObserver observer = CallObserver.NONE;
  private RandomGenerator random = new SecureRandom();
  private Time time = Time.system();

  /**
   * What holds for calls that do not say otherwise.
   *
   * @param corrections how models are asked again
   * @param limits what a call may use
   * @param reviewing who is asked when a person has to decide; nobody if empty
   * @param cache where answers that stand are kept; nowhere if empty
   */
  record Habits(
      CorrectionPolicy corrections,
      BudgetLimits limits,
      Optional<Reviewing> reviewing,
      Optional<AnswerCache> cache) {
    Habits {
      requireNonNull(corrections, "corrections");
      requireNonNull(limits, "limits");
    }
  }

  LlmClientBuilder() {}

  /** A name for models that can stand in for each other, the preferred one first. */
  public LlmClientBuilder route(String name, LlmEndpoint first, LlmEndpoint... others) {
    return route(name, Stream.concat(Stream.of(first), Arrays.stream(others)).toList());
  }

  /** The same; at least one model. */
  public LlmClientBuilder route(String name, List<LlmEndpoint> models) {
    return route(name, models, Optional.empty());
  }

  /**
   * The same with attempts, time, the longest hint and hedges of its own, instead of those that the
   * settings of waits say. What is waited after which failure stays with these settings.
   */
  public LlmClientBuilder route(String name, List<LlmEndpoint> models, RetryPolicy policy) {
    return route(name, models, Optional.of(policy));
  }

  private LlmClientBuilder route(
      String name, List<LlmEndpoint> models, Optional<RetryPolicy> policy) {
    Check.that(!name.isBlank(), "a route must have a name");
    Check.that(!models.isEmpty(), "route '%s' must lead to at least 1 model", name);
    Check.that(!routes.containsKey(name), "route '%s' is there twice", name);
    routes.put(name, new LlmRoute.Plan(List.copyOf(models), policy));
    return this;
  }

  /** How waits are chosen; default {@link DelaySettings#DEFAULT}. */
  public LlmClientBuilder delays(DelaySettings settings) {
    waits = Waits.of(settings);
    return this;
  }

  /** Waits by a rollout, which is told how calls end. Its settings may change meanwhile. */
  public LlmClientBuilder delays(RolloutDelays rollout) {
    waits = Waits.of(rollout);
    return this;
  }

  /** Gates to share with others; default ones of its own. */
  public LlmClientBuilder gates(Gates shared) {
    gates = shared;
    return this;
  }

  /**
   * What makes the attempts; default HTTP and command lines, with connections of its own. It is not
   * closed with the client.
   */
  public LlmClientBuilder transport(LlmTransport own) {
    transport = own;
    return this;
  }

  /** What errors mean; default the built-in table. Of no effect with a transport of one's own. */
  public LlmClientBuilder errors(ErrorTable table) {
    errors = requireNonNull(table, "table");
    return this;
  }

  /**
   * Runs tools of MCP servers on this side where a provider has no place for such servers; default
   * not: {@link dev.belay.llm.provider.UnsupportedToolStage}, or what the options say.
   */
  public LlmClientBuilder runTools(ToolSettings settings) {
    tools = requireNonNull(settings, "settings");
    return this;
  }

  /** How requests are written. Of no effect with a transport of one's own. */
  public LlmClientBuilder options(WriteOptions how) {
    options = requireNonNull(how, "how");
    return this;
  }

  /**
   * Connections to one provider over HTTP/1.1, 1 to 10,000; default 256. More calls than that wait
   * for one. Of no effect with a transport of one's own.
   */
  public LlmClientBuilder connections(int most) {
    Check.that(most >= 1 && most <= 10_000, "connections must be 1 to 10000, was %d", most);
    connections = most;
    return this;
  }

  /** Limits of the parts of each attempt; default {@link Limits#DEFAULT}. */
  public LlmClientBuilder limits(Limits parts) {
    limits = requireNonNull(parts, "parts");
    return this;
  }

  /** How models are asked again; default {@link CorrectionPolicy#DEFAULT}. */
  public LlmClientBuilder corrections(CorrectionPolicy policy) {
    habits = new Habits(policy, habits.limits, habits.reviewing, habits.cache);
    return this;
  }

  /** What a call may use; default {@link BudgetLimits#NONE}. */
  public LlmClientBuilder budget(BudgetLimits most) {
    habits = new Habits(habits.corrections, most, habits.reviewing, habits.cache);
    return this;
  }

  /**
   * Where calls are parked that a person has to decide on; default nowhere: they fail.
   *
   * @param timeToLive how long the person has, above 0
   * @param hold how long a call waits for the decision by itself, before it fails with {@link
   *     HumanReviewNeeded} and its ticket; 0 or more
   */
  public LlmClientBuilder reviews(ReviewQueue queue, Duration timeToLive, Duration hold) {
    Reviewing desk = new Reviewing(queue, timeToLive, hold);
    habits = new Habits(habits.corrections, habits.limits, Optional.of(desk), habits.cache);
    return this;
  }

  /** Who writes calls down; default nobody. */
  public LlmClientBuilder recorder(Recorder writer) {
    recorder = requireNonNull(writer, "writer");
    return this;
  }

  /** Where answers that stand are kept for equal requests; default nowhere. */
  public LlmClientBuilder cache(AnswerCache answers) {
    habits = new Habits(habits.corrections, habits.limits, habits.reviewing, Optional.of(answers));
    return this;
  }

  /** Who is told of requests and attempts; default nobody. */
  public LlmClientBuilder observer(CallObserver listener) {
    observer = requireNonNull(listener, "listener");
    return this;
  }

  /** Where jitter comes from; safe for any number of threads. */
  public LlmClientBuilder random(RandomGenerator generator) {
    random = requireNonNull(generator, "generator");
    return this;
  }

  /** The clock; default the machine's. */
  public LlmClientBuilder time(Time clock) {
    time = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Ready for calls.
   *
   * @throws IllegalArgumentException if there is no route
   */
  public LlmClient build() {
    Check.that(!routes.isEmpty(), "a client must have at least 1 route");
    Gates all =
        gates == null
            ? new Gates(
                GateRules.DEFAULT, time, task -> Thread.ofVirtual().name("belay-gate").start(task))
            : gates;
    LlmClient.Closing closing = () -> {};
    LlmTransport carrier = transport;
    if (carrier == null) {
      HttpTransport http =
          HttpTransport.builder()
              .connections(connections)
              .errors(errors)
              .options(options)
              .heads(new GateListener(all, waits.source(), time))
              .build();
      carrier = new BackendTransport(http, new CliTransport(time, errors, options));
      closing = http::close;
    }
    carrier = tools == null ? carrier : new ToolRunningTransport(carrier, tools, options, time);
    Equipment equipment = new Equipment(carrier, limits, all, waits, recorder, random, time);
    Reporter reporter = new Reporter();
    CallObserver both = CallObserver.all(reporter, observer);
    return new LlmClient(
        LlmClient.routes(routes, equipment, both), equipment, reporter, habits, closing);
  }
}
