package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A real server, and a shop that it searches: an edge that calls a service through a fault proxy,
 * hands on baggage and trace, and notes when it has answered whom. Safe for any number of threads.
 */
final class World implements AutoCloseable {
  /** How the processes run: a small heap, as a beside-program has. */
  static final List<String> JVM =
      List.of(
          "-Xmx192m",
          "-XX:+UseParallelGC",
          "-Dio.netty.allocator.type=pooled",
          "-Dio.netty.leakDetection.level=disabled");

  /** How often a session asks without a fault before its first trial. */
  static final int HEALTHY_RUNS = 2;

  /** After how many trials it does so again. */
  static final int HEALTHY_EVERY = 20;

  private static final String SESSION = "belay-chaos=";

  private final Path folder;
  private final Duration lease;
  private final Duration think;
  private final int controlPort;
  private final HttpClient inside =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Thread::startVirtualThread)
          .build();
  private final TinyServer origin;
  private final TinyServer edge;
  private final Map<String, Collection<Long>> answered = new ConcurrentHashMap<>();
  private final Map<String, String> sessionOfTrace = new ConcurrentHashMap<>();
  private volatile int front;

  /**
   * Nothing but the edge and the service runs yet.
   *
   * @param lease how long faults outlive who set them
   * @param think how long the edge takes before it calls the service, with a fault in force
   */
  World(Path folder, Duration lease, Duration think) throws IOException {
    this.folder = folder;
    this.lease = lease;
    this.think = think;
    this.controlPort = FreePorts.one();
    this.origin = TinyServer.start(request -> TinyServer.Answer.OK);
    this.edge = TinyServer.start(this::order);
  }

  private TinyServer.Answer order(TinyServer.Request request)
      throws IOException, InterruptedException {
    Time.system().sleep(think.toNanos());
    HttpRequest.Builder call =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/price".formatted(front)));
    String baggage = request.headers().getOrDefault("baggage", "");
    String trace = request.headers().getOrDefault("traceparent", "");
    if (!baggage.isEmpty()) {
      call.header("baggage", baggage);
    }
    if (!trace.isEmpty()) {
      call.header("traceparent", trace);
    }
    int status = inside.send(call.build(), BodyHandlers.discarding()).statusCode();
    if (baggage.startsWith(SESSION)) {
      String session = baggage.substring(SESSION.length());
      if (!trace.isEmpty()) {
        sessionOfTrace.put(trace.split("-", 4)[1], session);
      }
      answered
          .computeIfAbsent(session, none -> new ConcurrentLinkedQueue<>())
          .add(Time.system().nanos());
    }
    return new TinyServer.Answer(status == 200 ? 200 : 500, "status " + status);
  }

  /** The fault proxies, in a process of their own. */
  Program openFronts() throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            folder.resolve("fronts.yaml"),
            """
            chaos:
              lease: %ds
              fronts: [{service: price, caller: edge, port: 0, upstream: "127.0.0.1:%d"}]
            """
                .formatted(lease.toSeconds(), origin.port()));
    Program plane =
        Program.start(folder, JVM, "chaos", "plane", "-c", config.toString(), "--url", control());
    front = plane.ready().at("/fronts/0/port").intValue();
    return plane;
  }

  /** The server; the same one again after it was killed. */
  Program serve() throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            folder.resolve("belay.yaml"),
            """
            control: {port: %2$d}
            proxy: {port: 0, socks_port: 0}
            store: {url: "sqlite:%1$s/belay.db"}
            chaos:
              lease: %3$ds
              sessions: "%1$s/sessions"
              guard: {healthy_every: %6$d}
              services:
                price: {url: "http://127.0.0.1:%4$d/order", healthy_runs: %5$d}
            """
                .formatted(
                    folder,
                    controlPort,
                    lease.toSeconds(),
                    edge.port(),
                    HEALTHY_RUNS,
                    HEALTHY_EVERY));
    return Program.start(folder, JVM, "serve", "-c", config.toString());
  }

  /** Where the server is, or will be. */
  String control() {
    return "http://127.0.0.1:" + controlPort;
  }

  /** The port through which the edge calls, and whoever wants to be struck. */
  int front() {
    return front;
  }

  /** The service behind it. */
  int origin() {
    return origin.port();
  }

  /** When each request of a session had its answer, in order, by the system's {@code Time}. */
  Collection<Long> answered(String session) {
    return answered.getOrDefault(session, new ConcurrentLinkedQueue<>());
  }

  /** The header that makes a request one of a session. */
  static String baggage(String session) {
    return "baggage: " + SESSION + session;
  }

  /** Whose request a trace was; empty if nobody's. */
  String sessionOf(String trace) {
    return sessionOfTrace.getOrDefault(trace, "");
  }

  @Override
  public void close() throws IOException {
    edge.close();
    origin.close();
    inside.shutdownNow();
  }
}
