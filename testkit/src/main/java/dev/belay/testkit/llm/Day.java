package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A provider's day: phases one after the other by the time since its first request, then over
 * again. Immutable.
 *
 * <pre>{@code
 * Day day = Day.of(
 *     new Day.Phase("fine", Duration.ofSeconds(30), Script.of(Answer.echo())),
 *     new Day.Phase("down", Duration.ofSeconds(10), Script.of(Fault.status(503))));
 * FaultyProvider.start(day.script());
 * }</pre>
 *
 * @param phases one or more
 */
public record Day(List<Phase> phases) {

  /**
   * One phase.
   *
   * @param name what it is like
   * @param length how long it lasts, above 0 and up to 366 days
   * @param script what happens in it; it goes on where it was when the phase comes again
   */
  public record Phase(String name, Duration length, Script<LlmRequest, Answer> script) {

    /** Rejects a phase of no length. */
    public Phase {
      requireNonNull(name, "name");
      requireNonNull(script, "script");
      Check.that(
          length.isPositive() && length.compareTo(Duration.ofDays(366)) <= 0,
          "the length of '%s' must be above 0 and up to 366 days, was %s",
          name,
          length);
    }
  }

  /** Rejects a day without a phase. */
  public Day {
    phases = List.copyOf(phases);
    Check.that(!phases.isEmpty(), "a day needs a phase");
  }

  /** A day of these phases. */
  public static Day of(Phase... phases) {
    return new Day(List.of(phases));
  }

  /**
   * A bad day for demonstrations, with six phases of that length: fine, rate limited, overloaded,
   * broken streams, slow, down.
   */
  public static Day bad(Duration each) {
    Answer fine = Answer.echo();
    Answer broken =
        Answer.from(request ->
            request.streams()
                ? Answer.text(request.lastUserText()).cutAfter(1)
                : Answer.text(request.lastUserText()).truncatedJson());
    Answer slow =
        Answer.from(request ->
            Answer.text(request.lastUserText())
                .firstByteAfter(Duration.ofSeconds(1))
                .chunks(16, Duration.ofMillis(100)));
    RateLimit limit = RateLimit.fixedWindow(5, Duration.ofSeconds(2));
    return of(
        new Phase("fine", each, Script.<LlmRequest, Answer>of(fine)),
        new Phase("rate limited", each, limit.over(Script.<LlmRequest, Answer>of(fine))),
        new Phase("overloaded", each, Script.<LlmRequest, Answer>cycling(Fault.overloaded(), fine)),
        new Phase("broken streams", each, Script.<LlmRequest, Answer>cycling(broken, fine)),
        new Phase("slow", each, Script.<LlmRequest, Answer>of(slow)),
        new Phase(
            "down",
            each,
            Script.<LlmRequest, Answer>cycling(
                Answer.html(502), Fault.status(503), Answer.reset())));
  }

  /** This day as a script, which begins with the first request. */
  public Script<LlmRequest, Answer> script() {
    return Script.<LlmRequest, Answer>remembering(() -> {
      List<Function<LlmRequest, Answer>> players =
          phases.stream().map(phase -> phase.script().player()).toList();
      AtomicLong start = new AtomicLong(Long.MIN_VALUE);
      return request -> {
        long now = request.arrivalNanos();
        start.compareAndSet(Long.MIN_VALUE, now);
        return players.get(index(now - start.get())).apply(request);
      };
    });
  }

  /** The phase after that time, 0 or longer, since the first request. */
  public Phase phaseAt(Duration elapsed) {
    return phases.get(index(elapsed.toNanos()));
  }

  private int index(long nanos) {
    long length = phases.stream().mapToLong(phase -> phase.length().toNanos()).sum();
    long left = Math.floorMod(nanos < 0 ? 0 : nanos, length);
    int index = 0;
    while (left >= phases.get(index).length().toNanos()) {
      left -= phases.get(index).length().toNanos();
      index++;
    }
    return index;
  }
}
