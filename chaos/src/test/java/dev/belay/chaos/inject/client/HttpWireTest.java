package dev.belay.chaos.inject.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpWireTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void sendsWhatIsAskedWithTheToken() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.status(201).body("{}")));
        HttpWire wire =
            new HttpWire(origin.uri("/"), Optional.of("secret"), Patience.Timeouts.DEFAULT)) {
      Wire.Answer answer = wire.send(Wire.Ask.post("/v1/policies", "{\"a\":1}"));

      assertThat(answer).isEqualTo(new Wire.Answer(201, "{}"));
      ReceivedRequest received = origin.requests().getFirst();
      assertThat(received.path()).isEqualTo("/v1/policies");
      assertThat(received.bodyText()).isEqualTo("{\"a\":1}");
      assertThat(received.header("Authorization")).contains("Bearer secret");
      assertThat(received.header("Content-Type")).contains("application/json");
    }
  }

  @Test
  void waitsForNoAnswerAndForNoBodyLongerThanAllowed() {
    try (FaultyOrigin origin =
            FaultyOrigin.start(
                Script.of(Reply.hang(), Reply.ok("{}").bodyDelayed(Duration.ofMinutes(1))));
        HttpWire wire =
            new HttpWire(origin.uri(), Optional.empty(), new Patience.Timeouts(SHORT, SHORT))) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> wire.send(Wire.Ask.get("/")))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void tellsARefusedConnectionFromAnUnknownName() {
    FaultyOrigin gone = FaultyOrigin.start(Script.of(Reply.ok("")));
    gone.close();
    try (HttpWire refused = new HttpWire(gone.uri(), Optional.empty(), Patience.Timeouts.DEFAULT);
        HttpWire unknown =
            new HttpWire(
                URI.create("http://no-such-host.invalid:1"),
                Optional.empty(),
                Patience.Timeouts.DEFAULT)) {
      assertThatThrownBy(() -> refused.send(Wire.Ask.get("/")))
          .isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> unknown.send(Wire.Ask.get("/")))
          .isInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void saysThatAnAnswerBrokeOff() {
    try (FaultyOrigin origin =
            FaultyOrigin.start(Script.of(Reply.ok("0123456789").truncatedAfter(3), Reply.reset()));
        HttpWire wire = new HttpWire(origin.uri(), Optional.empty(), Patience.Timeouts.DEFAULT)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> wire.send(Wire.Ask.get("/"))).isInstanceOf(IOException.class);
      }
    }
  }
}
