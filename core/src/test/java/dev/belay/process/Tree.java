package dev.belay.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A shell that runs a script and says the numbers of what it has started, a line for each. */
final class Tree implements AutoCloseable {
  static final Duration GRACE = Duration.ofMillis(400);

  final ProcessTree process;
  final BufferedReader output;

  Tree(String script) throws IOException {
    this(script, GRACE);
  }

  Tree(String script, Duration grace) throws IOException {
    process = shell(script).endingWithin(grace).start(Time.system());
    output = new BufferedReader(new InputStreamReader(process.output(), UTF_8));
  }

  static Program shell(String script) {
    return Program.of(List.of("/bin/sh", "-c", script)).with(Map.of("BELAY_RUN", "run-1"));
  }

  long number() throws IOException {
    return Long.parseLong(output.readLine());
  }

  static boolean lives(long number) {
    return ProcessHandle.of(number).filter(ListedProcess::lives).isPresent();
  }

  @Override
  public void close() {
    var unused = process.end();
  }
}
