package dev.belay.simulate;

import dev.belay.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Misfortunes that every policy should be tried against, by name. */
public final class Scenarios {
  private static final List<String> NAMES =
      List.of("outage", "one-down", "brownout", "flapping", "rate-limited", "overload", "all-fine");
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(30);

  private final int endpoints;
  private final Load load;
  private final Rules rules;

  private Scenarios(int endpoints, Load load, Rules rules) {
    this.endpoints = endpoints;
    this.load = load;
    this.rules = rules;
  }

  /** All names. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * A scenario. {@code outage}: from a quarter of the time on all refuse connections for 30 s, or
   * half of the time if that is shorter. {@code one-down}: the first refuses for half of the time.
   * {@code brownout}: all become ten times slower and lose one in ten. {@code flapping}: each works
   * for 10 s and fails for 5 s, in turn. {@code rate-limited}: together they take 80 % of the load
   * and answer the rest with 429. {@code overload}: they can work on half as much again as the
   * load, and are ten times slower for 10 s; whether they recover depends on the retries. {@code
   * all-fine}.
   *
   * @param name one of {@link #names}
   * @param endpoints how many, 1 to 10,000
   * @throws IllegalArgumentException that lists the names, if there is none of this name
   */
  public static Scenario named(String name, int endpoints, Load load, Rules rules) {
    Check.that(
        endpoints >= 1 && endpoints <= 10_000, "endpoints must be 1 to 10000, were %d", endpoints);
    Scenarios made = new Scenarios(endpoints, load, rules);
    return switch (name) {
      case "outage" -> made.outage();
      case "one-down" -> made.oneDown();
      case "brownout" -> made.brownout();
      case "flapping" -> made.flapping();
      case "rate-limited" -> made.rateLimited();
      case "overload" -> made.overload();
      case "all-fine" -> made.scenario("all-fine", "nothing goes wrong", Scenarios::endpoint);
      default ->
          throw new IllegalArgumentException(
              "scenario must be one of %s, was '%s'".formatted(String.join(", ", NAMES), name));
    };
  }

  private static ScriptedEndpoint endpoint(int number) {
    return ScriptedEndpoint.of("endpoint-" + (number + 1));
  }

  private Scenario scenario(String name, String story, IntFunction<ScriptedEndpoint> make) {
    List<ScriptedEndpoint> all = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      all.add(make.apply(i));
    }
    return new Scenario(name, story, all, load, rules);
  }

  /** Works for a quarter, then does something else for a while, then works again. */
  private Phase[] middle(Behaviour behaviour, Duration length) {
    return new Phase[] {
      new Phase(load.length().dividedBy(4).plusNanos(1), Behaviour.works()),
      new Phase(length, behaviour),
      new Phase(Latency.LONGEST, Behaviour.works())
    };
  }

  private Duration half() {
    return load.length().dividedBy(2).plusNanos(1);
  }

  private Duration atMost(Duration length) {
    return half().compareTo(length) < 0 ? half() : length;
  }

  private Scenario outage() {
    Duration length = atMost(LONGEST_OUTAGE);
    Phase[] phases = middle(Behaviour.refuses(), length);
    return scenario(
        "outage",
        "from %s on, all refuse connections for %s".formatted(at(), seconds(length)),
        number -> endpoint(number).withPhases(phases));
  }

  private Scenario oneDown() {
    Phase[] phases = middle(Behaviour.refuses(), half());
    return scenario(
        "one-down",
        "from %s on, the first of %d refuses connections for %s"
            .formatted(at(), endpoints, seconds(half())),
        number -> number == 0 ? endpoint(0).withPhases(phases) : endpoint(number));
  }

  private Scenario brownout() {
    Phase[] phases = middle(new Behaviour.Answers(0.9, 503, 10), half());
    return scenario(
        "brownout",
        "from %s on, all take ten times as long and answer 503 to one in ten, for %s"
            .formatted(at(), seconds(half())),
        number -> endpoint(number).withPhases(phases));
  }

  private Scenario flapping() {
    Phase good = new Phase(Duration.ofSeconds(10), Behaviour.works());
    Phase bad = new Phase(Duration.ofSeconds(5), Behaviour.fails(503));
    return scenario(
        "flapping",
        "each works for 10s and answers 503 for 5s, in turn",
        number -> {
          Duration shift = Duration.ofMillis(1 + 15_000L * number / endpoints % 10_000);
          Phase rest = new Phase(good.length().minus(shift).plusMillis(1), Behaviour.works());
          Phase first = new Phase(shift, Behaviour.works());
          return endpoint(number).repeating(first, bad, rest);
        });
  }

  private Scenario rateLimited() {
    double quota = Math.min(1e6, 0.8 * load.perSecond() / endpoints);
    Behaviour limited = Behaviour.throttles(quota, Duration.ofSeconds(1));
    return scenario(
        "rate-limited",
        "each takes %.1f calls/s and answers the rest with 429, Retry-After 1".formatted(quota),
        number -> endpoint(number).always(limited));
  }

  private Scenario overload() {
    Duration length = atMost(Duration.ofSeconds(10));
    Phase[] phases = middle(Behaviour.slow(10), length);
    double capacity = 1.5 * load.perSecond() / endpoints;
    return scenario(
        "overload",
        "each can work on %.1f calls/s, the rest queues; from %s on, all are ten times slower for %s"
            .formatted(capacity, at(), seconds(length)),
        number -> endpoint(number).withCapacity(capacity).withPhases(phases));
  }

  private String at() {
    return seconds(load.length().dividedBy(4));
  }

  private static String seconds(Duration length) {
    double seconds = Math.round(length.toMillis() / 10.0) / 100.0;
    return seconds == Math.rint(seconds) ? "%.0fs".formatted(seconds) : seconds + "s";
  }
}
