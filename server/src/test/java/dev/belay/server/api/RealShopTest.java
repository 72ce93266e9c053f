package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.net.ShopProcesses;
import dev.belay.testkit.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Three services of the shop as processes under the agent of OpenTelemetry, that call each other
 * through fault proxies: what is found is found in real spans.
 */
@Timeout(180)
class RealShopTest {
  private static final String ALL = "/v1/optimization/sessions";
  private static final Path AGENT = Path.of("target", "agent", "opentelemetry-javaagent.jar");
  private static final Edge PRICING = new Edge("edge", "pricing");
  private static final Edge TAX = new Edge("pricing", "tax");

  @TempDir Path folder;

  private ShopProcesses shop(int traces, Map<Edge, URI> peers) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ShopProcesses.small());
    command.addAll(ShopProcesses.watched(AGENT.toAbsolutePath(), traces));
    String classes =
        String.join(
            System.getProperty("path.separator"),
            List.of(
                place(ShopProcesses.class).toString(),
                place(Edge.class).toString(),
                place(Time.class).toString()));
    return ShopProcesses.start(
        new ShopProcesses.Launch(command, classes, folder, 3),
        List.of("tax", "pricing", "edge"),
        peers,
        Set.of(Planted.TAX_WITHOUT_FALLBACK),
        listening -> {});
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Test
  void findsAPlantedDefectInTheSpansOfRealProcesses() throws Exception {
    try (FreePorts free = new FreePorts()) {
      int traces = free.next();
      int pricing = free.next();
      int tax = free.next();
      try (ShopProcesses shop = shop(traces, Map.of(PRICING, at(pricing), TAX, at(tax)))) {
        free.release();
        String config =
            """
            chaos:
              traces_port: %d
              sessions: "%s/sessions"
              services:
                shop:
                  method: POST
                  url: "%s/checkout"
                  healthy_runs: 4
                  probes: [{name: it lives, url: "%s/health"}]
              fronts:
                - {service: pricing, caller: edge, port: %d, upstream: "%s"}
                - {service: tax, caller: pricing, port: %d, upstream: "%s"}
            """
                .formatted(
                    traces,
                    folder,
                    shop.address("edge"),
                    shop.address("edge"),
                    pricing,
                    shop.address("pricing").getAuthority(),
                    tax,
                    shop.address("tax").getAuthority());
        try (Api api = Api.start("", config)) {
          warm(shop.address("edge").resolve("/checkout"));
          search(api, shop);
        }
      }
    }
  }

  /** The first requests of a process take long. */
  private static void warm(URI checkout) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest order =
          HttpRequest.newBuilder(checkout)
              .timeout(Duration.ofSeconds(60))
              .POST(BodyPublishers.noBody())
              .build();
      for (int i = 0; i < 5; i++) {
        HttpResponse<String> sold = client.send(order, BodyHandlers.ofString());
        assertThat(sold.statusCode()).as(sold.body()).isEqualTo(200);
      }
    }
  }

  private static void search(Api api, ShopProcesses shop) throws Exception {
    HttpResponse<String> begun =
        api.json("POST", ALL, "{\"service_name\": \"shop\", \"max_trials\": 60, \"seed\": 1}");
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = Api.body(begun).get("session_id").stringValue();
    JsonNode view = api.read(ALL + "/" + id);
    while (view.at("/defects/0/minimal/plan").isMissingNode()
        && !List.of("COMPLETED", "FAILED").contains(view.get("status").stringValue())) {
      Time.system().sleep(100_000_000);
      view = api.read(ALL + "/" + id);
    }

    assertThat(view.get("defects")).as(view.toString()).hasSize(1);
    JsonNode defect = view.at("/defects/0");
    assertThat(defect.get("signature").stringValue())
        .isEqualTo("POST /checkout | 500 | edge>pricing>tax");
    JsonNode fault = defect.at("/minimal/plan/faults/0");
    assertThat(fault.toString()).contains("\"pricing\"", "\"tax\"");
    JsonNode trial = api.read(ALL + "/" + id + "/trials/" + defect.get("trial_id").intValue());
    JsonNode observation = trial.get("observation");
    assertThat(observation.at("/trace/complete").booleanValue()).isTrue();
    assertThat(observation.toString())
        .contains("\"peer.service\":\"tax\"", "GET /rate", "GET /price");
    assertThat(shop.ended()).isEmpty();
    api.post(ALL + "/" + id + "/stop");
    assertThat(api.get(ALL + "/" + id + "/report?format=html").body()).contains("edge&gt;pricing");
  }
}
