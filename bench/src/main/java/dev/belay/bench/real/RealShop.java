package dev.belay.bench.real;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import dev.belay.chaos.Edge;
import dev.belay.examples.shop.Defects;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.Shop;
import dev.belay.examples.shop.net.ShopProcesses;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The whole shop, each service a process under the agent of OpenTelemetry, with {@code belay serve}
 * between all of them: one session, from its beginning to its report.
 */
public final class RealShop {
  private static final int WARM = 30;
  private static final int AT_ONCE = 2;

  /** How each {@code belay serve} runs. */
  private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private static final Path AGENT =
      Path.of("bench", "target", "agent", "opentelemetry-javaagent.jar");

  private final PrintStream out;
  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * A shop.
   *
   * @param folder for what the processes write; emptied
   */
  public RealShop(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /**
   * What is run.
   *
   * @param trials how many in each session
   * @param seeds of the search: one session for each
   * @param planted the defects of the shop
   * @param between the services that are called through Belay's own proxy
   * @param parallel how many trials at a time
   */
  public record Run(
      int trials, List<Long> seeds, Set<Planted> planted, Set<String> between, int parallel) {
    public Run {
      seeds = List.copyOf(seeds);
      planted = Set.copyOf(planted);
      between = Set.copyOf(between);
    }
  }

  /**
   * What came of it.
   *
   * @param table what was found, beside what was planted; of the first session
   * @param html the report of the first session
   * @param markdown the same
   * @param seeds all sessions, a row each
   */
  public record Result(String table, String html, String markdown, String seeds) {}

  /** Where everything listens. */
  private record Places(int traces, Map<Edge, URI> fronts, Map<Edge, URI> through) {}

  /** Starts everything, searches, and ends everything. */
  public Result run(Run run) throws IOException, InterruptedException {
    empty(folder);
    long from = Time.system().nanos();
    List<String> services = new Shop(new Defects(Set.of())).names();
    Optional<String> unknown =
        run.between().stream().filter(name -> !services.contains(name)).findFirst();
    if (unknown.isPresent()) {
      throw new IOException(
          "the shop has no service %s; it has %s".formatted(unknown.get(), services));
    }
    try (FreePorts ports = new FreePorts()) {
      Places places = places(ports, run.between());
      try (ShopProcesses shop =
          ShopProcesses.start(
              launch(places.traces()),
              services,
              new ShopProcesses.Wires(places.fronts(), places.through()),
              run.planted(),
              service -> out.println("%4.0f s %s listens".formatted(seconds(from), service)))) {
        ports.release();
        return sessions(run, shop, places, from);
      }
    }
  }

  private static Places places(FreePorts ports, Set<String> between) throws IOException {
    int traces = ports.next();
    Map<Edge, URI> fronts = new HashMap<>();
    Map<Edge, URI> through = new HashMap<>();
    for (Edge edge : ShopExperiment.edges()) {
      fronts.put(edge, URI.create("http://127.0.0.1:" + ports.next()));
      if (between.contains(edge.callee())) {
        through.put(edge, URI.create("http://127.0.0.1:" + ports.next()));
      }
    }
    return new Places(traces, fronts, through);
  }

  /** Each session has a {@code belay serve} of its own, which knows nothing of those before. */
  private Result sessions(Run run, ShopProcesses shop, Places places, long from)
      throws IOException, InterruptedException {
    Seeds seeds = new Seeds(run.planted().size());
    Optional<Result> first = Optional.empty();
    for (long seed : run.seeds()) {
      long begun = Time.system().nanos();
      Path own = Files.createDirectories(folder.resolve("seed-" + seed));
      Path config = Files.writeString(own.resolve("belay.yaml"), config(own, shop, places));
      try (Program belay =
              Program.start(own, JVM, "serve", "-c", config.toAbsolutePath().toString());
          Gateways gateways = Gateways.start(JVM, places.through(), places.fronts(), own)) {
        URI control = URI.create(belay.ready().get("control").stringValue());
        out.println("%4.0f s belay listens at %s".formatted(seconds(from), control));
        warm(shop);
        out.println("%4.0f s all are warm".formatted(seconds(from)));
        Searched session = Searched.begin(client, control, run.trials(), seed, run.parallel());
        JsonNode view = session.follow(out);
        Findings findings = new Findings(run.planted(), view, session.trials(), shop.journal());
        seeds.add(seed, findings, seconds(begun));
        Files.writeString(own.resolve("findings.md"), findings.markdown() + "\n");
        Files.writeString(own.resolve("report.md"), session.report("markdown"));
        if (first.isEmpty()) {
          String table =
              "Seed %d, %d processes%s, %.0f s in all. %s"
                  .formatted(
                      seed,
                      shop.addresses().size(),
                      gateways.count() == 0
                          ? ""
                          : " and %d of Belay between them".formatted(gateways.count()),
                      seconds(from),
                      findings.markdown());
          first =
              Optional.of(
                  new Result(table, session.report("html"), session.report("markdown"), ""));
        }
      }
    }
    Result one = first.orElseThrow(() -> new IOException("there must be at least one seed"));
    return new Result(one.table(), one.html(), one.markdown(), seeds.markdown());
  }

  private static double seconds(long from) {
    return (Time.system().nanos() - from) / 1e9;
  }

  private ShopProcesses.Launch launch(int traces) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(ShopProcesses.small());
    command.addAll(ShopProcesses.watched(AGENT.toAbsolutePath(), traces));
    return new ShopProcesses.Launch(
        command,
        Path.of("bench", "target", "bench.jar").toAbsolutePath().toString(),
        folder.toAbsolutePath(),
        AT_ONCE);
  }

  private static String config(Path own, ShopProcesses shop, Places places) {
    StringBuilder text = new StringBuilder();
    URI edge = shop.address("edge");
    text.append(
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        store: {url: "sqlite:%1$s/belay.db"}
        chaos:
          traces_port: %2$d
          sessions: "%1$s/sessions"
          services:
            shop:
              method: POST
              url: "%3$s/checkout"
              invariants:
                - {name: the total is right, url: "%3$s/total", contains: right}
                - {name: an order is charged once at the most, url: "%4$s/books", contains: right}
                - {name: others are served, url: "%3$s/status"}
              probes: [{name: it lives, url: "%3$s/health"}]
          guard: {max_faults: 3, max_delay: 3s}
          fronts:
        """
            .formatted(own.toAbsolutePath(), places.traces(), edge, shop.address("ledger")));
    places
        .fronts()
        .forEach((call, front) ->
            text.append(
                "    - {service: %s, caller: %s, port: %d, upstream: \"%s\"}%n"
                    .formatted(
                        call.callee(),
                        call.caller(),
                        front.getPort(),
                        shop.address(call.callee()).getAuthority())));
    return text.toString();
  }

  /** Those too who are asked only when others fail: the first requests take over a second. */
  private void warm(ShopProcesses shop) throws IOException, InterruptedException {
    for (int i = 0; i < WARM; i++) {
      for (Map.Entry<String, URI> service : shop.addresses().entrySet()) {
        if (!service.getKey().equals("edge")) {
          ask("GET", service.getValue().resolve("/warm"), Optional.of("0"));
        }
      }
      ask("POST", shop.address("edge").resolve("/checkout"), Optional.empty());
    }
  }

  private void ask(String method, URI uri, Optional<String> order)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMinutes(1))
            .method(method, BodyPublishers.noBody());
    order.ifPresent(name -> request.header("x-order", name));
    int status = client.send(request.build(), BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IOException("%s answers %d without any fault".formatted(uri, status));
    }
  }

  private static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
