package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.CallFailed;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Carries calls in virtual time, with the faults of a plan, and writes down the spans. A callee
 * that is too slow goes on after its caller has given up, as a real one does. For one thread.
 */
final class SimNetwork {
  private static final long HOP = 500_000;
  private static final double NOISE = 0.2;
  private static final long BODY = 1_024;

  private final Function<String, Optional<Service>> services;
  private final Strikes strikes;
  private final RandomGenerator random;
  private final String trace;
  private final Gateways gateways;
  private final List<Span> spans = new ArrayList<>();
  private int ids;

  SimNetwork(
      Function<String, Optional<Service>> services,
      Strikes strikes,
      RandomGenerator random,
      String trace,
      Gateways gateways) {
    this.services = services;
    this.strikes = strikes;
    this.random = random;
    this.trace = trace;
    this.gateways = gateways;
  }

  /** What came back, and when. */
  record Outcome(Optional<Answer> answer, Optional<CallFailed> failure, long atNanos) {
    static Outcome of(Answer answer, long at) {
      return new Outcome(Optional.of(answer), Optional.empty(), at);
    }

    static Outcome failed(CallFailed.Kind kind, String message, long at) {
      return new Outcome(Optional.empty(), Optional.of(new CallFailed(kind, message)), at);
    }
  }

  /**
   * A call.
   *
   * @param edge from whom to whom
   * @param ask what is asked
   * @param atNanos when it is made
   * @param parent the span that makes it; none from outside
   */
  record Call(Edge edge, Ask ask, long atNanos, Optional<String> parent) {}

  Outcome call(Call call, Duration timeout) throws InterruptedException {
    String id = parentless(call) ? "" : nextId();
    Outcome outcome = struck(call, id.isEmpty() ? call.parent() : Optional.of(id));
    long latest = call.atNanos() + timeout.toNanos();
    if (outcome.atNanos() > latest) {
      outcome =
          Outcome.failed(
              CallFailed.Kind.TIMEOUT, "no answer in %dms".formatted(timeout.toMillis()), latest);
    }
    if (!id.isEmpty()) {
      boolean failed = outcome.answer().map(answer -> answer.status() >= 400).orElse(true);
      note(
          new SpanId(trace, id, call.parent()),
          call.edge().caller(),
          call,
          SpanKind.CLIENT,
          outcome.atNanos(),
          failed);
    }
    return outcome;
  }

  private static boolean parentless(Call call) {
    return call.parent().isEmpty();
  }

  private String nextId() {
    return "s%04d".formatted(ids++);
  }

  private void note(SpanId id, String service, Call call, SpanKind kind, long end, boolean failed) {
    Map<String, String> tags =
        kind == SpanKind.CLIENT ? Map.of("peer.service", call.edge().callee()) : Map.of();
    spans.add(
        new Span(
            id,
            service,
            call.ask().toString(),
            kind,
            call.atNanos(),
            Math.max(0, end - call.atNanos()),
            new Span.Outcome(failed, tags, List.of())));
  }

  private Outcome struck(Call call, Optional<String> parent) throws InterruptedException {
    List<Fault> faults = strikes.on(call.edge(), call.ask(), trace, call.atNanos());
    long at = call.atNanos() + HOP;
    for (Fault fault : faults) {
      if (fault.effect() instanceof Effect.Delay delay) {
        at += delay.by().toNanos();
      }
    }
    for (Fault fault : faults) {
      switch (fault.effect()) {
        case Effect.Abort abort -> {
          return Outcome.of(Answer.failed(abort.status()), at + HOP);
        }
        case Effect.Reset none -> {
          return Outcome.failed(CallFailed.Kind.RESET, "the connection was reset", at);
        }
        case Effect.Delay none -> {}
        case Effect.Throttle none -> {}
        case Effect.Truncate none -> {}
        case Effect.Corrupt none -> {}
        case Effect.Rewrite none -> {}
      }
    }
    return altered(faults, served(call, at, parent));
  }

  private Outcome served(Call call, long at, Optional<String> parent) throws InterruptedException {
    Optional<Service> service = services.apply(call.edge().callee());
    if (service.isEmpty()) {
      return Outcome.failed(CallFailed.Kind.RESET, "nobody of that name", at);
    }
    String id = nextId();
    SimWorld world = new SimWorld(call.edge().callee(), at, id);
    Answer answer = service.get().handle(call.ask(), world);
    Call begun = new Call(call.edge(), call.ask(), at, parent);
    note(
        new SpanId(trace, id, parent),
        call.edge().callee(),
        begun,
        SpanKind.SERVER,
        world.nanos,
        answer.status() >= 500);
    return Outcome.of(answer, world.nanos + HOP);
  }

  /** What becomes of a good answer on its way back. */
  private static Outcome altered(List<Fault> faults, Outcome outcome) {
    Outcome altered = outcome;
    for (Fault fault : faults) {
      if (altered.answer().isEmpty()) {
        return altered;
      }
      long at = altered.atNanos();
      altered =
          switch (fault.effect()) {
            case Effect.Rewrite rewrite -> Outcome.of(Answer.failed(rewrite.status()), at);
            case Effect.Truncate none ->
                Outcome.failed(CallFailed.Kind.GARBLED, "the body breaks off", at);
            case Effect.Corrupt none ->
                Outcome.failed(CallFailed.Kind.GARBLED, "the body cannot be read", at);
            case Effect.Throttle slow ->
                Outcome.of(
                    altered.answer().get(), at + BODY * 1_000_000_000L / slow.bytesPerSecond());
            case Effect.Abort none -> altered;
            case Effect.Reset none -> altered;
            case Effect.Delay none -> altered;
          };
    }
    return altered;
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  /** The view of one service on one request. */
  private final class SimWorld implements World {
    private final String service;
    private final String span;
    private long nanos;

    SimWorld(String service, long nanos, String span) {
      this.service = service;
      this.nanos = nanos;
      this.span = span;
    }

    @Override
    public Answer call(String callee, Ask ask, Duration timeout)
        throws CallFailed, InterruptedException {
      Call call = new Call(new Edge(service, callee), ask, nanos, Optional.of(span));
      Optional<Gateway> gateway = gateways.at(call.edge());
      Outcome outcome =
          gateway.isPresent()
              ? gateway.get().call(call, timeout, SimNetwork.this::call)
              : SimNetwork.this.call(call, timeout);
      nanos = outcome.atNanos();
      if (outcome.failure().isPresent()) {
        throw outcome.failure().get();
      }
      return outcome.answer().orElseThrow();
    }

    @Override
    public void work(Duration length) {
      nanos += (long) (length.toNanos() * (1 + NOISE * (random.nextDouble() * 2 - 1)));
    }

    @Override
    public long elapsedMillis() {
      return nanos / 1_000_000;
    }

    @Override
    public double chance() {
      return random.nextDouble();
    }
  }
}
