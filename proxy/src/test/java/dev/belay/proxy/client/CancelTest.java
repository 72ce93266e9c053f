package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever gives up is let go at once, and nothing is left behind. */
@Timeout(30)
class CancelTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private URI stuck(String stage, boolean tls) throws Exception {
    Script<ReceivedRequest, Reply> script =
        switch (stage) {
          case "answer" -> Script.of(Reply.hang());
          case "body" -> Script.of(Reply.ok("late").bodyDelayed(Duration.ofMinutes(1)));
          default -> Script.of(Reply.ok("fine"));
        };
    FaultyOrigin origin = tls ? harness.tlsOrigin(script) : harness.origin(script);
    Behaviour behaviour = stage.equals("connect") ? Behaviour.hangOnAccept() : Behaviour.forward();
    harness.proxy(Kind.SOCKS5, Script.of(behaviour));
    if (stage.equals("tls")) {
      return URI.create("https://127.0.0.1:" + harness.silentPort() + "/");
    }
    if (stage.equals("pause")) {
      harness
          .builder()
          .policy(
              ClientHarness.QUICK.toBuilder()
                  .backoff(Backoff.fixed(Duration.ofSeconds(50)))
                  .build());
      origin.behave(Script.of(Reply.status(503)));
    }
    return origin.uri();
  }

  private void awaitUnderWay() {
    ClientHarness.eventually("it is under way", () -> harness.client().connections() > 0);
  }

  @ParameterizedTest
  @CsvSource({
    "connect, false",
    "answer, false",
    "body, false",
    "pause, false",
    "connect, true",
    "tls, true",
    "answer, true",
    "body, true",
    "pause, true"
  })
  void cancellingEndsWhateverIsUnderWay(String stage, boolean tls) throws Exception {
    URI uri = stuck(stage, tls);
    CompletableFuture<ProxyResponse> response = harness.client().sendAsync(ProxyRequest.get(uri));
    awaitUnderWay();

    assertThat(response.cancel(true)).isTrue();

    harness.awaitQuiet();
    ClientHarness.eventually(
        "no attempt is left", () -> stage.equals("pause") || harness.client().connections() == 0);
    assertThat(harness.client().proxies().getFirst().breaker().failureCount())
        .isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "connect, true, true",
    "answer, true, false",
    "body, false, true",
    "pause, false, false"
  })
  void anInterruptIsObeyedWithin50Milliseconds(String stage, boolean tls, boolean virtual)
      throws Exception {
    URI uri = stuck(stage, tls);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CompletableFuture<Long> ended = new CompletableFuture<>();
    Runnable work =
        () -> {
          try {
            harness.client().send(ProxyRequest.get(uri));
          } catch (Throwable failure) {
            thrown.set(failure);
          }
          ended.complete(System.nanoTime());
        };
    harness.client();
    Thread thread =
        virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().daemon().start(work);
    awaitUnderWay();
    long start = System.nanoTime();

    thread.interrupt();

    long took = ended.get(10, TimeUnit.SECONDS) - start;
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(50));
    harness.awaitQuiet();
  }

  @Test
  void readingABodyIsInterruptedToo() throws Exception {
    FaultyOrigin origin =
        harness.origin(
            Script.of(Reply.status(200).trickled(Duration.ofMinutes(1), "first", "second")));
    harness.proxy(Kind.HTTP);
    ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri()));
    InputStream body = response.stream();
    assertThat(body.readNBytes(5)).asString().isEqualTo("first");
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                thrown.complete(new AssertionError("read " + body.read()));
              } catch (IOException failure) {
                thrown.complete(failure);
              }
            });

    reader.interrupt();

    assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(java.io.InterruptedIOException.class);
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingAResponseEndsItsStream(boolean http2) throws Exception {
    URI uri;
    if (http2) {
      Http2Origin origin = harness.http2Origin();
      origin.answer(request -> {
        request.response().setChunked(true);
        var unused = request.response().write("first");
      });
      uri = origin.uri("/");
    } else {
      uri =
          harness
              .tlsOrigin(
                  Script.of(Reply.status(200).trickled(Duration.ofMinutes(1), "first", "rest")))
              .uri();
    }
    harness.proxy(Kind.HTTP);
    ProxyResponse response = harness.client().stream(ProxyRequest.get(uri));
    assertThat(response.stream().readNBytes(5)).asString().isEqualTo("first");
    assertThat(harness.client().underWay()).isEqualTo(1);

    response.close();

    assertThatThrownBy(() -> response.stream().read()).isInstanceOf(IOException.class);
    harness.awaitQuiet();
  }

  @Test
  void cancellingOneRequestOfManyLeavesTheOthersAlone() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(request -> {
      if (!request.uri().equals("/hang")) {
        request.response().end("fine");
      }
    });
    harness.proxy(Kind.HTTP);
    assertThat(harness.get(origin.uri("/")).text()).isEqualTo("fine");
    List<CompletableFuture<ProxyResponse>> stuck = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      stuck.add(harness.client().sendAsync(ProxyRequest.get(origin.uri("/hang"))));
    }
    ClientHarness.eventually("all are there", () -> origin.seen().size() == 61);

    stuck.forEach(response -> response.cancel(true));

    for (int i = 0; i < 200; i++) {
      assertThat(harness.get(origin.uri("/")).text()).isEqualTo("fine");
    }
    assertThat(origin.connections()).isEqualTo(1);
    harness.awaitQuiet();
  }

  @Test
  void closingTheClientEndsItsRequests() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    FaultyProxy proxy = harness.proxy(Kind.HTTP);
    CompletableFuture<ProxyResponse> waiting =
        harness.client().sendAsync(ProxyRequest.get(origin.uri()));
    assertThat(origin.awaitRequests(1, Duration.ofSeconds(10))).isTrue();

    harness.client().close();

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> harness.get(origin.uri()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(proxy.awaitIdle(Duration.ofSeconds(10)) || proxy.activeConnections() <= 1).isTrue();
  }

  @Test
  void moreRequestsThanAllowedAreRefusedAtOnce() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.hang()));
    harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withRequests(1));
    CompletableFuture<ProxyResponse> first =
        harness.client().sendAsync(ProxyRequest.get(origin.uri()));

    assertThatThrownBy(() -> harness.get(origin.uri()))
        .isInstanceOfSatisfying(
            RequestRefused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(RequestRefused.Reason.TOO_MANY_REQUESTS));

    first.cancel(true);
    harness.awaitQuiet();
  }
}
