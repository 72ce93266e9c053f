package dev.belay.server.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What bodies an operation takes.
 *
 * @param types the media types that say what it is; empty if whatever comes is dropped
 * @param bytes the most it may have
 */
record Bodies(List<String> types, int bytes) {
  private static final int SMALL = 16 * 1024;
  private static final int LARGE = 4 * 1024 * 1024;

  /** None is wanted; a small one is read and dropped. */
  static final Bodies NONE = new Bodies(List.of(), SMALL);

  static final Bodies JSON = new Bodies(List.of("application/json"), SMALL);

  static final Bodies PATCH =
      new Bodies(List.of("application/merge-patch+json", "application/json"), SMALL);

  static final Bodies IMPORT = new Bodies(List.of("application/json", "text/plain"), LARGE);

  Bodies {
    types = List.copyOf(types);
  }

  static boolean has(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.headers().contains("Transfer-Encoding")
        || (length != null && !length.equals("0"));
  }

  /** The media type without its parameters, in lower case; empty if there is none. */
  static String type(@Nullable String header) {
    String type = header == null ? "" : header;
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Reads it whole, or fails with an {@link ApiProblem}. For the event loop. */
  Future<Buffer> read(HttpServerRequest request) {
    if (!types.isEmpty() && !types.contains(type(request.getHeader("Content-Type")))) {
      return Future.failedFuture(ApiProblem.unsupported(types));
    }
    if (announced(request) > bytes) {
      return Future.failedFuture(ApiProblem.tooLarge(bytes));
    }
    Promise<Buffer> promise = Promise.promise();
    Buffer read = Buffer.buffer();
    request.exceptionHandler(promise::tryFail);
    request.endHandler(none -> promise.tryComplete(read));
    request.handler(chunk -> {
      if (read.length() + chunk.length() > bytes) {
        promise.tryFail(ApiProblem.tooLarge(bytes));
      } else {
        read.appendBuffer(chunk);
      }
    });
    return promise.future();
  }

  /** What the length is said to be; 0 if nothing is said, and then it is counted. */
  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notANumber) {
      return Long.MAX_VALUE;
    }
  }
}
