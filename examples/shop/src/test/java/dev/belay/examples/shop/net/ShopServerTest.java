package dev.belay.examples.shop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.examples.shop.Defects;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.Shop;
import dev.belay.examples.shop.sim.ShopExperiment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shop over real sockets: all of it in this process, or a part of it in others. */
@Timeout(180)
class ShopServerTest {
  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, ShopServer> servers = new LinkedHashMap<>();

  @AfterEach
  void close() {
    servers.values().forEach(ShopServer::close);
    client.close();
  }

  /** Opens all services but some, the callees first. */
  private void open(Set<Planted> defects, Set<String> missing) throws IOException {
    List<String> names = new ArrayList<>(new Shop(new Defects(Set.of())).names());
    names.removeAll(missing);
    Set<Edge> edges = Set.copyOf(ShopExperiment.edges());
    while (servers.size() < names.size()) {
      for (String name : names) {
        List<String> callees =
            edges.stream()
                .filter(edge -> edge.caller().equals(name) && names.contains(edge.callee()))
                .map(Edge::callee)
                .toList();
        if (!servers.containsKey(name) && servers.keySet().containsAll(callees)) {
          Map<String, URI> peers = new HashMap<>();
          callees.forEach(callee -> peers.put(callee, at(callee, "")));
          servers.put(
              name,
              ShopServer.start(
                  new ShopServer.Settings(name, 0, peers, defects, folder),
                  Time.system(),
                  new Random(1)));
        }
      }
    }
  }

