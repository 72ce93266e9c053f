package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.CallObserver;
import dev.belay.Check;
import dev.belay.Deadline;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.CallBudget;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.judge.Judge;
import dev.belay.llm.correct.CorrectionMachine;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewStatus;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transport.StreamSink;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Calls models so that the answer holds: goes to the first model of a route that can answer, waits
 * as long as its provider says and no longer, fails over, checks what comes back, and asks again
 * with what is wrong. Safe for any number of threads; keep one and close it at the end.
 *
 * <pre>{@code
 * try (LlmClient client = LlmClient.builder().route("smart", claude, gpt).build()) {
 *   LlmResult result =
 *       client.call(LlmCall.of("smart", "Name three rivers, as JSON").checkedBy(json));
 *   System.out.println(result.text());
 * }
 * }</pre>
 */
public final class LlmClient implements AutoCloseable {
  private static final Ending CANCELLED = new Ending("Cancelled", "the caller gave it up");

  private final Map<String, LlmRoute> routes;
  private final Equipment equipment;
  private final Reporter reporter;
  private final CorrectionPolicy corrections;
  private final BudgetLimits limits;
  private final Optional<Reviewing> reviewing;
  private final Optional<Caching> caching;
  private final Closing closing;

  /** What is closed with the client: what it has made itself. */
  interface Closing {
    void close();
  }

  LlmClient(
      Map<String, LlmRoute> routes,
      Equipment equipment,
      Reporter reporter,
      LlmClientBuilder.Habits habits,
      Closing closing) {
    this.routes = Map.copyOf(routes);
    this.equipment = requireNonNull(equipment, "equipment");
    this.reporter = requireNonNull(reporter, "reporter");
    this.corrections = habits.corrections();
    this.limits = habits.limits();
    this.reviewing = habits.reviewing();
    this.caching = habits.cache().map(Caching::new);
    this.closing = closing;
  }

  /** Begins to set one up. */
  public static LlmClientBuilder builder() {
    return new LlmClientBuilder();
  }

  /**
   * Asks, and waits for the answer on this thread, which may be a virtual one.
   *
   * @throws LlmFailure if there is no answer that stands; its kind says why
   * @throws dev.belay.llm.LlmException if the request cannot be sent at all
   * @throws IllegalArgumentException if there is no route of this name
   * @throws InterruptedException if the thread is interrupted; waits and requests end at once
   */
  public LlmResult call(LlmCall call) throws InterruptedException {
    if (caching.isPresent() && call.wishes().cached()) {
      return caching.get().call(call, deadline(call), () -> reviewed(call));
    }
    return reviewed(call);
  }

  private LlmResult reviewed(LlmCall call) throws InterruptedException {
    Optional<String> ticket = call.wishes().review();
    try {
      return ticket.isPresent()
          ? resumed(call, ticket.get())
          : asked(
              call,
              new CorrectionMachine(
                  policy(call), call.request(), call.check().isPresent(), equipment.random()));
    } catch (HumanReviewNeeded needed) {
      if (reviewing.isEmpty() || needed.ticket().isPresent()) {
        throw needed;
      }
      HumanReviewNeeded parked = reviewing.get().park(needed, call.wishes().caller());
      Optional<String> given = parked.ticket();
      if (given.isPresent() && reviewing.get().isSettledInTime(given.get())) {
        return reviewed(call.afterReview(given.get()));
      }
      throw parked;
    }
  }

  private CorrectionPolicy policy(LlmCall call) {
    return call.wishes().corrections().orElse(corrections);
  }

  private LlmResult asked(LlmCall call, CorrectionMachine machine) throws InterruptedException {
    return timed(call, journey -> conversation(journey).run(call.request(), call.check(), machine));
  }

  /** Goes on as a person decided. */
  private LlmResult resumed(LlmCall call, String ticket) throws InterruptedException {
    Reviewing desk = reviewing.orElseThrow(() -> ReviewException.unknown(ticket));
    ReviewItem item = desk.find(ticket, call.wishes().caller());
    return switch (item.status()) {
      case ReviewStatus.Open open -> throw Reviewing.stillOpen(item);
      case ReviewStatus.Expired expired -> throw ReviewException.expired(item);
      case ReviewStatus.Decided decided ->
          switch (decided.decision()) {
            case Decision.Approve approve ->
                Reviewing.result(item, decided.reviewer(), item.parked().answer().text());
            case Decision.Edit edit -> Reviewing.result(item, decided.reviewer(), edit.answer());
            case Decision.Reject reject ->
                throw new ReviewRejected(decided.reviewer(), reject.reason());
            case Decision.Retry retry ->
                asked(
                    call,
                    CorrectionMachine.resumed(
                        policy(call),
                        call.request(),
                        call.check().isPresent(),
                        equipment.random(),
                        Reviewing.last(item, retry),
                        retry.extraAttempts()));
          };
    };
  }

  /**
   * Asks, and gives the answer when it is there.
   *
   * @return completes as {@link #call} would return or throw; cancelling it ends waits and requests
   *     at once
   */
  public CompletableFuture<LlmResult> callAsync(LlmCall call) {
    return Background.run(() -> call(call));
  }

