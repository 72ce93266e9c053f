package dev.belay.flow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerState;
import dev.belay.Cases;
import dev.belay.CircuitBreaker;
import dev.belay.VirtualTime;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a step goes on, with the rules that a plan has unless it says otherwise. */
class MachineCourseTest {
  private static final Duration PATIENCE = Duration.ofHours(6);

  private final VirtualTime time = new VirtualTime();
  private final RandomGenerator random = new SplittableRandom(7);
  private final AgentEndpoint agent = endpoint("agent");
  private final AgentEndpoint other = endpoint("other");
  private final Course course = course(random);

  private AgentEndpoint endpoint(String name) {
    BackendSettings settings = Scripted.settings(name).build();
    return new AgentEndpoint(
        new Scripted(name),
        settings,
        new CircuitBreaker(name, settings.breaker(), time, random, event -> {}));
  }

  private Course course(RandomGenerator jitter) {
    return new MachineCourse(Plan.RETRY, PATIENCE, time, jitter);
  }

  /** One attempt of some length at the only backend there is. */
  private Course.Next attempt(Course on, Duration length, OutcomeClass outcome) {
    assertThat(on.choose(List.of(agent))).isEqualTo(new Course.Ask(agent));
    assertThat(on.begin(agent)).isEqualTo(new Course.Begun());
    time.advance(length);
    return on.after(outcome, List.of(agent));
  }

  private Course.Next attempt(OutcomeClass outcome) {
    return attempt(course, Duration.ofSeconds(1), outcome);
  }

