package dev.belay.examples.executor;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.chaos.inject.client.Patience;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that applies a plan, observes, and takes the plan back; the faults of a trial strike
 * what it asks. Each trial has a client of its own, and waits only a fraction of what is usual. For
 * one thread.
 */
public final class ExecutorTarget implements Target, AutoCloseable {
  /** The same shape as usual: five tries, each wait twice the one before. */
  static final Patience PATIENCE =
      new Patience(
          new Patience.Timeouts(Duration.ofSeconds(1), Duration.ofMillis(250)),
          new Patience.Retries(5, Duration.ofMillis(10), Duration.ofMillis(160), 10),
          new Patience.Rest(2, Duration.ofMinutes(1)),
          Duration.ofMinutes(1));

  private static final FaultPlan APPLIED =
      new FaultPlan(
          List.of(Fault.at(Edge.into("nobody"), new Effect.Abort(503))), Duration.ofSeconds(60));

  private final Wiretap tap;
  private final Desk desk;
  private final Time time;
  private final RandomGenerator random;
  private int trials;

  /**
   * A client of an executor.
   *
   * @param executor its address; nobody else may use it meanwhile
   * @param random where jitter and names come from; safe for any number of threads
   * @throws IOException if no port can be opened for the faults
   */
  public ExecutorTarget(URI executor, Time time, RandomGenerator random)
      throws IOException, InterruptedException {
    this.tap = Wiretap.open(executor, time, random);
    this.desk = new Desk(executor);
    this.time = time;
    this.random = random;
  }

  /**
   * How a trial of the client's own ended.
   *
   * @param failure what it threw
   * @param inForce how many policies there were when it observed; none if it did not
   */
  private record Ending(@Nullable Throwable failure, Optional<Integer> inForce, Duration took) {
    boolean is(Code code) {
      return failure instanceof ExecutorException known && known.code() == code;
    }

    boolean saysWhatIsLeft() {
      return is(Code.FAULTS_LEFT) || (failure != null && failure.getSuppressed().length > 0);
    }
  }

  @Override
  public Observation run(FaultPlan plan) throws TargetFailed, InterruptedException {
    String owner = "self-" + ++trials;
    long begun = nanos(time.instant());
    tap.begin(plan);
    List<Invariant> laws = new ArrayList<>();
    List<Ending> endings = new ArrayList<>();
    Ending first;
    List<Wiretap.Heard> heard;
    try (ExecutorClient client = client(owner)) {
      first = attempt(client, owner);
      endings.add(first);
      heard = tap.heard();
      laws.add(documented(first));
      laws.add(counted(first));
      laws.add(tries(first, heard));
      laws.add(alone(client, owner, endings));
    }
    Observation seen =
        new Observation(
            "apply, observe, remove",
            Observation.Reply.of(200, first.took()),
            first.failure() == null ? List.of() : List.of(first.failure().toString()),
            Optional.of(trace(heard, begun, first.took())),
            tap.receipts(),
            List.of(),
            time.instant());
    awaitWhatIsLate(plan);
    tap.begin(FaultPlan.NONE);
    laws.add(left(owner + "-", endings));
    return new Observation(
        seen.endpoint(), seen.reply(), seen.logs(), seen.trace(), seen.receipts(), laws, seen.at());
  }

  /** A request that its client gave up must not come through afterwards. */
  private void awaitWhatIsLate(FaultPlan plan) throws InterruptedException {
    long longest = 0;
    for (Fault fault : plan.faults()) {
      if (fault.effect() instanceof Effect.Delay delay
          && delay.by().compareTo(PATIENCE.timeouts().whole()) >= 0) {
        longest = Math.max(longest, delay.by().toNanos());
      }
    }
    time.sleep(longest);
  }

  private ExecutorClient client(String owner) {
    return new ExecutorClient(
        ExecutorSettings.of(tap.address(), owner).withPatience(PATIENCE),
        new ExecutorClient.Surroundings(time, random, Thread::startVirtualThread));
  }

  private Ending attempt(ExecutorClient client, String owner) throws InterruptedException {
    List<Integer> inForce = new ArrayList<>();
    long begun = time.nanos();
    Throwable failure = null;
    try {
      Observation unused =
          client.applyAndObserve(
              APPLIED,
              Duration.ofSeconds(10),
              (plan, timeout) -> {
                inForce.add(desk.policies(owner + "-").size());
                return observed();
              });
    } catch (ExecutorException | TargetFailed | RuntimeException thrown) {
      failure = thrown;
    }
    return new Ending(
        failure, inForce.stream().findFirst(), Duration.ofNanos(time.nanos() - begun));
  }