  /**
   * Asks for the answer piece by piece. Nothing is passed on before the first content, and until
   * then there is failover; an answer that is cut later is a failure and has no end. An answer that
   * is checked is passed on when it stands, since what was said cannot be taken back.
   *
   * @param sink takes the pieces; the last one is the end
   * @return completes as {@link #call} would return or throw; cancelling it ends waits and requests
   *     at once
   */
  public CompletableFuture<LlmResult> stream(LlmCall call, StreamSink sink) {
    requireNonNull(sink, "sink");
    boolean whole = call.check().isPresent() || call.wishes().review().isPresent();
    return Background.run(() -> whole ? later(call(call), sink) : soon(call, sink));
  }

  /** From the cache, or as it comes. */
  private LlmResult soon(LlmCall call, StreamSink sink) throws InterruptedException {
    if (caching.isEmpty() || !call.wishes().cached()) {
      return atOnce(call, sink);
    }
    Optional<LlmResult> known = caching.get().find(call, deadline(call));
    if (known.isPresent()) {
      return later(known.get(), sink);
    }
    caching.get().miss();
    LlmResult result = atOnce(call, sink);
    caching.get().store(call, result);
    return result;
  }

  private LlmResult atOnce(LlmCall call, StreamSink sink) throws InterruptedException {
    return timed(
        call,
        journey -> {
          LlmRoute route = route(call.request().model());
          StreamSending sending = new StreamSending(equipment.transport(), call.request(), sink);
          LlmResponse response = conversation(journey).send(route, call.request(), sending);
          return new LlmResult(response, journey.endpoint(), List.of(), journey.report());
        });
  }

  private static LlmResult later(LlmResult result, StreamSink sink) throws InterruptedException {
    if (!result.text().isEmpty()) {
      pass(new StreamEvent.Text(result.text()), sink);
    }
    int index = 0;
    for (Part.ToolCall tool : result.response().toolCalls()) {
      pass(new StreamEvent.ToolCall(index++, tool.id(), tool.name(), tool.arguments()), sink);
    }
    pass(new StreamEvent.End(result.response()), sink);
    return result;
  }

  private static void pass(StreamEvent event, StreamSink sink) throws InterruptedException {
    try {
      sink.next(event).toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException own
          ? own
          : new IllegalStateException("the sink failed", failed.getCause());
    }
  }

  /** What is done on a journey. */
  private interface Work {
    LlmResult on(Journey journey) throws InterruptedException;
  }

  private LlmResult timed(LlmCall call, Work work) throws InterruptedException {
    BudgetLimits most = call.wishes().limits().orElse(limits);
    CallBudget budget = new CallBudget(most, deadline(call));
    String key = call.wishes().caller().key();
    equipment.waits().telemetry(key).call();
    CallRecord record = route(call.request().model()).record(call, policy(call), most);
    Journey journey = new Journey(budget, call.wishes(), record);
    long start = equipment.time().nanos();
    Ending ending = CANCELLED;
    try {
      LlmResult result = work.on(journey);
      ending = Ending.ANSWERED;
      return result;
    } catch (RuntimeException failure) {
      ending = Ending.failed(failure);
      throw failure;
    } finally {
      Duration took = Duration.ofNanos(equipment.time().nanos() - start);
      equipment.waits().ended(key, !ending.isAnswered(), took);
      LlmReport report = journey.report();
      record.end(ending, report.spent(), report.waited(), took);
    }
  }

  private Deadline deadline(LlmCall call) {
    LlmRoute route = route(call.request().model());
    return Deadline.in(call.wishes().time().orElseGet(route::timeout), equipment.time());
  }

  private Conversation conversation(Journey journey) {
    return new Conversation(this::route, reporter, equipment.time(), journey);
  }

  /**
   * Lets validators ask models through this client: at the same gates, and on the budget and within
   * the deadline of the call whose answer they judge. They name a route as their model.
   */
  public Judge judge() {
    return (request, context) ->
        conversation(new Journey(budget(context), Wishes.NONE, CallRecord.NONE))
            .whole(request)
            .text();
  }

  private CallBudget budget(CheckContext context) {
    return context.budget() instanceof CallBudget shared
        ? shared
        : new CallBudget(limits, context.deadline());
  }

  /** All routes, in no order. */
  public Collection<LlmRoute> routes() {
    return routes.values();
  }

  /**
   * A route.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public LlmRoute route(String name) {
    LlmRoute route = routes.get(name);
    Check.that(route != null, "there is no route '%s'; there are %s", name, routes.keySet());
    return requireNonNull(route);
  }

  /** The gates that all attempts pass. */
  public Gates gates() {
    return equipment.gates();
  }

  /** Closes the connections, if they are its own; calls that are under way fail. */
  @Override
  public void close() {
    closing.close();
  }

  static Map<String, LlmRoute> routes(
      Map<String, LlmRoute.Plan> plans, Equipment equipment, CallObserver observer) {
    return plans.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                route -> new LlmRoute(route.getKey(), route.getValue(), equipment, observer)));
  }
}
