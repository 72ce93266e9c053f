package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.Time;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Endpoint> candidates = Choices.endpoints(5, time);
  private final Session selection = new Session(new RoundRobin(), time);

  private static Call call(String session) {
    return Call.DEFAULT.withSession(session);
  }

  private Endpoint select(String session) {
    return selection.select(candidates, call(session));
  }

  private List<Endpoint> without(Endpoint... missing) {
    List<Endpoint> left = new ArrayList<>(candidates);
    left.removeAll(List.of(missing));
    return left;
  }

  @Test
  void staysWhereItIs() {
    Endpoint first = select("a");

    for (int i = 0; i < 1_000; i++) {
      select("other " + i);
      assertThat(select("a")).isSameAs(first);
    }
  }

  @Test
  void spreadsSessionsByTheOtherStrategy() {
    assertThat(select("a")).hasToString("e0");
    assertThat(select("b")).hasToString("e1");
    assertThat(select("c")).hasToString("e2");
  }

  @Test
  void leavesCallsWithoutASessionToTheOtherStrategy() {
    assertThat(Choices.count(10, selection, candidates, Call.DEFAULT).values()).containsOnly(2);
  }

  @Nested
  class WhenItsEndpointIsMissing {
    private final Endpoint primary = select("a");

    @Test
    void goesToOneOther() {
      Endpoint standIn = selection.select(without(primary), call("a"));

      assertThat(standIn).isNotSameAs(primary);
      for (int i = 0; i < 20; i++) {
        assertThat(selection.select(without(primary), call("a"))).isSameAs(standIn);
      }
    }

    @Test
    void returnsWhenItIsBack() {
      selection.select(without(primary), call("a"));

      assertThat(select("a")).isSameAs(primary);
    }

    @Test
    void goesOnIfTheStandInFailsTooAndStillReturns() {
      Endpoint standIn = selection.select(without(primary), call("a"));
      Endpoint next = selection.select(without(primary, standIn), call("a"));

      assertThat(next).isNotIn(primary, standIn);
      assertThat(selection.select(without(primary), call("a"))).isSameAs(next);
      assertThat(select("a")).isSameAs(primary);
    }

    @Test
    void findsAnEndpointThatWasReplacedByOneOfItsName() {
      List<Endpoint> reloaded = Choices.endpoints(5, time);

      assertThat(selection.select(reloaded, call("a"))).hasToString(primary.name());
    }
  }

  @Test
  void isForgottenWhenUnusedForItsTime() {
    Endpoint first = select("a");

    time.advance(Duration.ofSeconds(299));
    assertThat(select("a")).isSameAs(first);
    time.advance(Duration.ofSeconds(299));
    assertThat(select("a")).isSameAs(first);
    time.advance(Duration.ofMinutes(5));
    assertThat(select("a")).isNotSameAs(first);
  }

  @Test
  void isForgottenWhenThereAreTooManyAndItWasUsedLongestAgo() {
    var two = new Session(new RoundRobin(), Duration.ofMinutes(1), 2, time);
    Endpoint a = two.select(candidates, call("a"));
    Endpoint b = two.select(candidates, call("b"));
    two.select(candidates, call("a"));

    two.select(candidates, call("c"));

    assertThat(two.select(candidates, call("a"))).isSameAs(a);
    assertThat(two.select(candidates, call("b"))).isNotSameAs(b);
  }

  private record Traffic(int sessions, int calls, long seed) {}

  @Test
  void movesLessThanOnceInAThousandCallsWhileAllIsWell() {
    Cases.check(
        20,
        random -> new Traffic(1 + random.nextInt(500), 5_000, random.nextLong()),
        traffic -> {
          var random = new Random(traffic.seed());
          var sticky = new Session(new RandomChoice(), time);
          String[] last = new String[traffic.sessions()];
          int moved = 0;
          for (int i = 0; i < traffic.calls(); i++) {
            int session = random.nextInt(traffic.sessions());
            String name = sticky.select(candidates, call("s" + session)).name();
            moved += last[session] == null || last[session].equals(name) ? 0 : 1;
            last[session] = name;
          }
          assertThat(moved).isLessThanOrEqualTo(traffic.calls() / 1_000);
        });
  }

  @Test
  void agreesOnOneEndpointWhenThreadsBeginASessionAtOnce() {
    var sticky = new Session(new RandomChoice(), Time.system());
    Set<String> chosen = ConcurrentHashMap.newKeySet();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 8; t++) {
        threads.execute(() -> {
          for (int i = 0; i < 2_000; i++) {
            chosen.add(i + " " + sticky.select(candidates, call("s" + i)).name());
          }
        });
      }
    }

    assertThat(chosen).hasSize(2_000);
  }

  @Test
  void agreesOnOneStandInWhenThreadsLoseTheirEndpointAtOnce() {
    var sticky = new Session(new RandomChoice(), Time.system());
    Set<String> chosen = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 1_000; i++) {
      sticky.select(candidates.subList(0, 1), call("s" + i));
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 8; t++) {
        threads.execute(() -> {
          for (int i = 0; i < 1_000; i++) {
            List<Endpoint> left = candidates.subList(1, 5);
            chosen.add(i + " " + sticky.select(left, call("s" + i)).name());
          }
        });
      }
    }

    assertThat(chosen).hasSize(1_000);
  }

  @Test
  void letsAQuickerCallOfItsSessionDecide() {
    List<Session> sticky = new ArrayList<>();
    List<Endpoint> chosenMeanwhile = new ArrayList<>();
    var turns = new RoundRobin();
    sticky.add(
        new Session(
            new InTheMiddle(
                turns, () -> chosenMeanwhile.add(sticky.getFirst().select(candidates, call("a")))),
            time));

    Endpoint chosen = sticky.getFirst().select(candidates, call("a"));

    assertThat(chosenMeanwhile).containsExactly(chosen);
  }

  /** Lets something happen during its first choice. */
  private static final class InTheMiddle implements Selection {
    private final Selection choice;
    private final Runnable meanwhile;
    private boolean happened;

    InTheMiddle(Selection choice, Runnable meanwhile) {
      this.choice = choice;
      this.meanwhile = meanwhile;
    }

    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      E chosen = choice.select(candidates, call);
      if (!happened) {
        happened = true;
        meanwhile.run();
      }
      return chosen;
    }
  }

  @Test
  void rejectsTimesAndLimitsOutOfRange() {
    assertThatThrownBy(() -> new Session(new RoundRobin(), Duration.ZERO, 1, time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session ttl must be above 0 and at most 365 days, was PT0S");
    assertThatThrownBy(() -> new Session(new RoundRobin(), Duration.ofDays(366), 1, time))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Session(new RoundRobin(), Duration.ofDays(1), 0, time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session limit must be 1 to 10000000, was 0");
  }
}
