package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.http.SocksException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocksRequestsTest {
  private static final SocksLogin JOE =
      SocksLogin.required(given -> given.equals(new Credentials("joe", "pw")));
  private static final String JOE_LOGIN = "01036a6f65027077";
  private static final BlockingQueue<Future<SocksRequest>> REQUESTS = new LinkedBlockingQueue<>();
  private static Vertx vertx;
  private static NetServer open;
  private static NetServer closed;
  private static NetServer hasty;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    open = server(SocksLogin.OPTIONAL, Duration.ofSeconds(8));
    closed = server(JOE, Duration.ofSeconds(8));
    hasty = server(JOE, Duration.ofMillis(100));
  }

  private static NetServer server(SocksLogin login, Duration limit) {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(socket -> REQUESTS.add(SocksRequests.read(socket, login, limit)));
    return Waits.get(server.listen(0, "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    Waits.get(vertx.close());
  }

  private static Future<SocksRequest> request() throws InterruptedException {
    Future<SocksRequest> request = REQUESTS.poll(8, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  private static void send(Socket socket, String hex) throws Exception {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String receive(Socket socket, int length) throws Exception {
    return HexFormat.of().formatHex(socket.getInputStream().readNBytes(length));
  }

  @ParameterizedTest
  @CsvSource({
    "050100 05010001 7f000001 0050, 5, 127.0.0.1, 80, ''",
    "050100 05010003 03 612e62 01bb, 5, a.b, 443, ''",
    "050100 05010004 20010db8000000000000000000000001 01bb, 5, 2001:db8::1, 443, ''",
    "05020002 01036a6f65027077 05010001 7f000001 0050, 5, 127.0.0.1, 80, joe",
    "040100507f00000100, 4, 127.0.0.1, 80, ''",
    "04010050000000016a6f6500612e6200, 4, a.b, 80, joe",
    "04010050000000006a6f6500, 4, 0.0.0.0, 80, joe",
  })
  void readsWhatIsAskedFor(String bytes, int version, String host, int port, String user)
      throws Exception {
    try (Socket socket = Peer.connect(open.actualPort())) {
      send(socket, bytes);

      SocksRequest request = Waits.get(request());

      assertThat(request.version()).isEqualTo(version);
      assertThat(request.host()).isEqualTo(host);
      assertThat(request.port()).isEqualTo(port);
      assertThat(request.credentials().map(Credentials::user).orElse("")).isEqualTo(user);
      assertThat(request.toString()).contains(host).doesNotContain("pw");
    }
  }

  @Test
  void logsInStepByStepAndAnswers() throws Exception {
    try (Socket socket = Peer.connect(closed.actualPort())) {
      send(socket, "05020002");
      assertThat(receive(socket, 2)).isEqualTo("0502");
      send(socket, JOE_LOGIN);
      assertThat(receive(socket, 2)).isEqualTo("0100");
      send(socket, "0501000303612e6201bb");

      SocksRequest request = Waits.get(request());
      Waits.get(request.reply(SocksReply.SUCCEEDED));

      assertThat(request.credentials()).contains(new Credentials("joe", "pw"));
      assertThat(receive(socket, 10)).isEqualTo("05000001000000000000");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "05010001, CLOSED, ''",
    "050100, LOGIN, 05ff",
    "0501 01, LOGIN, 05ff",
    "050102 0103 6a6f65 02 7878, LOGIN, 0502 0101",
    "050102 0100 00, LOGIN, 0502 0101",
    "050102 0101 0a 0170, LOGIN, 0502 0101",
    "050102 05, MALFORMED, 0502",
    "050102 01036a6f65027077 05020001, CLOSED, 0502 0100",
    "050102 01036a6f65027077 0502000100, COMMAND, 0502 0100 05070001000000000000",
    "050102 01036a6f65027077 0501000900, MALFORMED, 0502 0100 05080001000000000000",
    "050102 01036a6f65027077 04, MALFORMED, 0502 0100",
    "050102 01036a6f65027077 05010003 00 0050, MALFORMED, 0502 0100 05080001000000000000",
    "050102 01036a6f65027077 05010003 03 610062 0050, MALFORMED, 0502 0100 05080001000000000000",
    "050102 01036a6f65027077 05010001 7f000001 0000, MALFORMED, 0502 0100 05080001000000000000",
    "474554202f, MALFORMED, ''",
    "04020050, COMMAND, 005b000000000000",
    "040100507f00000100, LOGIN, 005b000000000000",
    "040100507f0000016a6f6500, LOGIN, 005b000000000000",
    "0401, CLOSED, ''",
    "'', CLOSED, ''",
  })
  void refusesWithTheFittingAnswer(String bytes, Reason reason, String answer) throws Exception {
    boolean half = reason == Reason.CLOSED && !bytes.startsWith("05010001");
    try (Socket socket = Peer.connect(closed.actualPort())) {
      send(socket, half ? bytes : bytes.equals("05010001") ? "0502" : bytes);
      socket.shutdownOutput();

      String got =
          HexFormat.of().formatHex(Peer.readAll(socket).getBytes(StandardCharsets.ISO_8859_1));

      assertThat(got).isEqualTo(answer.replace(" ", ""));
      SocksException failure = Waits.failure(request(), SocksException.class);
      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure).hasMessageNotContaining("pw");
    }
  }

  @Test
  void boundsWhatASocks4ClientMaySend() throws Exception {
    try (Socket socket = Peer.connect(open.actualPort())) {
      send(socket, "0401005000000001" + "61".repeat(300));

      assertThat(Waits.failure(request(), SocksException.class).reason())
          .isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void givesUpOnWhoIsSlow() throws Exception {
    try (Socket socket = Peer.connect(hasty.actualPort())) {
      send(socket, "05");

      assertThat(Waits.failure(request(), SocksException.class).reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(Peer.readAll(socket)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "050100 05010001 7f000001 0050, 0500 05050001000000000000",
    "040100507f00000100, 005b000000000000"
  })
  void closesAfterARefusal(String bytes, String answer) throws Exception {
    try (Socket socket = Peer.connect(open.actualPort())) {
      send(socket, bytes);

      Waits.get(Waits.get(request()).reply(SocksReply.CONNECTION_REFUSED));

      assertThat(HexFormat.of().formatHex(socket.getInputStream().readAllBytes()))
          .isEqualTo(answer.replace(" ", ""));
    }
  }
}
