package dev.belay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets out a few probes. Each holds a lease of its own that comes back on every outcome and expires
 * by itself, so a probe that is lost cannot hold the breaker here for ever. All fields are guarded
 * by the breaker's lock.
 */
final class HalfOpenGeneration extends Generation {
  private final BreakerPolicy.Probe probe;
  private final long slowNanos;
  private final int failures;
  private final CallRefused refusal;
  private final List<Lease> out = new ArrayList<>();
  private int successes;

  HalfOpenGeneration(CircuitBreaker breaker, long sinceNanos, int failures) {
    super(breaker, sinceNanos);
    BreakerPolicy policy = breaker.policy();
    this.probe = policy.probe();
    this.slowNanos =
        policy.trip().slowRate() > 0 ? Nanos.of(policy.trip().slowCall()) : Nanos.FOREVER;
    this.failures = failures;
    this.refusal = new CallRefused(breaker.name(), () -> 0);
  }

  /** One probe's leave to run. */
  final class Lease extends Permit {
    private final long expiresNanos;

    Lease(long expiresNanos) {
      this.expiresNanos = expiresNanos;
    }

    @Override
    public boolean isGranted() {
      return true;
    }

    @Override
    CallRefused refusal() {
      return refusal;
    }

    @Override
    public void success(long tookNanos) {
      if (tookNanos >= slowNanos) {
        failed(true, Hint.NONE, tookNanos);
        return;
      }
      breaker.locked(() -> {
        if (comesBack(this) && ++successes >= probe.successes()) {
          breaker.close(HalfOpenGeneration.this);
        }
      });
    }

    @Override
    void failed(boolean whole, Hint hint, long tookNanos) {
      reopen(hint);
    }

    /** It may hang as before. */
    @Override
    void overtaken(long tookNanos) {
      reopen(Hint.NONE);
    }

    @Override
    public void throttled(Hint hint) {
      reopen(hint);
    }

    private void reopen(Hint hint) {
      breaker.locked(() -> {
        if (comesBack(this)) {
          breaker.open(HalfOpenGeneration.this, "probe failed", hint);
        } else {
          breaker.countLate();
        }
      });
    }

    @Override
    public void release() {
      breaker.locked(() -> out.remove(this));
    }
  }

  /** Takes the lease back; false if it is too late to count. */
  private boolean comesBack(Lease lease) {
    return out.remove(lease) && breaker.isCurrent(this);
  }

  @Override
  @Nullable Permit admit() {
    return breaker.locked(this::lease);
  }

  private @Nullable Permit lease() {
    if (!breaker.isCurrent(this)) {
      return null;
    }
    long now = breaker.time().nanos();
    out.removeIf(lease -> now - lease.expiresNanos >= 0);
    if (out.size() >= probe.atOnce()) {
      return this;
    }
    Lease lease = new Lease(now + Nanos.of(probe.lease()));
    out.add(lease);
    return lease;
  }

  @Override
  boolean selectable(long now) {
    return probesOut(now) < probe.atOnce();
  }

  @Override
  int probesOut(long now) {
    return breaker.locked(
        () -> (int) out.stream().filter(lease -> now - lease.expiresNanos < 0).count());
  }

  @Override
  BreakerState state(long now) {
    return BreakerState.HALF_OPEN;
  }

  @Override
  int failures(long now) {
    return failures;
  }

  @Override
  boolean ejects(long now) {
    return !selectable(now);
  }

  @Override
  public boolean isGranted() {
    return false;
  }

  @Override
  CallRefused refusal() {
    return refusal;
  }
}
