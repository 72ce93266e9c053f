package dev.belay;

/** Granted past the breaker, which does not hear what comes of it. */
final class FreePermit extends Permit {
  static final FreePermit INSTANCE = new FreePermit();

  private FreePermit() {}

  @Override
  public boolean isGranted() {
    return true;
  }

  @Override
  CallRefused refusal() {
    throw new IllegalStateException("it was granted");
  }

  @Override
  public void success(long tookNanos) {
    // the breaker closes by its own probe alone
  }

  @Override
  void failed(boolean whole, Hint hint, long tookNanos) {
    // the breaker is open already
  }

  @Override
  public void throttled(Hint hint) {
    // the breaker is open already
  }

  @Override
  public void release() {
    // the breaker knows nothing of it
  }
}
