package dev.belay.chaos.export;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.Match;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The source of a test that fails as long as the system does. */
final class JUnitSource {
  private static final String TEMPLATE =
      """
      import static org.junit.jupiter.api.Assertions.assertTrue;
      import static org.junit.jupiter.api.Assumptions.assumeTrue;

      import dev.belay.Time;
      import dev.belay.chaos.Edge;
      import dev.belay.chaos.Effect;
      import dev.belay.chaos.Fault;
      import dev.belay.chaos.FaultPlan;
      import dev.belay.chaos.Match;
      import dev.belay.chaos.Observation;
      import dev.belay.chaos.inject.client.ExecutorClient;
      import dev.belay.chaos.inject.client.ExecutorSettings;
      import java.io.IOException;
      import java.net.URI;
      import java.net.http.HttpClient;
      import java.net.http.HttpRequest;
      import java.net.http.HttpResponse;
      import java.time.Duration;
      import java.time.Instant;
      import java.util.List;
      import java.util.Map;
      import java.util.Optional;
      import java.util.OptionalDouble;
      import java.util.OptionalInt;
      import java.util.Random;
      import org.junit.jupiter.api.Test;

      /** Fails as long as SERVICE does not bear these faults. Add what else must hold. */
      class CLASS {
        private static final URI EXECUTOR =
            URI.create(System.getProperty("belay.executor", EXECUTOR_URL));
        private static final URI ASK = URI.create(System.getProperty("belay.ask", ASK_URL));
        private static final FaultPlan PLAN =
            new FaultPlan(
                List.of(
                    FAULTS),
                Duration.ofMillis(LIFEL));

        @Test
        void bearsTheFaults() throws Exception {
          ExecutorSettings settings = ExecutorSettings.of(EXECUTOR, OWNER);
          Optional<String> token = Optional.ofNullable(System.getenv("BELAY_TOKEN"));
          ExecutorClient.Surroundings around =
              new ExecutorClient.Surroundings(
                  Time.system(), new Random(), Thread::startVirtualThread);
          try (ExecutorClient executor =
              new ExecutorClient(token.map(settings::withToken).orElse(settings), around)) {
            Observation seen =
                executor.applyAndObserve(
                    PLAN, Duration.ofSeconds(30), (plan, timeout) -> ask(timeout));

            assertTrue(
                seen.reply().status().orElse(599) < 500,
                () -> "under " + PLAN + " came " + seen.reply());
            assumeTrue(
                !seen.receipts().isEmpty(), "no fault is known to have struck: nothing was shown");
          }
        }

        private static Observation ask(Duration timeout) throws InterruptedException {
          long begun = Time.system().nanos();
          OptionalInt status = OptionalInt.empty();
          Optional<String> failure = Optional.empty();
          try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(ASK).timeout(timeout).build();
            status =
                OptionalInt.of(
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
          } catch (IOException broken) {
            failure = Optional.of(broken.toString());
          }
          Duration took = Duration.ofNanos(Time.system().nanos() - begun);
          return new Observation(
              "GET " + ASK.getPath(),
              new Observation.Reply(status, Optional.of(took), OptionalDouble.empty(), failure),
              List.of(),
              Optional.empty(),
              List.of(),
              List.of(),
              Instant.now());
        }
      }
      """;

  private JUnitSource() {}

  /** The name of the class. */
  static String className(Reproducer what) {
    String words =
        Arrays.stream(what.service().split("-"))
            .filter(word -> !word.isEmpty())
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
    String begin = Character.isDigit(words.charAt(0)) ? "Service" + words : words;
    return "%sBears%08xTest".formatted(begin, what.plan().toString().hashCode());
  }

  static String write(Reproducer what) {
    return TEMPLATE
        .replace("SERVICE", what.service())
        .replace("CLASS", className(what))
        .replace("OWNER", Quoted.of("junit-" + "%08x".formatted(what.plan().toString().hashCode())))
        .replace("LIFE", Long.toString(what.plan().life().toMillis()))
        .replace("EXECUTOR_URL", Quoted.of(what.executor().toString()))
        .replace("ASK_URL", Quoted.of(what.ask().toString()))
        .replace( // last: it may hold any text
            "FAULTS",
            what.plan().faults().stream()
                .map(JUnitSource::fault)
                .collect(Collectors.joining(",\n              ")));
  }

  private static String fault(Fault fault) {
    return "new Fault(new Edge(%s, %s), %s, %s, %d, Duration.ofMillis(%dL), new Fault.Hits(%d, %d))"
        .formatted(
            Quoted.of(fault.edge().caller()),
            Quoted.of(fault.edge().callee()),
            effect(fault.effect()),
            match(fault.match()),
            fault.percentage(),
            fault.startDelay().toMillis(),
            fault.hits().skip(),
            fault.hits().count());
  }

  private static String effect(Effect effect) {
    return switch (effect) {
      case Effect.Delay delay ->
          "new Effect.Delay(Duration.ofMillis(%dL))".formatted(delay.by().toMillis());
      case Effect.Abort abort -> "new Effect.Abort(%d)".formatted(abort.status());
      case Effect.Reset none -> "new Effect.Reset()";
      case Effect.Throttle slow -> "new Effect.Throttle(%dL)".formatted(slow.bytesPerSecond());
      case Effect.Truncate cut -> "new Effect.Truncate(%dL)".formatted(cut.afterBytes());
      case Effect.Corrupt none -> "new Effect.Corrupt()";
      case Effect.Rewrite other -> "new Effect.Rewrite(%d)".formatted(other.status());
    };
  }

  private static String match(Match match) {
    if (match.equals(Match.ALL)) {
      return "Match.ALL";
    }
    String headers =
        match.headers().entrySet().stream()
            .map(header ->
                "Map.entry(%s, %s)"
                    .formatted(Quoted.of(header.getKey()), Quoted.of(header.getValue())))
            .collect(Collectors.joining(", "));
    return "new Match(%s, %s, Map.ofEntries(%s))"
        .formatted(optional(match.method()), optional(match.pathPrefix()), headers);
  }

  private static String optional(Optional<String> text) {
    return text.map(one -> "Optional.of(%s)".formatted(Quoted.of(one))).orElse("Optional.empty()");
  }
}