  /** Five tasks find out that the backend fails. */
  private void open() {
    for (int i = 0; i < 5; i++) {
      attempt(course(random), Duration.ZERO, OutcomeClass.TRANSIENT);
    }
    assertThat(agent.breaker().state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void whatMayBeGoneTheNextTimeIsTriedAgainAfterWaitsThatGrowAndAreSpread() {
    Cases.check(
        200,
        RandomGenerator::nextLong,
        seed -> {
          Course one = course(new SplittableRandom(seed));
          agent.breaker().reset();
          for (int failure = 0; failure < 4; failure++) {
            Course.Next next = attempt(one, Duration.ofSeconds(1), OutcomeClass.TRANSIENT);
            Duration most = Duration.ofSeconds(1L << failure);
            assertThat(next).isInstanceOf(Course.Pause.class);
            assertThat(((Course.Pause) next).length()).isBetween(most.dividedBy(2), most);
          }
          assertThat(attempt(one, Duration.ofSeconds(1), OutcomeClass.SUCCESS))
              .isEqualTo(new Course.Done());
        });
  }

  @Test
  void tasksThatFailTogetherDoNotComeBackTogether() {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      agent.breaker().reset();
      waits.add(
          ((Course.Pause) attempt(course(random), Duration.ZERO, OutcomeClass.TRANSIENT)).length());
    }
    assertThat(waits).doesNotHaveDuplicates();
  }

  @Test
  void anAgentThatWorkedForHoursIsTriedAgainLikeAnyOther() {
    for (int i = 0; i < 4; i++) {
      assertThat(attempt(course, Duration.ofHours(5), OutcomeClass.TRANSIENT))
          .isInstanceOf(Course.Pause.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTH", "CONFIG", "INVALID_INPUT", "AGENT_FAILED", "KILLED"})
  void whatAnotherAttemptCannotHelpEndsAtOnce(OutcomeClass outcome) {
    assertThat(attempt(outcome)).isEqualTo(new Course.Stop("another attempt cannot help"));
  }

  @Test
  void anAgentThatHangsCountsAsAFailureAndNotAsASuccess() {
    for (int i = 0; i < 4; i++) {
      attempt(course(random), Duration.ofHours(2), OutcomeClass.TRANSIENT);
    }
    attempt(course(random), Duration.ofHours(2), OutcomeClass.TIMEOUT);

    assertThat(agent.breaker().state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void anAgentThatHangsWhileItsBackendIsTestedDoesNotBringThatBack() {
    open();
    time.advance(agent.breaker().untilTest());

    attempt(course, Duration.ofHours(1), OutcomeClass.TIMEOUT);

    assertThat(agent.breaker().state()).isEqualTo(BreakerState.OPEN);
    assertThat(agent.breaker().untilTest()).isGreaterThan(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "AGENT_FAILED", "KILLED"})
  void whatSaysNothingOfABackendCountsNeitherWay(OutcomeClass outcome) {
    for (int i = 0; i < 4; i++) {
      attempt(course(random), Duration.ZERO, OutcomeClass.TRANSIENT);
    }
    for (int i = 0; i < 20; i++) {
      attempt(course(random), Duration.ZERO, outcome);
    }
    assertThat(agent.breaker().state()).isEqualTo(BreakerState.CLOSED);

    attempt(course(random), Duration.ZERO, OutcomeClass.TRANSIENT);
    assertThat(agent.breaker().state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aTestThatIsStoppedGivesItsPlaceToTheNext() {
    open();
    time.advance(agent.breaker().untilTest());
    attempt(course(random), Duration.ZERO, OutcomeClass.CANCELLED);

    assertThat(attempt(OutcomeClass.SUCCESS)).isEqualTo(new Course.Done());
    assertThat(agent.breaker().state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void whileABackendFailsNobodyIsSentThereUntilItIsTested() {
    open();
    Duration left = agent.breaker().untilTest();

    assertThat(left).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    assertThat(course.choose(List.of(agent))).isEqualTo(new Course.Rest(left, "agent is failing"));
    time.advance(left.minusNanos(1));
    assertThat(course.choose(List.of(agent)))
        .isEqualTo(new Course.Rest(Duration.ofNanos(1), "agent is failing"));
    time.advance(Duration.ofNanos(1));
    assertThat(course.choose(List.of(agent))).isEqualTo(new Course.Ask(agent));
  }

  @Test
  void waitingForABackendUsesUpNoAttempt() {
    open();
    for (int i = 0; i < 100; i++) {
      assertThat(course.begin(agent)).isInstanceOf(Course.Rest.class);
    }
    time.advance(agent.breaker().untilTest());

    assertThat(attempt(OutcomeClass.SUCCESS)).isEqualTo(new Course.Done());
  }

  @Test
  void whileABackendFailsTheNextOneIsAsked() {
    open();

    assertThat(course.choose(List.of(agent, other))).isEqualTo(new Course.Ask(other));
  }

  @Test
  void whoFailedIsAskedAgainOnlyWhenAllHaveBeen() {
    attempt(OutcomeClass.TRANSIENT);

    assertThat(course.choose(List.of(agent, other))).isEqualTo(new Course.Ask(other));
    assertThat(course.begin(other)).isEqualTo(new Course.Begun());
    course.after(OutcomeClass.TRANSIENT, List.of(agent, other));
    assertThat(course.choose(List.of(agent, other))).isEqualTo(new Course.Ask(agent));
  }

  @Test
  void attemptsEndATaskOnlyIfItsBackendDoesNotFailForAll() {
    for (int i = 0; i < 4; i++) {
      attempt(OutcomeClass.TRANSIENT);
      agent.breaker().reset();
    }
    assertThat(attempt(OutcomeClass.TRANSIENT))
        .isEqualTo(new Course.Stop("the last of 5 attempts"));
  }

  @Test
  void aTaskOutlastsAnOutageUntilItsPatienceIsOver() {
    Course.Next last = new Course.Begun();
    int attempts = 0;
    while (!(last instanceof Course.Stop)) {
      if (course.choose(List.of(agent)) instanceof Course.Rest rest) {
        time.advance(rest.length());
      }
      last = attempt(OutcomeClass.TRANSIENT);
      if (last instanceof Course.Pause pause) {
        time.advance(pause.length());
      }
      attempts++;
    }
    assertThat(last).isEqualTo(new Course.Stop("the last of 5 attempts"));
    assertThat(time.passed()).isBetween(PATIENCE, PATIENCE.plusMinutes(30));
    assertThat(attempts).isBetween(50, 120);
  }
}
