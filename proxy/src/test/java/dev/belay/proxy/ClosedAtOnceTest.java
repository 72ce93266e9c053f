package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.proxy.ClosingOrigin.Framing;
import dev.belay.testkit.FaultyProxy.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers whose sender is gone long before a slow client has taken them. */
@Timeout(60)
class ClosedAtOnceTest {
  private static final int STEP = 4_000_000;
  private static final int MOST = 20_000_000;

  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  /** What came until the proxy closed: how much, the head included, and how it ended. */
  private record Arrived(long bytes, String end) {}

  private Arrived read(ClosingOrigin origin) throws Exception {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), harness.proxy().port()));
      String request =
          "GET " + origin.uri("http") + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      origin.awaitClose();
      return drain(socket.getInputStream());
    }
  }

  private static Arrived drain(InputStream in) throws IOException {
    byte[] piece = new byte[100_000];
    long total = 0;
    String end = "";
    for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
      total += got;
      end += new String(piece, 0, got, StandardCharsets.ISO_8859_1);
      end = end.substring(Math.max(0, end.length() - 5));
      LockSupport.parkNanos(50_000);
    }
    return new Arrived(total, end);
  }

  @ParameterizedTest
  @EnumSource(Framing.class)
  void aWholeAnswerReachesASlowClient(Framing framing) throws Exception {
    harness.upstream(Kind.SOCKS5);
    harness.start();

    for (int size = STEP; size <= MOST; size += STEP) {
      ClosingOrigin origin =
          harness.closing(new ClosingOrigin(ServerSocketFactory.getDefault(), framing, size, size));
      Arrived arrived = read(origin);
      assertThat(arrived.bytes()).isGreaterThan(size);
      if (framing != Framing.LENGTH) {
        assertThat(arrived.end()).isEqualTo("0\r\n\r\n");
      }
    }
  }
}
