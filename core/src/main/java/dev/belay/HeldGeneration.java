package dev.belay;

/** Somebody decided: open or closed until reset, whatever comes back. */
final class HeldGeneration extends Generation {
  private final boolean open;
  private final CallRefused refusal;

  HeldGeneration(CircuitBreaker breaker, long sinceNanos, boolean open) {
    super(breaker, sinceNanos);
    this.open = open;
    this.refusal = new CallRefused(breaker.name(), () -> Nanos.FOREVER);
  }

  @Override
  public boolean isGranted() {
    return !open;
  }

  @Override
  CallRefused refusal() {
    return refusal;
  }

  @Override
  Permit admit() {
    return this;
  }

  @Override
  boolean selectable(long now) {
    return !open;
  }

  @Override
  BreakerState state(long now) {
    return open ? BreakerState.HELD_OPEN : BreakerState.HELD_CLOSED;
  }

  @Override
  long untilTest(long now) {
    return open ? Nanos.FOREVER : 0;
  }
}
