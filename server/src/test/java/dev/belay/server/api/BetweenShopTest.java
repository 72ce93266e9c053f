package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.net.ShopServer;
import dev.belay.testkit.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Belay's forward proxy between two services of the shop, with a fault proxy behind it: faults
 * strike what Belay sends, so that its retries are under test.
 */
@Timeout(120)
class BetweenShopTest {
  private static final Set<Planted> DEFECTS = Set.of(Planted.TAX_WITHOUT_FALLBACK);

  /** What pricing answers when it does not know the tax. */
  private static final int NO_TAX = 424;

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path folder;
  private ShopServer tax;
  private Api api;
  private ShopServer through;
  private ShopServer straight;

  @BeforeEach
  void open() throws Exception {
    tax = server("tax", Map.of(), Map.of());
    int front;
    try (FreePorts free = new FreePorts()) {
      front = free.next();
    }
    api =
        Api.start(
            "{url: \"http://127.0.0.1:%d\"}".formatted(front),
            """
            retry: {max_attempts: 3, base_delay: 50ms}
            chaos:
              fronts:
                - {service: tax, caller: pricing, port: %d, upstream: "127.0.0.1:%d"}
            """
                .formatted(front, tax.port()));
    Map<String, URI> peers = Map.of("tax", URI.create("http://127.0.0.1:" + front));
    straight = server("pricing", peers, Map.of());
    through = server("pricing", peers, Map.of("tax", URI.create("http://" + api.server().proxy())));
  }

  @AfterEach
  void close() throws Exception {
    straight.close();
    through.close();
    api.close();
    tax.close();
    client.close();
  }

  private ShopServer server(String name, Map<String, URI> peers, Map<String, URI> detours)
      throws Exception {
    return ShopServer.start(
        new ShopServer.Settings(name, 0, peers, detours, DEFECTS, folder),
        Time.system(),
        new Random(1));
  }

  /** Answers calls of tax with a 503: so many of them. In force when it returns. */
  private void strike(int count) throws Exception {
    Api.eventually("the fault proxies are there", () -> heard() >= 0);
    long before = heard();
    HttpResponse<String> made =
        api.json(
            "POST",
            "/v1/policies",
            """
            {"metadata": {"name": "struck"}, "spec": {"rules": [
              {"match": {"path": {"prefix": "/rate"}},
               "fault": {"percentage": 100, "abort": {"httpStatus": 503},
                         "hits": {"count": %d}}}]}}
            """
                .formatted(count));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    Api.eventually("the fault proxies know of it", () -> heard() > before);
  }

  /** Up to which version the fault proxies know what is in force; -1 if they are not there. */
  private long heard() {
    try {
      return api.read("/v1/agents").at("/agents/0/applied_version").asLong(-1);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private int price(ShopServer pricing) throws Exception {
    URI price = URI.create("http://127.0.0.1:%d/price".formatted(pricing.port()));
    HttpRequest ask =
        HttpRequest.newBuilder(price)
            .header("x-order", "1")
            .timeout(Duration.ofSeconds(60))
            .build();
    return client.send(ask, BodyHandlers.ofString()).statusCode();
  }

  private long struck() {
    try {
      return api.read("/v1/receipts?policy=struck").get("receipts").size();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aFaultThatPassesIsBorneThroughItAndNotWithoutIt() throws Exception {
    assertThat(price(through)).isEqualTo(200);
    strike(1);

    assertThat(price(through)).isEqualTo(200);
    api.send("DELETE", "/v1/policies/struck", BodyPublishers.noBody());
    strike(1);

    assertThat(price(straight)).isEqualTo(NO_TAX);
  }

  @Test
  void aFaultThatLastsIsTriedThreeTimesAndHandedOver() throws Exception {
    strike(1_000);

    assertThat(price(through)).isEqualTo(NO_TAX);

    Api.eventually("each attempt has its receipt", () -> struck() == 3);
  }
}
