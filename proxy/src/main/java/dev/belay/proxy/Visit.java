package dev.belay.proxy;

import dev.belay.Endpoint;
import dev.belay.Permit;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request's leave to ask for a target, for all of its attempts. If it is the one that tests a
 * target which failed, that is its own business: what other requests learn meanwhile changes
 * nothing about it. To be ended by {@link #over}, however the request ends. Safe for any number of
 * threads.
 */
public final class Visit {
  private final Evidence evidence;
  private final String target;
  private final Duration longestRest;
  private final @Nullable Duration wait;
  private final boolean tests;

  /** Guarded by the lock of the evidence. */
  private @Nullable Permit probe;

  /** A visit; with a wait it is none, with a probe it is a test. */
  Visit(
      Evidence evidence,
      String target,
      Duration longestRest,
      @Nullable Duration wait,
      @Nullable Permit probe) {
    this.evidence = evidence;
    this.target = target;
    this.longestRest = longestRest;
    this.wait = wait;
    this.tests = probe != null;
    this.probe = probe;
  }

  /** How long it had better wait, if the target is left alone now. */
  public Optional<Duration> refusal() {
    return Optional.ofNullable(wait);
  }

  /** The target answered through this proxy. Costs nothing while no target has failed. */
  public void worked(Endpoint endpoint) {
    evidence.worked(this, endpoint);
  }

  /** Lays the blame for a failure that might be anybody's; any other verdict stays as it is. */
  public Verdict judge(Endpoint endpoint, Verdict verdict) {
    return evidence.judge(this, endpoint, verdict);
  }

  /** The request has ended: if it was to test the target and did not, the next one may. */
  public void over() {
    if (tests) {
      evidence.end(this);
    }
  }

  String target() {
    return target;
  }

  /** How long a proxy is left alone at the most that asks for it. */
  Duration longestRest() {
    return longestRest;
  }

  /** The permit of the test, the first time; to be called with the lock of the evidence held. */
  @Nullable Permit takeProbe() {
    Permit taken = probe;
    probe = null;
    return taken;
  }
}
