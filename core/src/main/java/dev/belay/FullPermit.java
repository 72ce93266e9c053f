package dev.belay;

/** Not granted: the endpoint runs as many attempts as it may. */
final class FullPermit extends Permit {
  static final FullPermit INSTANCE = new FullPermit();

  private final CallRefused refusal = new CallRefused("concurrency limit", () -> 0);

  private FullPermit() {}

  @Override
  public boolean isGranted() {
    return false;
  }

  @Override
  CallRefused refusal() {
    return refusal;
  }
}