  @SuppressWarnings("NullAway") // asked for those that were opened
  private URI at(String service, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(servers.get(service).port(), path));
  }

  private HttpResponse<String> ask(String method, URI uri, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
    return client.send(
        (headers.length > 0 ? request.headers(headers) : request).build(), BodyHandlers.ofString());
  }

  @Test
  void takesAnOrderThroughAllServices() throws Exception {
    open(Set.of(), Set.of());

    HttpResponse<String> sold = ask("POST", at("edge", "/checkout"));

    assertThat(sold.statusCode()).isEqualTo(200);
    assertThat(Values.read(sold.body())).containsKeys("total", "days", "shown", "liked");
    assertThat(ask("GET", at("edge", "/total")).body()).isEqualTo("right");
    assertThat(ask("GET", at("edge", "/status")).statusCode()).isEqualTo(200);
    assertThat(ask("GET", at("tax", "/health")).body()).isEqualTo("well");
    assertThat(ask("GET", at("ledger", "/books")).body()).startsWith("right");
  }

  @Test
  void aShopWithoutDefectsBearsTheLossOfAService() throws Exception {
    open(Set.of(), Set.of("tax", "catalog", "payment-a"));

    assertThat(ask("POST", at("edge", "/checkout")).statusCode()).isEqualTo(200);
  }

  @Test
  void writesDownWhichDefectShowsInTheOrderOfATrace() throws Exception {
    open(EnumSet.allOf(Planted.class), Set.of("inventory", "inventory-replica"));
    String trace = "0123456789abcdef0123456789abcdef";
    Journal journal = new Journal(folder);

    ask("POST", at("edge", "/checkout"), "traceparent", "00-" + trace + "-0123456789abcdef-01");
    journal.show(trace, Planted.NO_STOCK_AT_ALL);

    assertThat(journal.newest()).hasValue(trace);
    assertThat(journal.shown(trace)).contains(Planted.NO_STOCK_AT_ALL);
    assertThat(journal.shown("ab")).isEmpty();
  }

  @Test
  void booksSayWhatIsChargedTwice() throws Exception {
    open(Set.of(), Set.of());
    Journal journal = new Journal(folder);
    journal.begin("ab");
    journal.books("ab").charge();
    assertThat(ask("GET", at("ledger", "/books")).body()).isEqualTo("right: 1 charges");

    assertThat(journal.books("ab").charge()).isEqualTo(2);

    assertThat(ask("GET", at("ledger", "/books")).body()).isEqualTo("wrong: 2 charges");
  }

  @Test
  void questionsMayBeAboutAnOrderThatIsNotTheLast() throws Exception {
    open(Set.of(), Set.of());
    Journal journal = new Journal(folder);
    String first = "0123456789abcdef0123456789abcdef";
    ask("POST", at("edge", "/checkout"), "traceparent", "00-" + first + "-0123456789abcdef-01");
    journal.books(first).charge();

    ask("POST", at("edge", "/checkout"));

    assertThat(ask("GET", at("ledger", "/books")).body()).isEqualTo("right: 1 charges");
    assertThat(ask("GET", at("ledger", "/books"), "x-belay-trace-id", first).body())
        .isEqualTo("wrong: 2 charges");
    assertThat(ask("GET", at("edge", "/total"), "x-belay-trace-id", first).body())
        .isEqualTo("right");
    assertThat(ask("GET", at("edge", "/status"), "x-belay-trace-id", first).statusCode())
        .isEqualTo(200);
  }

  /** The host of tax is known to nobody but the proxy, here tax itself. */
  @Test
  void callsAPeerThroughAProxy() throws Exception {
    ShopServer.Settings tax = ShopService.settings(List.of("tax", "journal=" + folder));
    servers.put("tax", ShopServer.start(tax, Time.system(), new Random(1)));
    ShopServer.Settings pricing =
        ShopService.settings(
            List.of(
                "pricing",
                "journal=" + folder,
                "defects=TAX_WITHOUT_FALLBACK",
                "tax=http://tax.invalid",
                "tax.through=" + at("tax", "")));
    servers.put("pricing", ShopServer.start(pricing, Time.system(), new Random(1)));

    assertThat(ask("GET", at("pricing", "/price"), "x-order", "1").statusCode()).isEqualTo(200);
  }

  @Test
  void argumentsSayWhatIsServed() {
    ShopServer.Settings settings =
        ShopService.settings(
            List.of(
                "pricing",
                "port=7",
                "journal=/tmp",
                "defects=CHARGED_TWICE,PAYMENT_STORM",
                "tax=http://127.0.0.1:9",
                "tax.through=http://127.0.0.1:8"));

    assertThat(settings.port()).isEqualTo(7);
    assertThat(settings.defects())
        .containsExactlyInAnyOrder(Planted.CHARGED_TWICE, Planted.PAYMENT_STORM);
    assertThat(settings.peers()).containsExactly(entry("tax", URI.create("http://127.0.0.1:9")));
    assertThat(settings.through()).containsExactly(entry("tax", URI.create("http://127.0.0.1:8")));
    assertThat(ShopService.settings(List.of("tax", "defects=all")).defects())
        .hasSize(Planted.values().length);
    assertThat(ShopService.settings(List.of("tax")).defects()).isEmpty();
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(() -> ShopService.settings(List.of())).hasMessageContaining("SERVICE");
    assertThatThrownBy(() -> ShopService.settings(List.of("bakery")))
        .hasMessageContaining("no service bakery");
    assertThatThrownBy(() -> ShopService.settings(List.of("tax", "loud")))
        .hasMessageContaining("NAME=VALUE");
    assertThatThrownBy(() -> new Detours(Map.of(), Map.of("tax", URI.create("http://127.0.0.1:8"))))
        .hasMessageContaining("nobody knows the peer tax");
    assertThatThrownBy(() -> Values.read("total")).hasMessageContaining("name=number");
  }

  private ShopProcesses.Launch launch(String classes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ShopProcesses.small());
    return new ShopProcesses.Launch(command, classes, folder, 2);
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void processesServeUntilTheyAreClosed() throws Exception {
    String classes =
        String.join(
            System.getProperty("path.separator"),
            List.of(place(ShopServer.class), place(Edge.class), place(Time.class)));
    List<String> told = new ArrayList<>();
    URI rate;
    try (ShopProcesses shop =
        ShopProcesses.start(
            launch(classes), List.of("tax", "trending"), Map.of(), Set.of(), told::add)) {
      rate = shop.address("tax").resolve("/rate");
      assertThat(ask("GET", rate).body()).isEqualTo("rate=20");
      assertThat(shop.ended()).isEmpty();
      assertThat(told).containsExactly("tax", "trending");
      assertThatThrownBy(() -> shop.address("edge")).hasMessageContaining("no service edge");
    }
    assertThatThrownBy(() -> ask("GET", rate)).isInstanceOf(IOException.class);
  }

  @Test
  void aProcessThatDoesNotStartIsSaidWithItsLog() {
    assertThatThrownBy(() ->
            ShopProcesses.start(launch("nowhere"), List.of("tax"), Map.of(), Set.of(), name -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tax.log");
  }

  @Test
  void aWatchedProcessSendsItsTracesToThePort() {
    assertThat(ShopProcesses.watched(Path.of("agent.jar"), 4318))
        .contains("-javaagent:agent.jar")
        .contains("-Dotel.exporter.otlp.endpoint=http://127.0.0.1:4318");
  }
}
