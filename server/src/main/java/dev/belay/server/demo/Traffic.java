package dev.belay.server.demo;

import dev.belay.Time;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGeneratorFactory;

/** The same requests, whichever way they are sent: number, sizes and order follow from a seed. */
final class Traffic {
  private static final int LARGEST_BYTES = 20_000;
  private static final int AT_ONCE = 16;

  private final long seed;
  private final int requests;
  private final int originPort;

  Traffic(long seed, int requests, int originPort) {
    this.seed = seed;
    this.requests = requests;
    this.originPort = originPort;
  }

  /** Told how far it is. */
  interface Progress {
    /** {@code done} requests are over, {@code good} of them well. */
    void at(int done, int good);
  }

  /**
   * What came of it.
   *
   * @param requests sent
   * @param nanos how long each took that was answered whole, sorted
   */
  record Result(int requests, List<Long> nanos) {

    int good() {
      return nanos.size();
    }

    double successRate() {
      return (double) good() / requests;
    }

    double percentileMillis(double share) {
      return nanos.isEmpty()
          ? 0
          : nanos.get((int) Math.min(nanos.size() - 1, Math.floor(share * nanos.size()))) / 1e6;
    }
  }

  /**
   * Sends everything.
   *
   * @param portOf the proxy's port for the request of a number
   * @param limit for one request
   */
  Result send(IntUnaryOperator portOf, Duration limit, Progress progress)
      throws InterruptedException {
    int[] sizes = sizes();
    long[] took = new long[requests];
    Semaphore slots = new Semaphore(AT_ONCE);
    AtomicInteger done = new AtomicInteger();
    AtomicInteger good = new AtomicInteger();
    IntToLongFunction one =
        number -> {
          long start = Time.system().nanos();
          boolean worked = fetch(portOf.applyAsInt(number), sizes[number], limit);
          return worked ? Time.system().nanos() - start : -1;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < requests; i++) {
        int number = i;
        slots.acquire();
        threads.execute(() -> {
          try {
            took[number] = one.applyAsLong(number);
            int well = took[number] >= 0 ? good.incrementAndGet() : good.get();
            progress.at(done.incrementAndGet(), well);
          } finally {
            slots.release();
          }
        });
      }
    }
    List<Long> sorted = Arrays.stream(took).filter(nanos -> nanos >= 0).sorted().boxed().toList();
    return new Result(requests, sorted);
  }

  private int[] sizes() {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return random.ints(requests, 100, LARGEST_BYTES).toArray();
  }

  /** One GET through a proxy on loopback; whether the whole body came, with status 200. */
  private boolean fetch(int port, int size, Duration limit) {
    try (Socket socket = new Socket()) {
      int millis = (int) limit.toMillis();
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
      String host = "127.0.0.1:" + originPort;
      String head =
          "GET http://%s/bytes/%d HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(host, size, host);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return answersWell(new BufferedInputStream(socket.getInputStream(), 32 * 1024), size);
    } catch (IOException failed) {
      return false;
    }
  }

  private static boolean answersWell(InputStream in, int size) throws IOException {
    boolean ok = line(in).contains(" 200");
    int length = -1;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    return ok && length == size && in.readNBytes(size).length == size;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() > 16 * 1024) {
        throw new IOException("no answer");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
