package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Forwarding;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that is not whole is an error, never a short success. */
@Timeout(30)
class BrokenBodyTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  static Stream<Arguments> cuts() {
    Map<String, Reply> cuts =
        Map.of(
            "length, closed", Reply.ok("0123456789").truncatedAfter(4),
            "length, reset", Reply.ok("0123456789").resetAfter(4),
            "reset after head", Reply.ok("0123456789").resetAfterHead(),
            "chunks, closed",
                Reply.status(200).chunked(Duration.ZERO, "0123", "4567").truncatedAfter(4),
            "chunks, reset",
                Reply.status(200).chunked(Duration.ZERO, "0123", "4567").resetAfter(4));
    return cuts.entrySet().stream()
        .flatMap(cut ->
            Stream.of(false, true).map(tls -> Arguments.of(cut.getKey(), tls, cut.getValue())));
  }

  private FaultyOrigin origin(boolean tls, Script<ReceivedRequest, Reply> script) throws Exception {
    return tls ? harness.tlsOrigin(script) : harness.origin(script);
  }

  @ParameterizedTest(name = "{0}, inside TLS: {1}")
  @MethodSource("cuts")
  void aBodyThatBreaksOffIsFetchedAgain(String name, boolean tls, Reply cut) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(cut, Reply.ok("whole")));
    harness.proxy(Kind.SOCKS5);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.text()).isEqualTo("whole");
    assertThat(response.report().attempts()).hasSize(2);
    assertThat(harness.verdicts().getFirst().errorClass()).isEqualTo(ErrorClass.RESET);
  }

  @ParameterizedTest(name = "{0}, inside TLS: {1}")
  @MethodSource("cuts")
  void aBodyThatAlwaysBreaksOffIsAFailure(String name, boolean tls, Reply cut) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(cut));
    harness.proxy(Kind.SOCKS5);
    harness.builder().policy(RetryPolicy.NONE);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.RESET);
    harness.awaitQuiet();
  }

  @ParameterizedTest(name = "{0}, inside TLS: {1}")
  @MethodSource("cuts")
  void aStreamThatBreaksOffThrowsWhereItBreaks(String name, boolean tls, Reply cut)
      throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(cut));
    harness.proxy(Kind.SOCKS5);
    harness.builder().policy(RetryPolicy.NONE);

    assertThatThrownBy(
            () -> {
              try (ProxyResponse response =
                  harness.client().stream(ProxyRequest.get(origin.uri()))) {
                response.stream().readAllBytes();
              }
            })
        .isInstanceOfAny(IOException.class, RequestFailed.class);
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyThatEndsWithAResetOrWithoutGoodbyeIsNotWhole(boolean tls) throws Exception {
    FaultyOrigin origin = origin(tls, Script.of(Reply.ok("x".repeat(200_000)).untilClose()));
    // plain text cannot tell a cut from an end, but TLS can
    Forwarding cut = tls ? Behaviour.dropAfter(100_000) : Behaviour.forward().resetAfter(100_000);
    harness.proxy(Kind.SOCKS5, Script.of(cut));
    harness.builder().policy(RetryPolicy.NONE);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.RESET);
  }

  @Test
  void aBodyThatEndsWithTheConnectionIsWholeIfItEndsInOrder() throws Exception {
    FaultyOrigin plain = harness.origin(Script.of(Reply.ok("whole").untilClose()));
    FaultyOrigin secure = harness.tlsOrigin(Script.of(Reply.ok("whole").untilClose()));
    harness.proxy(Kind.SOCKS5);

    assertThat(harness.get(plain.uri()).text()).isEqualTo("whole");
    assertThat(harness.get(secure.uri()).text()).isEqualTo("whole");
  }

  @Test
  void aStreamOfHttp2ThatIsResetThrows() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(request -> {
      request.response().setChunked(true);
      request.response().write("part").onComplete(none -> request.response().reset(2));
    });
    harness.proxy(Kind.HTTP);
    harness.builder().policy(RetryPolicy.NONE);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri("/")));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.RESET);
    harness.awaitQuiet();
  }

  @Test
  void aStreamOfHttp2ThatIsRefusedIsTriedAgainEvenForAPost() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(request -> {
      if (origin.seen().size() == 1) {
        request.response().reset(7);
      } else {
        request.response().end("taken");
      }
    });
    harness.proxy(Kind.HTTP);
    ProxyRequest post =
        ProxyRequest.builder(ProxyRequest.Method.POST, origin.uri("/")).body("order").build();

    ProxyResponse response = harness.client().send(post);

    assertThat(response.text()).isEqualTo("taken");
    assertThat(response.report().attempts()).hasSize(2);
  }

  @Test
  void aBodyOverTheLimitIsAnErrorThatSaysWhatToDo() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x".repeat(101))));
    harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withBodyBytes(100));

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed).hasMessageContaining("larger than 100 bytes");
    assertThat(failed.report().attempts()).hasSize(1);
    assertThat(harness.client().proxies().getFirst().breaker().failureCount()).isZero();
    try (ProxyResponse response = harness.client().stream(ProxyRequest.get(origin.uri()))) {
      assertThat(response.stream().readAllBytes()).hasSize(101);
    }
    harness.awaitQuiet();
  }
}
