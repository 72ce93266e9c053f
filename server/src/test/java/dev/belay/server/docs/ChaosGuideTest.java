package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.local.LocalFaults;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java of the guide to searches for faults. */
@Timeout(60)
class ChaosGuideTest {
  private final Set<Planted> defects = EnumSet.allOf(Planted.class);

  @Test
  void aSessionSearchesTheShop() throws Exception {
    Sessions sessions =
        new Sessions(
            (id, spec) -> new ShopExperiment(new SimShop(defects, spec.seed()), spec.seed()),
            new MemorySessionStore(),
            Sessions.Settings.DEFAULT,
            Time.system(),
            Thread::startVirtualThread);

    String id = sessions.start(new SessionSpec("shop", "{}", 150, Duration.ofHours(1), 7)).id();

    while (!sessions.view(id).orElseThrow().state().isOver()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.progress().done()).isEqualTo(150);
    assertThat(view.defects()).hasSizeGreaterThan(8);
  }

  /** A piece of a shop that knows what to do when its pricing is away, but not when it is slow. */
  private record Cart(HttpClient client) {
    String total(HttpRequest order) throws IOException, InterruptedException {
      HttpResponse<String> answer = client.send(order, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "unknown, try again";
    }
  }

  @Test
  void faultsWithinOneProcess() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HttpHandler handler =
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, -1);
          }
        };
    HttpRequest order =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort())))
            .timeout(Duration.ofMillis(200))
            .build();

    LocalFaults faults = new LocalFaults(Time.system(), new Random(7));
    HttpClient client = faults.client(HttpClient.newHttpClient(), "cart", address -> "pricing");
    server.createContext("/", handler).getFilters().add(faults.filter("pricing"));

    Edge pricing = new Edge("cart", "pricing");
    faults.apply(FaultPlan.of(Fault.at(pricing, new Effect.Delay(Duration.ofSeconds(3)))));
    assertThatThrownBy(() -> new Cart(client).total(order))
        .isInstanceOf(HttpTimeoutException.class);

    faults.apply(FaultPlan.of(Fault.at(pricing, new Effect.Abort(503))));
    assertThat(new Cart(client).total(order)).isEqualTo("unknown, try again");

    assertThat(faults.receipts()).extracting(StrikeReceipt::kind).containsExactly("delay", "abort");
    faults.clear();

    client.close();
    server.stop(0);
  }
}
