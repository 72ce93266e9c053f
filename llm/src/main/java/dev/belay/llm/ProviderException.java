package dev.belay.llm;

/** One attempt at a provider failed. */
public final class ProviderException extends LlmException {
  private static final long serialVersionUID = 1L;

  private final transient ProviderError error;

  /** Wraps what the provider said. */
  public ProviderException(ProviderError error) {
    super(
        "%s%s: %s"
            .formatted(
                error.kind(),
                error.status() == 0 ? "" : " (" + error.status() + ")",
                error.message()));
    this.error = error;
  }

  /** What the provider said. */
  public ProviderError error() {
    return error;
  }
}
