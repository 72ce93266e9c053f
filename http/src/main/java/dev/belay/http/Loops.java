package dev.belay.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.util.Locale;

/**
 * The event loops and how bytes get in and out of them.
 *
 * @param vertx the loops, one for each core
 * @param transport {@code epoll}, {@code io_uring} or {@code nio}
 */
public record Loops(Vertx vertx, String transport) {

  /** What a user may ask for. */
  public enum Wish {
    /** Epoll where it is there, which is best for large bodies and tunnels; NIO elsewhere. */
    AUTO,
    /** Linux, by readiness. */
    EPOLL,
    /** Linux, by completion: best for many small requests. */
    IO_URING,
    /** What every Java runtime has. */
    NIO
  }

  /**
   * Starts them.
   *
   * @throws IllegalStateException if this machine does not have what is asked for
   */
  public static Loops start(Wish wish) {
    return switch (wish) {
      case AUTO -> usable(Transport.EPOLL) ? on(Transport.EPOLL) : on(Transport.NIO);
      case EPOLL -> on(needed(Transport.EPOLL, wish));
      case IO_URING -> on(needed(Transport.IO_URING, wish));
      case NIO -> on(Transport.NIO);
    };
  }

  private static Transport needed(Transport transport, Wish wish) {
    if (!usable(transport)) {
      throw new IllegalStateException(
          "this machine has no %s; use auto".formatted(wish.name().toLowerCase(Locale.ROOT)));
    }
    return transport;
  }

  private static boolean usable(Transport transport) {
    return transport != null && transport.available();
  }

  private static Loops on(Transport transport) {
    VertxOptions options =
        new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
    Vertx vertx = Vertx.builder().with(options).withTransport(transport).build();
    return new Loops(vertx, transport.name());
  }
}
