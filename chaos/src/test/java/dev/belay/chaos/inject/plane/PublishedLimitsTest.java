package dev.belay.chaos.inject.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What published executors are known to get wrong, in the order of their list: ours does not. */
@Timeout(60)
class PublishedLimitsTest {
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final VirtualTime time = new VirtualTime();
  private final LiveRules rules = new LiveRules(time, new Random(1), LEASE);
  private final Queue<StrikeReceipt> receipts = new ConcurrentLinkedQueue<>();
  private final FaultyOrigin service = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private final HttpClient http =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private final FaultPlane plane;

  PublishedLimitsTest() throws IOException, InterruptedException {
    plane =
        FaultPlane.start(
            PlaneSettings.of("plane-1", List.of(Front.of("pricing", service.port()))),
            rules,
            receipts::add,
            Time.system());
  }

  @AfterEach
  void close() {
    plane.close();
    service.close();
    http.close();
  }

  private static Policy policy(String name, String more, String match, String fault) {
    return PolicyDocument.read(
        "{\"metadata\":{\"name\":\"%s\"%s},\"spec\":{\"rules\":[{\"match\":{%s},\"fault\":{%s}}]}}"
            .formatted(name, more, match, fault));
  }

  private static Policy abort(String name, int percentage, int seconds) {
    return policy(
        name,
        "",
        "\"path\":{\"prefix\":\"/\"}",
        "\"percentage\":%d,\"duration_seconds\":%d,\"abort\":{\"httpStatus\":503}"
            .formatted(percentage, seconds));
  }

  private void told(long version, Policy... policies) {
    List<RuleFeed.Dated> all = new ArrayList<>();
    for (Policy policy : policies) {
      all.add(new RuleFeed.Dated(policy, 1, Duration.ZERO));
    }
    rules.replace(version, all);
  }

