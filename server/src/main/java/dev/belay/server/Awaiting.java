package dev.belay.server;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what opens and closes, up to a minute each. */
final class Awaiting {
  private static final Logger LOG = LoggerFactory.getLogger(Awaiting.class);
  private static final int SECONDS = 60;

  private Awaiting() {}

  /**
   * What came of it.
   *
   * @param what for the message if nothing did
   */
  static <T> T await(Future<T> future, String what) throws IOException, InterruptedException {
    return await(future.toCompletionStage(), what);
  }

  /**
   * What came of it.
   *
   * @param what for the message if nothing did
   */
  static <T> T await(CompletionStage<T> stage, String what)
      throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(what + ": " + reason(failed.getCause()), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException(what + ": no answer within a minute", late);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : message;
  }

  /** Waits after a failure, which is worth more than that something else fails as well. */
  static void quietly(CompletionStage<?> closing) throws InterruptedException {
    try {
      var unused = closing.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException stillOpen) {
      LOG.warn("not everything could be closed: {}", stillOpen.toString());
    }
  }
}
