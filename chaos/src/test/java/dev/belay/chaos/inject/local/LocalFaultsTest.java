package dev.belay.chaos.inject.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.StrikeReceipt;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalFaultsTest {
  private static final Edge EDGE = new Edge("cart", "pricing");
  private static final String TEXT = "0123456789";

  private final VirtualTime virtual = new VirtualTime();
  private final LocalFaults faults = new LocalFaults(Time.system(), new Random(1));
  private final AtomicInteger served = new AtomicInteger();
  private final HttpServer server;
  private final HttpClient plain =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private final HttpClient client = faults.client(plain, "cart", address -> "pricing");

  LocalFaultsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          served.incrementAndGet();
          try (exchange;
              OutputStream out = exchange.getResponseBody()) {
            exchange.sendResponseHeaders(200, TEXT.length());
            out.write(TEXT.getBytes(StandardCharsets.US_ASCII));
          }
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    client.close();
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/price".formatted(server.getAddress().getPort())))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> get(HttpClient by) throws IOException, InterruptedException {
    return by.send(request().build(), BodyHandlers.ofString());
  }

  private void inForce(Effect... effects) {
    List<Fault> all = new ArrayList<>();
    for (Effect effect : effects) {
      all.add(Fault.at(EDGE, effect));
    }
    faults.apply(new FaultPlan(all));
  }

  @Test
  void nothingHappensUnlessAFaultIsInForce() throws Exception {
    assertThat(get(client).body()).isEqualTo(TEXT);

    inForce(new Effect.Abort(503));
    assertThat(get(client).statusCode()).isEqualTo(503);
    faults.clear();

    assertThat(get(client).body()).isEqualTo(TEXT);
    assertThat(faults.receipts())
        .singleElement()
        .satisfies(receipt -> {
          assertThat(receipt.edge()).isEqualTo(EDGE);
          assertThat(receipt.kind()).isEqualTo("abort");
        });
  }

  @Test
  void aPlanTakesThePlaceOfTheOneBefore() throws Exception {
    inForce(new Effect.Abort(503));
    inForce(new Effect.Rewrite(404));

    assertThat(get(client).statusCode()).isEqualTo(404);
    assertThat(served).hasValue(1);
  }

  @Test
  void aPolicyEndsWhenItsTimeIsOver() {
    LocalFaults timed = new LocalFaults(virtual, new Random(1));
    timed.put(
        PolicyDocument.read(
            """
            {"metadata":{"name":"p"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
              "fault":{"percentage":100,"duration_seconds":5,"abort":{"httpStatus":503}}}]}}
            """));
    SentRequest asked = new SentRequest(request().build(), "cart", "pricing");

    assertThat(timed.struck(asked)).isPresent();
    virtual.advance(Duration.ofSeconds(5));
    assertThat(timed.struck(asked)).isEmpty();
  }

  @Test
  void strikesWhatSomebodyElseSays() throws Exception {
    LiveRules rules = new LiveRules(Time.system(), new Random(1), Duration.ofHours(1));
    List<StrikeReceipt> sent = new ArrayList<>();
    LocalFaults told = LocalFaults.told(rules, sent::add, Time.system());
    HttpClient by = told.client(plain, "cart", address -> "pricing");
    rules.replace(
        1,
        List.of(
            new RuleFeed.Dated(
                PolicyDocument.read(
                    """
                    {"metadata":{"name":"p"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
                      "fault":{"percentage":100,"abort":{"httpStatus":500}}}]}}
                    """),
                1,
                Duration.ZERO)));

    assertThat(get(by).statusCode()).isEqualTo(500);
    assertThat(sent).isEqualTo(told.receipts()).hasSize(1);
  }

  @Nested
  class ForAClient {
    @Test
    void anAbortIsAnAnswerThatNoServiceGave() throws Exception {
      inForce(new Effect.Abort(503));

      HttpResponse<String> response = get(client);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("Fault injection: Service unavailable");
      assertThat(response.headers().firstValue("x-fault-injected")).contains("abort");
      assertThat(response.uri()).isEqualTo(request().build().uri());
      assertThat(served).hasValue(0);
    }

    @Test
    void aResetIsWhatAResetConnectionMakesAClientThrow() {
      inForce(new Effect.Reset());

      assertThatThrownBy(() -> get(client))
          .isInstanceOf(SocketException.class)
          .hasMessage("Connection reset");
      assertThat(served).hasValue(0);
    }

    @Test
    void aDelayComesBeforeTheCall() throws Exception {
      inForce(new Effect.Delay(Duration.ofMillis(40)));
      long begun = Time.system().nanos();

      assertThat(get(client).body()).isEqualTo(TEXT);
      assertThat(Time.system().nanos() - begun)
          .isGreaterThanOrEqualTo(Duration.ofMillis(40).toNanos());
    }

    @Test
    void aDelayBeyondTheTimeoutOfARequestTimesItOut() {
      inForce(new Effect.Delay(Duration.ofSeconds(30)));
      HttpRequest hasty = request().timeout(Duration.ofMillis(20)).build();

      assertThatThrownBy(() -> client.send(hasty, BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class);
      assertThatThrownBy(() -> client.sendAsync(hasty, BodyHandlers.ofString()).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(HttpTimeoutException.class);
      assertThat(served).hasValue(0);
    }

    @Test
    void aBodyThatBreaksOffIsAFailureAndNotAShortBody() {
      inForce(new Effect.Truncate(4));

      assertThatThrownBy(() -> get(client))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broke off after 4 bytes");
      assertThat(served).hasValue(1);
    }

    @Test
    void aBodyMayComeSlowlyAndChanged() throws Exception {
      inForce(new Effect.Throttle(200), new Effect.Corrupt());
      long begun = Time.system().nanos();

      byte[] body = client.send(request().build(), BodyHandlers.ofByteArray()).body();

      assertThat(body).hasSize(TEXT.length());
      assertThat(body[0]).isEqualTo((byte) ~'0');
      assertThat(new String(body, 1, 9, StandardCharsets.US_ASCII)).isEqualTo("123456789");
      assertThat(Time.system().nanos() - begun)
          .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
    }

    @Test
    void whatIsAskedLaterIsStruckAlike() {
      inForce(new Effect.Delay(Duration.ofMillis(1)), new Effect.Abort(429));
      assertThat(client.sendAsync(request().build(), BodyHandlers.ofString()).join().statusCode())
          .isEqualTo(429);

      inForce(new Effect.Rewrite(500));
      assertThat(
              client
                  .sendAsync(request().build(), BodyHandlers.ofString(), null)
                  .join()
                  .statusCode())
          .isEqualTo(500);

      inForce(new Effect.Reset());
      assertThatThrownBy(() -> client.sendAsync(request().build(), BodyHandlers.ofString()).join())
          .hasCauseInstanceOf(SocketException.class);

      faults.clear();
      assertThat(client.sendAsync(request().build(), BodyHandlers.ofString()).join().body())
          .isEqualTo(TEXT);
    }

    @Test
    void whoGivesUpSendsNothing() {
      inForce(new Effect.Delay(Duration.ofSeconds(30)));

      CompletableFuture<HttpResponse<String>> asked =
          client.sendAsync(request().build(), BodyHandlers.ofString());

      assertThat(asked.cancel(true)).isTrue();
      assertThat(served).hasValue(0);
    }

    @Test
    void isTheClientThatItWasMadeOf() {
      assertThat(client.version()).isEqualTo(plain.version());
      assertThat(client.followRedirects()).isEqualTo(plain.followRedirects());
      assertThat(client.connectTimeout()).isEqualTo(plain.connectTimeout());
      assertThat(client.cookieHandler()).isEqualTo(plain.cookieHandler());
      assertThat(client.proxy()).isEqualTo(plain.proxy());
      assertThat(client.authenticator()).isEqualTo(plain.authenticator());
      assertThat(client.executor()).isEqualTo(plain.executor());
      assertThat(client.sslContext()).isSameAs(plain.sslContext());
    }
  }

  @Nested
  class ForAServer {
    @Test
    void aCallerSaysWhoItIsAndTheServerIsNamedByItsFilter() throws Exception {
      server.removeContext("/");
      server
          .createContext("/", exchange -> answer(exchange.getResponseBody(), exchange))
          .getFilters()
          .add(faults.filter("pricing"));
      inForce(new Effect.Abort(503));

      assertThat(get(plain).statusCode()).isEqualTo(200);
      HttpResponse<String> struck =
          plain.send(request().header("x-belay-caller", "cart").build(), BodyHandlers.ofString());

      assertThat(struck.statusCode()).isEqualTo(503);
      assertThat(struck.headers().firstValue("x-fault-injected")).contains("abort");
    }

    private void answer(OutputStream out, com.sun.net.httpserver.HttpExchange exchange)
        throws IOException {
      try (exchange) {
        exchange.sendResponseHeaders(200, TEXT.length());
        out.write(TEXT.getBytes(StandardCharsets.US_ASCII));
      }
    }

    @Test
    void aBodyThatBreaksOffNeverLooksWholeEvenInChunks() throws Exception {
      server.removeContext("/");
      server
          .createContext(
              "/",
              exchange -> {
                try (exchange;
                    OutputStream out = exchange.getResponseBody()) {
                  exchange.sendResponseHeaders(200, 0);
                  out.write(TEXT.getBytes(StandardCharsets.US_ASCII));
                }
              })
          .getFilters()
          .add(faults.filter("pricing"));
      faults.apply(FaultPlan.of(Fault.at(Edge.into("pricing"), new Effect.Truncate(4))));

      assertThatThrownBy(() -> get(plain)).isInstanceOf(IOException.class);
    }
  }
}
