package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.proxy.ClosingOrigin;
import dev.belay.proxy.ClosingOrigin.Framing;
import dev.belay.testkit.FaultyProxy.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies whose sender is gone long before their reader has read them. */
@Timeout(60)
class ClosedAtOnceTest {
  private static final int STEP = 300_000;
  private static final int MOST = 3_000_000;

  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private ClosingOrigin origin(String scheme, Framing framing, int announced, int sent)
      throws Exception {
    ServerSocketFactory sockets =
        scheme.equals("https")
            ? harness.certificate().serverContext().getServerSocketFactory()
            : ServerSocketFactory.getDefault();
    return harness.closing(new ClosingOrigin(sockets, framing, announced, sent));
  }

  /** Reads it slowly, once its sender had the time to leave; {@code count} grows meanwhile. */
  private void read(ClosingOrigin origin, String scheme, AtomicLong count) throws Exception {
    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri(scheme)))) {
      origin.awaitClose();
      InputStream in = response.stream();
      byte[] piece = new byte[10_000];
      for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
        count.addAndGet(got);
        LockSupport.parkNanos(50_000);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http,LENGTH",
    "http,CHUNKED",
    "http,CLOSE",
    "https,LENGTH",
    "https,CHUNKED",
    "https,CLOSE"
  })
  void aWholeBodyReachesItsSlowReader(String scheme, Framing framing) throws Exception {
    harness.proxy(Kind.SOCKS5);
    harness.builder().trust(harness.certificate().clientContext());

    for (int size = STEP; size <= MOST; size += STEP) {
      AtomicLong count = new AtomicLong();
      read(origin(scheme, framing, size, size), scheme, count);
      assertThat(count).hasValue(size);
    }
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @EnumSource(
      value = Framing.class,
      names = {"LENGTH", "CHUNKED"})
  void whatArrivedOfAShortBodyIsReadBeforeItIsAnError(Framing framing) throws Exception {
    harness.proxy(Kind.SOCKS5);

    for (int size = STEP; size <= MOST; size += STEP) {
      AtomicLong count = new AtomicLong();
      ClosingOrigin origin = origin("http", framing, size + 1, size);
      assertThatThrownBy(() -> read(origin, "http", count))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broke off after " + size + " bytes");
      assertThat(count).hasValue(size);
    }
    harness.awaitQuiet();
  }
}
