package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import dev.belay.chaos.inject.PolicyRefused.Reason;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Faults that are asked for as such, and not as policies: applied, looked at, and ended, by an id
 * that is the name of their policy. Safe for any number of threads.
 */
public final class AppliedFaults {
  private static final int MOST_ENDED = 1_000;
  private static final long LONGEST_SECONDS = 3_600;
  private static final int HUNDRED = 100;

  /** Data planes that were not heard of for so long are not waited for. */
  private static final Duration THERE = Duration.ofSeconds(6);

  private final FaultPolicies policies;
  private final Agents agents;
  private final Time time;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /** The last ones that were ended here. */
  @GuardedBy("lock")
  private final Deque<Status> ended = new ArrayDeque<>();

  /**
   * The last ones that were to be ended here, whether they were in force or not: a request to apply
   * one of them that comes after that was given up by whoever sent it.
   */
  @GuardedBy("lock")
  private final Deque<String> givenUp = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param random where ids come from; safe for any number of threads
   */
  public AppliedFaults(FaultPolicies policies, Agents agents, Time time, RandomGenerator random) {
    this.policies = policies;
    this.agents = agents;
    this.time = time;
    this.random = random;
  }

  /**
   * How it stands with a fault.
   *
   * @param id its id
   * @param running whether it is in force; if not, it is over
   * @param start when it came into force
   * @param end when it was over, if it is
   * @param version the change that put it in or out of force
   */
  public record Status(
      String id, boolean running, Instant start, Optional<Instant> end, long version) {}

  /**
   * How far data planes are.
   *
   * @param there how many there are
   * @param caughtUp how many of them apply a change, or a later one
   */
  public record Progress(int there, int caughtUp) {}

  /**
   * Puts a fault in force.
   *
   * @param asked {@code service}, {@code api}, {@code fault_type}, {@code percentage}, {@code
   *     duration_seconds} and {@code fault_config}; or {@code policy}, a whole one
   * @return its id
   * @throws PolicyRefused if it is not right, or not allowed now; also if it has an owner and was
   *     ended already, for an owner uses each name once
   */
  public String apply(Tree asked) {
    Policy policy;
    try {
      policy = asked.maybeTree("policy").map(PolicyDocument::read).orElseGet(() -> single(asked));
      asked.close();
    } catch (WireException wrong) {
      throw new PolicyRefused(Reason.MALFORMED, String.valueOf(wrong.getMessage()));
    } catch (IllegalArgumentException wrong) {
      throw new PolicyRefused(Reason.INVALID, String.valueOf(wrong.getMessage()));
    }
    lock.lock();
    try {
      if (!policy.metadata().owner().isEmpty() && givenUp.contains(policy.name())) {
        throw new PolicyRefused(
            Reason.EXISTS,
            "fault '%s' was ended and does not come back; use another name"
                .formatted(policy.name()));
      }
      return policies.put(policy).policy().name();
    } finally {
      lock.unlock();
    }
  }

  private Policy single(Tree asked) {
    Edge edge = Edge.into(asked.text("service"));
    Match match = new Match(Optional.empty(), asked.maybeText("api"), Map.of());
    Tree config = asked.tree("fault_config");
    Effect effect =
        switch (asked.text("fault_type")) {
          case "delay" -> new Effect.Delay(delay(config));
          case "abort", "error_injection" -> error(config);
          default -> throw asked.wrong("fault_type", "delay, abort or error_injection");
        };
    config.close();
    Fault fault =
        new Fault(
            edge,
            effect,
            match,
            (int) asked.maybeWhole("percentage", 1, HUNDRED).orElse(HUNDRED),
            Duration.ZERO,
            Fault.Hits.ALL);
    Duration life = Duration.ofSeconds(asked.whole("duration_seconds", 1, LONGEST_SECONDS));
    String name = "fault-%016x".formatted(random.nextLong());
    return PlanPolicies.whole(
        new FaultPlan(List.of(fault), life), Policy.Metadata.named(name), Aim.EVERYBODY);
  }

  private static Duration delay(Tree config) {
    if (config.has("delay_seconds")) {
      double seconds = config.number("delay_seconds", 0, Effect.MAX_DELAY_MS);
      return Duration.ofMillis(Math.round(seconds * 1_000));
    }
    return Duration.ofMillis(config.whole("delay_ms", 1, Effect.MAX_DELAY_MS));
  }

  /** By its name, as the older of the two published shapes has it, or by its status. */
  private static Effect error(Tree config) {
    return switch (config.maybeText("error_type").orElse("")) {
      case "" -> new Effect.Abort(status(config));
      case "timeout" -> new Effect.Delay(Duration.ofMillis(Effect.MAX_DELAY_MS));
      case "connection_reset" -> new Effect.Reset();
      case "malformed_response" -> new Effect.Corrupt();
      default ->
          throw config.wrong("error_type", "timeout, connection_reset or malformed_response");
    };
  }

  private static int status(Tree config) {
    String key = config.has("abort_http_status") ? "abort_http_status" : "error_code";
    return (int) config.maybeWhole(key, 400, 599).orElse(503);
  }

  /** All that are in force. */
  public List<Status> running() {
    return policies.snapshot().policies().stream().map(AppliedFaults::running).toList();
  }

  private static Status running(Kept kept) {
    return new Status(
        kept.policy().name(), true, kept.created(), Optional.empty(), kept.generation());
  }

  /** How it stands with one; none if there never was one, or it is long over. */
  public Optional<Status> status(String id) {
    Optional<Status> running = policies.find(id).map(AppliedFaults::running);
    if (running.isPresent()) {
      return running;
    }
    lock.lock();
    try {
      return ended.stream().filter(status -> status.id().equals(id)).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** How far the data planes are with what one came to. */
  public Progress progress(Status status) {
    List<Agents.Agent> there = agents.within(THERE);
    long caughtUp =
        there.stream().filter(agent -> agent.appliedVersion() >= status.version()).count();
    return new Progress(there.size(), (int) caughtUp);
  }

  /**
   * Ends one.
   *
   * @return how it stands with it; none if it is not in force
   */
  public Optional<Status> end(String id) {
    lock.lock();
    try {
      remember(givenUp, id);
      Optional<Kept> kept = policies.find(id);
      if (!policies.delete(id) || kept.isEmpty()) {
        return Optional.empty();
      }
      Status status =
          new Status(
              id,
              false,
              kept.get().created(),
              Optional.of(time.instant()),
              policies.snapshot().version());
      remember(ended, status);
      return Optional.of(status);
    } finally {
      lock.unlock();
    }
  }

  private static <T> void remember(Deque<T> last, T one) {
    last.addFirst(one);
    if (last.size() > MOST_ENDED) {
      last.removeLast();
    }
  }
}
