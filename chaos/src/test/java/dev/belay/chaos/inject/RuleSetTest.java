package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleSetTest {
  private static final Policy.Metadata NAME = Policy.Metadata.named("p");

  private final VirtualTime time = new VirtualTime();

  private RuleSet rules(Policy... policies) {
    List<RuleSet.Since> all =
        Stream.of(policies).map(policy -> new RuleSet.Since(policy, time.nanos())).toList();
    return RuleSet.of(all, time, new Random(7));
  }

  private static Policy policy(String match) {
    return policy("p", 0, "", match, "\"percentage\":100");
  }

  private static Policy policy(
      String name, int priority, String selector, String match, String fault) {
    return PolicyDocument.read(
        """
        {"metadata":{"name":"%s","priority":%d},"spec":{"selector":{%s},"rules":[
          {"match":{%s},"fault":{%s,"abort":{"httpStatus":503}}}]}}
        """
            .formatted(name, priority, selector, match, fault));
  }

  private boolean hits(String match, FaultRequest request) {
    return !rules(policy(match)).strikes(request).isEmpty();
  }

  @Test
  void comparesThePathWithItsQuery() {
    Asked asked = Asked.get("/api/items?id=7");

    assertThat(hits("\"path\":{\"exact\":\"/api/items?id=7\"}", asked)).isTrue();
    assertThat(hits("\"path\":{\"exact\":\"/api/items\"}", asked)).isFalse();
    assertThat(hits("\"path\":{\"prefix\":\"/api/\"}", asked)).isTrue();
    assertThat(hits("\"path\":{\"prefix\":\"/apis\"}", asked)).isFalse();
    assertThat(hits("\"path\":{\"regex\":\"id=[0-9]+$\"}", asked)).isTrue();
    assertThat(hits("\"path\":{\"regex\":\"^/items\"}", asked)).isFalse();
  }

  @Test
  void wantsAllConditions() {
    String both = "\"method\":{\"exact\":\"GET\"},\"headers\":[{\"name\":\"A\"},{\"name\":\"B\"}]";
    Map<String, List<String>> headers = Map.of("a", List.of("1"), "b", List.of("2"));
    Asked asked = new Asked(new Edge("x", "y"), "", "GET", "/", headers);

    assertThat(hits(both, asked)).isTrue();
    assertThat(hits(both, Asked.get("/").with("a", "1"))).isFalse();
    assertThat(hits(both, new Asked(asked.edge(), "", "PUT", "/", headers))).isFalse();
  }

  @Test
  void knowsAnyHeaderAndItsMembers() {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    assertThat(
            hits(
                "\"headers\":[{\"name\":\"TraceParent\",\"prefix\":\"00-4bf92f\"}]",
                Asked.get("/").with("traceparent", trace)))
        .isTrue();
    assertThat(
            hits(
                "\"baggage\":[{\"name\":\"trial\",\"exact\":\"a b\"}]",
                Asked.get("/").with("baggage", "x=1, trial=a%20b;prop=1", "y=2")))
        .isTrue();
    assertThat(
            hits(
                "\"baggage\":[{\"name\":\"trial\",\"exact\":\"8\"}]",
                Asked.get("/").with("baggage", "nottrial=8,trial=88")))
        .isFalse();
    assertThat(
            hits("\"headers\":[{\"name\":\"cookie\"}]", Asked.get("/").with("cookie", "session=1")))
        .isTrue();
  }

  @Test
  void isForTheServicesThatItsSelectorNames() {
    Policy one =
        policy(
            "p",
            0,
            "\"service\":\"pricing\",\"namespace\":\"demo\"",
            "\"path\":{\"prefix\":\"/\"}",
            "\"percentage\":100");
    Policy any =
        policy("p", 0, "\"service\":\"*\"", "\"path\":{\"prefix\":\"/\"}", "\"percentage\":100");

    assertThat(rules(one).strikes(Asked.get("/").in("demo"))).hasSize(1);
    assertThat(rules(one).strikes(Asked.get("/").in("prod"))).isEmpty();
    assertThat(rules(one).strikes(Asked.get("/").on("cart", "stock").in("demo"))).isEmpty();
    assertThat(rules(any).strikes(Asked.get("/").on("cart", "stock"))).hasSize(1);
  }

  @Test
  void letsThePolicyOfTheLowestPriorityDecideAndThenTheFirstByName() {
    String match = "\"path\":{\"prefix\":\"/\"}";
    Policy late = policy("a", 5, "", match, "\"percentage\":100");
    Policy b = policy("b", 0, "", match, "\"percentage\":100");
    Policy c = policy("c", 0, "", match, "\"percentage\":100");

    for (List<Policy> order : List.of(List.of(late, b, c), List.of(c, b, late), List.of(b, late))) {
      assertThat(rules(order.toArray(Policy[]::new)).strikes(Asked.get("/")))
          .extracting(Strike::policy)
          .containsExactly("b");
    }
  }

  @Test
  void asksNoFurtherRuleOnceOneMeansTheRequestEvenIfItsDiceDoNotFall() {
    String match = "\"path\":{\"prefix\":\"/\"}";
    Policy never = policy("a", 0, "", match, "\"percentage\":0");
    Policy always = policy("b", 0, "", match, "\"percentage\":100");

    assertThat(rules(never, always).strikes(Asked.get("/"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 99, 100})
  void throwsFairDice(int percentage) {
    int throwsInAll = 100_000;
    RuleSet set =
        rules(policy("p", 0, "", "\"path\":{\"prefix\":\"/\"}", "\"percentage\":" + percentage));
    int struck = 0;
    for (int i = 0; i < throwsInAll; i++) {
      struck += set.strikes(Asked.get("/")).size();
    }

    double expected = throwsInAll * percentage / 100.0;
    if (percentage == 0 || percentage == 100) {
      assertThat(struck).isEqualTo((int) expected);
    } else {
      double missed = throwsInAll - expected;
      double off = struck - expected;
      double chiSquare = off * off / expected + off * off / missed;
      assertThat(chiSquare).isLessThan(10.83); // one degree of freedom, one in a thousand
    }
  }

  @Test
  void throwsTheSameDiceForTheSameSeed() {
    String match = "\"path\":{\"prefix\":\"/\"}";
    Policy half = policy("p", 0, "", match, "\"percentage\":50");

    assertThat(pattern(rules(half))).isEqualTo(pattern(rules(half))).contains("1").contains("0");
  }

  private static String pattern(RuleSet set) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 64; i++) {
      text.append(set.strikes(Asked.get("/")).size());
    }
    return text.toString();
  }

  @Test
  void comesIntoForceLateAndGoesAfterItsTime() throws InterruptedException {
    RuleSet set =
        rules(
            policy(
                "p",
                0,
                "",
                "\"path\":{\"prefix\":\"/\"}",
                "\"percentage\":100,\"active_after_ms\":500,\"duration_seconds\":2"));

    assertThat(set.strikes(Asked.get("/"))).isEmpty();
    time.advance(Duration.ofMillis(500));
    assertThat(set.strikes(Asked.get("/"))).hasSize(1);
    time.advance(Duration.ofMillis(1_499));
    assertThat(set.strikes(Asked.get("/"))).hasSize(1);
    time.advance(Duration.ofMillis(1));
    assertThat(set.strikes(Asked.get("/"))).isEmpty();
  }

  @Test
  void countsWhatItStrikes() {
    Fault second =
        new Fault(
            new Edge("cart", "pricing"),
            new Effect.Reset(),
            Match.ALL,
            100,
            Duration.ZERO,
            new Fault.Hits(1, 2));
    Policy plan = PlanPolicies.whole(FaultPlan.of(second), NAME, Aim.EVERYBODY);

    assertThat(pattern(rules(plan))).startsWith("01100").doesNotContain("1100001");
  }

  @Test
  void keepsTheCountsOfAPolicyThatStays() {
    Fault first =
        new Fault(
            Edge.into("pricing"),
            new Effect.Reset(),
            Match.ALL,
            100,
            Duration.ZERO,
            new Fault.Hits(0, 1));
    Policy plan = PlanPolicies.whole(FaultPlan.of(first), NAME, Aim.EVERYBODY);
    RuleSet set = rules(plan);

    assertThat(set.strikes(Asked.get("/"))).hasSize(1);
    RuleSet next = set.with(List.of(new RuleSet.Since(plan, time.nanos())));
    assertThat(next.strikes(Asked.get("/"))).isEmpty();
    RuleSet anew = set.with(List.of(new RuleSet.Since(plan, time.nanos() + 1)));
    time.advance(Duration.ofNanos(1));
    assertThat(anew.strikes(Asked.get("/"))).hasSize(1);
  }

  @Test
  void letsAllFaultsOfAPlanStrike() {
    Edge edge = new Edge("cart", "pricing");
    FaultPlan plan =
        FaultPlan.of(
            Fault.at(edge, new Effect.Delay(Duration.ofMillis(10))),
            Fault.at(edge, new Effect.Abort(503)),
            Fault.at(new Edge("edge", "cart"), new Effect.Reset()));
    Policy whole = PlanPolicies.whole(plan, NAME, Aim.EVERYBODY);

    assertThat(rules(whole).strikes(Asked.get("/x")))
        .hasSize(2)
        .allSatisfy(strike -> assertThat(plan.faults().get(strike.rule()).edge()).isEqualTo(edge));
    assertThat(rules(whole).strikes(Asked.get("/x").on("edge", "cart"))).hasSize(1);
    assertThat(rules(whole).strikes(Asked.get("/x").on("other", "pricing"))).isEmpty();
  }

  @Test
  void hitsOnlyWhatItAimsAt() {
    FaultPlan plan = FaultPlan.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503)));
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    RuleSet aimed = rules(PlanPolicies.whole(plan, NAME, Aim.trace(trace)));
    RuleSet bagged = rules(PlanPolicies.whole(plan, NAME, Aim.baggage("trial", "7")));

    assertThat(aimed.strikes(Asked.get("/").with("traceparent", "00-" + trace + "-0f-01")))
        .hasSize(1);
    assertThat(aimed.strikes(Asked.get("/").with("traceparent", "00-" + trace.replace('4', '5'))))
        .isEmpty();
    assertThat(bagged.strikes(Asked.get("/").with("baggage", "trial=7"))).hasSize(1);
    assertThat(bagged.strikes(Asked.get("/"))).isEmpty();
  }

  @Test
  void sparesWhatThePlanMustNotStrike() {
    FaultPlan plan = FaultPlan.of(Fault.at(Edge.into("pricing"), new Effect.Abort(503)));
    Aim aim = Aim.EVERYBODY.sparing(List.of("/health"));
    RuleSet set = rules(PlanPolicies.whole(plan, NAME, aim));

    assertThat(set.strikes(Asked.get("/price"))).hasSize(1);
    assertThat(set.strikes(Asked.get("/health/deep"))).isEmpty();
    assertThat(set.strikes(Asked.get("/price/..%2fhealth"))).isEmpty();
  }

  @Test
  void executorsThatCannotSparePathsAreGivenNoFaultThatMightStrikeThem() {
    Aim aim = Aim.EVERYBODY.sparing(List.of("/health"));
    Fault all = Fault.at(Edge.into("pricing"), new Effect.Abort(503));
    Match orders = new Match(Optional.empty(), Optional.of("/orders"), Map.of());
    Fault some = new Fault(all.edge(), all.effect(), orders, 100, Duration.ZERO, Fault.Hits.ALL);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanPolicies.plain(FaultPlan.of(all), "p", aim))
        .withMessageContaining("cannot spare the protected paths [/health]");
    assertThat(PlanPolicies.plain(FaultPlan.of(some), "p", aim))
        .singleElement()
        .satisfies(policy -> assertThat(PolicyDocument.json(policy)).doesNotContain("not"));
  }

  @Test
  void asksForTheHeadersOfAFault() {
    Match match =
        new Match(Optional.of("POST"), Optional.of("/pay"), Map.of("x-a", "1", "x-b", ""));
    Fault fault =
        new Fault(
            Edge.into("pricing"), new Effect.Abort(500), match, 100, Duration.ZERO, Fault.Hits.ALL);
    RuleSet set = rules(PlanPolicies.whole(FaultPlan.of(fault), NAME, Aim.EVERYBODY));
    Map<String, List<String>> headers = Map.of("x-a", List.of("1"), "x-b", List.of("any"));
    Edge edge = new Edge("a", "pricing");

    assertThat(set.strikes(new Asked(edge, "", "POST", "/pay?x", headers))).hasSize(1);
    assertThat(set.strikes(new Asked(edge, "", "POST", "/p", headers))).isEmpty();
    assertThat(set.strikes(new Asked(edge, "", "POST", "/pay", Map.of("x-a", List.of("1")))))
        .isEmpty();
  }
}
