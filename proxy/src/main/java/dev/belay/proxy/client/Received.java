package dev.belay.proxy.client;

import dev.belay.Verdict;
import dev.belay.proxy.Upstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * What an attempt brought: the head of a response with what is made of it.
 *
 * @param inlet its body, if somebody is to read it as it comes
 * @param whole its body, if not
 */
record Received(
    HttpClientResponse head, Upstream upstream, Verdict verdict, Inlet inlet, Buffer whole) {
  private static final long WORTH_READING_BYTES = 64 * 1024;

  /** Lets go of it; does nothing to one whose body is here. */
  void discard() {
    inlet.skip(WORTH_READING_BYTES);
  }
}
