package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Belay;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallFailed;
import dev.belay.CircuitBreaker;
import dev.belay.Classifier;
import dev.belay.Endpoint;
import dev.belay.Hint;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.VirtualTime;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.select.RoundRobin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The waits as {@code core} carries them out. */
class CoreTest {
  private final VirtualTime time = new VirtualTime();
  private final SplittableRandom random = new SplittableRandom(5);
  private final List<Duration> attempts = new ArrayList<>();
  private final List<String> endpoints = new ArrayList<>();

  private CompletableFuture<String> call(List<ProviderError> errors, String... names) {
    DelaySettings settings = DelaySettings.DEFAULT;
    DelayPolicy policy = DelayPolicy.of(settings);
    Classifier classifier =
        Classifier.builder()
            .failure(
                ProviderException.class,
                failure -> policy.verdict("openai", failure.error(), random))
            .build();
    List<Endpoint> all = new ArrayList<>();
    for (String name : names) {
      all.add(
          new Endpoint(
              name,
              Endpoint.Traits.NONE,
              new CircuitBreaker(name, BreakerPolicy.DEFAULT, time, random, event -> {})));
    }
    Belay<Endpoint> belay =
        Belay.over(Pool.of("models", new RoundRobin(), all))
            .policy(settings.applyTo(RetryPolicy.named("llm")).build())
            .budget(RetryBudget.unlimited())
            .classifier(classifier)
            .time(time)
            .random(random)
            .executor(Runnable::run)
            .build();
    CompletableFuture<String> result =
        belay.callAsync(
            Call.DEFAULT,
            attempt -> {
              attempts.add(time.passed());
              endpoints.add(attempt.endpoint().name());
              int number = attempts.size() - 1;
              return number < errors.size()
                  ? CompletableFuture.failedStage(new ProviderException(errors.get(number)))
                  : CompletableFuture.completedStage("answer");
            });
    time.run();
    return result;
  }

  private static ProviderError error(ErrorKind kind) {
    return ProviderError.of(kind, "no");
  }

  private static ProviderError limited(String wait) {
    return error(ErrorKind.RATE_LIMIT).withHint(Hint.after(Duration.parse(wait), "Retry-After: x"));
  }

  @Test
  void waitsForTheHintAndALittleMore() {
    CompletableFuture<String> result = call(List.of(limited("PT3S"), limited("PT10S")), "a");

    assertThat(result).isCompletedWithValue("answer");
    assertThat(attempts.get(1)).isBetween(Duration.ofMillis(3_050), Duration.ofMillis(3_300));
    assertThat(attempts.get(2).minus(attempts.get(1)))
        .isBetween(Duration.ofMillis(10_050), Duration.ofSeconds(11));
  }

  @Test
  void stopsAtAHintThatIsTooLong() {
    CompletableFuture<String> result = call(List.of(limited("PT277403S")), "a");

    assertThat(time.passed()).isLessThan(Duration.ofSeconds(1));
    assertThat(stop(result)).isEqualTo(StopReason.HINT_TOO_LONG);
  }

  @Test
  void goesElsewhereInsteadOfWaiting() {
    CompletableFuture<String> result = call(List.of(limited("PT277403S")), "a", "b");

    assertThat(result).isCompletedWithValue("answer");
    assertThat(endpoints).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void countsEachKindByItself() {
    List<ProviderError> errors =
        List.of(
            error(ErrorKind.TIMEOUT),
            error(ErrorKind.SERVER_ERROR),
            error(ErrorKind.TIMEOUT),
            error(ErrorKind.SERVER_ERROR),
            error(ErrorKind.TIMEOUT));

    CompletableFuture<String> result = call(errors, "a");

    assertThat(stop(result)).isEqualTo(StopReason.ATTEMPTS_EXHAUSTED);
    assertThat(attempts).hasSize(5);
  }

  @Test
  void anAccountWithoutMoneyGivesWayToAnotherOrEndsTheCall() {
    assertThat(call(List.of(error(ErrorKind.QUOTA_EXHAUSTED)), "a", "b"))
        .isCompletedWithValue("answer");
    attempts.clear();

    CompletableFuture<String> alone = call(List.of(error(ErrorKind.QUOTA_EXHAUSTED)), "a");

    assertThat(stop(alone)).isEqualTo(StopReason.HINT_TOO_LONG);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void asksOnceWhereThatIsEnough() {
    assertThat(stop(call(List.of(error(ErrorKind.INVALID_REQUEST)), "a", "b")))
        .isEqualTo(StopReason.PERMANENT);
    assertThat(attempts).hasSize(1);
  }

  private static StopReason stop(CompletableFuture<String> result) {
    assertThat(result).isCompletedExceptionally();
    assertThat(result.exceptionNow()).isInstanceOf(CallFailed.class);
    return ((CallFailed) result.exceptionNow()).report().reason();
  }
}
