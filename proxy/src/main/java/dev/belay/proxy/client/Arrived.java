package dev.belay.proxy.client;

import dev.belay.CallReport;
import org.jspecify.annotations.Nullable;

/**
 * What a request came to, not yet made fit for its caller.
 *
 * @param order the last one, after all redirects
 * @param stream the body, if it is read as it comes
 */
record Arrived(Received received, Order order, CallReport report, @Nullable BodyStream stream) {

  void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
