package dev.belay.chaos.export;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.Match;
import dev.belay.chaos.http.HttpAsk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The source of a test that fails as long as the system does. */
final class JUnitSource {
  private static final Pattern HOLE = Pattern.compile("@([A-Z_]+)@");

  /** A constant of a class has 65,535 bytes at the most, and a character up to six here. */
  private static final int LONGEST = 10_000;

  private static final String TEMPLATE =
      """
      import static org.junit.jupiter.api.Assertions.assertTrue;
      import static org.junit.jupiter.api.Assumptions.assumeTrue;

      import dev.belay.Time;
      import dev.belay.chaos.Edge;
      import dev.belay.chaos.Effect;
      import dev.belay.chaos.Fault;
      import dev.belay.chaos.FaultPlan;
      import dev.belay.chaos.Invariant;
      import dev.belay.chaos.Match;
      import dev.belay.chaos.Observation;
      import dev.belay.chaos.inject.Aim;
      import dev.belay.chaos.inject.client.ExecutorClient;
      import dev.belay.chaos.inject.client.ExecutorSettings;
      import java.io.IOException;
      import java.net.URI;
      import java.net.http.HttpClient;
      import java.net.http.HttpRequest;
      import java.net.http.HttpResponse;
      import java.time.Duration;
      import java.time.Instant;
      import java.util.ArrayList;
      import java.util.List;
      import java.util.Map;
      import java.util.Optional;
      import java.util.OptionalDouble;
      import java.util.OptionalInt;
      import java.util.Random;
      import org.junit.jupiter.api.@TEST_TYPE@;

      /** Fails as long as @SERVICE@ does not bear these faults.@SECRETS@ */
      class @CLASS@ {
        private static final URI EXECUTOR =
            URI.create(System.getProperty("belay.executor", @EXECUTOR_URL@));
        private static final URI ASK = URI.create(System.getProperty("belay.ask", @ASK_URL@));
        private static final FaultPlan PLAN =
            new FaultPlan(
                List.of(
                    @FAULTS@),
                Duration.ofMillis(@LIFE@L));

        /** What a session saw; what no assertion below is about cannot be seen from here. */
        private static final String FINDING = @FINDING@;

        @TEST@
        void bearsTheFaults() throws Exception {
          ExecutorSettings settings =
              ExecutorSettings.of(EXECUTOR, @OWNER@)
                  .withAim(Aim.EVERYBODY.sparing(List.of(@SPARED@)));
          Optional<String> token = Optional.ofNullable(System.getenv("BELAY_TOKEN"));
          ExecutorClient.Surroundings around =
              new ExecutorClient.Surroundings(
                  Time.system(), new Random(), Thread::startVirtualThread);
          try (ExecutorClient executor =
              new ExecutorClient(token.map(settings::withToken).orElse(settings), around)) {
            Observation seen =
                executor.applyAndObserve(
                    PLAN, Duration.ofMillis(@PATIENCE@L), (plan, timeout) -> observe());

            assertTrue(
                seen.reply().status().orElse(599) < 500,
                () -> "under " + PLAN + " came " + seen.reply() + "; " + FINDING);
            @LIMITS@
            for (Invariant law : seen.invariants()) {
              assertTrue(
                  law.holds(),
                  () -> "under " + PLAN + " this is broken: " + law.name() + ": " + law.detail());
            }
            assumeTrue(
                !seen.receipts().isEmpty(), "no fault is known to have struck: nothing was shown");
          }
        }

        private static Observation observe() throws InterruptedException {
          long begun = Time.system().nanos();
          OptionalInt status = OptionalInt.empty();
          Optional<String> failure = Optional.empty();
          List<Invariant> laws = new ArrayList<>();
          try (HttpClient client = HttpClient.newHttpClient()) {
            try {
              status =
                  OptionalInt.of(
                      client
                          .send(
                              @ASK@,
                              HttpResponse.BodyHandlers.discarding())
                          .statusCode());
            } catch (IOException broken) {
              failure = Optional.of(broken.toString());
            }
            Duration took = Duration.ofNanos(Time.system().nanos() - begun);
            @LAWS@
            return new Observation(
                @METHOD@ + " " + ASK.getPath(),
                new Observation.Reply(status, Optional.of(took), OptionalDouble.empty(), failure),
                List.of(),
                Optional.empty(),
                List.of(),
                laws,
                Instant.now());
          }
        }

        private static Invariant holds(
            String name, HttpClient client, HttpRequest ask, int wanted, String contains)
            throws InterruptedException {
          try {
            HttpResponse<String> answer = client.send(ask, HttpResponse.BodyHandlers.ofString());
            return new Invariant(
                name,
                answer.statusCode() == wanted && answer.body().contains(contains),
                "status " + answer.statusCode());
          } catch (IOException broken) {
            return new Invariant(name, false, broken.toString());
          }
        }

        private static String secret(String variable) {
          String value = System.getenv(variable);
          if (value == null) {
            throw new IllegalStateException(variable + " must be set to the value of its header");
          }
          return value;
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
    Secrets secrets = Secrets.of(what);
    Map<String, String> holes = new HashMap<>();
    holes.put("SERVICE", what.service());
    holes.put("SECRETS", secretWords(secrets));
    holes.put("CLASS", className(what));
    holes.put("EXECUTOR_URL", Quoted.of(what.executor().toString()));
    holes.put("ASK_URL", Quoted.of(what.ask().uri().toString()));
    holes.put(
        "FAULTS",
        what.plan().faults().stream()
            .map(JUnitSource::fault)
            .collect(Collectors.joining(",\n              ")));
    holes.put("LIFE", Long.toString(what.plan().life().toMillis()));
    holes.put("OWNER", Quoted.of("junit-" + "%08x".formatted(what.plan().toString().hashCode())));
    holes.put("SPARED", what.spared().stream().map(Quoted::of).collect(Collectors.joining(", ")));
    holes.put("PATIENCE", Long.toString(patience(what).toMillis()));
    holes.put("ASK", request("ASK", what.ask(), secrets));
    holes.put("METHOD", Quoted.of(what.ask().method()));
    int runs = what.finding().map(Finding::runs).orElse(1);
    holes.put("TEST_TYPE", runs > 1 ? "RepeatedTest" : "Test");
    holes.put("TEST", runs > 1 ? "@RepeatedTest(%d)".formatted(runs) : "@Test");
    holes.put("FINDING", Quoted.of(what.finding().map(Finding::words).orElse("not told")));
    holes.put("LIMITS", what.finding().map(JUnitSource::limits).orElse(""));
    holes.put(
        "LAWS",
        what.laws().stream().map(law -> law(law, secrets)).collect(Collectors.joining("\n      ")));
    return HOLE.matcher(TEMPLATE)
        .replaceAll(hole -> Matcher.quoteReplacement(holes.getOrDefault(hole.group(1), "")));
  }

  /** What else does not hold while the failure shows. */
  private static String limits(Finding finding) {
    List<String> limits = new ArrayList<>();
    finding
        .longest()
        .ifPresent(longest ->
            limits.add(
                """
                assertTrue(
                          seen.reply().latency().orElseThrow().toMillis() <= %dL,
                          () -> "under " + PLAN + " it took " + seen.reply() + "; " + FINDING);\
                """
                    .formatted(longest.toMillis())));
    finding
        .strikes()
        .ifPresent(strikes ->
            limits.add(
                """
                assertTrue(
                          seen.receipts().stream().filter(one -> one.fault() == %d).count() <= %d,
                          () -> "under " + PLAN + " came " + seen.receipts() + "; " + FINDING);\
                """
                    .formatted(strikes.fault(), strikes.most())));
    return String.join("\n      ", limits);
  }

  private static Duration patience(Reproducer what) {
    return what.laws().stream()
        .map(law -> law.ask().timeout())
        .reduce(what.ask().timeout(), Duration::plus);
  }

  private static String secretWords(Secrets secrets) {
    return secrets.all().keySet().stream()
        .map(variable -> " Needs " + variable + " in the environment.")
        .collect(Collectors.joining());
  }

  private static String law(Reproducer.Law law, Secrets secrets) {
    String uri = "URI.create(%s)".formatted(literal(law.ask().uri().toString()));
    return "laws.add(holds(%s, client, %s, %d, %s));"
        .formatted(
            Quoted.of(law.name()),
            request(uri, law.ask(), secrets),
            law.expected().status(),
            literal(law.expected().contains().orElse("")));
  }

  private static String request(String uri, HttpAsk ask, Secrets secrets) {
    StringBuilder source = new StringBuilder("HttpRequest.newBuilder(").append(uri).append(')');
    source.append(".timeout(Duration.ofMillis(%dL))".formatted(ask.timeout().toMillis()));
    new TreeMap<>(ask.headers())
        .forEach((name, value) ->
            source.append(
                ".header(%s, %s)"
                    .formatted(
                        Quoted.of(name),
                        secrets
                            .variable(name, value)
                            .map(variable -> "secret(%s)".formatted(Quoted.of(variable)))
                            .orElseGet(() -> literal(value)))));
    String body =
        ask.body()
            .map(text -> "HttpRequest.BodyPublishers.ofString(%s)".formatted(literal(text)))
            .orElse("HttpRequest.BodyPublishers.noBody()");
    return source
        .append(".method(%s, %s).build()".formatted(Quoted.of(ask.method()), body))
        .toString();
  }

  /** A text of any length. */
  private static String literal(String text) {
    if (text.length() <= LONGEST) {
      return Quoted.of(text);
    }
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); from += LONGEST) {
      pieces.add(Quoted.of(text.substring(from, Math.min(text.length(), from + LONGEST))));
    }
    return "String.join(\"\", %s)".formatted(String.join(", ", pieces));
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
