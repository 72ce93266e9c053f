package dev.belay.chaos.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatTest {
  private static final Fault TAX_DOWN = Fault.at(Edge.into("tax"), new Effect.Abort(503));
  private static final Fault CART_SLOW =
      Fault.at(Edge.into("cart"), new Effect.Delay(Duration.ofMillis(1_500)));

  static Reproducer of(Fault... faults) {
    return new Reproducer(
        "shop",
        FaultPlan.of(faults),
        URI.create("http://127.0.0.1:8080/"),
        URI.create("http://127.0.0.1:9000/checkout?a=1&b=2"));
  }

  /** Each effect there is, and all that a fault may say besides. */
  static Reproducer everything() {
    Edge edge = new Edge("cart's \"own\" \\u0022 $x `id` */ \u00e9\n", "${tax}");
    Match match =
        new Match(
            Optional.of("POST"), Optional.of("/pay'"), Map.of("x-test", "it's", "x-there", ""));
    return of(
        Fault.at(edge, new Effect.Delay(Duration.ofMillis(700))).withPercentage(50),
        Fault.at(edge, new Effect.Abort(503)).withStartDelay(Duration.ofMillis(200)),
        new Fault(edge, new Effect.Rewrite(503), match, 100, Duration.ZERO, new Fault.Hits(1, 2)),
        Fault.at(edge, new Effect.Reset()),
        Fault.at(edge, new Effect.Throttle(4_096)),
        Fault.at(edge, new Effect.Truncate(10)),
        Fault.at(edge, new Effect.Corrupt()));
  }

  @Nested
  class PolicyDocuments {
    @Test
    void areReadAsThePolicyThatTheyWere() {
      Reproducer what = everything();

      Policy read = PolicyDocument.read(Format.POLICY_YAML.write(what));

      assertThat(read)
          .isEqualTo(
              PlanPolicies.whole(what.plan(), Policy.Metadata.named(what.name()), Aim.EVERYBODY));
    }

    @Test
    void haveOnlyWhatEveryExecutorKnowsIfThatIsEnough() {
      Reproducer what = of(TAX_DOWN);
      String yaml = Format.POLICY_YAML.write(what);

      assertThat(yaml).contains("selector:", "tax").doesNotContain("edge", "effects", "apply", "#");
      assertThat(PolicyDocument.read(yaml))
          .isEqualTo(PlanPolicies.plain(what.plan(), what.name(), Aim.EVERYBODY).getFirst());
    }

    @Test
    void sayThatOthersWouldStrikeTooMuch() {
      Fault pricing = Fault.at(new Edge("cart", "tax"), new Effect.Abort(503));

      assertThat(Format.POLICY_YAML.write(of(pricing))).startsWith("# For Belay's executor only");
      assertThat(Format.POLICY_YAML.write(of(TAX_DOWN, CART_SLOW)))
          .startsWith("# For Belay's executor only");
    }
  }

  @Test
  void plansThatWouldMeanLessAreNotMadePlain() {
    Fault taxSlow = Fault.at(Edge.into("tax"), new Effect.Delay(Duration.ofMillis(10)));
    Fault anySlow = Fault.at(Edge.into(Edge.ANY), new Effect.Delay(Duration.ofMillis(10)));

    assertThat(of(TAX_DOWN, CART_SLOW).policies()).hasSize(2);
    assertThat(of(TAX_DOWN, taxSlow).policies()).hasSize(1);
    assertThat(of(TAX_DOWN, anySlow).policies()).hasSize(1);
    assertThat(of(TAX_DOWN.withStartDelay(Duration.ofMillis(5))).policies())
        .singleElement()
        .satisfies(policy -> assertThat(policy.rules().getFirst().match().edge()).isPresent());
  }

  @Test
  void chaosToolkitAsksBeforeAppliesAndTakesBack() {
    Tree tree = Json.read(Format.CHAOS_TOOLKIT.write(of(TAX_DOWN, CART_SLOW)));

    Tree probe = tree.tree("steady-state-hypothesis").trees("probes").getFirst();
    assertThat(probe.whole("tolerance", 0, 999)).isEqualTo(200);
    assertThat(probe.tree("provider").text("url")).isEqualTo("${ask_url}");
    assertThat(tree.tree("configuration").tree("ask_url").text("default"))
        .isEqualTo("http://127.0.0.1:9000/checkout?a=1&b=2");
    assertThat(tree.tree("configuration").tree("executor_url").text("default"))
        .isEqualTo("http://127.0.0.1:8080");
    List<Tree> method = tree.trees("method");
    assertThat(method).hasSize(2);
    Tree apply = method.getFirst().tree("provider");
    assertThat(apply.text("method")).isEqualTo("POST");
    Policy applied = PolicyDocument.read(apply.tree("arguments"));
    assertThat(applied).isEqualTo(of(TAX_DOWN, CART_SLOW).policies().getFirst());
    assertThat(tree.trees("rollbacks").getFirst().tree("provider").text("url"))
        .isEqualTo("${executor_url}/v1/policies/" + applied.name());
  }

  @Test
  void toxiproxyGetsBytesOnlyAndSaysWhatIsLeftOut() {
    Fault slow =
        Fault.at(new Edge("cart", "tax"), new Effect.Delay(Duration.ofMillis(1_500)))
            .withPercentage(50);
    Fault late = slow.withStartDelay(Duration.ofMillis(5));

    Tree tree = Json.read(Format.TOXIPROXY.write(of(slow, late, TAX_DOWN)));

    assertThat(tree.trees("toxics")).hasSize(1);
    Tree first = tree.trees("toxics").getFirst();
    assertThat(first.text("proxy")).isEqualTo("cart>tax");
    Tree toxic = first.tree("toxic");
    assertThat(toxic.text("type")).isEqualTo("latency");
    assertThat(toxic.text("stream")).isEqualTo("upstream");
    assertThat(toxic.number("toxicity", 0, 1)).isEqualTo(0.5);
    assertThat(toxic.tree("attributes").whole("latency", 0, 9_999)).isEqualTo(1_500);
    assertThat(tree.trees("left_out"))
        .extracting(left -> left.text("why"))
        .containsExactlyInAnyOrder("it cannot begin later", "it does not know HTTP, so no abort");
  }

  @Test
  void toxiproxyKnowsTheOtherToxicsToo() {
    Tree tree = Json.read(Format.TOXIPROXY.write(everything()));

    assertThat(tree.trees("toxics"))
        .extracting(toxic -> toxic.tree("toxic").text("type"))
        .containsExactlyInAnyOrder("latency", "reset_peer", "bandwidth", "limit_data");
    assertThat(tree.trees("left_out"))
        .extracting(left -> left.text("why"))
        .contains("it cannot tell requests apart", "it does not know HTTP, so no corrupt");
  }

  @Test
  void envoyGetsAFilterForEachFaultThatItKnows() {
    Match match = new Match(Optional.of("GET"), Optional.of("/p"), Map.of("a", "b", "c", ""));
    Edge edge = new Edge("cart", "tax");
    Fault down = new Fault(edge, new Effect.Abort(503), match, 25, Duration.ZERO, Fault.Hits.ALL);

    Tree tree = Json.read(Format.ENVOY.write(of(down, CART_SLOW)));

    assertThat(tree.trees("left_out")).isEmpty();
    Tree slow = tree.trees("http_filters").getFirst().tree("typed_config");
    assertThat(slow.tree("delay").text("fixed_delay")).isEqualTo("1.5s");
    assertThat(slow.text("upstream_cluster")).isEqualTo("cart");
    assertThat(slow.has("downstream_nodes")).isFalse();
    assertThat(slow.has("headers")).isFalse();
    Tree abort = tree.trees("http_filters").getLast().tree("typed_config");
    assertThat(abort.tree("abort").whole("http_status", 0, 999)).isEqualTo(503);
    assertThat(abort.tree("abort").tree("percentage").whole("numerator", 0, 100)).isEqualTo(25);
    assertThat(abort.texts("downstream_nodes")).containsExactly("cart");
    assertThat(abort.trees("headers"))
        .extracting(header -> header.text("name"))
        .containsExactly(":method", ":path", "a", "c");
    assertThat(abort.trees("headers").getLast().yesNo("present_match", false)).isTrue();
  }

  @Test
  void envoySaysWhatIsLeftOut() {
    Tree tree = Json.read(Format.ENVOY.write(everything()));

    assertThat(tree.trees("http_filters")).hasSize(2); // the delay and the throttle
    assertThat(tree.trees("left_out"))
        .extracting(left -> left.text("why"))
        .containsExactlyInAnyOrder(
            "it cannot begin later",
            "it cannot count requests",
            "it does not reset connections",
            "it does not cut bodies",
            "it does not change bodies");
    Fault rewrite = Fault.at(Edge.into("tax"), new Effect.Rewrite(503));
    assertThat(Format.ENVOY.write(of(rewrite))).contains("before the callee is reached only");
  }

  @ParameterizedTest
  @EnumSource
  void eachFormatSaysWhatItShowsAndHowOften(Format format) {
    Finding finding =
        new Finding(
            "GET /a\n*/ | slow", new Defect.Odds(3, 10), Optional.empty(), Optional.empty());

    assertThat(format.write(everything().showing(finding)))
        .contains("GET /a */ | slow, which showed in 3 of 10 trials (11 to 60 % of all, at 95 %)");
    assertThat(PolicyDocument.read(Format.POLICY_YAML.write(everything().showing(finding))))
        .isEqualTo(PolicyDocument.read(Format.POLICY_YAML.write(everything())));
  }

  @ParameterizedTest
  @EnumSource
  void eachFormatHasANameOfItsOwnForItsFile(Format format) {
    assertThat(format.word()).matches("[a-z-]+");
    assertThat(format.fileName(of(TAX_DOWN))).matches("[A-Za-z0-9-]+(\\.[a-z-]+)+");
    assertThat(format.write(everything())).isNotBlank();
  }

  @Test
  void whatCannotBeReproducedIsRefused() {
    URI good = URI.create("http://127.0.0.1:1");
    FaultPlan plan = FaultPlan.of(TAX_DOWN);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reproducer("shop", FaultPlan.NONE, good, good))
        .withMessageContaining("reproduces nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reproducer("Shop'", plan, good, good))
        .withMessageContaining("service must be");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reproducer("shop", plan, URI.create("ftp://x"), good))
        .withMessageContaining("executor must be");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reproducer("shop", plan, good, URI.create("http://u:canary@x")))
        .withMessageContaining("ask must be")
        .withMessageNotContaining("canary");
  }
}
