package dev.belay.proxy.client;

import dev.belay.RetryPolicy;
import dev.belay.proxy.client.ProxyRequest.Method;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * What is sent, whatever number of attempts that takes.
 *
 * @param headers without those that say how the message travels
 * @param idempotent whether it may be sent again even if the target may have acted on it
 * @param wholeBytes how much of a response's body is taken before the attempt counts as done; -1 if
 *     it is done with the head, because somebody reads the body as it comes
 */
record Order(
    Destination to,
    Method method,
    MultiMap headers,
    Payload payload,
    RetryPolicy policy,
    boolean idempotent,
    int wholeBytes) {

  HttpMethod httpMethod() {
    return HttpMethod.valueOf(method.name());
  }

  boolean isStreamed() {
    return wholeBytes < 0;
  }

  /** Whether a method of this name has a body even where it is empty. */
  boolean wantsLength() {
    return method == Method.POST || method == Method.PUT || method == Method.PATCH;
  }
}
