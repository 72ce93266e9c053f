package dev.belay.chaos.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.trace.TraceParent;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpTargetTest {
  private static final FaultPlan PLAN =
      FaultPlan.of(Fault.at(new Edge("a", "b"), new Effect.Reset()));
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static HttpAsk ask(URI uri) {
    return new HttpAsk(
        "POST", uri, Map.of("X-Key", "secret-word"), Optional.of("{}"), Duration.ofSeconds(5));
  }

  private HttpObserver observer(URI uri, List<HttpCheck> invariants) {
    return new HttpObserver(
        ask(uri),
        new HttpObserver.Senses(
            Optional.empty(), Duration.ofSeconds(1), invariants, Map.of("belay-chaos", "s-1")),
        client,
        Time.system(),
        new SplittableRandom(1));
  }

  @Test
  void seesTheAnswerAndWhatMustHold() throws Exception {
    try (FaultyOrigin origin =
        FaultyOrigin.start(Script.of(Reply.status(503), Reply.ok("all is well"), Reply.ok("no")))) {
      HttpAsk question = new HttpAsk("GET", origin.uri("/sum"), Map.of(), Optional.empty(), LIMIT);
      HttpCheck.Expected well = new HttpCheck.Expected(200, Optional.of("well"));
      HttpCheck check = new HttpCheck("it is well", question, well, client);

      Observation seen = observer(origin.uri("/order"), List.of(check, check)).observe(PLAN, LIMIT);

      assertThat(seen.endpoint()).isEqualTo("POST /order");
      assertThat(seen.reply().status()).hasValue(503);
      assertThat(seen.reply().latency()).isPresent();
      assertThat(seen.invariants()).extracting("holds").containsExactly(true, false);
      assertThat(seen.invariants().get(1).detail()).isEqualTo("the text is not there");
    }
  }

  @Test
  void aLawIsToldTheTraceThatItIsAboutAndIsNotStruckByItsFaults() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("well")))) {
      HttpAsk question = new HttpAsk("GET", origin.uri("/sum"), Map.of(), Optional.empty(), LIMIT);
      HttpCheck.Expected well = new HttpCheck.Expected(200, Optional.empty());
      HttpCheck law = new HttpCheck("it is well", question, well, client);

      observer(origin.uri("/order"), List.of(law)).observe(PLAN, LIMIT);

      ReceivedRequest asked = origin.requests().get(0);
      ReceivedRequest judged = origin.requests().get(1);
      String trace = asked.header("traceparent").flatMap(TraceParent::parse).orElseThrow().trace();
      assertThat(judged.header(HttpCheck.ABOUT)).contains(trace);
      assertThat(judged.header("baggage")).isEmpty();
      assertThat(asked.header(HttpCheck.ABOUT)).isEmpty();
    }
  }

  @Test
  void aBrokenConnectionIsSeenAndNotThrown() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.reset()))) {
      Observation seen = observer(origin.uri("/"), List.of()).observe(PLAN, LIMIT);

      assertThat(seen.reply().status()).isEmpty();
      assertThat(seen.reply().failure()).contains("reset");
    }
  }

  @Test
  void nothingTakesLongerThanTheTimeThereIs() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.hang()))) {
      Duration little = Duration.ofMillis(300);

      Observation seen = observer(origin.uri("/"), List.of()).observe(PLAN, little);

      assertThat(seen.reply().failure()).contains("timeout");
      assertThat(seen.reply().latency().orElseThrow()).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void aBodyThatTricklesIsGivenUpInTime() throws Exception {
    String[] drops = new String[1_000];
    Arrays.fill(drops, "x");
    Reply trickle = Reply.status(200).trickled(Duration.ofMillis(50), drops);
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(trickle))) {
      Duration little = Duration.ofMillis(400);
      HttpAsk slow = new HttpAsk("GET", origin.uri("/"), Map.of(), Optional.empty(), little);
      HttpObserver observer =
          new HttpObserver(
              slow,
              new HttpObserver.Senses(Optional.empty(), Duration.ofSeconds(1), List.of(), Map.of()),
              client,
              Time.system(),
              new SplittableRandom(1));

      Observation seen = observer.observe(PLAN, LIMIT);

      assertThat(seen.reply().failure()).contains("timeout");
      assertThat(seen.reply().latency().orElseThrow())
          .isBetween(little, Duration.ofSeconds(8)); // all drops take 50 s
      HttpCheck check =
          new HttpCheck("it is well", slow, new HttpCheck.Expected(200, Optional.empty()), client);
      assertThat(check.check().detail()).isEqualTo("no answer: timeout");
    }
  }

  @Test
  void ofABodyThatIsTooLongOnlyTheBeginningIsRead() throws Exception {
    String most = "x".repeat(1 << 20);
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok(most + "end")))) {
      HttpAsk question = new HttpAsk("GET", origin.uri("/"), Map.of(), Optional.empty(), LIMIT);

      Http.Got got = new Http(client).send(question, Map.of(), LIMIT);

      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body()).hasSize(1 << 20).doesNotContain("end");
    }
  }

  @Test
  void aLawThatThereWasNoTimeToLookAtIsNotBroken() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.hang()))) {
      HttpAsk question = new HttpAsk("GET", origin.uri("/sum"), Map.of(), Optional.empty(), LIMIT);
      HttpCheck.Expected well = new HttpCheck.Expected(200, Optional.empty());
      HttpCheck check = new HttpCheck("it is well", question, well, client);
      HttpObserver observer = observer(origin.uri("/"), List.of(check));

      assertThatThrownBy(() -> observer.observe(PLAN, Duration.ofMillis(300)))
          .isInstanceOf(TargetFailed.class)
          .hasMessage("no time was left of 300ms to see whether this holds: it is well");
    }
  }

  @Test
  void nobodyThereIsNoFindingOfTheHealthySystem() {
    HttpObserver nobody = observer(URI.create("http://127.0.0.1:9/"), List.of());

    assertThatThrownBy(() -> nobody.observe(FaultPlan.NONE, LIMIT))
        .isInstanceOf(TargetFailed.class)
        .hasMessage("nobody listens at 127.0.0.1:9; start the system first");
  }

  @Test
  void aProbeThatGetsNoAnswerDoesNotHold() throws Exception {
    HttpAsk gone =
        new HttpAsk("GET", URI.create("http://127.0.0.1:9/"), Map.of(), Optional.empty(), LIMIT);
    HttpCheck check =
        new HttpCheck("there", gone, new HttpCheck.Expected(200, Optional.empty()), client);

    assertThat(check.name()).isEqualTo("there");
    assertThat(check.check().holds()).isFalse();
    assertThat(check.check().detail()).isEqualTo("no answer: refused");
  }

  @Test
  void whatCannotBeAskedIsRefusedAndSecretsAreNotShown() {
    URI uri = URI.create("http://127.0.0.1:1/a");
    assertThat(ask(uri).toString()).isEqualTo("POST /a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpAsk("BREW", uri, Map.of(), Optional.empty(), LIMIT))
        .withMessageContaining("method must be one of");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new HttpAsk("GET", uri, Map.of("TraceParent", "x"), Optional.empty(), LIMIT))
        .withMessageContaining("is set by the search");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new HttpAsk("GET", URI.create("ftp://a/"), Map.of(), Optional.empty(), LIMIT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpAsk("GET", uri, Map.of(), Optional.empty(), Duration.ofMillis(1)))
        .withMessageContaining("timeout must be in 100ms..10m");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpCheck.Expected(99, Optional.empty()));
  }
}
