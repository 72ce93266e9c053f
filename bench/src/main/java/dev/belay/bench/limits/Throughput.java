package dev.belay.bench.limits;

import dev.belay.bench.program.Installed;
import dev.belay.bench.program.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many requests a data plane carries beside HAProxy, which parses HTTP as well, over the same
 * service and by the same load. There is no bar: it is to be known.
 */
final class Throughput {
  private static final Path SOURCES = Path.of("bench", "load");
  private static final int ROUNDS = 3;
  private static final int SECONDS = 3;

  private final Path folder;
  private final List<Process> running = new ArrayList<>();

  Throughput(Path folder) {
    this.folder = folder;
  }

  /** Nothing where there is no HAProxy, or no compiler for the load. */
  Optional<Limit> measure(String control) throws IOException, InterruptedException {
    if (!HaProxy.isThere() || !Installed.has("gcc")) {
      return Optional.empty();
    }
    compile("upstream");
    compile("load");
    try {
      int upstream = upstream();
      try (HaProxy haproxy = HaProxy.start(folder, upstream);
          Program plane = plane(control, upstream)) {
        return Optional.of(compare(plane.ready().at("/fronts/0/port").intValue(), haproxy.port()));
      }
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }

  private Program plane(String control, int upstream) throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            folder.resolve("load.yaml"),
            "chaos: {fronts: [{service: load, port: 0, upstream: \"127.0.0.1:%d\"}]}"
                .formatted(upstream));
    return Program.start(
        folder,
        World.JVM,
        "chaos",
        "plane",
        "-c",
        config.toString(),
        "--url",
        control,
        "--id",
        "load");
  }

  private Limit compare(int front, int peer) throws IOException, InterruptedException {
    double unused = load(front, 10); // until it is compiled
    unused = load(peer, 1);
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      ours[round] = load(front, SECONDS);
      theirs[round] = load(peer, SECONDS);
    }
    Arrays.sort(ours);
    Arrays.sort(theirs);
    double own = ours[ROUNDS / 2];
    double other = theirs[ROUNDS / 2];
    return new Limit(
        "requests/s through a data plane and through HAProxy (mode http), 64 connections",
        "%,.0f and %,.0f, %.2fx".formatted(own, other, own / other),
        "none",
        own > 0 && other > 0);
  }

  private void compile(String name) throws IOException, InterruptedException {
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-O2",
                "-o",
                folder.resolve(name).toString(),
                SOURCES.resolve(name + ".c").toString())
            .inheritIO()
            .start();
    if (gcc.waitFor() != 0) {
      throw new IOException("%s.c does not compile".formatted(name));
    }
  }

  private Process begin(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("load.err").toFile()).start();
    running.add(process);
    return process;
  }

  private static String firstLine(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    return line == null ? "" : line.strip();
  }

  private int upstream() throws IOException {
    return Integer.parseInt(firstLine(begin(folder.resolve("upstream").toString(), "0", "600")));
  }

  private double load(int port, int seconds) throws IOException, InterruptedException {
    Process load =
        begin(
            folder.resolve("load").toString(),
            "absolute",
            Integer.toString(port),
            "target.example:80",
            "64",
            Integer.toString(seconds));
    String line = firstLine(load);
    int code = load.waitFor();
    if (code != 0) {
      throw new IOException("the load failed with %d: %s".formatted(code, line));
    }
    return JsonMapper.shared().readTree(line).get("requests_per_second").doubleValue();
  }
}
