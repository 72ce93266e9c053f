package dev.belay.examples.shop.net;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.examples.shop.Planted;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Services of the shop, each in a process of its own. They end when this is closed, and also when
 * this process is gone, whatever became of it. For one thread.
 */
public final class ShopProcesses implements AutoCloseable {
  private static final String WORD = " listens on ";
  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 10;

  private final Launch launch;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final Map<String, URI> addresses = new LinkedHashMap<>();

  /**
   * How processes are started.
   *
   * @param command the start of the command, up to the class path: {@code java} and its options
   * @param classPath where the classes of the shop are
   * @param folder for what they write and share
   * @param atOnce how many start at the same time; at least 1
   */
  public record Launch(List<String> command, String classPath, Path folder, int atOnce) {
    public Launch {
      command = List.copyOf(command);
      if (atOnce < 1) {
        throw new IllegalArgumentException("atOnce must be >= 1, was " + atOnce);
      }
    }
  }

  /**
   * Who calls whom, and where.
   *
   * @param peers where each call between services goes
   * @param through the proxy for those calls that go through one
   */
  public record Wires(Map<Edge, URI> peers, Map<Edge, URI> through) {
    public Wires {
      peers = Map.copyOf(peers);
      through = Map.copyOf(through);
    }
  }

  private ShopProcesses(Launch launch) {
    this.launch = launch;
  }

  /**
   * The options of a small Java process that sends its traces to a port of this machine, by the
   * agent of OpenTelemetry.
   *
   * @param agent its file
   * @param tracesPort where OTLP over HTTP is taken
   */
  public static List<String> watched(Path agent, int tracesPort) {
    return List.of(
        "-javaagent:" + agent,
        "-Dotel.exporter.otlp.protocol=http/protobuf",
        "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + tracesPort,
        "-Dotel.metrics.exporter=none",
        "-Dotel.logs.exporter=none",
        "-Dotel.traces.sampler=always_on",
        "-Dotel.bsp.schedule.delay=50");
  }

  /** The options of a small Java process. */
  public static List<String> small() {
    return List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  /**
   * Starts services that call each other directly, and waits until all of them listen.
   *
   * @param services which
   * @param peers where each call between services goes
   * @param told of each service that listens
   * @throws IOException if one of them does not; then none is left
   */
  public static ShopProcesses start(
      Launch launch,
      List<String> services,
      Map<Edge, URI> peers,
      Set<Planted> defects,
      Consumer<String> told)
      throws IOException, InterruptedException {
    return start(launch, services, new Wires(peers, Map.of()), defects, told);
  }

  /** The same with proxies between some of them. */
  public static ShopProcesses start(
      Launch launch,
      List<String> services,
      Wires wires,
      Set<Planted> defects,
      Consumer<String> told)
      throws IOException, InterruptedException {
    ShopProcesses all = new ShopProcesses(launch);
    try {
      for (int from = 0; from < services.size(); from += launch.atOnce()) {
        List<String> batch =
            services.subList(from, Math.min(services.size(), from + launch.atOnce()));
        Map<String, CompletableFuture<URI>> listening = new LinkedHashMap<>();
        for (String service : batch) {
          listening.put(service, all.start(service, wires, defects));
        }
        for (Map.Entry<String, CompletableFuture<URI>> one : listening.entrySet()) {
          all.addresses.put(one.getKey(), all.await(one.getKey(), one.getValue()));
          told.accept(one.getKey());
        }
      }
      return all;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      all.close();
      throw failed;
    }
  }

  private CompletableFuture<URI> start(String service, Wires wires, Set<Planted> defects)
      throws IOException {
    List<String> command = new ArrayList<>(launch.command());
    command.add("-Dotel.service.name=" + service);
    command.addAll(List.of("-cp", launch.classPath(), ShopService.class.getName(), service));
    command.add("journal=" + launch.folder());
    command.add(
        "defects="
            + (defects.isEmpty()
                ? "none"
                : defects.stream().map(Planted::name).collect(Collectors.joining(","))));
    wires
        .peers()
        .forEach((edge, address) -> {
          if (edge.caller().equals(service)) {
            command.add(edge.callee() + "=" + address);
          }
        });
    wires
        .through()
        .forEach((edge, proxy) -> {
          if (edge.caller().equals(service)) {
            command.add(edge.callee() + ShopService.THROUGH + "=" + proxy);
          }
        });
    Process process =
        new ProcessBuilder(command)
            .redirectError(launch.folder().resolve(service + ".log").toFile())
            .start();
    processes.put(service, process);
    CompletableFuture<URI> address = new CompletableFuture<>();
    Thread unused = Thread.ofVirtual().name("shop-" + service).start(() -> read(process, address));
    return address;
  }

  private static void read(Process process, CompletableFuture<URI> address) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int at = line.indexOf(WORD);
        if (at > 0) {
          address.complete(URI.create(line.substring(at + WORD.length())));
        }
      }
    } catch (IOException broken) {
      address.completeExceptionally(broken);
    }
    address.completeExceptionally(new IOException("it ended"));
  }

  private URI await(String service, CompletableFuture<URI> address)
      throws IOException, InterruptedException {
    try {
      return address.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException(
          "%s does not listen; see %s"
              .formatted(service, launch.folder().resolve(service + ".log")),
          failed);
    }
  }

  /** Where a service listens itself. */
  public URI address(String service) {
    return Optional.ofNullable(addresses.get(service))
        .orElseThrow(() -> new IllegalArgumentException("there is no service " + service));
  }

  /** Where all of them listen. */
  public Map<String, URI> addresses() {
    return new HashMap<>(addresses);
  }

  /** What the services have in common. */
  public Journal journal() {
    return new Journal(launch.folder());
  }

  /** The services that have ended by themselves. */
  public List<String> ended() {
    return processes.entrySet().stream()
        .filter(one -> !one.getValue().isAlive())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ends all of them; by force what has not ended after ten seconds. */
  @Override
  public void close() {
    processes.values().forEach(Process::destroy);
    boolean interrupted = false;
    long end = Time.system().nanos() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    for (Process process : processes.values()) {
      try {
        if (!process.waitFor(end - Time.system().nanos(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException stopped) {
        interrupted = true;
        process.destroyForcibly();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
