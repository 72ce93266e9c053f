package dev.belay.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
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
    return on(transport(wish), new VertxOptions(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Starts loops for a library: they keep no process alive, and leave no files behind.
   *
   * @param threads at least 1
   */
  public static Loops inBackground(int threads) {
    FileSystemOptions noCache =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    VertxOptions options =
        new VertxOptions().setUseDaemonThread(true).setFileSystemOptions(noCache);
    return on(transport(Wish.AUTO), options, threads);
  }

  private static Transport transport(Wish wish) {
    return switch (wish) {
      case AUTO -> usable(Transport.EPOLL) ? Transport.EPOLL : Transport.NIO;
      case EPOLL -> needed(Transport.EPOLL, wish);
      case IO_URING -> needed(Transport.IO_URING, wish);
      case NIO -> Transport.NIO;
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

  private static Loops on(Transport transport, VertxOptions options, int threads) {
    Vertx vertx =
        Vertx.builder()
            .with(options.setEventLoopPoolSize(threads))
            .withTransport(transport)
            .build();
    return new Loops(vertx, transport.name());
  }
}
