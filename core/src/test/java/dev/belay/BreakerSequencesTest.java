package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random lives of a breaker, beside the plainest model of one. */
class BreakerSequencesTest {
  private static final Set<String> LEGAL =
      Set.of("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED", "HALF_OPEN>OPEN", "OPEN>CLOSED");

  private enum Act {
    SUCCESS,
    FAILURE,
    IGNORED,
    WAIT,
    ASK,
    RESET
  }

  private record Life(
      int threshold, Duration window, Duration open, List<Act> acts, List<Long> waits) {
    static Life any(RandomGenerator random) {
      List<Act> acts = new ArrayList<>();
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int draw = random.nextInt(20);
        acts.add(
            draw < 5
                ? Act.SUCCESS
                : draw < 12
                    ? Act.FAILURE
                    : draw < 14
                        ? Act.IGNORED
                        : draw < 18 ? Act.WAIT : draw < 19 ? Act.ASK : Act.RESET);
        waits.add(random.nextLong(40_000_000_000L));
      }
      return new Life(
          1 + random.nextInt(6),
          Duration.ofSeconds(1 + random.nextInt(60)),
          Duration.ofSeconds(1 + random.nextInt(40)),
          acts,
          waits);
    }
  }

  /** Keeps every failure time and decides by the book. */
  private static final class Model {
    private final Life life;
    private final Deque<Long> failures = new ArrayDeque<>();
    private BreakerState state = BreakerState.CLOSED;
    private long openedAt;

    Model(Life life) {
      this.life = life;
    }

    boolean admits(long now) {
      if (state == BreakerState.OPEN && now - openedAt >= life.open().toNanos()) {
        state = BreakerState.HALF_OPEN;
      }
      return state != BreakerState.OPEN;
    }

    void result(Act act, long now) {
      if (act == Act.FAILURE) {
        failures.add(now);
        failures.removeIf(time -> now - time > life.window().toNanos());
        if (state == BreakerState.HALF_OPEN || failures.size() >= life.threshold()) {
          state = BreakerState.OPEN;
          openedAt = now;
        }
      } else if (act == Act.SUCCESS && state == BreakerState.HALF_OPEN) {
        reset();
      }
    }

    void reset() {
      state = BreakerState.CLOSED;
      failures.clear();
    }
  }

  @Test
  void everyLifeFollowsTheModelAndTakesLegalEdgesOnly() {
    Cases.check(500, Life::any, BreakerSequencesTest::live);
  }

  private static void live(Life life) {
    VirtualTime time = new VirtualTime();
    List<String> edges = new ArrayList<>();
    CircuitBreaker breaker =
        new CircuitBreaker(
            "any",
            BreakerPolicy.builder()
                .failureThreshold(life.threshold())
                .window(life.window())
                .openFor(life.open())
                .build(),
            time,
            SharedRandom.INSTANCE,
            event -> edges.add(event.from() + ">" + event.to()));
    Model model = new Model(life);
    for (int i = 0; i < life.acts().size(); i++) {
      step(life.acts().get(i), life.waits().get(i), time, breaker, model);
      BreakerSnapshot snapshot = breaker.snapshot();
      assertThat(snapshot.probesOut()).isZero();
      if (snapshot.state() == BreakerState.CLOSED) {
        assertThat(snapshot.failureCount()).isLessThan(life.threshold());
      }
      assertThat(snapshot.nextTest().isPresent()).isEqualTo(snapshot.state() == BreakerState.OPEN);
    }
    assertThat(LEGAL).containsAll(edges);
  }

  private static void step(
      Act act, long wait, VirtualTime time, CircuitBreaker breaker, Model model) {
    switch (act) {
      case WAIT -> time.advance(Duration.ofNanos(wait));
      case ASK -> assertThat(breaker.isSelectable()).isEqualTo(model.admits(time.nanos()));
      case RESET -> {
        breaker.reset();
        model.reset();
      }
      case SUCCESS, FAILURE, IGNORED -> {
        Permit permit = breaker.tryAcquire();
        assertThat(permit.isGranted()).isEqualTo(model.admits(time.nanos()));
        if (permit.isGranted()) {
          model.result(act, time.nanos());
          settle(permit, act);
        }
      }
    }
  }

  private static void settle(Permit permit, Act act) {
    if (act == Act.SUCCESS) {
      permit.success(0);
    } else if (act == Act.FAILURE) {
      permit.failure(Blame.ENDPOINT, Hint.NONE, 0);
    } else {
      permit.release();
    }
  }
}
