package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Belay;
import dev.belay.Call;
import dev.belay.CallRefused;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.VirtualTime;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Where a call goes after a failure, with the whole engine around the choice. */
class RetryChoiceTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> visited = new ArrayList<>();

  private Endpoint past(Endpoint endpoint, int successes, int millis) {
    EndpointHistory.fail(endpoint, 100 - successes, Duration.ofMillis(millis));
    EndpointHistory.succeed(endpoint, successes, Duration.ofMillis(millis));
    return endpoint;
  }

  private Endpoint endpoint(String name) {
    return EndpointHistory.endpoint(name, time);
  }

  private void call(Call call, List<Endpoint> endpoints, Predicate<String> fails)
      throws InterruptedException {
    Belay<Endpoint> belay =
        Belay.over(Pool.of("pool", new BestRecent(0, Choices.seeded()), endpoints))
            .policy(RetryPolicy.named("three").maxAttempts(3).build())
            .budget(RetryBudget.unlimited())
            .time(time)
            .build();
    String answer =
        belay.call(
            call,
            attempt -> {
              String name = attempt.endpoint().name();
              visited.add(name);
              if (fails.test(name)) {
                throw new ConnectException("refused");
              }
              return name;
            });
    assertThat(answer).isEqualTo(visited.getLast());
  }

  @Test
  void goesToTheOneWith95PercentRatherThan60AndNotBackToTheOneThatFailed()
      throws InterruptedException {
    Endpoint failing = past(endpoint("failing"), 100, 50);
    Endpoint poor = past(endpoint("poor"), 60, 100);
    Endpoint good = past(endpoint("good"), 95, 100);

    call(Call.DEFAULT, List.of(poor, failing, good), "failing"::equals);
    assertThat(visited).containsExactly("failing", "good");
  }

  @Test
  void staysInTheRegionHoweverGoodTheOthersAre() throws InterruptedException {
    Endpoint failing = past(Choices.in("US", "US-EAST", "failing", time), 100, 50);
    Endpoint near = past(Choices.in("US", "US-EAST", "near", time), 60, 900);
    Endpoint far = past(Choices.in("US", "US-WEST", "far", time), 100, 10);

    call(
        Call.DEFAULT.withRegion("US-EAST"),
        List.of(far, near, failing),
        name -> !name.equals("far"));
    assertThat(visited).containsExactly("failing", "near", "far");
  }

  @Test
  void passesOverOneThatIsOverloadedNow() throws InterruptedException {
    Endpoint failing = past(endpoint("failing"), 100, 50);
    Endpoint busy = past(endpoint("busy"), 95, 100);
    Endpoint free = past(endpoint("free"), 90, 100);
    EndpointHistory.start(busy, 20);

    call(Call.DEFAULT, List.of(busy, failing, free), "failing"::equals);
    assertThat(visited).containsExactly("failing", "free");
  }

  @Test
  void passesOverOneThatHasBecomeSlow() throws InterruptedException {
    Endpoint failing = past(endpoint("failing"), 100, 50);
    Endpoint slow = past(endpoint("slow"), 95, 100);
    Endpoint quick = past(endpoint("quick"), 95, 120);
    EndpointHistory.succeed(slow, 5, Duration.ofSeconds(4));

    call(Call.DEFAULT, List.of(slow, failing, quick), "failing"::equals);
    assertThat(visited).containsExactly("failing", "quick");
  }

  @Test
  void skipsOneWhoseBreakerIsOpen() throws InterruptedException {
    Endpoint failing = past(endpoint("failing"), 100, 50);
    Endpoint open = past(endpoint("open"), 95, 100);
    Endpoint poor = past(endpoint("poor"), 60, 100);
    open.breaker().trip();

    call(Call.DEFAULT, List.of(open, failing, poor), "failing"::equals);
    assertThat(visited).containsExactly("failing", "poor");
  }

  @Test
  void makesNoAttemptWhenAllBreakersAreOpen() {
    List<Endpoint> all = Choices.endpoints(3, time);
    all.forEach(endpoint -> endpoint.breaker().trip());

    assertThatThrownBy(() -> call(Call.DEFAULT, all, name -> false))
        .isInstanceOf(CallRefused.class);
    assertThat(visited).isEmpty();
    assertThat(time.passed()).isZero();
  }
}
