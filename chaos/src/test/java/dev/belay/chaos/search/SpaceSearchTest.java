package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.propose.Portfolio;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceReader;
import dev.belay.chaos.space.Value;
import dev.belay.chaos.wire.WireException;
import dev.belay.settings.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceSearchTest {
  private static final List<String> FURTHER = List.of("confirm", "minimise");
  private static final SearchSpace SPACE =
      SpaceReader.read(
          "space",
          "",
          """
          name: one fault
          dimensions:
            - {name: fault_type, type: categorical, values: [delay, abort]}
            - {name: percentage, type: integer, bounds: [50, 100]}
            - {name: delay_ms, type: integer, bounds: [100, 5000], condition: {field: fault_type, operator: equals, value: delay}}
            - {name: error_code, type: categorical, values: [500, 502, 503], condition: {field: fault_type, operator: equals, value: abort}}
            - {name: start_delay_ms, type: integer, bounds: [0, 100]}
            - {name: duration_ms, type: integer, bounds: [1000, 60000]}
          conditional_strategy: filter
          """);

  private static Observation seen(FaultPlan plan) {
    boolean breaks =
        plan.faults().stream()
            .anyMatch(fault ->
                fault.effect() instanceof Effect.Delay delay && delay.by().toMillis() > 3_000);
    return new Observation(
        "GET /",
        Observation.Reply.of(breaks ? 500 : 200, Duration.ofMillis(100)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  private static SpaceWay way(String more) {
    return SpaceWayReader.read("space", "", more, SPACE, SpaceWay.DEFAULT);
  }

  /** The arms of the first trials, but for those that look into a failure. */
  private static List<String> arms(SpaceWay way, int trials) {
    List<Observation> healthy = List.of(seen(FaultPlan.NONE));
    SpaceSearch search = new SpaceSearch(SPACE, "pricing", way, healthy, 4);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    List<String> arms = new ArrayList<>();
    int number = 0;
    while (arms.size() < trials) {
      Proposal proposal = search.next().orElseThrow();
      if (!FURTHER.contains(proposal.arm())) {
        arms.add(proposal.arm());
      }
      Observation seen = seen(proposal.plan());
      var unused = search.saw(++number, seen, analyzer.score(proposal.plan(), seen));
    }
    return arms;
  }

  @Test
  void beginsAsItsDocumentSays() {
    SpaceWay way =
        way(
            """
            cold_start:
              n_initial_points: 3
              strategy: lhs
              warm_start_points:
                - {fault_type: abort, percentage: 60, error_code: 502, start_delay_ms: 0, duration_ms: 2000}
            optimizer: {base_estimator: RF, acq_func: EI, acq_func_kwargs: {xi: 0.5, kappa: 2.5}}
            """);

    assertThat(way.model()).isEqualTo(new SpaceWay.Model.Forest(0.5));
    assertThat(arms(way, 6))
        .containsExactly("start", "latin", "latin", "latin", "forest", "forest");
  }

  @Test
  void pointsAnywhereComeFirstWhereNothingElseIsSaid() {
    assertThat(arms(way("optimizer: {xi: 0}"), 11))
        .endsWith("forest")
        .startsWith(java.util.Collections.nCopies(10, "random").toArray(String[]::new));
    assertThat(way("{}")).isEqualTo(SpaceWay.DEFAULT);
    assertThat(way("cold_start: {n_initial_points: 2}").model())
        .isEqualTo(new SpaceWay.Model.Several());
  }

  @Test
  void aServerThatSaysHowManyPointsComeFirstIsHeardWhateverTheDocumentSaysOfTheRest() {
    SpaceWay usual = SpaceWay.DEFAULT.beginningWith(3);

    SpaceWay silent = SpaceWayReader.read("space", "", "{}", SPACE, usual);
    SpaceWay forest = SpaceWayReader.read("space", "", "optimizer: {xi: 0}", SPACE, usual);
    SpaceWay own =
        SpaceWayReader.read("space", "", "cold_start: {n_initial_points: 2}", SPACE, usual);

    assertThat(arms(silent, 3)).containsExactly("random", "random", "random");
    assertThat(arms(forest, 4)).containsExactly("random", "random", "random", "forest");
    assertThat(own.design()).contains(new SpaceWay.Design(2, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cold_start: {n_initial_points: 0} | cold_start.n_initial_points
          cold_start: {strategy: sobol} | cold_start.strategy
          cold_start: {speed: 1} | cold_start.speed
          cold_start: {warm_start_points: [{fault_type: abort, percentage: 7}]} | percentage
          cold_start: {warm_start_points: [{colour: red}]} | cold_start.warm_start_points[0]
          optimizer: {base_estimator: GP} | optimizer.base_estimator
          optimizer: {acq_func: LCB} | optimizer.acq_func
          optimizer: {xi: -1} | optimizer.xi
          optimizer: {acq_func_kwargs: {nu: 1}} | optimizer.acq_func_kwargs.nu
          """)
  void whatItDoesNotKnowIsRefusedByItsName(String document, String named) {
    assertThatThrownBy(() -> way(document))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(named);
  }

  @Test
  void pointsBecomePlansAndTheWorstIsFound() {
    List<Observation> healthy = List.of(seen(FaultPlan.NONE));
    SpaceSearch search = new SpaceSearch(SPACE, "pricing", new Portfolio(), healthy, 4);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    Set<FaultPlan> plans = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      Proposal proposal = search.next().orElseThrow();
      if (!FURTHER.contains(proposal.arm())) {
        assertThat(proposal.point()).containsKeys("fault_type", "percentage");
      }
      FaultPlan plan = proposal.plan();
      assertThat(plan.size()).isEqualTo(1);
      Fault fault = plan.faults().getFirst();
      assertThat(fault.edge()).isEqualTo(Edge.into("pricing"));
      assertThat(fault.percentage()).isBetween(50, 100);
      assertThat(plan.life()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
      plans.add(plan);
      if (i == 7) {
        search.failed(i + 1);
      } else {
        Observation seen = seen(plan);
        var unused = search.saw(i + 1, seen, analyzer.score(plan, seen));
      }
    }
    assertThat(search.defects()).hasSize(1);
    assertThat(search.defects().getFirst().signature()).isEqualTo("GET / | 500");
    assertThat(plans).hasSizeGreaterThan(50);
    Defect.Minimal minimal = search.defects().getFirst().minimal().orElseThrow();
    assertThat(minimal.odds().hits()).isGreaterThan(1).isEqualTo(minimal.odds().of());
    assertThat(minimal.plan().faults().getFirst().effect())
        .isInstanceOfSatisfying(
            Effect.Delay.class,
            delay -> assertThat(delay.by().toMillis()).isBetween(3_001L, 3_900L));
    assertThat(minimal.plan().faults().getFirst().percentage()).isEqualTo(50);
    assertThat(minimal.plan().faults().getFirst().startDelay()).isZero();
  }

  @Test
  void aTrialThatCouldNotBeMadeSaysNothingAboutAFailure() {
    List<Observation> healthy = List.of(seen(FaultPlan.NONE));
    SpaceSearch search = new SpaceSearch(SPACE, "pricing", new Portfolio(), healthy, 4);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    int failed = 0;
    for (int i = 1; i <= 80; i++) {
      Proposal proposal = search.next().orElseThrow();
      if (FURTHER.contains(proposal.arm()) && failed < 6 && i % 2 == 0) {
        failed++;
        search.failed(i);
      } else {
        Observation seen = seen(proposal.plan());
        var unused = search.saw(i, seen, analyzer.score(proposal.plan(), seen));
      }
    }

    assertThat(failed).isEqualTo(6);
    Defect.Minimal minimal = search.defects().getFirst().minimal().orElseThrow();
    assertThat(minimal.odds().hits()).isEqualTo(minimal.odds().of());
  }

  @Test
  void whatDoesNotShowAgainIsNoDefect() {
    List<Observation> healthy = List.of(seen(FaultPlan.NONE));
    SpaceSearch search = new SpaceSearch(SPACE, "pricing", new Portfolio(), healthy, 4);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    boolean blipped = false;
    for (int i = 0; i < 60; i++) {
      Proposal proposal = search.next().orElseThrow();
      Observation seen = blipped ? seen(FaultPlan.NONE) : seen(proposal.plan());
      Optional<String> failure =
          search.saw(i + 1, seen, analyzer.score(proposal.plan(), seen)).failure();
      blipped |= failure.isPresent();
    }

    assertThat(blipped).isTrue();
    assertThat(search.defects()).isEmpty();
  }

  @Test
  void boilsDownWhatASpaceOfFourPointsHas() {
    SearchSpace small =
        SpaceReader.read(
            "space",
            "",
            """
            name: two
            dimensions:
              - {name: fault_type, type: categorical, values: [delay, Delay]}
              - {name: delay_ms, type: integer, bounds: [3999, 4000]}
            """);
    List<Observation> healthy = List.of(seen(FaultPlan.NONE));
    SpaceSearch search = new SpaceSearch(small, "pricing", new Portfolio(), healthy, 4);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    for (int trial = 0; trial < 40; trial++) {
      FaultPlan plan = search.next().orElseThrow().plan();
      Observation seen = seen(plan);
      var unused = search.saw(trial + 1, seen, analyzer.score(plan, seen));
    }

    assertThat(search.defects().getFirst().minimal()).isPresent();
  }

  private static FaultPlan plan(String dimensions) {
    SearchSpace space = SpaceReader.read("space", "", "name: a\ndimensions:\n" + dimensions);
    SpaceSearch search =
        new SpaceSearch(space, "s", new Portfolio(), List.of(seen(FaultPlan.NONE)), 1);
    return search.next().orElseThrow().plan();
  }

  @Test
  void otherNamesOfTheSameAreUnderstood() {
    assertThat(
            plan("""
              - {name: delay_seconds, type: real, bounds: [0.4999, 0.5001]}
              - {name: abort_probability, type: real, bounds: [0.2999, 0.3001]}
              - {name: service, type: categorical, values: [tax, tax2]}
              - {name: from, type: categorical, values: [cart, cart2]}
              - {name: api, type: categorical, values: [/rate, /rate2]}
            """)
                .toString())
        .matches("cart2?>tax2? delay 500ms 30%");
    assertThat(
            plan("""
              - {name: fault_type, type: categorical, values: [error_injection, abort]}
              - {name: error_type, type: categorical, values: [connection_reset]}
              - {name: abort_http_status, type: categorical, values: [429, 430]}
              - {name: duration_seconds, type: integer, bounds: [10, 11]}
            """)
                .toString())
        .isEqualTo("*>s reset");
  }

  @Test
  void aFaultBeginsBeforeItsTimeIsOverWhateverThePointSays() {
    FaultPlan plan =
        new PointPlan("pricing")
            .plan(
                new Point(
                    Map.of("start_delay_ms", Value.of(5_000), "duration_seconds", Value.of(2))));

    assertThat(plan.faults().getFirst().startDelay()).isEqualTo(Duration.ofMillis(1_999));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reset           |                                                                | *>s reset
          corrupt         |                                                                | *>s corrupt
          rewrite         | {name: error_code, type: categorical, values: [502]}           | *>s rewrite 502
          throttle        | {name: bytes_per_second, type: categorical, values: [64]}      | *>s throttle 64B/s
          throttle        |                                                                | *>s throttle 1024B/s
          truncate        | {name: after_bytes, type: categorical, values: ["12"]}         | *>s truncate after 12B
          error_injection | {name: error_type, type: categorical, values: [timeout]}       | *>s delay 30000ms
          abort           | {name: error_type, type: categorical, values: [malformed_response]} | *>s corrupt
          abort           | {name: error_code, type: categorical, values: [429]}           | *>s abort 429
          """)
  void eachKindOfFaultIsOneThatAPointCanAskFor(String type, String with, String plan) {
    String dimensions = "  - {name: fault_type, type: categorical, values: [%s]}\n".formatted(type);
    String more = with == null ? "" : "  - %s\n".formatted(with);

    assertThat(plan(dimensions + more).toString()).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {name: colour, type: categorical, values: [a, b]}             | dimensions[1].name must be a dimension of a fault (abort_http_status, abort_probability, after_bytes, api,
          {name: fault_type, type: categorical, values: [delay, dealy]} | dimensions[1].values[1] must be one of delay, abort, error_injection, reset, throttle, truncate, corrupt, rewrite; fault_type was dealy
          {name: fault_type, type: integer, bounds: [1, 2]}             | dimensions[1].bounds must be one of delay, abort,
          {name: error_type, type: categorical, values: [time_out]}     | dimensions[1].values[0] must be one of timeout, connection_reset, malformed_response; error_type was time_out
          {name: error_code, type: categorical, values: [500, 200]}     | dimensions[1].values[1] must be in 400 to 599; error_code was 200
          {name: error_code, type: categorical, values: [bad]}          | dimensions[1].values[0] must be in 400 to 599; error_code was bad
          {name: delay_ms, type: integer, bounds: [100, 60000]}         | dimensions[1].bounds must be in 1 to 30000; delay_ms was a whole number in [100, 60000]
          {name: delay_seconds, type: real, bounds: [0, 3]}             | dimensions[1].bounds must be in 0.001 to 30; delay_seconds was a number in [0, 3]
          {name: abort_probability, type: real, bounds: [0.5, 1.5]}     | dimensions[1].bounds must be in 0 to 1;
          {name: from, type: categorical, values: [cart, " "]}          | dimensions[1].values[1] must be a name; from was
          {name: api, type: categorical, values: [price]}               | dimensions[1].values[0] must be a text that begins with /; api was price
          """)
  void whatNoFaultCanBeIsRefusedWithItsPlace(String dimension, String message) {
    SearchSpace space =
        SpaceReader.read(
            "space",
            "",
            "dimensions:\n  - {name: percentage, type: integer, bounds: [1, 100]}\n  - "
                + dimension);

    assertThatThrownBy(() -> PointPlan.check("search_space", space))
        .isInstanceOf(WireException.class)
        .hasMessageStartingWith("search_space." + message);
  }
}
