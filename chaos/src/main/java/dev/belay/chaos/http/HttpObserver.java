package dev.belay.chaos.http;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.client.Observer;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.TraceParent;
import dev.belay.chaos.trace.receive.TraceKeeper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Asks a system one thing over HTTP, with a trace of its own, and gathers what came of it: the
 * answer, the spans, and whether what must hold still does. Safe for any number of threads.
 */
public final class HttpObserver implements Observer {
  private final HttpAsk ask;
  private final Senses senses;
  private final Http http;
  private final Time time;
  private final RandomGenerator random;

  /**
   * What is seen besides the answer.
   *
   * @param traces where the spans of the system arrive; none if it sends none
   * @param patience how long to wait for them
   * @param invariants what must always hold
   * @param baggage what marks our requests, so that faults can mean them alone; may be empty
   */
  public record Senses(
      Optional<TraceKeeper> traces,
      Duration patience,
      List<HttpCheck> invariants,
      Map<String, String> baggage) {
    public Senses {
      invariants = List.copyOf(invariants);
      baggage = Map.copyOf(baggage);
      baggage.forEach((name, value) ->
          Check.that(
              name.matches("[a-z0-9-]{1,64}") && value.matches("[A-Za-z0-9-]{1,128}"),
              "baggage must be plain words, was %s=%s",
              name,
              value));
    }
  }

  /** An observer. */
  public HttpObserver(
      HttpAsk ask, Senses senses, HttpClient client, Time time, RandomGenerator random) {
    this.ask = ask;
    this.senses = senses;
    this.http = new Http(client);
    this.time = time;
    this.random = random;
  }

  @Override
  public Observation observe(FaultPlan plan, Duration timeout)
      throws TargetFailed, InterruptedException {
    TraceParent trace = TraceParent.random(random);
    long from = time.nanos();
    Observation.Reply reply;
    try {
      Http.Got got = http.send(ask, headers(trace), shorter(ask.timeout(), timeout));
      reply = Observation.Reply.of(got.status(), since(from));
    } catch (IOException broken) {
      String reason = Http.reason(broken);
      if (plan.size() == 0 && reason.equals("refused")) {
        throw new TargetFailed(
            "nobody listens at %s:%d; start the system first"
                .formatted(ask.uri().getHost(), ask.uri().getPort()),
            broken);
      }
      reply =
          new Observation.Reply(
              OptionalInt.empty(),
              Optional.of(since(from)),
              OptionalDouble.empty(),
              Optional.of(reason));
    }
    Optional<Trace> seen = spans(plan, trace, shorter(senses.patience(), left(timeout, from)));
    List<Invariant> invariants = new ArrayList<>();
    for (HttpCheck check : senses.invariants()) {
      invariants.add(holds(check, trace, timeout, from));
    }
    return new Observation(
        ask.endpoint(), reply, List.of(), seen, List.of(), invariants, time.instant());
  }

  private Optional<Trace> spans(FaultPlan plan, TraceParent trace, Duration longest)
      throws InterruptedException {
    if (senses.traces().isEmpty()) {
      return Optional.empty();
    }
    TraceKeeper keeper = senses.traces().get();
    return plan.size() == 0 ? keeper.awaitHealthy(trace, longest) : keeper.await(trace, longest);
  }

  /** A law that there was no time to look at is not a broken one. */
  private Invariant holds(HttpCheck check, TraceParent trace, Duration timeout, long from)
      throws TargetFailed, InterruptedException {
    Duration before = left(timeout, from);
    if (!before.isZero()) {
      Invariant found = check.invariant(trace, before);
      if (found.holds() || !left(timeout, from).isZero()) {
        return found;
      }
    }
    throw new TargetFailed(
        "no time was left of %dms to see whether this holds: %s"
            .formatted(timeout.toMillis(), check.name()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Duration left(Duration timeout, long from) {
    Duration left = timeout.minus(since(from));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration since(long from) {
    return Duration.ofNanos(time.nanos() - from);
  }

  private Map<String, String> headers(TraceParent trace) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(TraceParent.HEADER, trace.header());
    if (!senses.baggage().isEmpty()) {
      headers.put(
          "baggage",
          String.join(
              ",",
              senses.baggage().entrySet().stream()
                  .map(member -> member.getKey() + "=" + member.getValue())
                  .sorted()
                  .toList()));
    }
    return headers;
  }
}
