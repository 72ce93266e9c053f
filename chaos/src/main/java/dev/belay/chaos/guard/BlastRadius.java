package dev.belay.chaos.guard;

import dev.belay.Check;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.inject.SparedPaths;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an experiment may touch. A plan that goes beyond it is never put in force.
 *
 * @param services the services whose calls may be struck; all if it is empty
 * @param faults how many faults may be in force together; 1 to 20
 * @param limits how much each of them may do
 * @param protectedPaths paths that no fault may strike, with all below them
 * @param windows when faults may be in force; always if it is empty
 * @param spares whether whoever puts faults in force spares the protected paths by himself; if not,
 *     a fault that does not say which path it means strikes all
 */
public record BlastRadius(
    Set<String> services,
    int faults,
    Limits limits,
    List<String> protectedPaths,
    List<TimeWindow> windows,
    boolean spares) {
  /** Any service, three faults together, and nothing else that is forbidden. */
  public static final BlastRadius DEFAULT =
      new BlastRadius(Set.of(), 3, Limits.DEFAULT, List.of(), List.of());

  public BlastRadius {
    Check.that(faults >= 1 && faults <= 20, "max_faults must be in 1..20, was %d", faults);
    services = Set.copyOf(services);
    protectedPaths = List.copyOf(protectedPaths);
    windows = List.copyOf(windows);
    SparedPaths unused = SparedPaths.of(protectedPaths);
  }

  /** One whose protected paths nobody spares by himself. */
  public BlastRadius(
      Set<String> services,
      int faults,
      Limits limits,
      List<String> protectedPaths,
      List<TimeWindow> windows) {
    this(services, faults, limits, protectedPaths, windows, false);
  }

  /**
   * The same for whoever puts no fault in force that strikes a protected path, whatever the fault
   * says.
   */
  public BlastRadius sparing() {
    return new BlastRadius(services, faults, limits, protectedPaths, windows, true);
  }

  /**
   * How much one fault may do.
   *
   * @param percentage of how many requests in 100; 1 to 100
   * @param delay the longest delay; 1 ms to 30 s
   * @param life how long its plan may stay in force; 1 s to 1 h
   */
  public record Limits(int percentage, Duration delay, Duration life) {
    /** Whatever a fault can do at all, for five minutes. */
    public static final Limits DEFAULT =
        new Limits(100, Duration.ofMillis(Effect.MAX_DELAY_MS), Duration.ofMinutes(5));

    public Limits {
      Check.that(
          percentage >= 1 && percentage <= 100,
          "max_percentage must be in 1..100, was %d",
          percentage);
      Check.that(
          delay.toMillis() >= 1 && delay.toMillis() <= Effect.MAX_DELAY_MS,
          "max_delay must be in 1ms..30s, was %s",
          delay);
      Check.that(
          life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(Duration.ofHours(1)) <= 0,
          "max_duration must be in 1s..1h, was %s",
          life);
    }
  }

  /**
   * Why a plan must never be put in force.
   *
   * @return the reason; nothing if the plan keeps within all bounds but for the windows
   */
  public Optional<String> refusal(FaultPlan plan) {
    if (plan.faults().isEmpty()) {
      return Optional.empty();
    }
    if (plan.size() > faults) {
      return Optional.of(
          "%d faults together are more than max_faults %d".formatted(plan.size(), faults));
    }
    if (plan.life().compareTo(limits.life()) > 0) {
      return Optional.of(
          "%s in force is longer than max_duration %s"
              .formatted(text(plan.life()), text(limits.life())));
    }
    return plan.faults().stream().map(this::refusal).flatMap(Optional::stream).findFirst();
  }

  /**
   * Why a plan must not be put in force now, though it may be at another time.
   *
   * @param now the time of day that counts for the windows
   * @return the reason; nothing if a window is open, or there are none
   */
  public Optional<String> closed(FaultPlan plan, Instant now) {
    boolean open =
        plan.faults().isEmpty()
            || windows.isEmpty()
            || windows.stream().anyMatch(window -> window.contains(now));
    return open
        ? Optional.empty()
        : Optional.of("%s is outside of the windows %s".formatted(now, windows));
  }

  private Optional<String> refusal(Fault fault) {
    String callee = fault.edge().callee();
    if (!services.isEmpty() && !services.contains(callee)) {
      return Optional.of(
          callee.equals(Edge.ANY)
              ? "%s strikes all services, allowed are %s".formatted(fault, sorted())
              : "service %s is not one of the allowed %s".formatted(callee, sorted()));
    }
    if (fault.percentage() > limits.percentage()) {
      return Optional.of(
          "%d %% of the requests of %s are more than max_percentage %d"
              .formatted(fault.percentage(), fault.edge(), limits.percentage()));
    }
    if (fault.effect() instanceof Effect.Delay delay && delay.by().compareTo(limits.delay()) > 0) {
      return Optional.of(
          "a delay of %s at %s is longer than max_delay %s"
              .formatted(text(delay.by()), fault.edge(), text(limits.delay())));
    }
    return protectedPaths.stream()
        .filter(path -> strikes(fault.match().pathPrefix(), SparedPaths.of(List.of(path))))
        .findFirst()
        .map(path -> "%s would strike the protected path %s".formatted(fault, path));
  }

  /** What lies within a protected path altogether could strike nothing but that. */
  private boolean strikes(Optional<String> prefix, SparedPaths path) {
    String begin = prefix.orElse("/");
    return spares ? path.cover(begin) : path.touch(begin);
  }

  private List<String> sorted() {
    return services.stream().sorted().toList();
  }

  private static String text(Duration length) {
    return length.toMillis() % 1_000 == 0 ? length.toSeconds() + "s" : length.toMillis() + "ms";
  }
}
