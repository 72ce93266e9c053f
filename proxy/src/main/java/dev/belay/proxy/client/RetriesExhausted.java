package dev.belay.proxy.client;

import java.io.Serial;

/**
 * The last response has a status that the policy counts as a failure, and the client was told to
 * throw then. A response that is streamed must still be closed.
 */
public final class RetriesExhausted extends ProxyClientException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient ProxyResponse response;

  RetriesExhausted(ProxyResponse response) {
    super(
        "the last response was a %d from %s after %d attempts (%s)"
            .formatted(
                response.status(),
                response.report().target(),
                response.report().attempts().size(),
                response.report().reason()),
        null);
    this.response = response;
  }

  /** The last response. */
  public ProxyResponse response() {
    return response;
  }
}
