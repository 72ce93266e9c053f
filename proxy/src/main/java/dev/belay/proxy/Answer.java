package dev.belay.proxy;

import dev.belay.Verdict;
import io.vertx.core.http.HttpClientResponse;

/**
 * An upstream's answer, its body not yet read, with what is made of it.
 *
 * @param number of the attempt that brought it
 */
record Answer(
    HttpClientResponse response, Upstream upstream, Target target, int number, Verdict verdict) {
  private static final long WORTH_READING_BYTES = 64 * 1024;

  /** Lets go of it: a short body is read so that the connection can be used again. */
  void discard() {
    String length = response.getHeader("Content-Length");
    response.exceptionHandler(broken -> {});
    boolean isShort = length != null && length.length() <= 5;
    if (isShort && Long.parseLong(length) <= WORTH_READING_BYTES) {
      response.handler(bytes -> {});
      response.resume();
    } else {
      var unused = response.request().reset();
    }
  }
}