  private Observation observed() {
    return new Observation(
        "nothing",
        Observation.Reply.of(200, Duration.ofMillis(1)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        time.instant());
  }

  private static Invariant documented(Ending ending) {
    return new Invariant(
        "ends as documented",
        ending.failure() == null || ending.failure() instanceof ExecutorException,
        String.valueOf(ending.failure()));
  }

  private static Invariant counted(Ending ending) {
    return new Invariant(
        "observes with one policy in force",
        ending.inForce().map(count -> count == 1).orElse(true),
        "there were %s".formatted(ending.inForce().map(String::valueOf).orElse("no looks")));
  }

  /** Data planes are waited for with as many calls as it takes, so those are not counted. */
  private static Invariant tries(Ending ending, List<Wiretap.Heard> heard) {
    Patience.Retries retries = PATIENCE.retries();
    long least = 0;
    List<String> tooMany = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      if (operation == Operation.STATUS) {
        continue;
      }
      long arrived = heard.stream().filter(one -> one.operation() == operation).count();
      long count = Math.ceilDiv(arrived, operation.arrivalsOfATry());
      if (count > retries.attempts()) {
        tooMany.add("%d of %s".formatted(arrived, operation.word()));
      }
      long wait = retries.first().toNanos();
      for (int i = 1; i < count; i++) {
        least += Math.min(wait, retries.longest().toNanos()) * (100 - retries.jitterPercent());
        wait *= 2;
      }
    }
    boolean tooSoon = ending.took().toNanos() < least / 100;
    return new Invariant(
        "tries as often as documented, and no sooner",
        tooMany.isEmpty() && !tooSoon,
        "%s; it took %d ms, waits alone %d ms"
            .formatted(
                tooMany, ending.took().toMillis(), TimeUnit.NANOSECONDS.toMillis(least / 100)));
  }

  /** Calls until the breaker opens, if it does, and then once more. */
  private Invariant alone(ExecutorClient client, String owner, List<Ending> endings)
      throws InterruptedException {
    String name = "asks nothing while the executor is left alone";
    for (int i = 0; i < PATIENCE.rest().failures() && !client.isOpen(); i++) {
      if (endings.getLast().is(Code.EXECUTOR_UNAVAILABLE)) {
        endings.add(attempt(client, owner));
      }
    }
    if (!client.isOpen()) {
      return new Invariant(name, true, "it was not");
    }
    int before = tap.heard().size();
    Ending refused = attempt(client, owner);
    int asked = tap.heard().size() - before;
    return new Invariant(
        name,
        asked == 0 && refused.is(Code.EXECUTOR_UNAVAILABLE),
        "it asked %d times, and ended with %s".formatted(asked, refused.failure()));
  }

  /**
   * Asks the executor itself, once nothing is struck any more. No attempt leaves more than one
   * policy, so there must be no more of them than attempts that said so.
   */
  private Invariant left(String prefix, List<Ending> endings)
      throws TargetFailed, InterruptedException {
    List<String> left = desk.policies(prefix);
    for (String name : left) {
      desk.remove(name);
    }
    long said = endings.stream().filter(Ending::saysWhatIsLeft).count();
    return new Invariant(
        "leaves no policy, or says so",
        left.size() <= said,
        "%s, after %s".formatted(left, endings.stream().map(Ending::failure).toList()));
  }

  private static Trace trace(List<Wiretap.Heard> heard, long begun, Duration took) {
    List<Span> spans = new ArrayList<>();
    String id = "self";
    spans.add(
        new Span(
            new SpanId(id, "root", Optional.empty()),
            Operation.CLIENT,
            "apply, observe, remove",
            SpanKind.INTERNAL,
            begun,
            took.toNanos(),
            Span.Outcome.OK));
    for (Wiretap.Heard one : heard) {
      spans.add(
          new Span(
              new SpanId(id, "call-" + spans.size(), Optional.of("root")),
              one.operation().word(),
              one.operation().request(),
              SpanKind.SERVER,
              one.atNanos(),
              0,
              Span.Outcome.OK));
    }
    return new Trace(spans, true);
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  @Override
  public void close() {
    tap.close();
    desk.close();
  }
}