  private int status(String... headers) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d/".formatted(plane.ports().getFirst()));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private FaultPolicies on(FaultPolicyStore store) {
    return new FaultPolicies(store, time, Runnable::run);
  }

  @Test
  void limit1NoFaultOutlivesAControlPlaneThatIsGone() throws Exception {
    told(1, abort("for-ever", 100, 0));
    assertThat(status()).isEqualTo(503);

    time.advance(LEASE.plusNanos(1));

    assertThat(status()).isEqualTo(200);
  }

  @Test
  void limit2TheAgeOfARuleGoesOnWhenItIsToldAgain() throws Exception {
    Policy fortySeconds = abort("p", 100, 40);
    for (int second = 0; second < 40; second += 10) {
      told(second, fortySeconds);
      assertThat(status()).isEqualTo(503);
      time.advance(Duration.ofSeconds(10));
    }
    told(40, fortySeconds);

    assertThat(status()).isEqualTo(200);
  }

  @Test
  void limit3EveryPolicyEndsAtItsTimeHoweverItCameAndOverARestart() {
    FaultPolicyStore store = FaultPolicyStore.inMemory();
    FaultPolicies first = on(store);
    Policy created =
        policy(
            "created",
            ",\"version\":\"1.0.0\"",
            "\"path\":{\"prefix\":\"/\"}",
            "\"duration_seconds\":10,\"delay\":{\"fixed_delay_ms\":1}");
    first.create(created);
    first.put(abort("put", 100, 10));
    first.create(
        policy(
            "changed",
            ",\"version\":\"1.0.0\"",
            "\"path\":{\"prefix\":\"/\"}",
            "\"delay\":{\"fixed_delay_ms\":1}"));
    first.update(
        "changed",
        policy(
            "changed",
            ",\"version\":\"1.0.1\"",
            "\"path\":{\"prefix\":\"/\"}",
            "\"duration_seconds\":10,\"delay\":{\"fixed_delay_ms\":1}"));
    first.close();

    FaultPolicies second = on(store);
    second.recall();
    time.advance(Duration.ofMillis(9_999));
    assertThat(second.snapshot().policies()).hasSize(3);
    time.advance(Duration.ofMillis(1));

    assertThat(second.snapshot().policies()).isEmpty();
  }

  @Test
  void limit4TheSamePolicyWinsInWhateverOrderTheyCome() throws Exception {
    List<Policy> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(
          policy(
              "p" + i,
              "",
              "\"path\":{\"prefix\":\"/\"}",
              "\"percentage\":100,\"abort\":{\"httpStatus\":%d}".formatted(500 + i)));
    }
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(all, new Random(i));
      told(i, all.toArray(Policy[]::new));
      assertThat(status()).isEqualTo(500);
    }
  }

  @Test
  void limit5AHundredOfAHundredAreStruckAndNoneOfNone() throws Exception {
    told(1, abort("all", 100, 0));
    for (int i = 0; i < 300; i++) {
      assertThat(status()).isEqualTo(503);
    }
    told(2, abort("none", 0, 0));
    for (int i = 0; i < 300; i++) {
      assertThat(status()).isEqualTo(200);
    }
  }

  @Test
  void limit6NoSelectorAndNoVersionGetsLost() {
    String text =
        "{\"metadata\":{\"name\":\"p\",\"version\":\"1.0.0\"},\"spec\":{\"selector\":{\"service\":"
            + "\"frontend\"},\"rules\":[{\"match\":{\"path\":{\"prefix\":\"/\"}},\"fault\":"
            + "{\"percentage\":1,\"duration_seconds\":0,\"delay\":{\"fixed_delay_ms\":1}}}]}}";

    assertThat(PolicyDocument.json(PolicyDocument.read(text))).isEqualTo(text);
    assertThat(PolicyDocument.read(PolicyDocument.yaml(PolicyDocument.read(text))))
        .isEqualTo(PolicyDocument.read(text));
  }

  @Test
  void limit7AnyHeaderCanBeMatched() throws Exception {
    for (String name : List.of("traceparent", "baggage", "cookie", "x-canary", "x-whatever")) {
      told(
          1,
          policy(
              "p",
              "",
              "\"headers\":[{\"name\":\"%s\",\"exact\":\"v\"}]".formatted(name),
              "\"percentage\":100,\"abort\":{\"httpStatus\":503}"));

      assertThat(status(name, "v")).as(name).isEqualTo(503);
      assertThat(status(name, "w")).as(name).isEqualTo(200);
    }
  }

  @Test
  void limits8And9ADelayLastsAndIsAccountedFor() throws Exception {
    told(
        1,
        policy(
            "p",
            "",
            "\"path\":{\"prefix\":\"/\"}",
            "\"percentage\":100,\"start_delay_ms\":50,\"delay\":{\"fixed_delay_ms\":50}"));
    long begun = Time.system().nanos();

    assertThat(status()).isEqualTo(200);

    assertThat(Time.system().nanos() - begun).isGreaterThan(Duration.ofMillis(99).toNanos());
    assertThat(receipts).extracting(StrikeReceipt::kind).containsExactly("delay");
  }

  @Test
  void limit10ARegularExpressionThatIsNoneIsRefused() {
    assertThatThrownBy(
            () -> policy("p", "", "\"path\":{\"regex\":\"[\"}", "\"abort\":{\"httpStatus\":503}"))
        .hasMessageContaining("regex");
  }

  @Test
  void limit11EveryFaultThatStrikesLeavesAReceipt() throws Exception {
    told(1, abort("half", 50, 0));
    int struck = 0;
    for (int i = 0; i < 100; i++) {
      struck += status() == 503 ? 1 : 0;
    }

    assertThat(receipts).hasSize(struck);
    assertThat(struck).isBetween(20, 80);
  }

  @Test
  void limit12BothShapesOfTheRulesAreReadAndTheyHaveANumber() {
    FaultPolicies policies = on(FaultPolicyStore.inMemory());
    policies.put(abort("p", 1, 0));
    long before = policies.snapshot().version();
    policies.put(abort("q", 1, 0));
    String array = RuleFeed.plain(policies.snapshot().policies());

    assertThat(RuleFeed.read(array)).isEqualTo(RuleFeed.read("{\"policies\":" + array + "}"));
    assertThat(policies.snapshot().version()).isGreaterThan(before);
  }
}
